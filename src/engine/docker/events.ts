import type { IncomingMessage } from 'node:http';
import type { Engine, EngineEvent, EventOptions } from '../api.ts';
import { Fault } from './exchange.ts';
import { JsonLines } from './json-lines.ts';
import { query } from './paths.ts';
import { engineTime } from './time.ts';
import type { Transport } from './transport.ts';
import type { WireEvent } from './wire.ts';

/**
 * What l9 reacts to. Everything else is filtered by the engine: health probes alone emit three exec
 * events each, which would push all others out of its ring of 256.
 */
const ACTIONS = [
  'create',
  'start',
  'die',
  'oom',
  'stop',
  'kill',
  'restart',
  'pause',
  'unpause',
  'rename',
  'update',
  'destroy',
  'health_status',
  'connect',
  'disconnect',
  'remove',
  'delete',
  'tag',
  'untag',
  'pull',
  'import',
  'load',
];
const KINDS: ReadonlySet<string> = new Set<EngineEvent['kind']>([
  'container',
  'network',
  'volume',
  'image',
]);
const isKind = (text: string): text is EngineEvent['kind'] => KINDS.has(text);

/** More unread events than this mean that nobody reads: the list tells the same for less. */
const MOST_UNREAD = 10_000;

const decodeEvent = (wire: WireEvent): EngineEvent | undefined => {
  if (!isKind(wire.Type)) return undefined;
  const attributes = wire.Actor.Attributes ?? {};
  const colon = wire.Action.indexOf(':');
  return {
    kind: wire.Type,
    action: colon < 0 ? wire.Action : wire.Action.slice(0, colon),
    id: wire.Actor.ID,
    name: attributes['name'] ?? wire.Actor.ID,
    attributes:
      colon < 0 ? attributes : { ...attributes, detail: wire.Action.slice(colon + 1).trim() },
    at: wire.timeNano === undefined ? wire.time * 1000 : Math.floor(wire.timeNano / 1e6),
  };
};

/**
 * Takes events off the socket at once, whether or not anybody reads: a reader that stalls at about a
 * thousand unread events costs every engine call 100 ms, and then loses events silently.
 */
class EventBuffer {
  readonly #response: IncomingMessage;
  #events: EngineEvent[] = [];
  #end: { readonly error: unknown } | undefined;
  #wake: (() => void) | undefined;

  constructor(response: IncomingMessage) {
    this.#response = response;
    const lines = new JsonLines<WireEvent>();
    response.on('data', (chunk: Buffer) => {
      try {
        for (const wire of lines.push(chunk)) this.#add(decodeEvent(wire));
      } catch (error) {
        this.stop(new Fault(error, false));
      }
    });
    response.on('error', (error) => this.stop(new Fault(error, false)));
    response.on('close', () => this.stop(new Fault(new Error('the event stream ended'), false)));
  }

  #add(event: EngineEvent | undefined): void {
    if (event === undefined) return;
    this.#events.push(event);
    if (this.#events.length > MOST_UNREAD) {
      this.stop(new Fault(new Error('events came faster than they were read'), false));
    }
    this.#wake?.();
  }

  /** Ends the stream; the first reason counts. */
  stop(error: unknown): void {
    this.#end ??= { error };
    this.#response.destroy();
    this.#wake?.();
  }

  /** All events since the last call, at least one, or the reason why there are no more. */
  async take(): Promise<readonly EngineEvent[] | { readonly error: unknown }> {
    while (this.#events.length === 0) {
      if (this.#end !== undefined) return this.#end;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      this.#wake = undefined;
    }
    const events = this.#events;
    this.#events = [];
    return events;
  }
}

const eventPath = (options: EventOptions): string => {
  const filters = {
    type: [...KINDS],
    event: ACTIONS,
    ...(options.labels === undefined ? {} : { label: options.labels }),
  };
  return `/events${query({ since: engineTime(options.since), filters: JSON.stringify(filters) })}`;
};

export const eventCalls = (transport: Transport): Pick<Engine, 'events'> => ({
  async *events(options = {}) {
    const { signal } = options;
    const aborted = (): boolean => signal?.aborted === true;
    if (aborted()) return;
    const response = await transport.stream({
      operation: 'events',
      subject: 'the event stream',
      method: 'GET',
      path: eventPath(options),
      idempotent: true,
      options: signal === undefined ? {} : { signal },
    });
    const buffer = new EventBuffer(response);
    const onAbort = (): void => buffer.stop(undefined);
    signal?.addEventListener('abort', onAbort, { once: true });
    if (aborted()) onAbort();
    options.onSubscribed?.();
    try {
      for (;;) {
        const events = await buffer.take();
        if ('error' in events) {
          if (aborted()) return;
          throw transport.explain(events.error, { what: 'the event stream', deadlineMs: 0 });
        }
        yield* events;
      }
    } finally {
      signal?.removeEventListener('abort', onAbort);
      buffer.stop(undefined);
    }
  },
});
