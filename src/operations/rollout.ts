import { L9Error } from '../model/errors.ts';
import { keyOf } from '../model/record.ts';
import type { AppRecord, Revision } from '../model/record.ts';
import { readAppRecord } from '../records/app-records.ts';
import { converge } from './converge.ts';
import type { Context, Operations } from './contract.ts';
import { historyLimit } from './merge.ts';
import { changeRecord, noSuchProject } from './write.ts';

/** All generations that are kept, newest first. */
export const history =
  (context: Context): Operations['history'] =>
  async (project) => {
    const record = await readAppRecord(context.engine, project, context.signal);
    if (record === undefined) throw noSuchProject(project);
    return [record.current, ...record.history];
  };

const revisionFor = (record: AppRecord, toGeneration: number | null): Revision => {
  const found =
    toGeneration === null
      ? record.history[0]
      : [record.current, ...record.history].find((one) => one.generation === toGeneration);
  if (found !== undefined) return found;
  const kept = [record.current, ...record.history].map((one) => one.generation).toReversed();
  throw new L9Error(
    'NoSuchGeneration',
    toGeneration === null
      ? `project ${record.project} has no generation before ${record.current.generation}`
      : `generation ${toGeneration} of project ${record.project} is not kept`,
    { hint: `Kept generations: ${kept.join(', ')}.` },
  );
};

/** Writes an older generation's content as a new one; services that it did not have leave a tombstone. */
const writeOlder = (
  context: Context,
  project: string,
  toGeneration: number | null,
): Promise<AppRecord> =>
  changeRecord(context, project, (current) => {
    const revision = revisionFor(current, toGeneration);
    if (revision.generation === current.current.generation) return undefined;
    const kept = new Set(revision.documents.map(keyOf));
    const gone = current.current.documents.filter((one) => !kept.has(keyOf(one)));
    return {
      ...current,
      current: {
        ...revision,
        generation: current.current.generation + 1,
        appliedAt: context.clock.now(),
        cause: `rollout undo to generation ${revision.generation}`,
      },
      history: [current.current, ...current.history].slice(
        0,
        Math.max(0, historyLimit(revision.documents) - 1),
      ),
      tombstones: [
        ...current.tombstones.filter((one) => !kept.has(keyOf(one.document))),
        ...gone.map((document) => ({ document, withData: false })),
      ],
    };
  });

/** Goes back to an older generation: the one before, or the named one. */
export const undo =
  (context: Context): Operations['undo'] =>
  async ({ project, toGeneration, timeoutMs, wait }) => {
    const record = await writeOlder(context, project, toGeneration);
    return converge(context, {
      project,
      purpose: 'l9 rollout undo',
      wait,
      timeoutMs,
      record,
    });
  };
