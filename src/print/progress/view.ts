import { formatBytes, formatElapsed } from '../quantity.ts';
import { sanitise } from '../sanitise.ts';
import type { Palette } from '../terminal.ts';
import { displayWidth, fit, pad } from '../width.ts';
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
  const several = new Set(progress.rows.map(({ project }) => project).filter(Boolean)).size > 1;
  const titles = shown.map((row) => title(row, several));
  const names = Math.min(40, Math.max(0, ...titles.map(displayWidth)));
  const hidden = progress.rows.length - shown.length;
  return [
    ...shown.map((row, index) => line(row, pad(fit(titles[index] ?? '', names), names), options)),
    ...(hidden > 0 ? [options.palette.dim(`  … and ${hidden} more`)] : []),
    ...(progress.holdUp === ''
      ? []
      : [options.palette.yellow(fit(`  ${sanitise(progress.holdUp)}`, options.columns - 1))]),
  ];
}

const title = ({ project, kind, name }: Row, several: boolean): string =>
  `${kind} ${several && project !== '' ? `${project}/` : ''}${name}`;

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

function line(row: Row, name: string, options: ViewOptions): string {
  const { palette, columns, now } = options;
  const elapsed = row.startedAt === null ? '' : formatElapsed((row.endedAt ?? now) - row.startedAt);
  // One column stays free: a full line would wrap on some terminals and spoil the redrawing.
  const room = Math.max(10, columns - displayWidth(name) - elapsed.length - 7);
  const text = pad(fit(sanitise(describe(row)), room), Math.min(room, 48));
  return `${mark(row, options)} ${name}  ${paint(row.phase, palette)(text)}  ${palette.dim(elapsed)}`.trimEnd();
}

function describe(row: Row): string {
  if (row.phase === 'pending') return 'waiting';
  if (row.phase === 'working' && row.layers.size > 0) {
    const layers = [...row.layers.values()];
    const current = layers.reduce((sum, one) => sum + one.current, 0);
    const total = layers.reduce((sum, one) => sum + one.total, 0);
    return `${row.text} ${formatBytes(current)} / ${formatBytes(total)}`;
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
