import type { ServiceDocument } from '../model/documents.ts';
import type { AppRecord } from '../model/record.ts';
import { differences } from '../plan/diff.ts';
import { sameMeaning } from '../render/same-meaning.ts';

const servicesOf = (record: AppRecord | undefined): Map<string, ServiceDocument> =>
  new Map(
    (record?.current.documents ?? [])
      .filter((document) => document.kind === 'Service')
      .map((document) => [document.name, document]),
  );

/** What differs in the manifests of services that stand in both records, in words, by service. */
export const changedFields = (
  before: AppRecord | undefined,
  after: AppRecord,
): Map<string, readonly string[]> => {
  const old = servicesOf(before);
  const result = new Map<string, readonly string[]>();
  for (const [name, document] of servicesOf(after)) {
    const previous = old.get(name);
    if (previous === undefined) continue;
    const lines = differences(previous, document, { same: sameMeaning })
      .filter((difference) => difference.change === 'recreate')
      .map((difference) => difference.text);
    if (lines.length > 0) result.set(name, lines);
  }
  return result;
};
