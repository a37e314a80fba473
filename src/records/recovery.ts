import type { Engine } from '../engine/api.ts';
import { label } from '../model/labels.ts';
import type { RecoveryRecord } from '../model/lifecycle.ts';
import type { ObservedVolume } from '../model/observed.ts';
import { newest, removeAll, writeNext } from './sequence.ts';

const prefix = (project: string, instance: string): string => `l9-recovery.${project}.${instance}`;

const INSTANCE_LABEL = 'com.l9.recovering';

const recoveryLabels = (project: string, instance: string): Record<string, string> => ({
  [label.managed]: 'true',
  [label.project]: project,
  [label.kind]: 'recovery-record',
  [INSTANCE_LABEL]: instance,
});

/** The recovery state of a project's instances among volumes that were listed, by instance (`web-1`). */
export const recoveriesAmong = (
  project: string,
  volumes: readonly ObservedVolume[],
): Map<string, RecoveryRecord> => {
  const result = new Map<string, RecoveryRecord>();
  for (const volume of volumes) {
    const instance = volume.labels[INSTANCE_LABEL];
    const mine =
      volume.labels[label.kind] === 'recovery-record' && volume.labels[label.project] === project;
    if (!mine || instance === undefined || result.has(instance)) continue;
    const stored = newest<RecoveryRecord>(prefix(project, instance), volumes);
    if (stored !== undefined) result.set(instance, stored.value);
  }
  return result;
};

/** Remembers the next step of an instance's recovery; done before the step itself. */
export const writeRecovery = async (engine: Engine, record: RecoveryRecord): Promise<void> => {
  const instance = `${record.service}-${record.instance}`;
  await writeNext<RecoveryRecord>(engine, {
    prefix: prefix(record.project, instance),
    labels: recoveryLabels(record.project, instance),
    change: () => record,
  });
};

/** Forgets an instance's recovery: it was healthy for long enough, or is gone. */
export const removeRecovery = (engine: Engine, project: string, instance: string): Promise<void> =>
  removeAll(engine, {
    prefix: prefix(project, instance),
    labels: recoveryLabels(project, instance),
  });
