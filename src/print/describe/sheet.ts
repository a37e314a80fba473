import { sanitise } from '../sanitise.ts';
import type { Palette } from '../terminal.ts';
import { pad } from '../width.ts';

/** `Title:` with indented lines below it; nothing where there are none. */
export function section(title: string, lines: readonly string[], palette: Palette): string[] {
  return lines.length === 0
    ? []
    : ['', palette.bold(`${title}:`), ...lines.map((line) => `  ${line}`)];
}

/** Names and values in two columns; empty values are left out. */
export function facts(rows: readonly (readonly [name: string, value: string])[]): string[] {
  const filled = rows.filter(([, value]) => value !== '');
  const width = Math.max(0, ...filled.map(([name]) => name.length));
  return filled.map(([name, value]) => `${pad(name, width)}   ${sanitise(value)}`);
}
