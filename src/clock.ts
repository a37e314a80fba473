import { setTimeout as wait } from 'node:timers/promises';
import type { Clock } from './model/clock.ts';

/** The machine's own time. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  async sleep(ms, signal) {
    signal?.throwIfAborted();
    try {
      await wait(ms, undefined, { signal });
    } catch (error) {
      // Node rejects with an error of its own; callers look for the signal's reason.
      throw signal?.aborted === true ? signal.reason : error;
    }
  },
};
