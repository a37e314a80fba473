import { setTimeout as sleep } from 'node:timers/promises';
import { inspect } from 'node:util';

/** What to wait for. */
export interface Expectation<T> {
  /** Completes "waited for …" in the failure. */
  readonly what: string;
  /** Whether this is the state; without it, any value that is true. */
  readonly is?: (seen: T) => boolean;
  /** 30 s when absent. */
  readonly deadlineMs?: number;
}

/**
 * Looks again and again until the state is there, and returns it. This is what tests do instead of sleeping.
 * A look that throws counts as "not yet". Fails with the last state that was seen.
 */
export const until = async <T>(
  look: () => T | Promise<T>,
  expectation: Expectation<T>,
): Promise<T> => {
  const { what, is = Boolean, deadlineMs = 30_000 } = expectation;
  const deadline = performance.now() + deadlineMs;
  for (;;) {
    let last: unknown;
    try {
      const seen = await look();
      if (is(seen)) return seen;
      last = seen;
    } catch (error) {
      last = error;
    }
    if (performance.now() >= deadline) {
      const state = inspect(last, { depth: 6, breakLength: 100 });
      throw new Error(`waited ${deadlineMs} ms for ${what}; last seen: ${state}`, { cause: last });
    }
    await sleep(50);
  }
};
