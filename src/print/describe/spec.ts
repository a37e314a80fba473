import { facts } from './sheet.ts';

/**
 * A specification as it was written, a field a line, without YAML's ceremony: text plain, lists with
 * commas, deeper objects in braces.
 */
export function specLines(spec: unknown): string[] {
  if (typeof spec !== 'object' || spec === null) return [];
  return facts(Object.entries(spec).map(([name, value]) => [name, compact(value, true)] as const));
}

function compact(value: unknown, top: boolean): string {
  if (typeof value === 'string')
    return top || /^[^\s,:{}[\]"']+$/.test(value) ? value : JSON.stringify(value);
  if (Array.isArray(value)) {
    const items = value.map((item: unknown) => compact(item, false)).join(', ');
    return top ? items : `[${items}]`;
  }
  if (typeof value === 'object' && value !== null) {
    const fields = Object.entries(value).map(([name, item]) => `${name}: ${compact(item, false)}`);
    return top ? fields.join(', ') : `{ ${fields.join(', ')} }`;
  }
  return String(value);
}
