import type { ManifestKind } from '../model/documents.ts';
import { textFields } from './generated/fields.ts';
import { type Node, type ScalarNode, setOwn, toValue } from './node.ts';

/** Which fields take text however it looks: true, or by the name of the field ('*' is any). */
export type TextFields = true | { readonly [field: string]: TextFields };

/**
 * The plain value of a document. Numbers and the like become text, as they were written, in fields
 * that take text: `VERSION: 1.10` is '1.10', and `mode: 0440` is '0440'.
 */
export function valueOf(kind: ManifestKind, node: Node): unknown {
  return convert(node, textFields[kind]);
}

function convert(node: Node, fields: TextFields | undefined): unknown {
  if (fields === undefined) return toValue(node);
  if (node.kind === 'scalar') return fields === true ? textOf(node) : node.value;
  if (node.kind === 'seq') return node.items.map((item) => convert(item, below(fields, '*')));
  const value: Record<string, unknown> = {};
  for (const [key, entry] of node.entries) {
    setOwn(value, key, convert(entry.value, below(fields, key)));
  }
  return value;
}

function below(fields: TextFields, step: string): TextFields | undefined {
  if (fields === true) return undefined;
  return Object.hasOwn(fields, step) ? fields[step] : fields['*'];
}

function textOf(node: ScalarNode): unknown {
  if (node.value === null && !node.untyped) return null;
  return node.text;
}
