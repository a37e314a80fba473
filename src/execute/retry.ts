import { retryClass } from '../engine/errors.ts';
import type { Clock } from '../model/clock.ts';
import { L9Error } from '../model/errors.ts';

const TRIES = 10;
const FIRST_MS = 200;
const LONGEST_MS = 2_000;

/**
 * Repeats a call that waits for something to be let go (active endpoints, a volume in use): 0.2 s
 * doubling to 2 s, ten times. Every other failure is for the next plan, which looks again first.
 */
export const retryInPlace = async (
  call: () => Promise<void>,
  deps: { readonly clock: Clock; readonly signal: AbortSignal },
): Promise<void> => {
  let wait = FIRST_MS;
  for (let attempt = 1; ; attempt += 1) {
    try {
      await call();
      return;
    } catch (error) {
      const again = error instanceof L9Error && retryClass(error) === 'waitFor' && attempt < TRIES;
      if (!again) throw error;
      await deps.clock.sleep(wait, deps.signal);
      wait = Math.min(wait * 2, LONGEST_MS);
    }
  }
};
