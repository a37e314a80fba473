import { setTimeout as sleep } from 'node:timers/promises';
import { L9Error } from '../../model/errors.ts';
import type { CallOptions, Engine } from '../api.ts';
import { hasCode } from '../errors.ts';
import { orUndefined } from './absent.ts';
import { inspectContainer } from './container-reads.ts';
import { containerPath, containerSubject } from './paths.ts';
import { DEFAULT_DEADLINE_MS, type Transport } from './transport.ts';

const LOOK_AGAIN_MS = 25;

export const containerRemoval = (transport: Transport): Pick<Engine, 'removeContainer'> => {
  /** True when the container is gone, false when somebody else is removing it. */
  const remove = async (id: string, force: boolean, options?: CallOptions): Promise<boolean> => {
    try {
      await transport.call({
        operation: 'removeContainer',
        subject: containerSubject(id),
        method: 'DELETE',
        path: containerPath(id, force ? '?force=1' : ''),
        idempotent: true,
        options,
      });
      return true;
    } catch (error) {
      if (hasCode(error, 'NoSuchContainer')) return true;
      if (hasCode(error, 'RemovalInProgress')) return false;
      throw error;
    }
  };

  return {
    async removeContainer(id, force, options) {
      const deadlineMs = options?.deadlineMs ?? DEFAULT_DEADLINE_MS;
      const end = performance.now() + deadlineMs;
      while (!(await remove(id, force, options))) {
        const wire = await orUndefined(inspectContainer(transport, id, options), 'NoSuchContainer');
        if (wire === undefined) return;
        // A removal that failed half-way leaves `dead`; another one finishes it.
        if (performance.now() > end) {
          throw new L9Error(
            'EngineTimeout',
            `The ${containerSubject(id)} was not gone within ${deadlineMs / 1000} s`,
            {
              hint: 'The engine is still removing it; see the log of dockerd if it stays.',
            },
          );
        }
        await sleep(LOOK_AGAIN_MS, undefined, options?.signal ? { signal: options.signal } : {});
      }
    },
  };
};
