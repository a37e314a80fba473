import { formatBytes, formatElapsed } from '../quantity.ts';
import { sanitise } from '../sanitise.ts';
import type { Palette } from '../terminal.ts';
import { fit, pad } from '../width.ts';
import type { Progress, Row, RowPhase } from './state.ts';

export interface ViewOptions {
  readonly palette: Palette;
  readonly columns: number;
  readonly rows: number;
  /** ms on the clock of the events. */
  readonly now: number;
  /** Counts up with every redraw. */
  readonly frame: number;
}

const frames = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'] as const;

/** The block that is redrawn on a terminal: one line a row, none longer than the terminal is wide. */
export function viewProgress(progress: Progress, options: ViewOptions): string[] {
  const shown = choose(progress.rows, options.rows - 2);
  const names = Math.min(40, Math.max(0, ...shown.map((row) => title(row).length)));
  const hidden = progress.rows.length - shown.length;
  return [
    ...shown.map((row) => line(row, names, options)),
    ...(hidden > 0 ? [options.palette.dim(`  … and ${hidden} more`)] : []),
    ...(progress.holdUp === ''
      ? []
      : [options.palette.yellow(fit(`  ${sanitise(progress.holdUp)}`, options.columns - 1))]),
  ];
}

const title = (row: Row): string => `${row.kind} ${row.name}`;

/** Where not all fit, what moves and what failed is more telling than what is done or has not begun. */
function choose(rows: readonly Row[], room: number): readonly Row[] {
  if (rows.length <= room) return rows;
  const weight: Readonly<Record<RowPhase, number>> = {
    failed: 0,
    working: 1,
    skipped: 2,
    done: 3,
    pending: 4,
  };
  const ranked = rows
    .map((row, index) => ({ index, weight: weight[row.phase] }))
    .sort((a, b) => a.weight - b.weight || b.index - a.index)
    .slice(0, Math.max(1, room));
  const kept = new Set(ranked.map(({ index }) => index));
  return rows.filter((_, index) => kept.has(index));
}

function line(row: Row, names: number, options: ViewOptions): string {
  const { palette, columns, now } = options;
  const elapsed = row.startedAt === null ? '' : formatElapsed((row.endedAt ?? now) - row.startedAt);
  const head = `  ${pad(fit(title(row), names), names)}  `;
  const tail = elapsed === '' ? '' : `  ${elapsed}`;
  // One column stays free: a full line would wrap on some terminals and spoil the redrawing.
  const room = Math.max(10, columns - 1 - head.length - tail.length - 1);
  const text = fit(sanitise(describe(row)), room);
  return `${mark(row, options)}${head.slice(1)}${paint(row.phase, palette)(pad(text, Math.min(room, 48)))}${palette.dim(tail)}`.trimEnd();
}

function describe(row: Row): string {
  if (row.phase === 'pending') return 'waiting';
  if (row.bytes !== null) {
    return `${row.text} ${formatBytes(row.bytes.current)} / ${formatBytes(row.bytes.total)}`;
  }
  return row.phase === 'skipped' || row.phase === 'failed' || row.cause === ''
    ? row.text
    : `${row.text} (${row.cause})`;
}

function mark(row: Row, { palette, frame }: ViewOptions): string {
  const marks: Readonly<Record<RowPhase, string>> = {
    pending: palette.dim('·'),
    working: palette.cyan(frames[frame % frames.length] ?? '·'),
    done: palette.green('✔'),
    failed: palette.red('✖'),
    skipped: palette.yellow('↷'),
  };
  return marks[row.phase];
}

function paint(phase: RowPhase, palette: Palette): (text: string) => string {
  if (phase === 'failed') return palette.red;
  return phase === 'pending' || phase === 'skipped' ? palette.dim : (text) => text;
}
