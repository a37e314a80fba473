import type { SourcePosition } from '../model/errors.ts';
import type { SourceText } from './source.ts';

/**
 * A value together with where it was written. Patches and aliases move nodes about without losing
 * their places, so a problem that shows late still points at the line that caused it.
 */
export type Node = ScalarNode | MapNode | SeqNode;

interface Placed {
  readonly source: SourceText;
  /** Offset in the source's text. */
  readonly start: number;
}

export interface ScalarNode extends Placed {
  readonly kind: 'scalar';
  readonly value: string | number | boolean | null;
  /** As written, unquoted and unescaped: '1.10' where the value is 1.1. */
  readonly text: string;
  /** The text came out of a variable, so it takes whatever type its place wants. */
  readonly untyped: boolean;
  /** A variable in it could not be resolved, which is reported: nothing more can be said about it. */
  readonly broken?: true;
}

export interface MapNode extends Placed {
  readonly kind: 'map';
  readonly entries: ReadonlyMap<string, Entry>;
}

export interface Entry {
  /** Offset of the key. */
  readonly keyStart: number;
  readonly keySource: SourceText;
  readonly value: Node;
}

export interface SeqNode extends Placed {
  readonly kind: 'seq';
  readonly items: readonly Node[];
}

export type Path = readonly (string | number)[];

/** The plain JSON value of a node. */
export function toValue(node: Node): unknown {
  switch (node.kind) {
    case 'scalar':
      return node.value;
    case 'seq':
      return node.items.map(toValue);
    case 'map': {
      const value: Record<string, unknown> = {};
      for (const [key, entry] of node.entries) setOwn(value, key, toValue(entry.value));
      return value;
    }
  }
}

/** Sets a key that a file chose: assigning to `__proto__` would set the prototype instead. */
export function setOwn(target: Record<string, unknown>, key: string, value: unknown): void {
  if (key === '__proto__') {
    Object.defineProperty(target, key, {
      value,
      enumerable: true,
      configurable: true,
      writable: true,
    });
  } else {
    target[key] = value;
  }
}

/** The child at one step, or undefined. */
export function childOf(node: Node | undefined, step: string | number): Node | undefined {
  if (node?.kind === 'map') return node.entries.get(String(step))?.value;
  if (node?.kind === 'seq') return node.items[Number(step)];
  return undefined;
}

/** The node at the end of a path, or undefined. */
export function nodeAt(node: Node | undefined, path: Path): Node | undefined {
  return path.reduce<Node | undefined>(childOf, node);
}

/** A place in a source. */
export interface Place {
  readonly source: SourceText;
  readonly offset: number;
}

export const placeOf = (node: Node): Place => ({ source: node.source, offset: node.start });

export const positionOf = (place: Place): SourcePosition => place.source.position(place.offset);

/**
 * Where a path was written: its value, or its key when `aim` says so. Where the path ends early
 * (a field that is missing), the deepest part that exists.
 */
export function placeAt(root: Node, path: Path, aim: 'value' | 'key' = 'value'): Place {
  let node = root;
  let place = placeOf(root);
  for (const [index, step] of path.entries()) {
    const entry = node.kind === 'map' ? node.entries.get(String(step)) : undefined;
    const next = entry?.value ?? (node.kind === 'seq' ? node.items[Number(step)] : undefined);
    if (next === undefined) break;
    const keyWanted = aim === 'key' && index === path.length - 1;
    // A block below its key is better shown by the key: that is the line people look for.
    const showKey = entry !== undefined && (keyWanted || next.kind !== 'scalar');
    place = showKey
      ? { source: entry.keySource, offset: entry.keyStart }
      : { source: next.source, offset: next.start };
    node = next;
  }
  return place;
}

/** A JSON pointer ('/spec/ports/0') as a path. */
export function pathOf(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** JSON Merge Patch (RFC 7386) on nodes: null removes, maps merge, all else replaces. */
export function mergePatch(target: Node | undefined, patch: Node): Node {
  if (patch.kind !== 'map') return patch;
  const entries = new Map(target?.kind === 'map' ? target.entries : []);
  for (const [key, entry] of patch.entries) {
    if (entry.value.kind === 'scalar' && entry.value.value === null && !entry.value.untyped) {
      entries.delete(key);
    } else {
      entries.set(key, { ...entry, value: mergePatch(entries.get(key)?.value, entry.value) });
    }
  }
  return { ...patch, entries };
}

/** A map without some of its keys. */
export function without(node: MapNode, ...keys: readonly string[]): MapNode {
  const entries = new Map(node.entries);
  for (const key of keys) entries.delete(key);
  return { ...node, entries };
}
