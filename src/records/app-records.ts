import type { Engine } from '../engine/api.ts';
import { label } from '../model/labels.ts';
import type { ObservedVolume } from '../model/observed.ts';
import type { AppRecord } from '../model/record.ts';
import { newest, versionsOf, writeNext } from './sequence.ts';
import type { Stored } from './sequence.ts';

const prefix = (project: string): string => `l9-app.${project}`;

const recordLabels = (project: string): Record<string, string> => ({
  [label.managed]: 'true',
  [label.project]: project,
  [label.kind]: 'app-record',
});

/** The applied manifests of a project among volumes that were listed, or undefined where it has none. */
export const appRecordAmong = (
  project: string,
  volumes: readonly ObservedVolume[],
): Stored<AppRecord> | undefined => newest<AppRecord>(prefix(project), volumes);

export const readAppRecord = async (
  engine: Engine,
  project: string,
  signal?: AbortSignal,
): Promise<AppRecord | undefined> => {
  const labels = Object.entries(recordLabels(project)).map(([key, value]) => `${key}=${value}`);
  const volumes = await engine.listVolumes({ labels }, signal === undefined ? {} : { signal });
  return appRecordAmong(project, volumes)?.value;
};

/** Every project's newest record, sorted by project. */
export const listAppRecords = async (
  engine: Engine,
  signal?: AbortSignal,
): Promise<AppRecord[]> => {
  const volumes = await engine.listVolumes(
    { labels: [`${label.managed}=true`, `${label.kind}=app-record`] },
    signal === undefined ? {} : { signal },
  );
  const projects = new Set(volumes.map((volume) => volume.labels[label.project]));
  return [...projects]
    .filter((project) => project !== undefined)
    .toSorted()
    .map((project) => appRecordAmong(project, volumes)?.value)
    .filter((record) => record !== undefined);
};

/**
 * Writes what `change` makes of the record that stands there; `change` may run several times, and
 * returns undefined to leave things as they are. Resolves to the record that stands there afterwards.
 */
export const writeAppRecord = async (
  engine: Engine,
  write: {
    readonly project: string;
    readonly change: (current: AppRecord | undefined) => AppRecord | undefined;
    readonly signal?: AbortSignal;
  },
): Promise<AppRecord | undefined> => {
  const stored = await writeNext<AppRecord>(engine, {
    prefix: prefix(write.project),
    labels: recordLabels(write.project),
    change: write.change,
    ...(write.signal === undefined ? {} : { signal: write.signal }),
  });
  return stored?.value;
};

/**
 * The last thing that happens to a deleted project: its record goes, in the versions that were seen.
 * One that somebody wrote since, by applying the project again, stays.
 */
export const removeAppRecord = async (
  engine: Engine,
  project: string,
  seen: readonly ObservedVolume[],
): Promise<void> => {
  for (const volume of versionsOf(prefix(project), seen).toReversed()) {
    await engine.removeVolume(volume.name);
  }
};
