import type { Clock } from '../../model/clock.ts';

/** Runs at its time; `at` is that time as Unix ms, even where it is noticed later. */
export type Task = (at: number) => void;

interface Entry {
  readonly due: number;
  readonly order: number;
  readonly task: Task;
  cancelled: boolean;
}

export interface Scheduled {
  cancel(): void;
}

const before = (a: Entry, b: Entry): boolean =>
  a.due < b.due || (a.due === b.due && a.order < b.order);

/** What will happen on its own: exits, probes, restarts. Driven by the clock, and caught up by every call. */
export class Timeline {
  readonly #clock: Clock;
  /** A binary heap, the earliest first. */
  readonly #heap: Entry[] = [];
  #order = 0;
  #sleeper: AbortController | undefined;
  #wakeAt = Infinity;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  schedule(delayMs: number, task: Task): Scheduled {
    const due = this.#clock.monotonic() + Math.max(0, delayMs);
    const entry: Entry = { due, order: (this.#order += 1), task, cancelled: false };
    this.#push(entry);
    this.#arm();
    return {
      cancel: () => {
        entry.cancelled = true;
      },
    };
  }

  /** Does all that is due. */
  advance(): void {
    for (;;) {
      const next = this.#heap[0];
      const now = this.#clock.monotonic();
      if (next === undefined || next.due > now) break;
      this.#pop();
      if (!next.cancelled) next.task(this.#clock.now() - (now - next.due));
    }
    this.#arm();
  }

  /** Lets go of the clock; what is due is still done by `advance`. */
  close(): void {
    this.#sleeper?.abort();
    this.#sleeper = undefined;
    this.#wakeAt = -Infinity;
  }

  #arm(): void {
    const next = this.#heap[0];
    if (next === undefined || next.due >= this.#wakeAt) return;
    this.#sleeper?.abort();
    const sleeper = new AbortController();
    this.#sleeper = sleeper;
    this.#wakeAt = next.due;
    const woken = (): void => {
      if (this.#sleeper !== sleeper) return;
      this.#wakeAt = Infinity;
      this.advance();
    };
    // Aborted sleeps were replaced by an earlier one.
    this.#clock
      .sleep(next.due - this.#clock.monotonic(), sleeper.signal)
      .then(woken, () => undefined);
  }

  #push(entry: Entry): void {
    const heap = this.#heap;
    let index = heap.push(entry) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!before(entry, heap[parent]!)) break;
      heap[index] = heap[parent]!;
      index = parent;
    }
    heap[index] = entry;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && before(heap[child + 1]!, heap[child]!)) child += 1;
      if (!before(heap[child]!, last)) break;
      heap[index] = heap[child]!;
      index = child;
    }
    heap[index] = last;
  }
}
