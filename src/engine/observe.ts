import type { Clock } from '../model/clock.ts';
import { label } from '../model/labels.ts';
import type { Observed, ObservedContainer, ObservedImage } from '../model/observed.ts';
import type { CallOptions, Engine } from './api.ts';
import { bounded } from './bounded.ts';

export interface ObserveRequest {
  readonly project: string;
  /** Images that the desired state names, by reference or id. */
  readonly imageReferences: readonly string[];
  readonly clock: Clock;
  readonly signal?: AbortSignal;
}

/** Inspections under way at once: the daemon gains nothing from more. */
const PARALLEL = 10;

/**
 * Looks at everything that a plan for one project may need, in one pass: lists of all containers,
 * networks and volumes, then the project's own containers and the images in question, inspected.
 * Containers that are removed in between are left out.
 */
export const observe = async (engine: Engine, request: ObserveRequest): Promise<Observed> => {
  const { project, clock, signal } = request;
  const options: CallOptions = signal === undefined ? {} : { signal };
  const at = clock.now();
  const [all, networks, volumes] = await Promise.all([
    engine.listContainers({}, options),
    engine.listNetworks(options),
    engine.listVolumes({}, options),
  ]);
  const own = all.filter(
    (container) =>
      container.labels[label.project] === project && container.labels[label.service] !== undefined,
  );
  // Images of the own containers are looked at too: an image can hand down our labels.
  const names = new Set([...request.imageReferences, ...own.map((container) => container.imageId)]);
  const [inspected, images] = await Promise.all([
    bounded(own, PARALLEL, (container) => engine.findContainer(container.id, options)),
    bounded(
      [...names],
      PARALLEL,
      async (name) => [name, await engine.findImage(name, options)] as const,
    ),
  ]);
  const found: Record<string, ObservedImage> = {};
  for (const [name, image] of images) if (image !== undefined) found[name] = image;
  return {
    at,
    all,
    containers: inspected
      .filter((container): container is ObservedContainer => container !== undefined)
      .toSorted((a, b) => (a.name < b.name ? -1 : Number(a.name > b.name))),
    networks,
    volumes,
    images: found,
  };
};
