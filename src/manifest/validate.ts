import type { ManifestKind } from '../model/documents.ts';
import type { ValidationError, Validator } from './generated/validators.js';
import * as validators from './generated/validators.js';
import { type Node, nodeAt, pathOf, setOwn } from './node.ts';
import { valueOf } from './value.ts';
import type { WrittenManifest } from './written.ts';

/** Left in place for each instance to fill in. */
export const instancePlaceholder = '${L9_INSTANCE}';

const byKind: Readonly<Record<ManifestKind, Validator>> = validators;

export interface Validation {
  /** Absent where there are errors, or values whose variables are not set. */
  readonly manifest?: WrittenManifest;
  readonly errors: readonly ValidationError[];
}

/**
 * Holds a document against the schema of its kind. A variable's value that looks like a number becomes
 * text where text is wanted; nothing is said about a value whose variable is not set.
 */
export function validate(kind: ManifestKind, node: Node): Validation {
  const value = valueOf(kind, node);
  const filled = node.source.mentions('L9_INSTANCE');
  if (conforms(kind, value, filled)) return { manifest: value, errors: [] };
  let errors = byKind[kind].errors ?? [];
  if (retype(node, value, errors)) {
    if (conforms(kind, value, filled)) return { manifest: value, errors: [] };
    errors = byKind[kind].errors ?? [];
  }
  return { errors: errors.filter((error) => !isBroken(node, error)) };
}

/** Names and ports are checked as they will be for the first instance. */
function conforms(kind: ManifestKind, value: unknown, filled: boolean): value is WrittenManifest {
  return byKind[kind](filled ? withInstance(value) : value);
}

const withInstance = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value).replaceAll(instancePlaceholder, '1'));

function isBroken(node: Node, error: ValidationError): boolean {
  const at = nodeAt(node, pathOf(error.instancePath));
  return at?.kind === 'scalar' && at.broken === true;
}

/** Puts the text in place of what a variable's value was taken for, wherever that did not fit. */
function retype(node: Node, value: unknown, errors: readonly ValidationError[]): boolean {
  let changed = false;
  for (const error of errors) {
    if (error.keyword !== 'type') continue;
    const path = pathOf(error.instancePath);
    const at = nodeAt(node, path);
    if (at?.kind !== 'scalar' || !at.untyped) continue;
    changed = replaceAt(value, path, at.text) || changed;
  }
  return changed;
}

function replaceAt(root: unknown, path: readonly string[], text: string): boolean {
  const last = path.at(-1);
  let target = root;
  for (const step of path.slice(0, -1)) target = isIndexable(target) ? target[step] : undefined;
  if (!isIndexable(target) || last === undefined || target[last] === text) return false;
  setOwn(target, last, text);
  return true;
}

const isIndexable = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;
