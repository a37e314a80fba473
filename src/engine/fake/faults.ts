import { L9Error } from '../../model/errors.ts';
import type { EngineErrorCode, Operation } from '../answers.ts';
import type { Engine } from '../api.ts';
import type { Store } from './store.ts';

/** One call of the interface, as it was made. */
export interface CallRecord {
  readonly operation: Operation;
  readonly args: readonly unknown[];
  /** Whether calls of this kind change the engine. */
  readonly write: boolean;
}

/** What goes wrong. */
export interface Fault {
  /** Absent: any operation. */
  readonly operation?: Operation;
  readonly matches?: (call: CallRecord) => boolean;
  /** How often; once when absent. */
  readonly times?: number;
  /** `after`: the engine did it, and only the answer was lost. */
  readonly when?: 'before' | 'after';
  /** A code, an error, or an answer that comes only when its deadline is over. */
  readonly error: EngineErrorCode | L9Error | 'hangs';
}

const WRITES: ReadonlySet<Operation> = new Set<Operation>([
  'createContainer',
  'startContainer',
  'stopContainer',
  'restartContainer',
  'killContainer',
  'pauseContainer',
  'unpauseContainer',
  'renameContainer',
  'updateContainer',
  'removeContainer',
  'exec',
  'putArchive',
  'createNetwork',
  'removeNetwork',
  'connectNetwork',
  'disconnectNetwork',
  'createVolume',
  'removeVolume',
  'pullImage',
  'buildImage',
  'tagImage',
  'removeImage',
]);

interface Pending {
  readonly fault: Fault;
  left: number;
}

const DEADLINE_MS = 30_000;

const optionsOf = (args: readonly unknown[]): { signal?: AbortSignal; deadlineMs: number } => {
  const last = args.at(-1);
  if (typeof last !== 'object' || last === null) return { deadlineMs: DEADLINE_MS };
  const signal = 'signal' in last && last.signal instanceof AbortSignal ? last.signal : undefined;
  const deadlineMs =
    'deadlineMs' in last && typeof last.deadlineMs === 'number' ? last.deadlineMs : DEADLINE_MS;
  return { deadlineMs, ...(signal === undefined ? {} : { signal }) };
};

const errorOf = (fault: Exclude<Fault['error'], 'hangs'>, call: CallRecord): L9Error =>
  typeof fault === 'string'
    ? new L9Error(fault, `${call.operation} failed: ${fault} was injected`, {
        hint: 'This is a test.',
      })
    : fault;

/** What stands between a client and the fake: the record of calls, and everything that goes wrong. */
export class Interference {
  readonly calls: CallRecord[] = [];
  readonly #store: Store;
  #pending: Pending[] = [];
  /** Nobody answers at all. */
  away = false;
  latencyMs: (call: CallRecord) => number = () => 0;

  constructor(store: Store) {
    this.#store = store;
  }

  fail(fault: Fault): void {
    this.#pending.push({ fault, left: fault.times ?? 1 });
  }

  recover(): void {
    this.#pending = [];
  }

  #next(call: CallRecord, when: 'before' | 'after'): Fault['error'] | undefined {
    const pending = this.#pending.find(
      ({ fault, left }) =>
        left > 0 &&
        (fault.when ?? 'before') === when &&
        (fault.operation ?? call.operation) === call.operation &&
        (fault.matches?.(call) ?? true),
    );
    if (pending === undefined) return undefined;
    pending.left -= 1;
    return pending.fault.error;
  }

  async #suffer(call: CallRecord, when: 'before' | 'after'): Promise<void> {
    const error = this.#next(call, when);
    if (error === undefined) return;
    if (error !== 'hangs') throw errorOf(error, call);
    const { signal, deadlineMs } = optionsOf(call.args);
    await this.#store.clock.sleep(deadlineMs, signal);
    throw new L9Error('EngineTimeout', `The engine did not finish ${call.operation} in time`, {
      hint: 'It may still complete it.',
    });
  }

  async before(operation: Operation, args: readonly unknown[]): Promise<CallRecord> {
    const call = { operation, args, write: WRITES.has(operation) };
    this.calls.push(call);
    const { signal } = optionsOf(args);
    signal?.throwIfAborted();
    const latency = this.latencyMs(call);
    if (latency > 0) await this.#store.clock.sleep(latency, signal);
    this.#store.timeline.advance();
    if (this.away) {
      throw new L9Error(
        'EngineUnreachable',
        'No Docker engine answers at the fake: nobody listens there',
        {
          hint: 'Start Docker.',
        },
      );
    }
    await this.#suffer(call, 'before');
    return call;
  }

  async after(call: CallRecord): Promise<void> {
    await this.#suffer(call, 'after');
  }

  /** The engine, seen through this: every method of the interface, whatever it is called. */
  through(engine: Engine): Engine {
    const run = (target: object, operation: Operation, args: unknown[]): unknown => {
      const method: unknown = Reflect.get(target, operation);
      if (typeof method !== 'function') throw new TypeError(`the engine has no ${operation}`);
      return Reflect.apply(method, target, args);
    };
    const call = async (target: object, operation: Operation, args: unknown[]) => {
      const record = await this.before(operation, args);
      const result = await run(target, operation, args);
      await this.after(record);
      return result;
    };
    const before = (operation: Operation, args: unknown[]) => this.before(operation, args);
    async function* stream(target: object, operation: Operation, args: unknown[]) {
      // Events end quietly for those who no longer want them; everything else rejects.
      if (operation === 'events' && optionsOf(args).signal?.aborted === true) return;
      await before(operation, args);
      const items = run(target, operation, args);
      if (isAsyncIterable(items)) yield* items;
    }
    return new Proxy(engine, {
      get: (target, key) => {
        const isOperation = (name: string | symbol): name is Operation =>
          Object.hasOwn(target, name);
        if (!isOperation(key) || key === 'close') return Reflect.get(target, key);
        const wrap = STREAMS.has(key) ? stream : call;
        return (...args: unknown[]) => wrap(target, key, args);
      },
    });
  }
}

const STREAMS: ReadonlySet<Operation> = new Set<Operation>(['logs', 'events']);

const isAsyncIterable = (value: unknown): value is AsyncIterable<unknown> =>
  typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
