import { Block, HIDE_CURSOR, SHOW_CURSOR } from '../block.ts';
import { sanitise } from '../sanitise.ts';
import type { Terminal } from '../terminal.ts';
import type { ProgressPrinter } from './printer.ts';
import { advance, noProgress } from './state.ts';
import { viewProgress } from './view.ts';

const redrawMs = 80;

export interface LiveOptions {
  readonly terminal: Terminal;
  /** Steady ms. */
  readonly now: () => number;
}

/** A block at the bottom of the terminal, redrawn while things happen; its last state stays. */
export function liveProgress({ terminal, now }: LiveOptions): ProgressPrinter {
  const block = new Block(terminal);
  let progress = noProgress;
  let frame = 0;
  let timer: NodeJS.Timeout | undefined;

  const draw = (): void => {
    block.draw(
      viewProgress(progress, {
        palette: terminal.palette,
        columns: terminal.columns,
        rows: terminal.rows,
        now: now(),
        frame,
      }),
    );
    frame += 1;
  };

  const start = (): void => {
    if (timer !== undefined) return;
    terminal.write(HIDE_CURSOR);
    timer = setInterval(draw, redrawMs);
    // Progress alone keeps no process alive.
    timer.unref();
  };

  const note = (text: string): void => {
    block.above([text]);
    if (timer !== undefined) draw();
  };

  return {
    take(event) {
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
      block.leave();
      terminal.write(SHOW_CURSOR);
    },
  };
}
