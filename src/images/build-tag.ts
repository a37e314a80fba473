import { createHash } from 'node:crypto';
import type { BuildContext } from './context.ts';
import { textDigest } from './file-digest.ts';
import { localDomain } from './reference.ts';

/** Everything that decides what a build makes, but for what its base images mean. */
export interface BuildInputs {
  readonly context: BuildContext;
  readonly target?: string;
  readonly args?: Readonly<Record<string, string>>;
  readonly platform?: string;
}

/** Tags of one service differ by this many hexadecimal digits of the hash. */
const tagDigits = 12;

const pathPart = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/;

/** A name as a part of an image's path. Names from Compose files may need a spelling of their own. */
const asPathPart = (name: string): string => {
  if (pathPart.test(name)) return name;
  const lower = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
  return `${lower}${lower === '' ? '' : '-'}${textDigest(name).slice(0, 8)}`;
};

/**
 * The repository of one service's builds: `l9.local/<project>/<service>`. A slash, since
 * `<project>-<service>` would be the same for a-b/c and a/b-c.
 */
export const buildRepository = (project: string, service: string): string =>
  `${localDomain}/${asPathPart(project)}/${asPathPart(service)}`;

/**
 * sha256 over the inputs, hexadecimal. Paths, types, permission bits, contents and link targets
 * count; times and owners do not.
 */
export const inputsHash = ({ context, target, args, platform }: BuildInputs): string => {
  const hash = createHash('sha256');
  const add = (...values: readonly (string | number | null)[]): void => {
    hash.update(`${JSON.stringify(values)}\n`);
  };
  // Change the version when the same inputs would make another image.
  add('l9-build', 1);
  add('dockerfile', context.dockerfile);
  add('target', target ?? null);
  add('platform', platform ?? null);
  for (const [name, value] of Object.entries(args ?? {}).toSorted(([a], [b]) => (a < b ? -1 : 1)))
    add('arg', name, value);
  for (const entry of context.entries) {
    const { type, path, mode } = entry;
    if (type === 'file') add(type, path, mode, entry.digest);
    else if (type === 'symlink') add(type, path, entry.target);
    else add(type, path, mode);
  }
  return hash.digest('hex');
};

/** The tag of a build: the same inputs have the same tag, so that stale code is impossible. */
export const buildTag = (repository: string, inputs: BuildInputs): string =>
  `${repository}:${inputsHash(inputs).slice(0, tagDigits)}`;
