import type { CallOptions, Engine } from '../api.ts';
import { alreadyTrue } from './absent.ts';
import { encodeLimits } from './encode-container.ts';
import { containerPath, containerSubject, query } from './paths.ts';
import { type Call, DEFAULT_DEADLINE_MS, type Transport } from './transport.ts';

type ContainerWrites = Pick<
  Engine,
  | 'startContainer'
  | 'stopContainer'
  | 'restartContainer'
  | 'killContainer'
  | 'pauseContainer'
  | 'unpauseContainer'
  | 'renameContainer'
  | 'updateContainer'
>;

/** The engine counts the grace in whole seconds; a part of one is rounded up, only 0 kills at once. */
const seconds = (graceMs: number): number => Math.ceil(graceMs / 1000);

const KILLS: ReadonlySet<string> = new Set(['SIGKILL', 'KILL', '9']);

export const containerWrites = (transport: Transport): ContainerWrites => {
  /** 304 (already so) comes without a body and is no error here. */
  const post = async (
    call: Pick<Call, 'operation' | 'idempotent' | 'deadlineMs' | 'body'>,
    id: string,
    rest: { readonly path: string; readonly options: CallOptions | undefined },
  ): Promise<void> => {
    await transport.call({
      ...call,
      subject: containerSubject(id),
      method: 'POST',
      path: containerPath(id, rest.path),
      options: rest.options,
    });
  };
  const graceful = (graceMs: number, options: CallOptions | undefined): CallOptions => ({
    ...options,
    deadlineMs: graceMs + (options?.deadlineMs ?? DEFAULT_DEADLINE_MS),
  });

  return {
    startContainer: (id, options) =>
      post({ operation: 'startContainer', idempotent: true }, id, { path: '/start', options }),

    stopContainer: (id, graceMs, options) =>
      post({ operation: 'stopContainer', idempotent: true }, id, {
        path: `/stop?t=${seconds(graceMs)}`,
        options: graceful(graceMs, options),
      }),

    restartContainer: (id, graceMs, options) =>
      post({ operation: 'restartContainer' }, id, {
        path: `/restart?t=${seconds(graceMs)}`,
        options: graceful(graceMs, options),
      }),

    async killContainer(id, signal, options) {
      const sent = post({ operation: 'killContainer' }, id, {
        path: `/kill${query({ signal })}`,
        options,
      });
      // What does not run is as dead as a kill makes it; other signals want somebody who hears them.
      await (KILLS.has(signal) ? alreadyTrue(sent, 'ContainerNotRunning') : sent);
    },

    pauseContainer: (id, options) =>
      alreadyTrue(
        post({ operation: 'pauseContainer' }, id, { path: '/pause', options }),
        'ContainerPaused',
      ),

    unpauseContainer: (id, options) =>
      alreadyTrue(
        post({ operation: 'unpauseContainer' }, id, { path: '/unpause', options }),
        'NotPaused',
      ),

    renameContainer: (id, name, options) =>
      alreadyTrue(
        post({ operation: 'renameContainer' }, id, { path: `/rename${query({ name })}`, options }),
        'NameUnchanged',
      ),

    /**
     * Changes limits and the restart policy without a restart. A limit cannot be taken away by this:
     * the engine accepts 0 and changes nothing. Absent limits stay as they are.
     */
    updateContainer: (id, changes, options) =>
      post(
        {
          operation: 'updateContainer',
          body: {
            ...(changes.limits === undefined ? {} : encodeLimits(changes.limits)),
            ...(changes.restartPolicy === undefined
              ? {}
              : { RestartPolicy: { Name: changes.restartPolicy } }),
          },
        },
        id,
        { path: '/update', options },
      ),
  };
};
