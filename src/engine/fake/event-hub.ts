import { L9Error } from '../../model/errors.ts';
import type { EngineEvent, EventOptions } from '../api.ts';

/** As many as Docker keeps, and it loses them with the daemon. */
const RING = 256;

/** What a subscriber gets of an event: nothing, itself, itself twice, others that were held back. */
export type Delivery = (event: EngineEvent) => readonly EngineEvent[];

interface Subscriber {
  readonly options: EventOptions;
  readonly queue: EngineEvent[];
  broken: boolean;
  wake: () => void;
}

const hasLabels = (event: EngineEvent, labels: readonly string[] | undefined): boolean =>
  (labels ?? []).every((wanted) => {
    // Networks and volumes say nothing of their labels.
    if (event.kind !== 'container' && event.kind !== 'image') return false;
    const equals = wanted.indexOf('=');
    if (equals < 0) return event.attributes[wanted] !== undefined;
    return event.attributes[wanted.slice(0, equals)] === wanted.slice(equals + 1);
  });

/** Swaps every event with the next one. */
export const swapPairs = (): Delivery => {
  let held: EngineEvent | undefined;
  return (event) => {
    if (held === undefined) {
      held = event;
      return [];
    }
    const pair = [event, held];
    held = undefined;
    return pair;
  };
};

export class EventHub {
  readonly #ring: EngineEvent[] = [];
  readonly #subscribers = new Set<Subscriber>();
  #delivery: Delivery | undefined;

  emit(event: EngineEvent): void {
    this.#ring.push(event);
    if (this.#ring.length > RING) this.#ring.shift();
    for (const out of this.#delivery?.(event) ?? [event]) {
      for (const subscriber of this.#subscribers) {
        if (!hasLabels(out, subscriber.options.labels)) continue;
        subscriber.queue.push(out);
        subscriber.wake();
      }
    }
  }

  /** Decides what subscribers get from now on; undefined: every event once. */
  setDelivery(delivery: Delivery | undefined): void {
    this.#delivery = delivery;
  }

  /** Ends all streams with an error, as when the daemon goes away. */
  breakStreams(): void {
    for (const subscriber of this.#subscribers) {
      subscriber.broken = true;
      subscriber.wake();
    }
  }

  /** The daemon went away: what it remembered is lost. */
  forget(): void {
    this.#ring.length = 0;
  }

  async *subscribe(options: EventOptions): AsyncGenerator<EngineEvent> {
    const { signal, since } = options;
    const aborted = (): boolean => signal?.aborted === true;
    if (aborted()) return;
    const subscriber: Subscriber = {
      options,
      queue:
        since === undefined
          ? []
          : this.#ring.filter((event) => event.at >= since && hasLabels(event, options.labels)),
      broken: false,
      wake: () => undefined,
    };
    this.#subscribers.add(subscriber);
    const onAbort = (): void => subscriber.wake();
    signal?.addEventListener('abort', onAbort, { once: true });
    options.onSubscribed?.();
    try {
      for (;;) {
        if (aborted()) return;
        const event = subscriber.queue.shift();
        if (event !== undefined) {
          yield event;
          continue;
        }
        if (subscriber.broken) {
          throw new L9Error(
            'EngineBroken',
            'The connection to the engine broke during the event stream',
            {
              hint: 'Look at everything again.',
            },
          );
        }
        await new Promise<void>((resolve) => {
          subscriber.wake = resolve;
        });
      }
    } finally {
      signal?.removeEventListener('abort', onAbort);
      this.#subscribers.delete(subscriber);
    }
  }
}
