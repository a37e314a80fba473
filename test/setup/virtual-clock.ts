import type { Clock } from '../../src/model/clock.ts';

interface Sleeper {
  readonly due: number;
  readonly wake: () => void;
}

/** A clock that stands still until a test moves it. */
export class VirtualClock implements Clock {
  #ms = 0;
  readonly #start: number;
  readonly #sleepers = new Set<Sleeper>();

  constructor(start = Date.parse('2026-01-01T00:00:00Z')) {
    this.#start = start;
  }

  now(): number {
    return this.#start + this.#ms;
  }

  monotonic(): number {
    return this.#ms;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted === true) {
        reject(signal.reason);
        return;
      }
      const onAbort = (): void => {
        this.#sleepers.delete(sleeper);
        reject(signal?.reason);
      };
      const sleeper: Sleeper = {
        due: this.#ms + Math.max(0, ms),
        wake: () => {
          this.#sleepers.delete(sleeper);
          signal?.removeEventListener('abort', onAbort);
          resolve();
        },
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      this.#sleepers.add(sleeper);
    });
  }

  /** Lets so much time pass, waking sleepers at their moments, and what they begin with them. */
  async advance(ms: number): Promise<void> {
    const end = this.#ms + ms;
    for (;;) {
      await settle();
      const next = [...this.#sleepers].reduce<Sleeper | undefined>(
        (first, one) => (first === undefined || one.due < first.due ? one : first),
        undefined,
      );
      if (next === undefined || next.due > end) break;
      this.#ms = Math.max(this.#ms, next.due);
      next.wake();
    }
    this.#ms = end;
    await settle();
  }
}

/** Everything that needs no time is done. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
