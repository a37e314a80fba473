import { Agent as HttpsAgent } from 'node:https';
import type Docker from 'dockerode';
import { L9Error } from '../../model/errors.ts';
import { type Call, type Transport } from './transport.ts';
import type { Connection } from './connection.ts';
import { DeadlinePassed, Fault } from './exchange.ts';
import { classifyAnswer } from '../errors.ts';

/** Makes a dockerode client when one is first needed: importing it takes over 100 ms. */
export type DockerodeSource = () => Promise<Docker>;

const optionsOf = (connection: Connection) => {
  if (connection.type === 'unix') {
    // Whatever is not said here, dockerode takes from DOCKER_HOST, which need not be our engine.
    return {
      host: undefined,
      port: undefined,
      protocol: 'http' as const,
      socketPath: connection.socketPath,
    };
  }
  const { host, port, tls } = connection;
  if (tls === undefined) return { host, port, protocol: 'http' as const, socketPath: undefined };
  return {
    host,
    port,
    protocol: 'https' as const,
    socketPath: undefined,
    agent: new HttpsAgent({
      rejectUnauthorized: tls.verify,
      ...(tls.ca === undefined ? {} : { ca: tls.ca }),
      ...(tls.cert === undefined ? {} : { cert: tls.cert }),
      ...(tls.key === undefined ? {} : { key: tls.key }),
    }),
  };
};

/** A client for the engine of `transport`, in the version that it pinned. */
export const dockerodeSource =
  (connection: Connection, transport: Transport): DockerodeSource =>
  async () => {
    const [{ default: Client }, prefix] = await Promise.all([
      import('dockerode'),
      transport.prefix(),
    ]);
    try {
      return new Client({ ...optionsOf(connection), version: prefix.slice(1) });
    } catch (error) {
      // It reads DOCKER_HOST and DOCKER_CERT_PATH in any case, and stumbles over what is wrong there.
      throw new L9Error('EngineAddressInvalid', 'DOCKER_HOST or DOCKER_CERT_PATH cannot be used', {
        hint: 'Correct or unset them, even where --host names the engine.',
        cause: error,
      });
    }
  };

/** `(HTTP code 404) no such container - No such container: x ` is how dockerode words an answer. */
const answerOf = (
  error: Error,
): { readonly status: number; readonly message: string } | undefined => {
  if (!('statusCode' in error) || typeof error.statusCode !== 'number') return undefined;
  const message = /^\(HTTP code \d+\) .*? - ([^]*)$/.exec(error.message)?.[1] ?? error.message;
  return { status: error.statusCode, message: message.trim() };
};

/**
 * Runs one call of dockerode with a deadline of its own (a connection that dies in mid-body leaves
 * its promise unsettled for ever) and errors of our own.
 */
export const withDockerode = async <T>(
  transport: Transport,
  call: Pick<Call, 'operation' | 'subject' | 'options'> & { readonly deadlineMs: number },
  run: (signal: AbortSignal) => Promise<T>,
): Promise<T> => {
  const { operation, subject, deadlineMs, options } = call;
  const abort = new AbortController();
  const stop = new Promise<never>((_resolve, reject) => {
    abort.signal.addEventListener('abort', () => reject(abort.signal.reason), { once: true });
  });
  const onAbort = (): void => abort.abort(options?.signal?.reason);
  if (options?.signal?.aborted === true) throw options.signal.reason;
  options?.signal?.addEventListener('abort', onAbort, { once: true });
  const timer = setTimeout(() => abort.abort(new DeadlinePassed()), deadlineMs);
  try {
    return await Promise.race([run(abort.signal), stop]);
  } catch (error) {
    const answer = error instanceof Error ? answerOf(error) : undefined;
    if (answer !== undefined) throw classifyAnswer({ operation, subject, ...answer });
    const raw =
      error instanceof L9Error || error instanceof DeadlinePassed || abort.signal.aborted
        ? error
        : new Fault(error, false);
    throw transport.explain(raw, { what: `${operation} of ${subject}`, deadlineMs });
  } finally {
    clearTimeout(timer);
    options?.signal?.removeEventListener('abort', onAbort);
  }
};
