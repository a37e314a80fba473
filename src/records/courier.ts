import { randomUUID } from 'node:crypto';
import type { Engine } from '../engine/api.ts';
import { label } from '../model/labels.ts';
import { bareContainer } from './bare-container.ts';

/** Where a courier sees the volume. */
export const COURIER_PATH = '/l9';

export interface Errand {
  readonly project: string;
  readonly volume: string;
  /** The image that the courier is made from; the empty one unless its users or groups are wanted. */
  readonly image?: string;
}

/**
 * Runs `task` with a container that is never started and has the volume at `/l9`: the archive API
 * reads and writes files there. The container is removed afterwards, whatever happens.
 */
export const withCourier = async <T>(
  engine: Engine,
  errand: Errand,
  task: (containerId: string) => Promise<T>,
): Promise<T> => {
  const id = await engine.createContainer(
    bareContainer({
      name: `l9-courier.${errand.project}.${randomUUID().slice(0, 8)}`,
      image: errand.image ?? (await engine.ensureEmptyImage()),
      labels: {
        [label.managed]: 'true',
        [label.project]: errand.project,
        [label.kind]: 'courier',
      },
      mounts: [{ type: 'volume', volume: errand.volume, path: COURIER_PATH, readOnly: false }],
    }),
  );
  try {
    return await task(id);
  } finally {
    await engine.removeContainer(id, true);
  }
};

/** Removes couriers that a killed process left behind. Nothing but a courier's process uses it, and only for milliseconds. */
export const removeStaleCouriers = async (engine: Engine, project: string): Promise<void> => {
  const couriers = await engine.listContainers({
    labels: [`${label.kind}=courier`, `${label.project}=${project}`],
  });
  for (const courier of couriers) await engine.removeContainer(courier.id, true);
};
