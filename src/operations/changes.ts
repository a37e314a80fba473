import type { ServiceDocument } from '../model/documents.ts';
import type { AppRecord } from '../model/record.ts';
import { differences } from '../plan/diff.ts';
import { secretsOf } from '../render/hash.ts';
import { sameMeaning } from '../render/same-meaning.ts';

const servicesOf = (record: AppRecord | undefined): Map<string, ServiceDocument> =>
  new Map(
    (record?.current.documents ?? [])
      .filter((document) => document.kind === 'Service')
      .map((document) => [document.name, document]),
  );

const isNewValue = (before: AppRecord | undefined, after: AppRecord, secret: string): boolean => {
  const [old, now] = [before?.current.secretHashes[secret], after.current.secretHashes[secret]];
  return old !== undefined && now !== undefined && old !== now;
};

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
    const secrets = secretsOf(document.spec)
      .filter((secret) => isNewValue(before, after, secret))
      .map((secret) => `secret ${secret} has a new value`);
    if (lines.length + secrets.length > 0) result.set(name, [...lines, ...secrets]);
  }
  return result;
};
