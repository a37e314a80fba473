/**
 * Comparing spec hashes, which are labels and so may have been made by another version of l9 or with a
 * key that is gone.
 *
 * `v1:<spec>` or `v1:<spec>.<key>.<secrets>`: a hash of the spec, and where the service uses secrets the
 * id of the key that hashed their values, and the hash of those.
 */
interface HashParts {
  readonly version: string;
  readonly spec: string;
  readonly key: string | undefined;
  readonly secrets: string | undefined;
}

const parse = (hash: string): HashParts => {
  const [version = '', rest = ''] = hash.split(':');
  const [spec = '', key, secrets] = rest.split('.');
  return { version, spec, key, secrets };
};

/**
 * `same`, `different`, or `unknown` when another version of l9 made one of them. Secrets that were
 * hashed with different keys, or not at all, compare as unchanged.
 */
export const compareSpecHashes = (
  observed: string | undefined,
  desired: string,
): 'same' | 'different' | 'unknown' => {
  if (observed === desired) return 'same';
  if (observed === undefined) return 'different';
  const [a, b] = [parse(observed), parse(desired)];
  if (a.version !== b.version) return 'unknown';
  if (a.spec !== b.spec) return 'different';
  const comparable = a.key !== undefined && a.key === b.key;
  return comparable && a.secrets !== b.secrets ? 'different' : 'same';
};

/** Whether a completion or container that carries `observed` stands for the spec that gives `desired`. */
export const isSameSpec = (observed: string | undefined, desired: string): boolean =>
  compareSpecHashes(observed, desired) === 'same';
