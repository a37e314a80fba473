import { L9Error } from '../model/errors.ts';
import { formatAge } from '../print/quantity.ts';
import type { Backend, CommandContext } from './context.ts';
import { looks } from './looks.ts';

export interface UntilOptions {
  readonly timeoutMs: number;
  /** Looks again after so many ms even if the engine reports nothing: checks over the network send no event. */
  readonly everyMs: number;
  /** For the error when the time is up: what is missing still. */
  readonly missing: () => string;
}

/** Looks until there is an answer. Rejects with `NotReadyInTime`, or the signal's reason. */
export async function until<T>(
  context: CommandContext,
  { engine }: Pick<Backend, 'engine'>,
  work: UntilOptions & { readonly look: () => Promise<T | undefined> },
): Promise<T> {
  const { clock, signal } = context;
  const { timeoutMs, everyMs, look, missing } = work;
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    const both = AbortSignal.any([signal, timeout]);
    for await (const _ of looks({ engine, clock, signal: both, everyMs })) {
      const answer = await look();
      if (answer !== undefined) return answer;
    }
  } catch (error) {
    if (signal.aborted || !timeout.aborted) throw error;
    const after = formatAge(timeoutMs);
    throw new L9Error('NotReadyInTime', `after ${after}: ${missing()}`, {
      hint: 'See l9 describe and l9 logs; raise --timeout if it only needs longer.',
      cause: error,
    });
  }
  throw new Error('looks never ends without an error');
}
