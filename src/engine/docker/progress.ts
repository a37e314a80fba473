import type { Operation } from '../answers.ts';
import type { CallOptions } from '../api.ts';
import { classifyAnswer } from '../errors.ts';
import { type ByteSource, readChunks } from './chunks.ts';
import { JsonLines } from './json-lines.ts';
import type { Transport } from './transport.ts';
import type { WireProgress } from './wire.ts';

export interface ProgressCall {
  readonly operation: Operation;
  readonly subject: string;
  readonly options: CallOptions | undefined;
  /** Milliseconds of silence until it is given up. */
  readonly idleMs: number;
}

/**
 * Reads the stream that pulls, builds and loads answer with, to its end. An error may stand in it
 * although the status said 200 (dockerode's followProgress passes over it): it is thrown, classified.
 */
export async function* readProgress(
  transport: Transport,
  stream: ByteSource,
  call: ProgressCall,
): AsyncGenerator<WireProgress, void> {
  const { operation, subject, options, idleMs } = call;
  const lines = new JsonLines<WireProgress>();
  const check = (object: WireProgress): WireProgress => {
    const message = object.errorDetail?.message ?? object.error;
    if (message !== undefined) throw classifyAnswer({ operation, subject, status: 200, message });
    return object;
  };
  try {
    for await (const chunk of readChunks(stream, { signal: options?.signal, idleMs })) {
      for (const object of lines.push(chunk)) yield check(object);
    }
    for (const object of lines.end()) yield check(object);
  } catch (error) {
    throw transport.explain(error, { what: `${operation} of ${subject}`, deadlineMs: idleMs });
  }
}
