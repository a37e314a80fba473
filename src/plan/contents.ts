import type { ManifestDocument, ServiceDocument, ServiceSpec } from '../model/documents.ts';
import type { Difference } from './diff.ts';

/** Names of the secrets that a service uses, sorted. */
export const secretsOf = (spec: ServiceSpec): string[] => {
  const names = new Set<string>();
  for (const value of Object.values(spec.env ?? {})) {
    if (typeof value !== 'string') names.add(value.secret);
  }
  for (const mount of spec.volumes ?? []) {
    if (mount.secret !== undefined) names.add(mount.secret);
  }
  return [...names].toSorted();
};

/** Names of the configs that a service mounts, sorted. */
const configsOf = (spec: ServiceSpec): string[] => {
  const names = (spec.volumes ?? []).map((mount) => mount.config);
  return [...new Set(names.filter((name) => name !== undefined))].toSorted();
};

/** What services read besides their own manifests, in one generation. */
export interface Contents {
  readonly documents: readonly ManifestDocument[];
  /** By secret: `<id of the key>.<hash>`. */
  readonly secretHashes: Readonly<Record<string, string>>;
}

const configIn = (contents: Contents, name: string): string | undefined => {
  const found = contents.documents.find((one) => one.kind === 'Config' && one.name === name);
  return found?.kind === 'Config' ? found.spec.content : undefined;
};

const keyOf = (hash: string): string => hash.slice(0, Math.max(hash.indexOf('.'), 0));

/** Hashes that different keys made say nothing about the values. */
const hasNewValue = (before: string | undefined, after: string | undefined): boolean =>
  before !== undefined && after !== undefined && keyOf(before) === keyOf(after) && before !== after;

/**
 * What differs, between two generations, in the configs and secrets that a service uses. What they hold
 * is not told.
 */
export const contentDifferences = (
  service: ServiceDocument,
  before: Contents,
  after: Contents,
): Difference[] => {
  const configs = configsOf(service.spec).filter((name) => {
    const old = configIn(before, name);
    return old !== undefined && old !== configIn(after, name);
  });
  const secrets = secretsOf(service.spec).filter((name) =>
    hasNewValue(before.secretHashes[name], after.secretHashes[name]),
  );
  return [
    ...configs.map((name) => `config ${name} has new content`),
    ...secrets.map((name) => `secret ${name} has a new value`),
  ].map((text) => ({ path: text, change: 'recreate', text }));
};
