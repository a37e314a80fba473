import type { AliasEvent, Event, MappingEvent, ScalarEvent, SequenceEvent } from 'js-yaml';
import { EVENT_ID, getScalarValue, SCALAR_STYLE } from 'js-yaml';
import { ValueBudget } from './budget.ts';
import type { Entry, MapNode, Node, ScalarNode, SeqNode } from './node.ts';
import type { Report } from './problems.ts';
import { quote } from './quote.ts';
import { resolvePlain } from './scalars.ts';
import type { SourceText } from './source.ts';
import { coreTag } from './tags.ts';

export interface BuildOptions {
  readonly report: Report;
  /** How many values one document may hold once its aliases and merges are expanded. */
  readonly limit: number;
}

/**
 * Builds nodes from the parser's events. js-yaml's own constructor is not used: it stops at the
 * first duplicate key, and it forgets where values stood and how numbers were written.
 */
export function buildNodes(
  source: SourceText,
  events: readonly Event[],
  options: BuildOptions,
): readonly Node[] {
  return new Builder(source, options).build(events);
}

interface MapFrame {
  readonly kind: 'map';
  readonly node: MapNode & { readonly entries: Map<string, Entry> };
  /** Keys that a merge brought; an explicit key may replace them. */
  merged: Set<string> | undefined;
  /** The key that waits for its value. */
  key: string | undefined;
  keyStart: number;
  keyMerges: boolean;
}

interface SeqFrame {
  readonly kind: 'seq';
  readonly node: SeqNode & { readonly items: Node[] };
}

class Builder {
  private readonly source: SourceText;
  private readonly options: BuildOptions;
  private readonly documents: Node[] = [];
  private readonly budget: ValueBudget;
  private readonly frames: (MapFrame | SeqFrame)[] = [];
  /** The anchors of `frames`, at the same index. */
  private readonly pendingAnchors: (string | undefined)[] = [];
  private anchors = new Map<string, Node>();
  private handles = new Map<string, string>();
  private root: Node | undefined;
  /** End of the last token: where an empty value stands. */
  private last = 0;
  private exhausted = false;

  constructor(source: SourceText, options: BuildOptions) {
    this.source = source;
    this.options = options;
    this.budget = new ValueBudget(options.limit);
  }

  build(events: readonly Event[]): readonly Node[] {
    for (const event of events) {
      if (!this.exhausted) this.take(event);
    }
    return this.exhausted ? [] : this.documents;
  }

  private take(event: Event): void {
    switch (event.type) {
      case EVENT_ID.DOCUMENT:
        this.anchors = new Map();
        this.handles = new Map();
        for (const one of event.directives) {
          if (one.kind === 'tag') this.handles.set(one.handle, one.prefix);
        }
        this.root = undefined;
        this.budget.reset();
        return;
      case EVENT_ID.SCALAR:
        this.scalar(event);
        return;
      case EVENT_ID.ALIAS:
        this.alias(event);
        return;
      case EVENT_ID.SEQUENCE:
      case EVENT_ID.MAPPING:
        this.open(event);
        return;
      case EVENT_ID.POP:
        this.close();
    }
  }

  private open(event: SequenceEvent | MappingEvent): void {
    if (event.tagStart !== -1) {
      this.checkTag(event, [event.type === EVENT_ID.MAPPING ? 'map' : 'seq']);
    }
    const { source } = this;
    const { start } = event;
    this.last = start + 1;
    if (event.type === EVENT_ID.MAPPING) {
      this.frames.push({
        kind: 'map',
        node: { kind: 'map', source, start, entries: new Map<string, Entry>() },
        merged: undefined,
        key: undefined,
        keyStart: 0,
        keyMerges: false,
      });
    } else {
      this.frames.push({ kind: 'seq', node: { kind: 'seq', source, start, items: [] } });
    }
    this.pendingAnchors.push(this.anchorOf(event));
  }

  private close(): void {
    const frame = this.frames.pop();
    if (frame === undefined) {
      if (this.root !== undefined && !isEmpty(this.root)) this.documents.push(this.root);
      return;
    }
    const anchor = this.pendingAnchors.pop();
    if (anchor !== undefined) this.anchors.set(anchor, frame.node);
    this.attach(frame.node);
  }

  private alias(event: AliasEvent): void {
    const name = this.source.text.slice(event.anchorStart, event.anchorEnd);
    this.last = event.anchorEnd;
    const target = this.anchors.get(name);
    const offset = event.anchorStart - 1;
    if (target === undefined) {
      const open = this.pendingAnchors.includes(name);
      this.problem(offset, {
        message: open ? `the alias *${name} refers to itself` : `the alias *${name} has no anchor`,
        hint: open
          ? 'an alias may only stand after the end of the value that it repeats'
          : `write &${name} before the value that it should repeat`,
      });
      this.attach(this.nothing(offset));
      return;
    }
    this.spend(target, offset);
    this.attach(target, offset);
  }

  /** Puts a finished value into what is open: as a key, a value, an item or the document. */
  private attach(node: Node, offset: number = node.start): void {
    const frame = this.frames.at(-1);
    if (frame === undefined) {
      this.root = node;
    } else if (frame.kind === 'seq') {
      frame.node.items.push(node);
    } else if (frame.key === undefined) {
      if (node.kind === 'scalar') {
        setKey(frame, node.text, offset);
        return;
      }
      this.problem(offset, {
        message: 'a key must be a single word or text, not a list or a map',
        hint: 'a variable is written ${NAME}, and a value that begins with { or [ needs quotes',
      });
      setKey(frame, `\u0000${offset}`, offset);
    } else if (frame.keyMerges) {
      this.merge(frame, node);
    } else {
      this.set(frame, frame.key, node);
    }
  }

  private set(frame: MapFrame, key: string, value: Node): void {
    const { entries } = frame.node;
    const earlier = entries.get(key);
    frame.key = undefined;
    if (earlier !== undefined && frame.merged?.has(key) !== true) {
      const { line } = this.source.position(earlier.keyStart);
      this.problem(frame.keyStart, {
        message: `duplicate key ${quote(key)}: it already stands on line ${line}`,
        hint: 'keep one of the two',
      });
      return;
    }
    frame.merged?.delete(key);
    entries.set(key, { keyStart: frame.keyStart, keySource: this.source, value });
  }

  private merge(frame: MapFrame, value: Node): void {
    const sources = value.kind === 'seq' ? value.items : [value];
    frame.key = undefined;
    frame.merged ??= new Set();
    for (const source of sources) {
      if (source.kind !== 'map') {
        this.problem(frame.keyStart, {
          message: '"<<" merges maps, and this is none',
          hint: 'write <<: *anchor, where the anchor stands before a map',
        });
        return;
      }
      this.spend(source, frame.keyStart);
      for (const [key, entry] of source.entries) {
        if (frame.node.entries.has(key)) continue;
        frame.node.entries.set(key, entry);
        frame.merged.add(key);
      }
    }
  }

  private scalar(event: ScalarEvent): void {
    const { source } = this;
    const text = event.fast
      ? source.text.slice(event.valueStart, event.valueEnd)
      : getScalarValue(source.text, event);
    const start = this.startOf(event);
    const plain = event.style === SCALAR_STYLE.PLAIN;
    if (event.valueEnd !== -1) this.last = event.valueEnd;
    const frame = this.frames.at(-1);
    // Every second scalar is a key without anything special, which needs no node.
    if (frame?.kind === 'map' && frame.key === undefined && event.anchorStart === -1) {
      if (event.tagStart !== -1) this.checkTag(event, scalarTags);
      setKey(frame, text, start);
      frame.keyMerges = plain && text === '<<';
      return;
    }
    const tag = event.tagStart === -1 ? undefined : this.checkTag(event, scalarTags);
    const isText = tag === undefined ? !plain : textTags.has(tag);
    const value = isText ? text : resolvePlain(text);
    const node: ScalarNode = { kind: 'scalar', source, start, value, text, untyped: false };
    const anchor = this.anchorOf(event);
    if (anchor !== undefined) this.anchors.set(anchor, node);
    this.spend(undefined, start);
    this.attach(node, start);
  }

  private startOf(event: ScalarEvent): number {
    if (event.valueStart === -1) return this.last;
    const { style } = event;
    if (style === SCALAR_STYLE.SINGLE_QUOTED || style === SCALAR_STYLE.DOUBLE_QUOTED) {
      return event.valueStart - 1;
    }
    if (style === SCALAR_STYLE.PLAIN) return event.valueStart;
    // The parser points at the block's content; people look for its key and header.
    const header = style === SCALAR_STYLE.LITERAL_BLOCK ? '|' : '>';
    const found = this.source.text.indexOf(header, this.last);
    return found === -1 || found > event.valueStart ? event.valueStart : found;
  }

  /** The short name of a tag that is allowed here; undefined where there is none. */
  private checkTag(
    event: ScalarEvent | SequenceEvent | MappingEvent,
    allowed: readonly string[],
  ): string | undefined {
    const written = this.source.text.slice(event.tagStart, event.tagEnd);
    const core = coreTag(written, this.handles);
    if (core !== undefined && (core === '' || allowed.includes(core))) return core;
    this.problem(event.tagStart, {
      message: `the tag ${quote(written)} is not allowed`,
      hint: 'manifests are plain data (text, numbers, lists, maps): remove the tag',
    });
    return undefined;
  }

  private anchorOf(event: ScalarEvent | SequenceEvent | MappingEvent): string | undefined {
    if (event.anchorStart === -1) return undefined;
    return this.source.text.slice(event.anchorStart, event.anchorEnd);
  }

  private spend(node: Node | undefined, offset: number): void {
    const excess = this.budget.spend(node, this.frames.length);
    if (excess === undefined || this.exhausted) return;
    this.exhausted = true;
    const place = { source: this.source, offset };
    this.options.report.error('ManifestTooComplex', place, excess);
  }

  private nothing(offset: number): ScalarNode {
    return {
      kind: 'scalar',
      source: this.source,
      start: offset,
      value: null,
      text: '',
      untyped: true,
    };
  }

  private problem(offset: number, finding: { message: string; hint: string }): void {
    this.options.report.error('InvalidYaml', { source: this.source, offset }, finding);
  }
}

const scalarTags: readonly string[] = ['str', 'int', 'float', 'bool', 'null', ''];

function setKey(frame: MapFrame, text: string, start: number): void {
  frame.key = text;
  frame.keyStart = start;
  frame.keyMerges = false;
}

const textTags: ReadonlySet<string> = new Set(['str', '']);

const isEmpty = (node: Node): boolean =>
  node.kind === 'scalar' && node.value === null && node.text === '';
