import { dirname } from 'node:path';
import { L9Error } from '../model/errors.ts';
import { label } from '../model/labels.ts';
import { listAppRecords } from '../records/app-records.ts';
import type { Context, Operations } from './contract.ts';

/** Projects that have a record, and those that only containers tell of, sorted. */
export const projects =
  (context: Context): Operations['projects'] =>
  async () => {
    const { engine, signal } = context;
    const [records, containers] = await Promise.all([
      listAppRecords(engine, signal),
      engine.listContainers({ labels: [`${label.managed}=true`, label.service] }, { signal }),
    ]);
    const names = new Set(records.map((record) => record.project));
    for (const container of containers) {
      const project = container.labels[label.project];
      if (project !== undefined) names.add(project);
    }
    return [...names].toSorted();
  };

/** The folder and those above it, nearest first. */
const upwards = (folder: string): string[] => {
  const above = dirname(folder);
  return above === folder ? [folder] : [folder, ...upwards(above)];
};

/**
 * The project that a command is about: the named one, else `L9_PROJECT`, else the recorded project
 * whose folder is the working directory or the nearest above it. Never a guess: `l9 stop` in some
 * other folder must not stop the only project that happens to run.
 */
export const findProject =
  (context: Context): Operations['findProject'] =>
  async (named) => {
    const chosen = named ?? context.env['L9_PROJECT'];
    if (chosen !== undefined && chosen !== '') return chosen;
    const records = await listAppRecords(context.engine, context.signal);
    for (const folder of upwards(context.cwd)) {
      const here = records.filter((record) => record.path === folder);
      const [only] = here;
      if (only !== undefined && here.length === 1) return only.project;
      if (here.length > 1) {
        throw new L9Error('ProjectUnclear', `several projects were applied from ${folder}`, {
          hint: `Name one with -p: ${here.map((record) => record.project).join(', ')}.`,
        });
      }
    }
    throw new L9Error('ProjectUnclear', 'no project was applied from this folder or one above it', {
      hint:
        records.length === 0
          ? 'Apply one first: l9 apply -f FILE.'
          : `Name one with -p: ${records.map((record) => record.project).join(', ')}.`,
    });
  };
