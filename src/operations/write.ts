import { L9Error } from '../model/errors.ts';
import type { AppRecord } from '../model/record.ts';
import { writeAppRecord } from '../records/app-records.ts';
import type { Context } from './contract.ts';

/**
 * Changes what is recorded of a project that exists. `change` returns undefined to leave it as it is.
 * Rejects with NoSuchProject.
 */
export const changeRecord = async (
  context: Context,
  project: string,
  change: (current: AppRecord) => AppRecord | undefined,
): Promise<AppRecord> => {
  const record = await writeAppRecord(context.engine, {
    project,
    signal: context.signal,
    change: (current) => {
      if (current === undefined) throw noSuchProject(project);
      const next = change(current);
      return next === undefined ? undefined : { ...next, writtenBy: context.version };
    },
  });
  if (record === undefined) throw noSuchProject(project);
  return record;
};

export const noSuchProject = (project: string): L9Error =>
  new L9Error('NoSuchProject', `there is no project ${project} on this engine`, {
    hint: 'See l9 get projects, or apply its manifests.',
  });

/** Names of the record's services, sorted. */
export const serviceNames = (record: AppRecord): string[] =>
  record.current.documents
    .filter((document) => document.kind === 'Service')
    .map((document) => document.name)
    .toSorted();

/** The named services, or all where none is named. Rejects names that the project does not have. */
export const chosenServices = (record: AppRecord, named: readonly string[]): string[] => {
  const all = serviceNames(record);
  const unknown = named.find((name) => !all.includes(name));
  if (unknown === undefined) return named.length === 0 ? all : [...named];
  throw new L9Error('NoSuchResource', `project ${record.project} has no service ${unknown}`, {
    hint: `Its services: ${all.join(', ')}.`,
  });
};
