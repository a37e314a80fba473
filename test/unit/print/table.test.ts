import { describe, expect, it } from 'vitest';
import { formatTable } from '../../../src/print/table.ts';
import type { Column } from '../../../src/print/table.ts';
import { createPalette } from '../../../src/print/terminal.ts';
import { displayWidth } from '../../../src/print/width.ts';

interface Row {
  readonly name: string;
  readonly count: string;
  readonly message: string;
}

const columns: Column<Row>[] = [
  { title: 'NAME', value: ({ name }) => name },
  { title: 'COUNT', value: ({ count }) => count, align: 'right' },
  { title: 'MESSAGE', value: ({ message }) => message, shrinks: true },
  { title: 'LENGTH', value: ({ message }) => String(message.length), wide: true },
];

const rows: Row[] = [
  { name: 'redis-cache', count: '1', message: 'all is well' },
  { name: '日本', count: '128', message: '' },
  { name: 'web', count: '12', message: 'exit 1\nconnection refused: no\u001b[31m such host here' },
];

const lines = (options: Partial<Parameters<typeof formatTable>[2]> = {}): string =>
  formatTable(columns, rows, { width: Number.POSITIVE_INFINITY, ...options }).join('\n');

describe('formatTable', () => {
  it('aligns by columns of the terminal, shows empty cells and hides no control character', () => {
    expect(lines()).toBe(
      `NAME          COUNT   MESSAGE
redis-cache       1   all is well
日本            128   -
web              12   exit 1 connection refused: no^[[31m such host here`,
    );
  });

  it('has more columns when wide, and no titles when they are not wanted', () => {
    expect(lines({ wide: true, headers: false })).toBe(
      `redis-cache     1   all is well                                          11
日本          128   -                                                    0
web            12   exit 1 connection refused: no^[[31m such host here   49`,
    );
  });

  it('cuts what may be cut to the width of the terminal', () => {
    const cut = lines({ width: 40 });
    expect(cut).toBe(
      `NAME          COUNT   MESSAGE
redis-cache       1   all is well
日本            128   -
web              12   exit 1 connection…`,
    );
    for (const line of cut.split('\n')) expect(displayWidth(line)).toBeLessThanOrEqual(40);
  });

  it('never cuts names, however narrow the terminal is', () => {
    expect(lines({ width: 5 })).toContain('redis-cache ');
  });

  it('colours without moving a column', () => {
    const palette = createPalette(true);
    const painted = columns.map((column) => ({ ...column, paint: palette.green }));
    const options = { width: 40 };
    const widths = (some: readonly string[]): number[] => some.map(displayWidth);
    expect(widths(formatTable(painted, rows, options))).toEqual(
      widths(formatTable(columns, rows, options)),
    );
  });

  it('ends no line with spaces', () => {
    for (const line of lines().split('\n')) expect(line).toBe(line.trimEnd());
  });
});
