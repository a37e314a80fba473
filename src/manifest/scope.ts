import { statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { parseEnvFile, type EnvFile } from './dotenv.ts';
import type { Report } from './problems.ts';
import { readSource } from './read.ts';

/** A variable that the manifests of a project refer to, and what it was. */
export interface UsedVariable {
  readonly name: string;
  /** null where it is not set. */
  readonly value: string | null;
  /** 'environment', the absolute path of the file that set it, or 'unset'. */
  readonly source: string;
}

export type Environment = Readonly<Record<string, string | undefined>>;

export interface ScopeOptions {
  readonly env: Environment;
  readonly cwd: string;
  /** Named by the caller instead of `.env`, relative to `cwd`; a later file goes before an earlier one. */
  readonly envFiles: readonly string[];
  readonly maxSize: number;
  readonly report: Report;
}

/** Looks up variables: first the environment, then the nearest `.env`. Reads each file once. */
export class Variables {
  private readonly options: ScopeOptions;
  private readonly files = new Map<string, EnvFile>();

  constructor(options: ScopeOptions) {
    this.options = options;
  }

  /** What `name` means for a manifest in `folder`, where `root` is the folder that was named. */
  find(name: string, folder: string, root: string): UsedVariable {
    const { env } = this.options;
    const value = Object.hasOwn(env, name) ? env[name] : undefined;
    if (value !== undefined) return { name, value, source: 'environment' };
    for (const file of this.filesFor(folder, root)) {
      const found = this.read(file).get(name);
      if (typeof found === 'string') return { name, value: found, source: file };
    }
    return { name, value: null, source: 'unset' };
  }

  private filesFor(folder: string, root: string): readonly string[] {
    const { cwd, envFiles } = this.options;
    if (envFiles.length > 0) return envFiles.map((file) => resolve(cwd, file)).toReversed();
    const key = `${folder}\n${root}`;
    const known = this.nearest.get(key);
    if (known !== undefined) return known;
    const found = candidateFolders({ folder, root, cwd })
      .map((candidate) => join(candidate, '.env'))
      .find((file) => isFile(file));
    const files = found === undefined ? [] : [found];
    this.nearest.set(key, files);
    return files;
  }

  private readonly nearest = new Map<string, readonly string[]>();

  private read(file: string): EnvFile {
    const known = this.files.get(file);
    if (known !== undefined) return known;
    // Set first: a variable inside that is looked up again must not read the file again.
    this.files.set(file, new Map());
    const { env, report, maxSize } = this.options;
    const source = readSource(file, { report, maxSize });
    const lookup = (name: string): string | null =>
      (Object.hasOwn(env, name) ? env[name] : undefined) ?? null;
    const entries = source === undefined ? new Map() : parseEnvFile(source, { report, lookup });
    this.files.set(file, entries);
    return entries;
  }
}

/** Python people call a folder so. */
const isFile = (path: string): boolean =>
  statSync(path, { throwIfNoEntry: false })?.isFile() === true;

/** Beside the manifest, in the folders above it up to the one that was named, in the working directory. */
function candidateFolders(places: {
  readonly folder: string;
  readonly root: string;
  readonly cwd: string;
}): readonly string[] {
  const folders = [places.folder];
  let folder = places.folder;
  while (folder !== places.root && isWithin(folder, places.root)) {
    folder = dirname(folder);
    folders.push(folder);
  }
  if (isWithin(places.root, places.cwd) && !folders.includes(places.cwd)) folders.push(places.cwd);
  return folders;
}

/** Whether `path` is `folder` or below it; both absolute. */
export function isWithin(path: string, folder: string): boolean {
  const between = relative(folder, path);
  return between === '' || (!between.startsWith('..') && !between.startsWith('/'));
}
