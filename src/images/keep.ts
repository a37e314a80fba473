import type { Engine } from '../engine/api.ts';
import { L9Error } from '../model/errors.ts';
import { label } from '../model/labels.ts';

export interface KeepRequest {
  readonly engine: Engine;
  readonly project: string;
  readonly service: string;
  /** `l9.local/<project>/<service>`: no other name is ever touched. */
  readonly repository: string;
  /** The tag that was just built or chosen; it always stays. */
  readonly current: string;
  /** How many tags stay, `current` among them. */
  readonly keep: number;
  /** Ids of images that records pin: they stay beside the number. */
  readonly pinned: ReadonlySet<string>;
  readonly signal?: AbortSignal;
}

/** Value of `label.build` on a service's builds. */
export const buildLabel = (project: string, service: string): string => `${project}/${service}`;

/**
 * Removes the oldest builds of a service beyond the number to keep; never one that a container is
 * made from or a record pins. Resolves to the tags that it removed.
 */
export const removeOldBuilds = async (request: KeepRequest): Promise<string[]> => {
  const { engine, repository, current, keep, pinned } = request;
  const call = request.signal === undefined ? {} : { signal: request.signal };
  const images = await engine.listImages(
    { labels: [`${label.build}=${buildLabel(request.project, request.service)}`] },
    call,
  );
  // Other images inherit the label when they are built on one of ours: the name decides.
  const tags = images
    .flatMap((image) => image.references.map((reference) => ({ reference, image })))
    .filter(({ reference }) => reference.startsWith(`${repository}:`) && reference !== current)
    .toSorted(
      (a, b) => b.image.createdAt - a.image.createdAt || (a.reference < b.reference ? -1 : 1),
    );
  const old = tags.slice(Math.max(0, keep - 1));
  const staying = new Set([
    current,
    ...tags.slice(0, Math.max(0, keep - 1)).map(({ reference }) => reference),
  ]);
  if (old.length === 0) return [];
  const containers = await engine.listContainers({}, call);
  const used = new Set([...pinned, ...containers.map(({ imageId }) => imageId)]);
  const removed: string[] = [];
  for (const { reference, image } of old) {
    // Without this tag the image still stays, where it has another that does.
    const stays = image.references.some((other) => staying.has(other));
    if (used.has(image.id) && !stays) continue;
    try {
      await engine.removeImage(reference, call);
      removed.push(reference);
    } catch (error) {
      // Somebody made a container from it, or an image on it, since we looked; the next build tries again.
      if (!(error instanceof L9Error && error.code === 'ImageInUse')) throw error;
    }
  }
  return removed;
};
