import { resolvePlain } from './scalars.ts';
import { quote } from './quote.ts';

/** A value as one line of YAML. */
export function flow(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(flow).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).map(([key, one]) => `${key}: ${flow(one)}`);
    return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`;
  }
  return typeof value === 'string' ? plainOrQuoted(value) : String(value);
}

function plainOrQuoted(text: string): string {
  const plain =
    /^(?:[\w./]|-(?!$))[\w./@:+-]*(?: [\w./@:+-]+)*$/.test(text) && !/:(?: |$)/.test(text);
  return plain && typeof resolvePlain(text) === 'string' ? text : quote(text);
}
