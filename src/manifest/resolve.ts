import type { ManifestDocument } from '../model/documents.ts';
import { applyVariant } from './apply-variant.ts';
import { withProjectNames } from './project-names.ts';
import { assemble, type SecretValue } from './assemble.ts';
import type { Draft } from './draft.ts';
import type { ValidationError } from './generated/validators.js';
import { interpolateNode, type NodeGrammar } from './interpolate-node.ts';
import { type MapNode, type Node, nodeAt } from './node.ts';
import type { Report } from './problems.ts';
import type { ProjectIdentity } from './projects.ts';
import { prune } from './prune.ts';
import type { UsedVariable, Variables } from './scope.ts';
import { validate } from './validate.ts';
import type { WrittenManifest } from './written.ts';

/** A document with what is needed to speak about it later. */
export interface ResolvedDraft {
  readonly draft: Draft;
  readonly project: ProjectIdentity;
  /** The whole document, its variant applied and its variables expanded, with the places. */
  readonly node: MapNode;
  readonly document: ManifestDocument;
  /** It has mistakes, which are reported, and holds only what is left without them. */
  readonly partial: boolean;
}

export interface ResolveContext {
  readonly report: Report;
  readonly variables: Variables;
  readonly cwd: string;
  /** Bytes; also of the files that configs and secrets name. */
  readonly maxSize: number;
  /** Its name with the variables expanded; undefined where it has none. */
  readonly nameOf: (draft: Draft) => string | undefined;
  /** The project among these that manifests call so. */
  readonly projectWritten: (name: string) => ProjectIdentity | undefined;
  readonly variantOf: (project: ProjectIdentity) => string | undefined;
  readonly use: (project: ProjectIdentity, variable: UsedVariable) => void;
  readonly keepSecret: (secret: SecretValue) => void;
}

/** Turns a draft into a document. Reports what is wrong with it and returns undefined. */
export async function resolveDraft(
  draft: Draft,
  project: ProjectIdentity,
  context: ResolveContext,
): Promise<ResolvedDraft | undefined> {
  const { report } = context;
  const patched = withProjectNames(
    applyVariant(draft, context.variantOf(project)),
    context.projectWritten,
  );
  const before = report.errorCount;
  const node = interpolateDocument(patched, grammarFor({ draft, project, context, report }));
  const broken = report.errorCount > before;
  const first = validate(draft.kind, node);
  await explain(draft, node, { errors: first.errors, report });
  await checkOtherVariants(draft, project, context);
  const partial = first.manifest === undefined || broken;
  const left = partial ? remainder(draft, node, first.errors) : { node, manifest: first.manifest };
  if (left?.manifest === undefined) return undefined;
  const document = assemble(left.manifest, {
    draft,
    project,
    node: left.node,
    report,
    cwd: context.cwd,
    maxSize: context.maxSize,
    keepSecret: context.keepSecret,
    lookup: lookupFor({ draft, project, context }),
  });
  return document === undefined
    ? undefined
    : { draft, project, node: left.node, document, partial };
}

/** What is valid of a document that is not; mistakes can hide others, so it takes a few turns. */
function remainder(
  draft: Draft,
  node: MapNode,
  errors: readonly ValidationError[],
): { readonly node: MapNode; readonly manifest: WrittenManifest } | undefined {
  let left = prune(node, errors);
  for (let turn = 0; turn < 3 && left !== undefined; turn += 1) {
    const { manifest, errors: others } = validate(draft.kind, left);
    if (manifest !== undefined) return { node: left, manifest };
    left = prune(left, others);
  }
  return undefined;
}

/** Mistakes in variants that are not applied are found too, but their variables need not be set. */
async function checkOtherVariants(
  draft: Draft,
  project: ProjectIdentity,
  context: ResolveContext,
): Promise<void> {
  const variants = nodeAt(draft.node, ['spec', 'variants']);
  if (draft.kind !== 'Service' || variants === undefined) return;
  const { report } = context;
  const shape = validate(draft.kind, draft.node).errors.filter((error) =>
    error.instancePath.startsWith('/spec/variants'),
  );
  await explain(draft, draft.node, { errors: shape, report });
  if (variants.kind !== 'map') return;
  const silent = { ...context, use: () => undefined };
  const grammar = grammarFor({ draft, project, context: silent, report: undefined });
  for (const variant of variants.entries.keys()) {
    if (variant === context.variantOf(project)) continue;
    const node = interpolateDocument(applyVariant(draft, variant), grammar);
    await explain(draft, node, { errors: validate(draft.kind, node).errors, report });
  }
}

async function explain(
  draft: Draft,
  node: Node,
  found: { readonly errors: readonly ValidationError[]; readonly report: Report },
): Promise<void> {
  if (found.errors.length === 0) return;
  // The schemas as data are only needed to explain a mistake.
  const { diagnose } = await import('./diagnose.ts');
  diagnose({ kind: draft.kind, node }, found.errors, found.report);
}

function interpolateDocument(node: MapNode, grammar: NodeGrammar): MapNode {
  const result = interpolateNode(node, grammar);
  if (result.kind !== 'map') throw new Error('expanding variables made a map into something else');
  return result;
}

interface Scope {
  readonly draft: Draft;
  readonly project: ProjectIdentity;
  readonly context: ResolveContext;
}

function grammarFor(scope: Scope & { readonly report: Report | undefined }): NodeGrammar {
  const { draft, project, context, report } = scope;
  const service = draft.kind === 'Service' ? context.nameOf(draft) : undefined;
  const ours = (variable: string): string | undefined => {
    switch (variable) {
      case 'L9_PROJECT':
        return project.name;
      case 'L9_PROJECT_PATH':
        return project.path;
      case 'L9_PROJECT_HASH':
        return project.pathHash;
      case 'L9_SERVICE':
        return service;
      default:
        return undefined;
    }
  };
  const lookup = lookupFor(scope);
  return {
    report,
    confidential: draft.kind === 'Secret',
    keeps: (inner) =>
      (draft.kind === 'Service' && inner === 'L9_INSTANCE') ||
      (draft.kind === 'Project' && /^(?:host|port)\./.test(inner)),
    lookup: (variable) => ours(variable) ?? lookup(variable),
  };
}

const lookupFor =
  ({ draft, project, context }: Scope) =>
  (name: string): string | null => {
    const found = context.variables.find(name, draft.node.source.folder, draft.input.root);
    context.use(project, found);
    return found.value;
  };
