import type { ServiceDocument } from '../model/documents.ts';
import type { AppRecord } from '../model/record.ts';
import type { Contents } from '../plan/contents.ts';
import { serviceDifferences } from '../plan/service-changes.ts';
import { sameMeaning } from '../render/same-meaning.ts';

const servicesOf = (record: AppRecord | undefined): Map<string, ServiceDocument> =>
  new Map(
    (record?.current.documents ?? [])
      .filter((document) => document.kind === 'Service')
      .map((document) => [document.name, document]),
  );

const NOTHING: Contents = { documents: [], secretHashes: {} };

/** What differs in the manifests, and in what is read, of services that stand in both records, in words, by service. */
export const changedFields = (
  before: AppRecord | undefined,
  after: AppRecord,
): Map<string, readonly string[]> => {
  const old = servicesOf(before);
  const result = new Map<string, readonly string[]>();
  for (const [name, document] of servicesOf(after)) {
    const previous = old.get(name);
    if (previous === undefined) continue;
    const generations = { before: before?.current ?? NOTHING, after: after.current };
    const lines = serviceDifferences(previous, document, { ...generations, same: sameMeaning })
      .filter((difference) => difference.change === 'recreate')
      .map((difference) => difference.text);
    if (lines.length > 0) result.set(name, lines);
  }
  return result;
};
