import type { ManifestDocument, ManifestKind, ProjectDocument } from '../model/documents.ts';
import { L9Error, type Problem, type SourcePosition } from '../model/errors.ts';
import type { SecretValue } from './assemble.ts';
import type { OutsideReference } from './check/context.ts';
import { checkDocuments } from './check/documents.ts';
import { discover, type Input, stdinName } from './discover.ts';
import { type Draft, draftFrom } from './draft.ts';
import { expand } from './interpolate.ts';
import { nodeAt, pathOf, placeAt, positionOf } from './node.ts';
import { parseDocuments } from './parse.ts';
import { Report } from './problems.ts';
import { assignProjects, type ProjectIdentity } from './projects.ts';
import { decodeSource, defaultMaxSize, readSource } from './read.ts';
import { resolveDraft, type ResolvedDraft } from './resolve.ts';
import { type Environment, type UsedVariable, Variables } from './scope.ts';
import type { SourceText } from './source.ts';
import { chooseVariants } from './variants.ts';

export interface LoadRequest {
  /** Files, folders, or `-`; empty takes `l9.yaml`, else `manifests/`, in `cwd`. */
  readonly paths: readonly string[];
  /** Absolute. */
  readonly cwd: string;
  readonly env: Environment;
  /** Standard input, where `-` is among the paths. Bytes let other encodings be told. */
  readonly stdin?: Uint8Array | string;
  /** Bytes of one file; 2 MiB by default. */
  readonly maxSize?: number;
  /** Goes before L9_VARIANT and before what the project says. */
  readonly variant?: string;
  /** Goes before the name that is written. */
  readonly projectName?: string;
  /** In place of `.env`, relative to `cwd`; a later file goes before an earlier one. */
  readonly envFiles?: readonly string[];
}

export interface LoadedProject {
  readonly name: string;
  /** Absolute. */
  readonly path: string;
  /** sha256 of the path, hexadecimal. */
  readonly pathHash: string;
  /** Absent where no Project document is among the manifests. */
  readonly document?: ProjectDocument;
  /** The variant that was applied. */
  readonly variant?: string;
  /** What the manifests of the project refer to, by name. */
  readonly variables: readonly UsedVariable[];
}

export type { OutsideReference, SecretValue, UsedVariable };

export interface LoadedManifests {
  /** By project, then Projects, Networks, Volumes, Configs, Secrets, Services, Environments; by name. */
  readonly documents: readonly ManifestDocument[];
  readonly projects: readonly LoadedProject[];
  readonly warnings: readonly Problem[];
  readonly secrets: readonly SecretValue[];
  readonly outside: readonly OutsideReference[];
  /** Absolute paths of the manifests, for who watches them. */
  readonly files: readonly string[];
  /** Where a document was written, or the field at a JSON pointer ('/spec/image') in it. */
  readonly locate: (document: ManifestDocument, pointer?: string) => SourcePosition | undefined;
}

/**
 * Reads, validates and resolves manifests. Touches nothing.
 * Throws InvalidManifests with every problem, ManifestNotFound or ComposeNotSupportedYet.
 */
export async function loadManifests(request: LoadRequest): Promise<LoadedManifests> {
  const { cwd, env, maxSize = defaultMaxSize } = request;
  const report = new Report();
  const inputs = discover(request.paths, cwd);
  const drafts = inputs.flatMap((input) => draftsOf(input, { request, report, maxSize }));
  const variables = new Variables({ env, cwd, envFiles: request.envFiles ?? [], maxSize, report });
  const early = (draft: Draft, path: readonly string[]): string | undefined =>
    textAt(draft, path, { variables, report });
  const names = new Map(drafts.map((draft) => [draft, early(draft, ['metadata', 'name'])]));
  const nameOf = (draft: Draft): string | undefined => names.get(draft);
  const { projectName } = request;
  const { projects, of } = assignProjects(drafts, {
    cwd,
    maxSize,
    report,
    projectName,
    textAt: early,
  });
  const { variant } = request;
  const variants = chooseVariants(drafts, of, { env, report, variant, textAt: early });
  const used = new Map<ProjectIdentity, Map<string, UsedVariable>>();
  const secrets: SecretValue[] = [];
  const resolved: ResolvedDraft[] = [];
  for (const draft of drafts) {
    const project = of.get(draft) ?? homeless;
    const one = await resolveDraft(draft, project, {
      report,
      variables,
      cwd,
      maxSize,
      nameOf,
      projectWritten: (name) => projects.find((one) => one.written === name),
      variantOf: (of) => variants.get(of),
      use: (of, variable) => {
        const known = used.get(of) ?? new Map<string, UsedVariable>();
        used.set(of, known.set(variable.name, variable));
      },
      keepSecret: (secret) => secrets.push(secret),
    });
    if (one !== undefined && project !== homeless) resolved.push(one);
  }
  if (drafts.length === 0 && report.errorCount === 0) nothingFound(request, inputs);
  const outside = checkDocuments(resolved, { drafts, of, nameOf, report });
  if (report.errorCount > 0) throw invalid(report);
  const byDocument = new Map(resolved.map((one) => [one.document, one]));
  return {
    documents: resolved.map((one) => one.document).toSorted(inOrder),
    projects: projects.map((project) => loadedProject(project, { resolved, variants, used })),
    warnings: report.warnings,
    secrets,
    outside,
    files: inputs.map((input) => input.file).filter((file) => file !== stdinName),
    locate: (document, pointer = '') => {
      const node = byDocument.get(document)?.node;
      return node === undefined ? undefined : positionOf(placeAt(node, pathOf(pointer)));
    },
  };
}

/** Stands in for a project so that a document without one is still checked. */
const homeless: ProjectIdentity = {
  name: 'unknown',
  written: undefined,
  path: '/',
  pathHash: '',
  draft: undefined,
  nearby: undefined,
};

interface Reading {
  readonly request: LoadRequest;
  readonly report: Report;
  readonly maxSize: number;
}

function draftsOf(input: Input, reading: Reading): readonly Draft[] {
  const { report, maxSize } = reading;
  const source = sourceOf(input, reading);
  if (source === undefined) return [];
  return parseDocuments(source, { maxSize, report })
    .map((node) => draftFrom(node, input, report))
    .filter((draft) => draft !== undefined);
}

function sourceOf(input: Input, { request, report, maxSize }: Reading): SourceText | undefined {
  if (input.file !== stdinName) return readSource(input.file, { report, maxSize });
  const { stdin = '', cwd } = request;
  const bytes = typeof stdin === 'string' ? Buffer.from(stdin) : stdin;
  return decodeSource(stdinName, bytes, { report, maxSize, folder: cwd });
}

/** The text of a name, before it is known which project its document belongs to. */
function textAt(
  draft: Draft,
  path: readonly string[],
  { variables, report }: { readonly variables: Variables; readonly report: Report },
): string | undefined {
  const node = nodeAt(draft.node, path);
  if (node?.kind !== 'scalar' || node.text === '') return undefined;
  const { text, mistakes } = expand(node.text, {
    lookup: (name) => {
      if (/^L9_(?:PROJECT|SERVICE|INSTANCE)/.test(name)) {
        report.error('InvalidVariable', placeAt(draft.node, path), {
          message: `${path.join('.')} cannot depend on ${name}`,
          hint: 'the names come first: write it out, or use a variable of your own',
        });
        return '';
      }
      return variables.find(name, draft.node.source.folder, draft.input.root).value;
    },
  });
  return mistakes.length > 0 ? undefined : text;
}

function nothingFound(request: LoadRequest, inputs: readonly Input[]): never {
  const where = inputs.map((input) => input.file).join(', ');
  throw new L9Error('ManifestNotFound', `there is no manifest in ${where}`, {
    hint:
      request.paths.includes('-') && inputs.length === 1
        ? 'standard input was empty'
        : 'a manifest begins with "apiVersion: l9.dev/v1"',
  });
}

function invalid(report: Report): L9Error {
  const { errors } = report;
  const files = new Set(errors.map((problem) => problem.position?.file));
  const number = `${report.full ? 'more than ' : ''}${errors.length}`;
  const count = number === '1' ? '1 error' : `${number} errors`;
  const where = files.size > 1 ? ` in ${files.size} files` : '';
  return new L9Error('InvalidManifests', `${count}${where}; nothing was touched`, {
    problems: [...errors, ...report.warnings],
  });
}

const kindOrder: Readonly<Record<ManifestKind, number>> = {
  Project: 0,
  Network: 1,
  Volume: 2,
  Config: 3,
  Secret: 4,
  Service: 5,
  Environment: 6,
};

function inOrder(a: ManifestDocument, b: ManifestDocument): number {
  if (a.project !== b.project) return a.project < b.project ? -1 : 1;
  if (a.kind !== b.kind) return kindOrder[a.kind] - kindOrder[b.kind];
  return a.name < b.name ? -1 : Number(a.name > b.name);
}

function loadedProject(
  project: ProjectIdentity,
  found: {
    readonly resolved: readonly ResolvedDraft[];
    readonly variants: ReadonlyMap<ProjectIdentity, string>;
    readonly used: ReadonlyMap<ProjectIdentity, ReadonlyMap<string, UsedVariable>>;
  },
): LoadedProject {
  const document = found.resolved.find((one) => one.draft === project.draft)?.document;
  const variant = found.variants.get(project);
  const variables = [...(found.used.get(project)?.values() ?? [])];
  return {
    name: project.name,
    path: project.path,
    get pathHash() {
      return project.pathHash;
    },
    ...(document?.kind === 'Project' ? { document } : {}),
    ...(variant === undefined ? {} : { variant }),
    variables: variables.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
  };
}
