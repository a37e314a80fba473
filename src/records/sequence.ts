import { randomUUID } from 'node:crypto';
import type { Engine } from '../engine/api.ts';
import { L9Error } from '../model/errors.ts';
import type { Labels } from '../model/labels.ts';
import type { ObservedVolume } from '../model/observed.ts';
import {
  DATA_LABEL,
  LINEAGE_LABEL,
  NONCE_LABEL,
  SCHEMA_LABEL,
  SCHEMA_VERSION,
  SEQUENCE_LABEL,
  encodeRecord,
  recordText,
} from './codec.ts';

/** A record as it stands on the engine: the volume `<prefix>.<seq>` with the highest number. */
export interface Stored<T> {
  readonly volume: string;
  readonly seq: number;
  readonly value: T;
}

const sequenceOf = (prefix: string, volume: ObservedVolume): number => {
  const suffix = volume.name.startsWith(`${prefix}.`) ? volume.name.slice(prefix.length + 1) : '';
  return /^\d+$/.test(suffix) ? Number(suffix) : 0;
};

/** The record's volumes among `volumes`, newest first. */
export const versionsOf = (prefix: string, volumes: readonly ObservedVolume[]): ObservedVolume[] =>
  volumes
    .filter((volume) => sequenceOf(prefix, volume) > 0 && volume.labels[DATA_LABEL] !== undefined)
    .toSorted((a, b) => sequenceOf(prefix, b) - sequenceOf(prefix, a));

/** The newest version of a record among `volumes`, or undefined where there is none. */
export const newest = <T>(
  prefix: string,
  volumes: readonly ObservedVolume[],
): Stored<T> | undefined => {
  const [volume] = versionsOf(prefix, volumes);
  if (volume === undefined) return undefined;
  const value: T = JSON.parse(recordText(volume.name, volume.labels));
  return { volume: volume.name, seq: sequenceOf(prefix, volume), value };
};

export interface Write<T> {
  readonly prefix: string;
  /** Labels that find the record again; kind and project among them. */
  readonly labels: Labels;
  /** Called with what is there now; undefined leaves it as it is. */
  readonly change: (current: T | undefined) => T | undefined;
  readonly signal?: AbortSignal;
}

/** Rounds that were lost to other writers before giving up; each lost round is another writer's success. */
const ROUNDS = 50;

/** Ancestors that a version remembers: more than writers can be ahead of one that is slow to look again. */
const REMEMBERED = 16;

const lineageOf = (volume: ObservedVolume | undefined): string[] =>
  (volume?.labels[LINEAGE_LABEL] ?? '').split(',').filter((nonce) => nonce !== '');

/**
 * Writes the next version of a record, optimistically: create the number after the highest, then
 * look again. A volume that was there before keeps its old nonce; a higher number that was not made
 * from ours means that we built on what was stale. Either way it starts over from what is there then.
 *
 * Resolves to what stands on the engine afterwards.
 */
export const writeNext = async <T>(
  engine: Engine,
  write: Write<T>,
): Promise<Stored<T> | undefined> => {
  const { prefix, signal } = write;
  const options = signal === undefined ? {} : { signal };
  for (let round = 0; round < ROUNDS; round += 1) {
    const before = await listVersions(engine, write);
    const current = newest<T>(prefix, before);
    const next = write.change(current?.value);
    if (next === undefined) {
      await removeOlder(engine, before, write);
      return current;
    }
    const seq = (current?.seq ?? 0) + 1;
    const nonce = randomUUID();
    const [previous] = versionsOf(prefix, before);
    const created = await engine.createVolume(
      {
        name: `${prefix}.${seq}`,
        driver: 'local',
        driverOpts: {},
        labels: {
          ...write.labels,
          [SCHEMA_LABEL]: String(SCHEMA_VERSION),
          [NONCE_LABEL]: nonce,
          [LINEAGE_LABEL]: [nonce, ...lineageOf(previous)].slice(0, REMEMBERED).join(','),
          [SEQUENCE_LABEL]: String(seq),
          [DATA_LABEL]: encodeRecord(next),
        },
      },
      options,
    );
    if (created.labels[NONCE_LABEL] !== nonce) continue;
    const after = await listVersions(engine, write);
    const [highest] = versionsOf(prefix, after);
    if (!lineageOf(highest).includes(nonce)) continue;
    if (highest?.name !== created.name) return newest<T>(prefix, after);
    await removeOlder(engine, after, write);
    return { volume: created.name, seq, value: next };
  }
  throw new L9Error('RecordContended', `others keep writing the record ${prefix}`, {
    hint: 'Try again.',
  });
};

/** Removes all versions but the newest: those that this write replaces, and what a killed writer left. */
const removeOlder = async (
  engine: Engine,
  volumes: readonly ObservedVolume[],
  write: Pick<Write<never>, 'prefix' | 'signal'>,
): Promise<void> => {
  for (const old of versionsOf(write.prefix, volumes).slice(1)) {
    await engine.removeVolume(old.name, write.signal === undefined ? {} : { signal: write.signal });
  }
};

const listVersions = (engine: Engine, write: Pick<Write<unknown>, 'labels' | 'signal'>) =>
  engine.listVolumes(
    { labels: Object.entries(write.labels).map(([key, value]) => `${key}=${value}`) },
    write.signal === undefined ? {} : { signal: write.signal },
  );

/** Removes every version of a record, oldest first, so that an interrupted removal leaves the newest. */
export const removeAll = async (
  engine: Engine,
  record: { readonly prefix: string; readonly labels: Labels; readonly signal?: AbortSignal },
): Promise<void> => {
  const volumes = await listVersions(engine, record);
  for (const volume of versionsOf(record.prefix, volumes).toReversed()) {
    await engine.removeVolume(
      volume.name,
      record.signal === undefined ? {} : { signal: record.signal },
    );
  }
};
