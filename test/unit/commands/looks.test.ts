import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { looks } from '../../../src/commands/looks.ts';
import type { EngineEvent } from '../../../src/engine/api.ts';
import type { Clock } from '../../../src/model/clock.ts';
import { L9Error } from '../../../src/model/errors.ts';

/** Time that passes only when a test says so. */
class VirtualClock implements Clock {
  #now = 0;
  #sleepers: { readonly until: number; readonly wake: () => void }[] = [];

  now(): number {
    return this.#now;
  }

  monotonic(): number {
    return this.#now;
  }

  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    await new Promise<void>((wake, reject) => {
      this.#sleepers.push({ until: this.#now + ms, wake });
      signal?.addEventListener('abort', () => reject(signal.reason));
    });
  }

  async advance(ms: number): Promise<void> {
    for (const end = this.#now + ms; this.#now < end; this.#now += 10) {
      const due = this.#sleepers.filter(({ until }) => until <= this.#now + 10);
      this.#sleepers = this.#sleepers.filter((one) => !due.includes(one));
      for (const { wake } of due) wake();
      await turn();
    }
  }
}

const event: EngineEvent = {
  kind: 'container',
  action: 'die',
  id: 'x',
  name: 'x',
  attributes: {},
  at: 0,
};

/** An engine of which only the events are asked. */
class EventSource {
  subscriptions = 0;
  /** Thrown instead of waiting for more. */
  failure: Error | undefined;
  #ring: () => void = () => {};

  ring(): void {
    this.#ring();
  }

  async *events(options: { signal?: AbortSignal } = {}): AsyncGenerator<EngineEvent> {
    const { signal = new AbortController().signal } = options;
    this.subscriptions += 1;
    for (;;) {
      if (this.failure !== undefined) throw this.failure;
      await new Promise<void>((resolve) => {
        this.#ring = resolve;
        signal.addEventListener('abort', () => resolve());
      });
      if (signal.aborted) return;
      if (this.failure === undefined) yield event;
    }
  }
}

const everyMs = 2000;

const start = () => {
  const clock = new VirtualClock();
  const engine = new EventSource();
  const controller = new AbortController();
  const state: { looks: number; error?: unknown } = { looks: 0 };
  const run = async (): Promise<void> => {
    try {
      for await (const _ of looks({ engine, clock, signal: controller.signal, everyMs }))
        state.looks += 1;
    } catch (error) {
      state.error = error;
    }
  };
  return { clock, engine, controller, state, finished: run() };
};

describe('looks', () => {
  it('looks at once, and again from time to time without any event', async () => {
    const { clock, state, controller, finished } = start();
    await turn();
    expect(state.looks).toBe(1);
    await clock.advance(1000);
    expect(state.looks).toBe(1);
    await clock.advance(1200);
    expect(state.looks).toBe(2);
    controller.abort();
    await finished;
  });

  it('looks once for a burst of events, after it', async () => {
    const { clock, engine, state, controller, finished } = start();
    await clock.advance(500);
    for (let count = 0; count < 20; count += 1) {
      engine.ring();
      await turn();
    }
    await clock.advance(200);
    // One for the burst, and at most one for what came while it was waited for.
    expect(state.looks).toBeGreaterThanOrEqual(2);
    expect(state.looks).toBeLessThanOrEqual(3);
    controller.abort();
    await finished;
  });

  it('does not miss an event that comes while somebody looks', async () => {
    const clock = new VirtualClock();
    const engine = new EventSource();
    const controller = new AbortController();
    const iterator = looks({ engine, clock, signal: controller.signal, everyMs: 60_000 });
    await iterator.next();
    // The consumer has not asked for the next look yet: the listener is not even started.
    const second = iterator.next();
    await turn();
    engine.ring();
    await clock.advance(200);
    expect((await second).done).toBe(false);
    engine.ring();
    await turn();
    const third = iterator.next();
    await clock.advance(200);
    expect((await third).done).toBe(false);
    controller.abort();
  });

  it('listens again after the engine was away, and looks then', async () => {
    const { clock, engine, state, controller, finished } = start();
    await clock.advance(100);
    engine.failure = new L9Error('EngineUnreachable', 'away');
    engine.ring();
    await clock.advance(1000);
    engine.failure = undefined;
    await clock.advance(1300);
    expect(engine.subscriptions).toBeGreaterThanOrEqual(2);
    expect(state.looks).toBeGreaterThanOrEqual(2);
    expect(state.error).toBeUndefined();
    controller.abort();
    await finished;
  });

  it('does not swallow an error that nobody expected', async () => {
    const { clock, engine, state, finished } = start();
    await clock.advance(100);
    engine.failure = new TypeError('a bug');
    engine.ring();
    await clock.advance(300);
    await finished;
    expect(state.error).toBeInstanceOf(TypeError);
  });

  it('ends with the reason of its signal, whatever it waits for', async () => {
    for (const ms of [0, 50, 500]) {
      const { clock, state, controller, finished } = start();
      await clock.advance(ms);
      controller.abort(new Error('enough'));
      await finished;
      expect(state.error).toEqual(new Error('enough'));
    }
  });
});
