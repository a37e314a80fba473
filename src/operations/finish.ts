import { label } from '../model/labels.ts';
import type { CompletionRecord } from '../model/record.ts';
import { removeAppRecord } from '../records/app-records.ts';
import { removeSecrets } from '../records/secret-store.ts';
import type { Context } from './contract.ts';
import type { Situation } from './situation.ts';
import { changeRecord } from './write.ts';

/** Completions that are not recorded yet: one-shot services of which every instance ended with 0. */
const newCompletions = (situation: Situation): Record<string, CompletionRecord> => {
  const found: Record<string, CompletionRecord> = {};
  for (const service of situation.desired.services) {
    if (service.restart !== 'never') continue;
    if (situation.record.completions[service.name]?.specHash === service.specHash) continue;
    const own = situation.observed.containers.filter(
      (container) =>
        container.labels[label.service] === service.name &&
        container.labels[label.specHash] === service.specHash,
    );
    const ended = own.filter((one) => one.state === 'exited' && one.exitCode === 0);
    if (ended.length < service.replicas || ended.length === 0) continue;
    found[service.name] = {
      specHash: service.specHash,
      exitCode: 0,
      finishedAt: Math.max(...ended.map((one) => one.finishedAt ?? 0)),
    };
  }
  return found;
};

/** Remembers one-shot services that ran to their end; true when something was written. */
export const recordCompletions = async (
  context: Context,
  situation: Situation,
): Promise<boolean> => {
  const found = newCompletions(situation);
  if (Object.keys(found).length === 0) return false;
  await changeRecord(context, situation.record.project, (current) => ({
    ...current,
    completions: { ...current.completions, ...found },
  }));
  return true;
};

/** Copies of configs and secrets, recovery state and evidence that nobody needs any more. */
const removeSidecars = async (
  context: Context,
  situation: Situation,
  unwanted: (labels: Readonly<Record<string, string>>) => boolean,
): Promise<void> => {
  for (const volume of situation.observed.volumes) {
    const mine =
      volume.labels[label.managed] === 'true' &&
      volume.labels[label.project] === situation.record.project;
    if (mine && unwanted(volume.labels)) await context.engine.removeVolume(volume.name);
  }
};

const PROJECT_SIDECARS = new Set(['files', 'recovery-record', 'evidence-record']);

/**
 * Takes the tombstones away once everything they stand for is gone; for a deleted project the record
 * itself goes last, after `release` gave the lock back. True when something was written.
 */
export const finishRemovals = async (
  context: Context,
  situation: Situation,
  release: () => Promise<void>,
): Promise<boolean> => {
  const { record } = situation;
  if (record.deleting) {
    await removeSidecars(context, situation, (labels) =>
      PROJECT_SIDECARS.has(labels[label.kind] ?? ''),
    );
    await removeSecrets(context.engine, record.project);
    // The lock goes first: a lock without a record would be nobody's to clean up.
    await release();
    await removeAppRecord(context.engine, record.project, situation.observed.volumes);
    return true;
  }
  if (record.tombstones.length === 0) return false;
  const gone = new Set(
    record.tombstones
      .filter((tombstone) => tombstone.document.kind === 'Service')
      .map((tombstone) => tombstone.document.name),
  );
  await removeSidecars(
    context,
    situation,
    (labels) => labels[label.kind] === 'files' && gone.has(labels[label.service] ?? ''),
  );
  const finished = new Set(record.tombstones.map((tombstone) => JSON.stringify(tombstone)));
  await changeRecord(context, record.project, (current) => ({
    ...current,
    tombstones: current.tombstones.filter((tombstone) => !finished.has(JSON.stringify(tombstone))),
  }));
  return true;
};
