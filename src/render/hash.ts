import { canonicalJson } from '../model/canonical-json.ts';
import type { ServiceDocument, ServiceSpec } from '../model/documents.ts';
import { secretsOf } from '../plan/contents.ts';
import type { RecreatedField } from '../plan/fields.ts';
import { canonicalFields, sha256 } from './canonical-fields.ts';
import type { CanonicalScope } from './canonical-fields.ts';

/** Raise it with every change that gives a manifest another hash; plans then compare field by field. */
const HASH_VERSION = 'v1';

/** By the secret's name: `<id of the key>.<hash>` of its value, so that hashes of different keys are never compared. */
export type SecretHashes = Readonly<Record<string, string>>;

export interface HashInput extends CanonicalScope {
  readonly labels: ServiceDocument['labels'];
  /** What somebody wrote, the project's defaults included and l9's own left out. */
  readonly spec: ServiceSpec;
  readonly secretHashes: SecretHashes;
}

const canonicalField = <K extends RecreatedField>(
  key: K,
  value: ServiceSpec[K],
  scope: CanonicalScope,
): unknown =>
  value === undefined || value === null ? undefined : canonicalFields[key](value, scope);

const isRecreated = (key: string): key is RecreatedField => Object.hasOwn(canonicalFields, key);

const FIELDS = Object.keys(canonicalFields).filter(isRecreated);

/** `.<key>.<hash>`; empty where the service uses no secret, or where a value or its key is gone. */
const secretsPart = (input: HashInput): string => {
  const names = secretsOf(input.spec);
  const hashes = names.map((name) => input.secretHashes[name]);
  const [first] = hashes;
  if (first === undefined || hashes.includes(undefined)) return '';
  const [key = ''] = first.includes('.') ? first.split('.') : [];
  return `.${key}.${sha256(canonicalJson([names, hashes])).slice(0, 16)}`;
};

/**
 * The spec_hash of a service: `v1:` and a hash of the canonical form of exactly what somebody set among
 * the fields that take a new container to change. Spelling, the order of keys, and values that say no
 * more than the default make no difference. Secrets stand in a part of their own (plan/spec-hash.ts),
 * so that a lost key changes nothing.
 */
export const specHash = (input: HashInput): string => {
  const fields = Object.fromEntries(
    FIELDS.map((key) => [key, canonicalField(key, input.spec[key], input)]),
  );
  const labels = Object.keys(input.labels).length === 0 ? undefined : input.labels;
  return `${HASH_VERSION}:${sha256(canonicalJson({ ...fields, labels })).slice(0, 32)}${secretsPart(input)}`;
};
