import type { DefaultsSpec, ManifestKind, ServiceDocument } from '../../model/documents.ts';
import type { Problem } from '../../model/errors.ts';
import type { Draft } from '../draft.ts';
import { type Path, type Place, placeAt } from '../node.ts';
import type { Report } from '../problems.ts';
import type { ProjectIdentity } from '../projects.ts';
import type { ResolvedDraft } from '../resolve.ts';

/** Something that a manifest names and that only the project's record on the engine can know. */
export interface OutsideReference {
  readonly project: string;
  readonly kind: ManifestKind;
  readonly name: string;
  /** What to report where the record does not know it either: an error. */
  readonly problem: Problem;
}

/** A service that is valid by itself. */
export interface CheckedService extends ResolvedDraft {
  readonly document: ServiceDocument;
}

/** Everything that is known when the documents are valid one by one. */
export interface CheckContext {
  readonly resolved: readonly ResolvedDraft[];
  readonly services: readonly CheckedService[];
  readonly report: Report;
  /** Names of a kind in a project, those of documents with mistakes too. */
  readonly names: (project: ProjectIdentity, kind: ManifestKind) => ReadonlySet<string>;
  readonly drafts: readonly Draft[];
  readonly of: ReadonlyMap<Draft, ProjectIdentity>;
  /** The name of a document, of one with mistakes too. */
  readonly nameOf: (draft: Draft) => string | undefined;
  readonly projectNamed: (name: string) => ProjectIdentity | undefined;
  readonly serviceNamed: (project: ProjectIdentity, name: string) => CheckedService | undefined;
  /** What the project's services get that do not say otherwise; empty where that is not known. */
  readonly defaultsOf: (project: ProjectIdentity) => DefaultsSpec;
}

/** Where a field of a resolved document stands. */
export const at = (one: ResolvedDraft, path: Path, aim: 'value' | 'key' = 'value'): Place =>
  placeAt(one.node, path, aim);
