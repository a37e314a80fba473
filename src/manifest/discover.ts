import { existsSync, readdirSync, realpathSync, type Stats, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { L9Error } from '../model/errors.ts';
import { systemErrorCode } from '../model/guards.ts';

/** One file to read. */
export interface Input {
  /** Absolute path, or `<stdin>`. */
  readonly file: string;
  /** Absolute: the folder that was named, or the one that the named file stands in. */
  readonly root: string;
  /** The file itself was named, so it has to be a manifest; in a folder other YAML may stand. */
  readonly explicit: boolean;
}

export const stdinName = '<stdin>';

const composeNames = [
  'compose.yaml',
  'compose.yml',
  'docker-compose.yaml',
  'docker-compose.yml',
] as const;

/**
 * The files that `paths` name: files, folders (recursively .yaml, .yml and .json, in a steady order),
 * `-` for standard input. Without any: `l9.yaml`, then `manifests/`, in `cwd`.
 * Throws ManifestNotFound, or ComposeNotSupportedYet where there is nothing but a Compose file.
 */
export function discover(paths: readonly string[], cwd: string): readonly Input[] {
  const wanted = paths.length > 0 ? paths : [defaultPath(cwd)];
  const inputs = new Map<string, Input>();
  for (const path of wanted) {
    for (const input of inputsOf(path, cwd)) {
      const known = inputs.get(input.file);
      if (known === undefined || input.explicit) inputs.set(input.file, input);
    }
  }
  return [...inputs.values()];
}

function defaultPath(cwd: string): string {
  for (const name of ['l9.yaml', 'l9.yml', 'manifests']) {
    if (existsSync(join(cwd, name))) return name;
  }
  const compose = composeNames.find((name) => existsSync(join(cwd, name)));
  if (compose !== undefined) throw composeError(join(cwd, compose));
  throw new L9Error('ManifestNotFound', `there is no l9.yaml and no manifests/ in ${cwd}`, {
    hint: 'name files or folders with -f, or create l9.yaml',
  });
}

/** Compose files come with a later version; saying so beats a hundred unknown fields. */
export const composeError = (file: string): L9Error =>
  new L9Error('ComposeNotSupportedYet', `${file} is a Compose file, which l9 does not read yet`, {
    hint: 'write an l9.yaml beside it',
  });

function inputsOf(path: string, cwd: string): readonly Input[] {
  if (path === '-') return [{ file: stdinName, root: cwd, explicit: true }];
  const absolute = resolve(cwd, path);
  const stats = statOf(absolute);
  if (!stats.isDirectory()) {
    return [{ file: absolute, root: dirname(absolute), explicit: true }];
  }
  const files = filesBelow(absolute, new Set([realpathSync(absolute)]));
  if (files.length === 0) {
    throw new L9Error('ManifestNotFound', `there is no .yaml, .yml or .json file in ${absolute}`, {
      hint: 'name the folder that holds the manifests',
    });
  }
  return files.map((file) => ({ file, root: absolute, explicit: false }));
}

function statOf(path: string): Stats {
  return orNotFound(path, () => statSync(path));
}

/** Says in our words why a path cannot be looked at. */
function orNotFound<T>(path: string, look: () => T): T {
  try {
    return look();
  } catch (error) {
    const code = systemErrorCode(error);
    if (code !== 'ENOENT' && code !== 'ENOTDIR' && code !== 'EACCES' && code !== 'ELOOP')
      throw error;
    const why = code === 'EACCES' ? 'no permission to look at' : 'there is no file or folder';
    throw new L9Error('ManifestNotFound', `${why} ${path}`, {
      hint: 'check the path after -f; it is relative to the working directory',
      cause: error,
    });
  }
}

/** Hidden folders and node_modules hold other people's YAML. */
const skipped = (name: string): boolean => name.startsWith('.') || name === 'node_modules';

function filesBelow(folder: string, visited: Set<string>): string[] {
  const files: string[] = [];
  const entries = orNotFound(folder, () => readdirSync(folder, { withFileTypes: true }));
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    if (skipped(entry.name)) continue;
    const path = join(folder, entry.name);
    const linked = entry.isSymbolicLink();
    const isFolder = entry.isDirectory() || (linked && pointsToFolder(path));
    if (isFolder) {
      // A link to a folder above would never end.
      const real = realpathSync(path);
      if (!visited.has(real)) files.push(...filesBelow(path, visited.add(real)));
    } else if (/\.(?:ya?ml|json)$/i.test(entry.name) && (entry.isFile() || linked)) {
      files.push(path);
    }
  }
  return files;
}

const pointsToFolder = (path: string): boolean =>
  statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
