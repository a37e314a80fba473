import type { TraceEvent } from '../../model/trace.ts';
import { sanitise } from '../sanitise.ts';
import type { Terminal } from '../terminal.ts';
import type { ProgressPrinter } from './printer.ts';
import { advance, noProgress } from './state.ts';
import { viewProgress } from './view.ts';

const redrawMs = 80;
const escape = String.fromCharCode(27);
const up = (lines: number): string => (lines > 0 ? `${escape}[${lines}A` : '');
const clearBelow = `${escape}[0J`;
const hideCursor = `${escape}[?25l`;
const showCursor = `${escape}[?25h`;

export interface LiveOptions {
  readonly terminal: Terminal;
  /** Steady ms. */
  readonly now: () => number;
}

/** A block at the bottom of the terminal, redrawn while things happen; its last state stays. */
export function liveProgress({ terminal, now }: LiveOptions): ProgressPrinter {
  let progress = noProgress;
  let drawn = 0;
  let frame = 0;
  let timer: NodeJS.Timeout | undefined;

  const draw = (): void => {
    const lines = viewProgress(progress, {
      palette: terminal.palette,
      columns: terminal.columns,
      rows: terminal.rows,
      now: now(),
      frame,
    });
    // One write, so that nobody sees half a block.
    terminal.write(`\r${up(drawn)}${clearBelow}${lines.map((line) => `${line}\n`).join('')}`);
    drawn = lines.length;
    frame += 1;
  };

  const start = (): void => {
    if (timer !== undefined) return;
    terminal.write(hideCursor);
    timer = setInterval(draw, redrawMs);
    // Progress alone keeps no process alive.
    timer.unref();
  };

  const note = (text: string): void => {
    terminal.write(`\r${up(drawn)}${clearBelow}${text}\n`);
    drawn = 0;
    if (timer !== undefined) draw();
  };

  return {
    take(event: TraceEvent) {
      if (event.type === 'remark') {
        const text = sanitise(event.message);
        note(event.level === 'warning' ? terminal.palette.yellow(`warning: ${text}`) : text);
        return;
      }
      progress = advance(progress, event, now());
      if (progress.rows.length > 0 || progress.holdUp !== '') start();
    },
    note,
    end() {
      if (timer === undefined) return;
      clearInterval(timer);
      timer = undefined;
      draw();
      terminal.write(showCursor);
      drawn = 0;
    },
  };
}
