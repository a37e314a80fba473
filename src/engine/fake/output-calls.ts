import type { Engine, ExecOptions, LogLine, LogOptions } from '../api.ts';
import { checkSteady, needContainer } from './container-calls.ts';
import { type FakeContainer, isUp } from './container.ts';
import { refusal } from './refuse.ts';
import type { Store } from './store.ts';

/** What an exec does; its exit code. */
export type ExecHandler = (
  container: FakeContainer,
  options: ExecOptions,
) => Promise<number> | number;

type OutputCalls = Pick<Engine, 'logs' | 'exec' | 'stats'>;

const DEFAULT_MEMORY = 1_048_576;

const selected = (lines: readonly LogLine[], options: LogOptions): LogLine[] => {
  const { since, until, tail } = options;
  const inTime = lines.filter(
    ({ at }) =>
      (since === undefined || (at ?? 0) >= since) && (until === undefined || (at ?? 0) <= until),
  );
  return tail === undefined ? inTime : inTime.slice(Math.max(0, inTime.length - tail));
};

const untilSomething = (container: FakeContainer, signal: AbortSignal | undefined): Promise<void> =>
  new Promise((resolve) => {
    const done = (): void => {
      container.listeners.delete(done);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    container.listeners.add(done);
    signal?.addEventListener('abort', done, { once: true });
  });

/** Settles when the signal aborts, with its reason; never otherwise. */
const rejectOnAbort = (signal: AbortSignal | undefined): Promise<never> =>
  new Promise((_resolve, reject) => {
    signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
  });

export const outputCalls = (store: Store, execHandler: () => ExecHandler): OutputCalls => ({
  async *logs(id, options = {}) {
    const container = needContainer(store, id, 'logs');
    let next = container.log.length;
    yield* selected(container.log, options);
    while (options.follow === true) {
      options.signal?.throwIfAborted();
      const fresh = container.log.slice(next);
      next += fresh.length;
      yield* fresh;
      if (fresh.length > 0) continue;
      if (!isUp(container) && container.state !== 'restarting') return;
      await untilSomething(container, options.signal);
    }
  },

  async exec(id, options) {
    const container = needContainer(store, id, 'exec');
    checkSteady(container, 'exec');
    if (!isUp(container)) {
      const message = `Container ${container.id} is not running`;
      throw refusal('exec', `container ${id}`, { status: 409, message });
    }
    return await Promise.race([execHandler()(container, options), rejectOnAbort(options.signal)]);
  },

  async stats(id) {
    const container = needContainer(store, id, 'stats');
    const { behaviour } = container.run ?? {};
    const memoryLimitBytes = container.limits.memoryBytes ?? 0;
    if (behaviour === undefined) {
      return { id: container.id, cpuCores: 0, memoryBytes: 0, memoryLimitBytes, pids: 0 };
    }
    return {
      id: container.id,
      cpuCores: behaviour.cpuCores ?? 0.01,
      memoryBytes: behaviour.memoryBytes ?? DEFAULT_MEMORY,
      memoryLimitBytes,
      pids: 1,
    };
  },
});
