import { expand, type Grammar, type Mistake } from './interpolate.ts';
import type { Entry, Node, ScalarNode } from './node.ts';
import type { Report } from './problems.ts';
import { resolvePlain } from './scalars.ts';

export interface NodeGrammar extends Grammar {
  /** Undefined where mistakes are nobody's business: in variants that are not applied. */
  readonly report: Report | undefined;
  /** The text holds a secret's value and is not shown. */
  readonly confidential?: boolean;
}

/**
 * Expands the variables in every text of a tree. What comes out of a variable takes the type that
 * its text means (`${PORT}` is a number); `text` keeps how it was written, for places that want text.
 */
export function interpolateNode(node: Node, grammar: NodeGrammar): Node {
  switch (node.kind) {
    case 'scalar':
      return interpolateScalar(node, grammar);
    case 'seq': {
      let items: Node[] | undefined;
      for (const [index, item] of node.items.entries()) {
        const value = interpolateNode(item, grammar);
        if (value === item) continue;
        items ??= [...node.items];
        items[index] = value;
      }
      return items === undefined ? node : { ...node, items };
    }
    case 'map': {
      let entries: Map<string, Entry> | undefined;
      for (const [key, entry] of node.entries) {
        const value = interpolateNode(entry.value, grammar);
        if (value === entry.value) continue;
        entries ??= new Map(node.entries);
        entries.set(key, { ...entry, value });
      }
      return entries === undefined ? node : { ...node, entries };
    }
  }
}

function interpolateScalar(node: ScalarNode, grammar: NodeGrammar): ScalarNode {
  if (typeof node.value !== 'string' || !node.value.includes('$')) return node;
  const { text, expanded, mistakes } = expand(node.value, grammar);
  if (mistakes.length > 0) {
    for (const mistake of mistakes) reportMistake(node, mistake, grammar);
    return { ...node, broken: true };
  }
  if (!expanded) return { ...node, value: text, text };
  return { ...node, value: resolvePlain(text), text, untyped: true };
}

function reportMistake(node: ScalarNode, mistake: Mistake, grammar: NodeGrammar): void {
  const { source, start, text } = node;
  // The text may be unescaped or folded; its reference is most likely written as it stands in there.
  const reference = text.slice(mistake.offset, mistake.offset + 40).split('\n')[0] ?? '';
  const found = source.text.indexOf(reference, start);
  const near = found !== -1 && found <= start + text.length * 2 + 200;
  const { code, message, hint } = mistake;
  grammar.report?.error(
    code,
    { source, offset: near ? found : start },
    { message, hint, confidential: grammar.confidential },
  );
}
