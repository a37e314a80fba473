import { observe } from '../engine/observe.ts';
import type { Observed, ObservedImage } from '../model/observed.ts';
import type { AppRecord } from '../model/record.ts';
import type { ProjectView } from '../model/status.ts';
import { recoveriesAmong } from '../records/recovery.ts';
import { appRecordAmong } from '../records/app-records.ts';
import { runChecks } from './checks.ts';
import type { Context } from './contract.ts';
import { redactChecks } from './redact.ts';
import { desiredOf, emptyMemory } from './situation.ts';
import type { Memory } from './situation.ts';
import { buildView } from './view.ts';
import { noSuchProject } from './write.ts';

/** The images that a record's services are made from, besides those that were looked at already. */
const pinnedImages = async (
  context: Context,
  record: AppRecord | undefined,
  observed: Observed,
): Promise<Observed['images']> => {
  const { engine, signal } = context;
  const ids = Object.values(record?.current.images ?? {}).map((pin) => pin.id);
  const images: Record<string, ObservedImage> = { ...observed.images };
  for (const id of new Set(ids)) {
    if (images[id] !== undefined) continue;
    const image = await engine.findImage(id, { signal });
    if (image !== undefined) images[id] = image;
  }
  return images;
};

/** What a run that has just looked spares the view. */
export interface Seen {
  /** Results of checks that were made before. */
  readonly memory: Memory;
  /** The last look, when nothing was written after it. */
  readonly observed?: Observed;
}

/**
 * The project as it stands. http and tcp checks are made once, so that their state is known without a
 * service. Rejects with NoSuchProject where neither a record nor a container tells of it.
 */
export const viewOf = async (
  context: Context,
  project: string,
  seen: Seen = { memory: emptyMemory() },
): Promise<ProjectView> => {
  const { engine, clock, signal } = context;
  const { memory } = seen;
  const raw =
    seen.observed ?? (await observe(engine, { project, imageReferences: [], clock, signal }));
  const record = appRecordAmong(project, raw.volumes)?.value;
  if (record === undefined && raw.containers.length === 0) throw noSuchProject(project);
  const observed = record === undefined ? raw : await redactChecks(context, record, raw);
  const desired = record === undefined ? undefined : desiredOf(context, record);
  if (record !== undefined && desired !== undefined) {
    await runChecks(context, { record, desired, observed }, memory);
  }
  return buildView({
    project,
    record,
    desired,
    observed: { ...observed, images: await pinnedImages(context, record, observed) },
    recovery: recoveriesAmong(project, observed.volumes),
    guardian: 'engine',
    probes: memory.probes,
    now: clock.now(),
  });
};
