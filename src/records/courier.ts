import { randomUUID } from 'node:crypto';
import type { Engine } from '../engine/api.ts';
import { label } from '../model/labels.ts';
import type { ContainerSummary } from '../model/observed.ts';
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

/** Removes couriers that a killed process left behind. Only the holder of the project's lock has any. */
export const removeStaleCouriers = async (
  engine: Engine,
  project: string,
  containers: readonly ContainerSummary[],
): Promise<void> => {
  for (const { id, labels } of containers) {
    const stale = labels[label.kind] === 'courier' && labels[label.project] === project;
    if (stale) await engine.removeContainer(id, true);
  }
};
