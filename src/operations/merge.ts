import type { ManifestDocument } from '../model/documents.ts';
import { L9Error } from '../model/errors.ts';
import { keyOf } from '../model/record.ts';
import type { AppRecord, ImagePin, Revision, ServiceOverride, Tombstone } from '../model/record.ts';
import { canonicalJson } from '../model/canonical-json.ts';

/** What an apply brings to a project's record. */
export interface Application {
  readonly project: string;
  /** Absolute path of the project. */
  readonly path: string;
  readonly documents: readonly ManifestDocument[];
  /** By service, of the services in `documents`. */
  readonly images: Readonly<Record<string, ImagePin>>;
  readonly secretHashes: Readonly<Record<string, string>>;
  readonly takeOver: boolean;
  readonly prune: boolean;
  /** Whether something that was applied before is gone from where it came from. */
  readonly isGone: (document: ManifestDocument) => boolean;
  readonly cause: string;
  /** Unix ms. */
  readonly now: number;
  readonly writtenBy: string;
}

const DEFAULT_HISTORY = 10;

const byKey = (a: ManifestDocument, b: ManifestDocument): number => (keyOf(a) < keyOf(b) ? -1 : 1);

/** What a generation is about: where a document stood does not count. */
const contentOf = (revision: Pick<Revision, 'documents' | 'images' | 'secretHashes'>): string =>
  canonicalJson({
    documents: revision.documents.map(({ origin, ...content }) => ({
      ...content,
      root: origin.root,
    })),
    images: revision.images,
    secrets: revision.secretHashes,
  });

/** Refuses a project that was applied from another folder, unless the new one takes it over. */
const checkPath = (current: AppRecord | undefined, application: Application): void => {
  if (current === undefined || application.takeOver) return;
  if (current.path === application.path) return;
  const brings = application.documents.some((document) => document.kind === 'Project');
  // Services that name the project from elsewhere merge under their own root.
  if (!brings) return;
  throw new L9Error(
    'ProjectElsewhere',
    `project ${application.project} was applied from ${current.path}, and this one is in ${application.path}`,
    {
      hint: `If the project moved, use --take-over. If this is another one, use --project-name NAME; for git worktrees write spec.identity: path in the Project.`,
    },
  );
};

const mergeOverrides = (
  current: AppRecord | undefined,
  documents: readonly ManifestDocument[],
): Record<string, ServiceOverride> => {
  const result: Record<string, ServiceOverride> = { ...current?.overrides };
  for (const document of documents) {
    if (document.kind !== 'Service') continue;
    const { replicas: _scaled, ...rest } = result[document.name] ?? {};
    // A manifest that states its replicas takes them back from `l9 scale`.
    if (document.spec.replicas !== undefined) result[document.name] = rest;
  }
  return Object.fromEntries(
    Object.entries(result).filter(([, override]) => Object.keys(override).length > 0),
  );
};

const pruned = (current: AppRecord | undefined, application: Application): ManifestDocument[] => {
  if (!application.prune || current === undefined) return [];
  const present = new Set(application.documents.map(keyOf));
  return current.current.documents.filter(
    (document) =>
      document.kind !== 'Project' && application.isGone(document) && !present.has(keyOf(document)),
  );
};

/** How many generations a project keeps, the current one among them. */
export const historyLimit = (documents: readonly ManifestDocument[]): number => {
  for (const document of documents) {
    if (document.kind === 'Project') return document.spec.revisionHistoryLimit ?? DEFAULT_HISTORY;
  }
  return DEFAULT_HISTORY;
};

/**
 * The record after an apply, or undefined when it would say the same as before. Documents merge per
 * kind and name; the generation counts up when the resolved manifests differ. Throws ProjectElsewhere.
 */
export const mergeRecord = (
  current: AppRecord | undefined,
  application: Application,
): AppRecord | undefined => {
  checkPath(current, application);
  const gone = pruned(current, application);
  const goneKeys = new Set(gone.map(keyOf));
  const documents = new Map<string, ManifestDocument>();
  for (const document of current?.current.documents ?? []) {
    if (!goneKeys.has(keyOf(document))) documents.set(keyOf(document), document);
  }
  for (const document of application.documents) documents.set(keyOf(document), document);
  const merged = [...documents.values()].toSorted(byKey);
  const services = new Set(merged.filter((one) => one.kind === 'Service').map((one) => one.name));
  const images = Object.fromEntries(
    Object.entries({ ...current?.current.images, ...application.images })
      .filter(([service]) => services.has(service))
      .toSorted(([a], [b]) => (a < b ? -1 : 1)),
  );
  const revision = {
    documents: merged,
    images,
    secretHashes: { ...current?.current.secretHashes, ...application.secretHashes },
  };
  const overrides = mergeOverrides(current, application.documents);
  const tombstones: Tombstone[] = [
    ...(current?.tombstones ?? []).filter((tombstone) => !documents.has(keyOf(tombstone.document))),
    ...gone.map((document) => ({ document, withData: false })),
  ];
  const brings = application.documents.some((document) => document.kind === 'Project');
  const path =
    current === undefined || application.takeOver || brings ? application.path : current.path;
  const base = {
    project: application.project,
    path,
    writtenBy: application.writtenBy,
    overrides,
    completions: current?.completions ?? {},
    paused: current?.paused ?? false,
    pausedUntil: current?.pausedUntil ?? null,
    tombstones,
    deleting: false,
  };
  if (current !== undefined && contentOf(current.current) === contentOf(revision)) {
    const same =
      current.path === path &&
      !current.deleting &&
      canonicalJson(overrides) === canonicalJson(current.overrides) &&
      canonicalJson(tombstones) === canonicalJson(current.tombstones);
    return same ? undefined : { ...base, current: current.current, history: current.history };
  }
  const history = current === undefined ? [] : [current.current, ...current.history];
  return {
    ...base,
    current: {
      ...revision,
      generation: (current?.current.generation ?? 0) + 1,
      appliedAt: application.now,
      cause: application.cause,
    },
    history: history.slice(0, Math.max(0, historyLimit(merged) - 1)),
  };
};
