import { DeadlinePassed, Fault } from './exchange.ts';

export interface ReadOptions {
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds to wait for the next bytes; for ever when absent. */
  readonly idleMs?: number | undefined;
}

/** Node's streams can be destroyed; the types of older interfaces do not say so. */
export type ByteSource = NodeJS.ReadableStream & {
  readonly destroy?: ((error?: Error) => unknown) | undefined;
};

/**
 * The bytes of a stream, read only as fast as they are taken. Rejects with the signal's reason, a
 * `Fault` when the stream broke off, or `DeadlinePassed`. Leaving the loop closes the stream.
 */
export async function* readChunks(
  source: ByteSource,
  options: ReadOptions,
): AsyncGenerator<Buffer, void> {
  const { signal, idleMs } = options;
  let gaveUp: DeadlinePassed | undefined;
  const onAbort = (): void => void source.destroy?.();
  if (signal?.aborted === true) onAbort();
  signal?.addEventListener('abort', onAbort, { once: true });
  const iterator = source[Symbol.asyncIterator]();
  const next = async (): Promise<IteratorResult<string | Buffer>> => {
    if (idleMs === undefined) return await iterator.next();
    const timer = setTimeout(() => {
      gaveUp = new DeadlinePassed();
      source.destroy?.();
    }, idleMs);
    try {
      return await iterator.next();
    } finally {
      clearTimeout(timer);
    }
  };
  try {
    for (;;) {
      const { done, value } = await next();
      if (done === true) break;
      yield typeof value === 'string' ? Buffer.from(value) : value;
    }
  } catch (error) {
    if (signal?.aborted === true) throw signal.reason;
    throw gaveUp ?? new Fault(error, false);
  } finally {
    signal?.removeEventListener('abort', onAbort);
    source.destroy?.();
  }
  // A stream that was destroyed without an error ends as if it were complete.
  if (signal?.aborted === true) throw signal.reason;
  if (gaveUp !== undefined) throw gaveUp;
}
