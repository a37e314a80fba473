import { lstat, readFile, readdir, readlink, realpath, stat } from 'node:fs/promises';
import type { Stats } from 'node:fs';
import path from 'node:path';
import { L9Error } from '../model/errors.ts';
import { systemErrorCode } from '../model/guards.ts';
import { digestOf, textDigest } from './file-digest.ts';
import { type IgnoreRules, ignoreRules } from './ignore-rules.ts';
import { inParallel } from './parallel.ts';

interface EntryHead {
  /** Relative to the context, with slashes. */
  readonly path: string;
  /** Permission bits. Owners are not sent: files in a context belong to root. */
  readonly mode: number;
  /** Seconds. Sent, because programs in images look at it, but no input of the build. */
  readonly mtime: number;
}

export type ContextEntry =
  | (EntryHead & { readonly type: 'directory' })
  | (EntryHead & { readonly type: 'symlink'; readonly target: string })
  | (EntryHead & {
      readonly type: 'file';
      readonly size: number;
      /** sha256 of the content, hexadecimal. */
      readonly digest: string;
      /** The content where it is ours, else the file to read. */
      readonly from: { readonly text: string } | { readonly file: string };
    });

/** What a build sends: every file that .dockerignore lets through, and the Dockerfile whatever it says. */
export interface BuildContext {
  /** Absolute, links resolved. */
  readonly root: string;
  /** The Dockerfile's path inside the context. */
  readonly dockerfile: string;
  readonly dockerfileText: string;
  /** Sorted by path, folders before what is in them. */
  readonly entries: readonly ContextEntry[];
  /** Of all files together. */
  readonly bytes: number;
  /** Sockets, pipes and devices, which no image can hold. */
  readonly skipped: readonly string[];
}

export interface ContextSource {
  /** Absolute path of the folder. */
  readonly context: string;
  /** Relative to the context, or absolute; it may lie outside. `Dockerfile` when absent. */
  readonly dockerfile?: string;
  readonly signal?: AbortSignal;
}

/** Where a Dockerfile from outside stands in the context. */
const foreignDockerfile = '.l9.Dockerfile';
/** Reads at once; more does not help one disk. */
const parallelReads = 16;

const unreadable = (file: string, error: unknown): L9Error => {
  const code = systemErrorCode(error);
  if (code === undefined && error instanceof L9Error) return error;
  // It was listed a moment ago.
  if (code === 'ENOENT' || code === 'ENOTDIR')
    return new L9Error('BuildContextChanged', `${file} vanished while the context was being read`, {
      cause: error,
    });
  return new L9Error('BuildContextUnreadable', `cannot read ${file}: ${code ?? String(error)}`, {
    hint: `make it readable, or exclude it with a line in ${path.join(path.dirname(file), '.dockerignore')}`,
    cause: error,
  });
};

const orThrow = async <T>(file: string, work: Promise<T>): Promise<T> => {
  try {
    return await work;
  } catch (error) {
    throw unreadable(file, error);
  }
};

const resolveRoot = async (context: string): Promise<string> => {
  const hint = 'correct build.context; it is relative to the manifest that names it';
  try {
    const root = await realpath(context);
    if ((await stat(root)).isDirectory()) return root;
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR')
      throw new L9Error('BuildContextMissing', `the build context ${context} is not there`, {
        hint,
        cause: error,
      });
    throw unreadable(context, error);
  }
  throw new L9Error('BuildContextMissing', `the build context ${context} is not a folder`, {
    hint,
  });
};

const ifThere = async (file: string): Promise<string | undefined> => {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return undefined;
    throw unreadable(file, error);
  }
};

interface Dockerfile {
  /** As named; a .dockerignore of its own stands beside it. */
  readonly named: string;
  /** Links resolved. */
  readonly file: string;
  readonly text: string;
}

const findDockerfile = async (root: string, written: string | undefined): Promise<Dockerfile> => {
  // Like the docker CLI, take `dockerfile` where nobody said a name.
  const candidates = written === undefined ? ['Dockerfile', 'dockerfile'] : [written];
  for (const candidate of candidates) {
    const named = path.resolve(root, candidate);
    const text = await ifThere(named);
    if (text !== undefined) return { named, file: await realpath(named), text };
  }
  const wanted = path.resolve(root, candidates[0] ?? '');
  throw new L9Error('DockerfileMissing', `the Dockerfile ${wanted} is not there`, {
    hint:
      written === undefined
        ? 'write one, or name another with build.dockerfile'
        : 'correct build.dockerfile; it is relative to the context',
  });
};

interface Found {
  readonly entries: ContextEntry[];
  readonly files: { readonly path: string; readonly file: string; readonly stats: Stats }[];
  readonly skipped: string[];
}

const head = (relative: string, stats: Stats): EntryHead => ({
  path: relative,
  // Windows has no such bits; docker sends these there.
  mode: process.platform === 'win32' ? 0o755 : stats.mode & 0o7777,
  mtime: Math.floor(stats.mtimeMs / 1000),
});

interface Walk {
  readonly root: string;
  readonly included: (relative: string) => boolean;
  readonly rules: IgnoreRules;
  readonly signal: AbortSignal | undefined;
  readonly found: Found;
}

/** True when something of the folder is sent; the folder itself goes with it, whatever the rules say. */
const walk = async (job: Walk, folder: string): Promise<boolean> => {
  job.signal?.throwIfAborted();
  const absolute = path.join(job.root, folder);
  const names = (await orThrow(absolute, readdir(absolute))).toSorted();
  let any = false;
  for (const name of names) {
    const relative = folder === '' ? name : `${folder}/${name}`;
    const file = path.join(absolute, name);
    const included = job.included(relative);
    const mayHold = job.rules.mayReinclude(relative);
    if (!included && !mayHold) continue;
    const stats = await orThrow(file, lstat(file));
    if (stats.isDirectory()) {
      const holds = await walk(job, relative);
      if (!included && !holds) continue;
      job.found.entries.push({ ...head(relative, stats), type: 'directory' });
    } else if (!included) {
      continue;
    } else if (stats.isSymbolicLink()) {
      const target = await orThrow(file, readlink(file));
      job.found.entries.push({ ...head(relative, stats), mode: 0o777, type: 'symlink', target });
    } else if (stats.isFile()) {
      job.found.files.push({ path: relative, file, stats });
    } else {
      job.found.skipped.push(relative);
      continue;
    }
    any = true;
  }
  return any;
};

const ownFile = (name: string, text: string): ContextEntry => ({
  path: name,
  mode: 0o644,
  mtime: 0,
  type: 'file',
  size: Buffer.byteLength(text),
  digest: textDigest(text),
  from: { text },
});

/**
 * Adds a Dockerfile that lies outside, and a .dockerignore by which the engine keeps it out of
 * `COPY . .`, as the docker CLI does.
 */
const withForeignDockerfile = async (
  root: string,
  entries: readonly ContextEntry[],
  text: string,
): Promise<ContextEntry[]> => {
  const ignore = await ifThere(path.join(root, '.dockerignore'));
  const ownIgnore =
    ignore === undefined
      ? `${foreignDockerfile}\n.dockerignore\n`
      : `${ignore.replace(/\n?$/, '\n')}${foreignDockerfile}\n`;
  return [
    ...entries.filter((entry) => entry.path !== '.dockerignore'),
    ownFile('.dockerignore', ownIgnore),
    ownFile(foreignDockerfile, text),
  ];
};

/**
 * Lists a build's context and reads every file once, for its digest. The rules are those of
 * `<Dockerfile>.dockerignore`, else of `.dockerignore`. Rejects with `BuildContextMissing`,
 * `DockerfileMissing`, `DockerignoreInvalid`, `BuildContextUnreadable` or `BuildContextChanged`.
 */
export const readContext = async (source: ContextSource): Promise<BuildContext> => {
  const root = await resolveRoot(source.context);
  const dockerfile = await findDockerfile(root, source.dockerfile);
  const inside = path.relative(root, dockerfile.file).split(path.sep).join('/');
  const foreign = inside.startsWith('../') || path.isAbsolute(inside);
  const ignoreFile = `${dockerfile.named}.dockerignore`;
  const special = await ifThere(ignoreFile);
  const general = path.join(root, '.dockerignore');
  const rules =
    special === undefined
      ? ignoreRules((await ifThere(general)) ?? '', general)
      : ignoreRules(special, ignoreFile);

  // The engine needs these two even where they are ignored, and leaves them out of COPY by itself.
  const always = new Set(foreign ? ['.dockerignore'] : ['.dockerignore', inside]);
  const parents = new Set(
    foreign ? [] : inside.split('/').map((_, at, all) => all.slice(0, at).join('/')),
  );
  const found: Found = { entries: [], files: [], skipped: [] };
  await walk(
    {
      root,
      included: (relative) => always.has(relative) || !rules.ignores(relative),
      rules: {
        ignores: (relative) => rules.ignores(relative),
        mayReinclude: (relative) => parents.has(relative) || rules.mayReinclude(relative),
      },
      signal: source.signal,
      found,
    },
    '',
  );
  const files = await inParallel(
    found.files,
    parallelReads,
    async ({ path: relative, file, stats }) => {
      source.signal?.throwIfAborted();
      const { digest, size } = await orThrow(file, digestOf(file, stats.size));
      const entry: ContextEntry = {
        ...head(relative, stats),
        type: 'file',
        size,
        digest,
        from: { file },
      };
      return entry;
    },
  );
  const listed = [...found.entries, ...files];
  const entries = foreign ? await withForeignDockerfile(root, listed, dockerfile.text) : listed;
  return {
    root,
    dockerfile: foreign ? foreignDockerfile : inside,
    dockerfileText: dockerfile.text,
    entries: entries.toSorted((a, b) => (a.path < b.path ? -1 : 1)),
    bytes: entries.reduce((sum, entry) => sum + (entry.type === 'file' ? entry.size : 0), 0),
    skipped: found.skipped,
  };
};
