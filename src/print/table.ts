import { sanitise } from './sanitise.ts';
import { displayWidth, fit } from './width.ts';

export interface Column<Row> {
  readonly title: string;
  readonly value: (row: Row) => string;
  /** Shown with `-o wide` only. */
  readonly wide?: true;
  readonly align?: 'right';
  /** Colours the text of a cell; must not change its width. */
  readonly paint?: (text: string, row: Row) => string;
  /** May be cut with an ellipsis when the terminal is too narrow. */
  readonly shrinks?: true;
}

export interface TableOptions {
  /** Columns of the terminal; Infinity cuts nothing. */
  readonly width: number;
  readonly wide?: boolean;
  readonly headers?: boolean;
}

const gap = '   ';
/** A cell that must shrink still says something. */
const narrowest = 12;

/**
 * Lines of a table, without newlines and trailing spaces. Empty cells are `-`, so that scripts can
 * count columns; control characters are made visible.
 */
export function formatTable<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  options: TableOptions,
): string[] {
  const shown = columns.filter((column) => options.wide === true || column.wide !== true);
  const headed = options.headers !== false;
  const cells = rows.map((row) => shown.map((column) => oneLine(column.value(row))));
  const natural = shown.map((column, index) =>
    Math.max(
      headed ? displayWidth(column.title) : 0,
      ...cells.map((line) => displayWidth(line[index] ?? '')),
    ),
  );
  const widths = shrink(natural, shown, options.width);
  const layOut = (texts: readonly string[], row?: Row): string =>
    shown
      .map((column, index) => {
        const width = widths[index] ?? 0;
        const text = fit(texts[index] ?? '', width);
        const fill = ' '.repeat(width - displayWidth(text));
        const painted = row === undefined ? text : (column.paint?.(text, row) ?? text);
        if (column.align === 'right') return fill + painted;
        return index === shown.length - 1 ? painted : painted + fill;
      })
      .join(gap);
  const lines = rows.map((row, index) => layOut(cells[index] ?? [], row));
  return headed ? [layOut(shown.map((column) => column.title)), ...lines] : lines;
}

const oneLine = (text: string): string =>
  sanitise(text.replaceAll(/\s*\r?\n\s*/g, ' ').trim()) || '-';

/** Takes what is too much from the widest column that may shrink, then from the next. */
function shrink<Row>(
  natural: readonly number[],
  columns: readonly Column<Row>[],
  available: number,
): number[] {
  const widths = [...natural];
  let excess =
    widths.reduce((sum, width) => sum + width, gap.length * (widths.length - 1)) - available;
  for (; excess > 0; excess -= 1) {
    let widest = -1;
    for (const [index, column] of columns.entries()) {
      const width = widths[index] ?? 0;
      if (column.shrinks === true && width > narrowest && width > (widths[widest] ?? 0)) {
        widest = index;
      }
    }
    if (widest === -1) break;
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
  return widths;
}
