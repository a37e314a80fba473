import type http from 'node:http';

/** The connection failed before there was a complete answer. `reused`: the socket had served calls before. */
export class Fault extends Error {
  readonly reused: boolean;
  constructor(cause: unknown, reused: boolean) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.reused = reused;
  }
}

/** Nobody answered in time. */
export class DeadlinePassed extends Error {
  constructor() {
    super('the deadline has passed');
  }
}

export interface ExchangeRequest {
  readonly send: typeof http.request;
  readonly target: http.RequestOptions;
  readonly body: Uint8Array | undefined;
  readonly deadlineMs: number;
  readonly signal: AbortSignal | undefined;
  /** Resolve at the headers of a good answer and leave its body to be read; the deadline ends there. */
  readonly streaming: boolean;
}

export interface Exchanged {
  readonly response: http.IncomingMessage;
  /** Empty when streaming. */
  readonly body: Buffer;
}

const NOTHING = Buffer.alloc(0);

/**
 * One HTTP request. Settles always: with the answer, a `Fault`, `DeadlinePassed`, or the signal's
 * reason. A body that breaks off is a fault (a client that waits for `end` alone would wait for ever).
 */
export const exchange = (order: ExchangeRequest): Promise<Exchanged> =>
  new Promise((resolve, reject) => {
    const { signal } = order;
    if (signal?.aborted === true) {
      reject(signal.reason);
      return;
    }
    const request = order.send(order.target);
    const release = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
    };
    const fail = (error: unknown): void => {
      release();
      reject(error);
      request.destroy();
    };
    const onAbort = (): void => fail(signal?.reason);
    const timer = setTimeout(() => fail(new DeadlinePassed()), order.deadlineMs);
    signal?.addEventListener('abort', onAbort, { once: true });

    // Stays attached: a request that was given up still reports its end.
    request.on('error', (error) => fail(new Fault(error, request.reusedSocket)));
    request.on('response', (response) => {
      const succeed = (body: Buffer): void => {
        release();
        resolve({ response, body });
      };
      if (order.streaming && (response.statusCode ?? 0) < 400) {
        succeed(NOTHING);
        return;
      }
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', (error) => fail(new Fault(error, false)));
      response.on('close', () => {
        if (!response.complete) fail(new Fault(new Error('the answer broke off'), false));
      });
      response.on('end', () => {
        if (response.complete) succeed(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks));
      });
    });
    request.end(order.body);
  });

const STALE = new Set(['ECONNRESET', 'EPIPE']);

/** A kept socket that the engine had closed meanwhile: the request never arrived. */
export const isStaleSocket = (error: unknown): boolean =>
  error instanceof Fault && error.reused && STALE.has(errnoOf(error));

/** The system's code of a failed connection (`ECONNREFUSED`), or empty. */
export const errnoOf = (fault: Fault): string => {
  const { cause } = fault;
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string'
    ? cause.code
    : '';
};
