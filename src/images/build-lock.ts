/** Makes builds of one tag wait for each other. */
export interface BuildLock {
  /** Waits for the turn; resolves to what gives it back. Rejects with the signal's reason. */
  acquire(name: string, signal?: AbortSignal): Promise<() => Promise<void>>;
}

/** A lock between the builds of one process: whoever comes later waits for whoever came before. */
export const inProcessLock = (): BuildLock => {
  const last = new Map<string, Promise<void>>();
  return {
    async acquire(name, signal) {
      signal?.throwIfAborted();
      const before = last.get(name);
      let giveBack = (): void => undefined;
      const turn = new Promise<void>((resolve) => {
        giveBack = resolve;
      });
      // Whoever comes next waits for both: one that gave up waiting must not let others pass.
      const mine = Promise.all([before, turn]).then(() => undefined);
      last.set(name, mine);
      const release = (): Promise<void> => {
        giveBack();
        if (last.get(name) === mine) last.delete(name);
        return Promise.resolve();
      };
      try {
        await (signal === undefined ? before : abortable(before, signal));
      } catch (error) {
        giveBack();
        throw error;
      }
      return release;
    },
  };
};

const abortable = async (work: Promise<void> | undefined, signal: AbortSignal): Promise<void> => {
  let abort = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    abort = () => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
  });
  try {
    await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
};
