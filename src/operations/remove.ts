import type { ManifestDocument } from '../model/documents.ts';
import { L9Error } from '../model/errors.ts';
import type { AppRecord, Tombstone } from '../model/record.ts';
import { converge } from './converge.ts';
import type { Context, Operations } from './contract.ts';
import { changeRecord } from './write.ts';

const sameKind = (document: ManifestDocument, kind: string): boolean =>
  document.kind.toLowerCase() === kind.toLowerCase();

const chosenDocuments = (
  record: AppRecord,
  resources: readonly { readonly kind: string; readonly name: string }[],
): ManifestDocument[] =>
  resources.map(({ kind, name }) => {
    const document = record.current.documents.find(
      (one) => sameKind(one, kind) && one.name === name,
    );
    if (document !== undefined) return document;
    throw new L9Error('NoSuchResource', `project ${record.project} has no ${kind} ${name}`, {
      hint: `See l9 get ${kind} -p ${record.project}.`,
    });
  });

/** Services that stay and need what is to go. */
const refuseNeeded = (record: AppRecord, gone: readonly ManifestDocument[]): void => {
  const names = new Set(gone.filter((one) => one.kind === 'Service').map((one) => one.name));
  for (const document of record.current.documents) {
    if (document.kind !== 'Service' || names.has(document.name)) continue;
    const needed = Object.keys(document.spec.dependsOn ?? {}).find((name) => names.has(name));
    if (needed === undefined) continue;
    throw new L9Error(
      'StillNeeded',
      `service ${needed} cannot be deleted: ${document.name} depends on it`,
      {
        hint: `Delete service/${document.name} too, or take the dependency out of its manifest first.`,
      },
    );
  }
};

const withTombstones = (
  record: AppRecord,
  documents: readonly ManifestDocument[],
  withData: boolean,
): AppRecord => {
  const tombstones: Tombstone[] = documents.map((document) => ({ document, withData }));
  return {
    ...record,
    current: {
      ...record.current,
      documents: record.current.documents.filter((document) => !documents.includes(document)),
    },
    tombstones: [...record.tombstones, ...tombstones],
  };
};

/**
 * Deletes a project or some of its objects. A tombstone is written first and taken away last, so that
 * a crash in between neither resurrects nor orphans anything. Volumes stay unless their manifest says
 * Delete and the user consented.
 */
export const remove =
  (context: Context): Operations['remove'] =>
  async ({ project, resources, withData, timeoutMs }) => {
    const record = await changeRecord(context, project, (current) => {
      if (resources.length === 0) {
        const next = withTombstones(current, current.current.documents, withData);
        return { ...next, deleting: true, paused: false, pausedUntil: null };
      }
      const documents = chosenDocuments(current, resources);
      refuseNeeded(current, documents);
      return { ...withTombstones(current, documents, withData), paused: false, pausedUntil: null };
    });
    return converge(context, { project, purpose: 'l9 delete', wait: true, timeoutMs, record });
  };
