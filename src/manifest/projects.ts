import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { systemErrorCode } from '../model/guards.ts';
import type { Draft } from './draft.ts';
import { draftFrom } from './draft.ts';
import { type Input, stdinName } from './discover.ts';
import { nodeAt, placeAt } from './node.ts';
import { parseDocuments } from './parse.ts';
import { Report } from './problems.ts';
import { quote } from './quote.ts';
import { readSource } from './read.ts';
import { isWithin } from './scope.ts';

/** Name and place of a project; whoever belongs to it shares this object. */
export interface ProjectIdentity {
  /** As it is called on the engine. */
  readonly name: string;
  /** As manifests call it; undefined where none does. */
  readonly written: string | undefined;
  /** Absolute. */
  readonly path: string;
  /** sha256 of the path, hexadecimal. */
  readonly pathHash: string;
  /** Its Project document, where it is among the manifests. */
  readonly draft: Draft | undefined;
  /** A Project document beside the manifests that was only looked at. */
  readonly nearby: Draft | undefined;
}

export interface ProjectOptions {
  readonly cwd: string;
  /** Goes before every name that is written. */
  readonly projectName: string | undefined;
  readonly maxSize: number;
  readonly report: Report;
  /** The text of a field once its variables are expanded; undefined where it is none. */
  readonly textAt: (draft: Draft, path: readonly string[]) => string | undefined;
}

export interface Membership {
  readonly projects: readonly ProjectIdentity[];
  /** Absent for documents that belong to none, which is reported. */
  readonly of: ReadonlyMap<Draft, ProjectIdentity>;
}

/** Characters of the path's hash that `identity: path` appends, after a hyphen. */
const hashLength = 4;
const maxNameLength = 40;

/** Finds the project of every document: its own Project, the one it names, or the one that is near. */
export function assignProjects(drafts: readonly Draft[], options: ProjectOptions): Membership {
  const { textAt, projectName, report } = options;
  const written = new Map<Draft, string>();
  const own = new Map<Draft, ProjectIdentity>();
  for (const draft of drafts) {
    if (draft.kind !== 'Project') continue;
    const name = textAt(draft, ['metadata', 'name']);
    if (name === undefined) continue;
    written.set(draft, name);
    own.set(draft, identify(draft, name, { ...options, loaded: true }));
  }
  const found = new Map<string, ProjectIdentity>();
  const of = new Map<Draft, ProjectIdentity>(own);
  for (const draft of drafts) {
    if (draft.kind === 'Project') continue;
    const declared = textAt(draft, ['metadata', 'project']);
    const home =
      declared === undefined
        ? nearest(draft, own, options)
        : [...own].find(([project]) => written.get(project) === declared)?.[1];
    if (home === 'ambiguous') continue;
    const project = home ?? outside(draft, declared, { found, options });
    if (project === undefined) {
      report.error('NoProject', placeAt(draft.node, ['metadata', 'name'], 'key'), {
        message: `${draft.kind} ${quote(textAt(draft, ['metadata', 'name']) ?? '')} belongs to no project`,
        hint: 'write metadata.project, or add a Project document to the same file or folder',
      });
    } else {
      of.set(draft, project);
    }
  }
  const projects = [...new Set(of.values())];
  if (projectName !== undefined && projects.length > 1) {
    report.error('AmbiguousProject', undefined, {
      message: `--project-name ${projectName} names one project, but these manifests hold ${projects.length}`,
      hint: 'apply one project at a time under another name',
    });
  }
  return { projects, of };
}

function identify(
  draft: Draft,
  name: string,
  options: ProjectOptions & { readonly loaded: boolean },
): ProjectIdentity {
  const path = draft.input.file === stdinName ? options.cwd : dirname(draft.input.file);
  const byPath = options.textAt(draft, ['spec', 'identity']) === 'path';
  const suffixed = byPath ? `${name}-${hashOf(path).slice(0, hashLength)}` : name;
  if (
    suffixed.length > maxNameLength &&
    name.length <= maxNameLength &&
    options.projectName === undefined
  ) {
    options.report.error('InvalidValue', placeAt(draft.node, ['metadata', 'name']), {
      message: `with identity: path the name may have at most ${maxNameLength - hashLength - 1} characters`,
      hint: 'l9 appends a hyphen and four characters; shorten the name',
    });
  }
  return projectAt(path, {
    name: options.projectName ?? suffixed,
    written: name,
    draft: options.loaded ? draft : undefined,
    nearby: options.loaded ? undefined : draft,
  });
}

const projectAt = (
  path: string,
  rest: Pick<ProjectIdentity, 'name' | 'written' | 'draft' | 'nearby'>,
): ProjectIdentity => ({
  ...rest,
  path,
  get pathHash() {
    return hashOf(path);
  },
});

/** Loading node:crypto takes 8 ms, and few who read manifests ask for the hash. */
const hashOf = (path: string): string =>
  process.getBuiltinModule('node:crypto').createHash('sha256').update(path).digest('hex');

/** The one Project in the same file, else the same folder, else a folder above, else among them all. */
function nearest(
  draft: Draft,
  own: ReadonlyMap<Draft, ProjectIdentity>,
  options: ProjectOptions,
): ProjectIdentity | 'ambiguous' | undefined {
  const folder = folderOf(draft.input, options.cwd);
  const projects = [...own.keys()];
  const distances: readonly ((project: Draft) => boolean)[] = [
    (project) => project.input.file === draft.input.file,
    (project) => folderOf(project.input, options.cwd) === folder,
  ];
  for (const near of distances) {
    const matching = projects.filter(near);
    if (matching.length > 1)
      return ambiguous(
        draft,
        matching.map((one) => own.get(one)),
        options,
      );
    const [only] = matching;
    if (only !== undefined) return own.get(only);
  }
  const above = projects
    .filter((project) => isWithin(folder, folderOf(project.input, options.cwd)))
    .toSorted((a, b) => b.input.file.length - a.input.file.length);
  const chosen = above[0] ?? (projects.length === 1 ? projects[0] : undefined);
  return chosen === undefined ? undefined : own.get(chosen);
}

function ambiguous(
  draft: Draft,
  projects: readonly (ProjectIdentity | undefined)[],
  options: ProjectOptions,
): 'ambiguous' {
  const names = projects.map((project) => quote(project?.name)).join(' and ');
  options.report.error('AmbiguousProject', placeAt(draft.node, ['metadata', 'name'], 'key'), {
    message: `${draft.kind} could belong to ${names}`,
    hint: 'write metadata.project',
  });
  return 'ambiguous';
}

/** A project without a Project document among the manifests. */
function outside(
  draft: Draft,
  declared: string | undefined,
  context: { readonly found: Map<string, ProjectIdentity>; readonly options: ProjectOptions },
): ProjectIdentity | undefined {
  const { found, options } = context;
  const folder = folderOf(draft.input, options.cwd);
  const key = declared ?? `\n${folder}`;
  const known = found.get(key);
  if (known !== undefined) return known;
  // A folder that was named has been read as a whole.
  const beside = draft.input.explicit ? projectsBeside(folder, options) : [];
  const nearby = beside.filter(
    (project) =>
      declared === undefined || options.textAt(project, ['metadata', 'name']) === declared,
  );
  const [only] = nearby;
  const nearbyName = only === undefined ? undefined : options.textAt(only, ['metadata', 'name']);
  let project: ProjectIdentity | undefined;
  if (only !== undefined && nearbyName !== undefined && nearby.length === 1) {
    project = identify(only, nearbyName, { ...options, loaded: false });
  } else {
    const name = options.projectName ?? declared;
    const path = draft.input.root;
    if (name === undefined) return undefined;
    project = projectAt(path, { name, written: declared, draft: undefined, nearby: undefined });
  }
  // Under --project-name everything is one project.
  const same = [...found.values()].find((one) => one.name === project.name);
  found.set(key, same ?? project);
  return same ?? project;
}

/** Project documents in the YAML files of a folder that was not named as a whole. */
function projectsBeside(folder: string, options: ProjectOptions): readonly Draft[] {
  const silent = new Report();
  const { maxSize } = options;
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch (error) {
    // Nothing to find where nothing can be listed; the manifest itself was read already.
    if (systemErrorCode(error) === undefined) throw error;
    return [];
  }
  return names
    .filter((name) => /\.ya?ml$/.test(name) && !name.startsWith('.'))
    .toSorted()
    .flatMap((name) => {
      const file = join(folder, name);
      const source = readSource(file, { maxSize, report: silent });
      // Looking is cheaper than parsing.
      if (source === undefined || !/\bProject\b/.test(source.text)) return [];
      const input: Input = { file, root: folder, explicit: false };
      return parseDocuments(source, { maxSize, report: silent }).flatMap((node) => {
        const kind = nodeAt(node, ['kind']);
        if (kind?.kind !== 'scalar' || kind.value !== 'Project') return [];
        const draft = draftFrom(node, input, silent);
        return draft === undefined ? [] : [draft];
      });
    });
}

const folderOf = (input: Input, cwd: string): string =>
  input.file === stdinName ? cwd : dirname(input.file);
