import type { TraceEvent } from '../../model/trace.ts';
import { sanitise } from '../sanitise.ts';
import type { Terminal } from '../terminal.ts';
import { PlainLines } from './lines.ts';
import { liveProgress } from './live.ts';

/** Shows people what is being done. Writes to the terminal that is not for results. */
export interface ProgressPrinter {
  take(event: TraceEvent): void;
  /** A line that stays, above what is redrawn. */
  note(text: string): void;
  /** Leaves the last state on the screen and gives the cursor back. May be called twice. */
  end(): void;
}

export interface ProgressOptions {
  readonly terminal: Terminal;
  /** Steady ms. */
  readonly now: () => number;
  readonly quiet: boolean;
  /** The log on the same stream tells everything; a redrawn block between its lines would be a mess. */
  readonly logged: boolean;
}

/** Live on a terminal, plain lines elsewhere, nothing when quiet. */
export function progressPrinter({
  terminal,
  now,
  quiet,
  logged,
}: ProgressOptions): ProgressPrinter {
  if (quiet || logged) return { take: () => {}, note: () => {}, end: () => {} };
  return terminal.interactive ? liveProgress({ terminal, now }) : plainProgress(terminal);
}

function plainProgress(terminal: Terminal): ProgressPrinter {
  const lines = new PlainLines();
  const write = (text: string): void => terminal.write(`${sanitise(text)}\n`);
  return {
    take: (event) => lines.of(event).forEach(write),
    note: write,
    end: () => {},
  };
}
