import type { Engine } from '../engine/api.ts';
import type { Clock } from '../model/clock.ts';
import { L9Error } from '../model/errors.ts';
import { label } from '../model/labels.ts';

export interface LookOptions {
  readonly engine: Pick<Engine, 'events'>;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Looks again after so many ms even if the engine reports nothing. */
  readonly everyMs: number;
}

/** Engine events come in bursts; a look in their middle would only be repeated. */
const burstMs = 100;
const reconnectMs = 1000;

/**
 * Yields at once, then whenever something of ours changes on the engine, and from time to time anyway,
 * for events can be lost. An event only says "look again". Ends by throwing the signal's reason.
 */
export async function* looks(options: LookOptions): AsyncGenerator<void> {
  const { clock, signal, everyMs } = options;
  const stop = new AbortController();
  const both = AbortSignal.any([signal, stop.signal]);
  const bell = new Bell();
  const listening = listen({ ...options, signal: both }, bell);
  // A failure is thrown where the next turn waits; it must not be unhandled until then.
  listening.catch(() => {});
  try {
    for (;;) {
      signal.throwIfAborted();
      yield;
      const rest = new AbortController();
      const resting = clock.sleep(everyMs, AbortSignal.any([both, rest.signal]));
      resting.catch(() => {});
      await Promise.race([bell.rung(), resting, listening]);
      rest.abort();
      await clock.sleep(burstMs, both);
    }
  } finally {
    stop.abort();
  }
}

/** Remembers one ring until somebody waits for it. */
class Bell {
  #waiting: (() => void) | undefined;
  #ringing = false;

  ring(): void {
    this.#ringing = true;
    this.#waiting?.();
  }

  async rung(): Promise<void> {
    if (!this.#ringing) await new Promise<void>((resolve) => (this.#waiting = resolve));
    this.#ringing = false;
  }
}

/** Rings for every event; an engine that is away is asked again. Never resolves but by an abort, which it throws. */
async function listen({ engine, clock, signal }: LookOptions, bell: Bell): Promise<never> {
  for (;;) {
    try {
      const events = engine.events({ signal, labels: [`${label.managed}=true`] });
      for await (const _ of events) bell.ring();
    } catch (error) {
      if (!(error instanceof L9Error)) throw error;
    }
    signal.throwIfAborted();
    await clock.sleep(reconnectMs, signal);
    bell.ring();
  }
}
