import type { ManifestDocument } from './documents.ts';

/** How records tell documents of one project apart. */
export const keyOf = (document: ManifestDocument): string => `${document.kind}/${document.name}`;

/** What an image reference meant when it was applied. */
export interface ImagePin {
  /** As written in the manifest, or the tag of the build's inputs. */
  readonly reference: string;
  readonly id: string;
  /** `repository@sha256:…` when it came from a registry. */
  readonly digest?: string;
  /** Paths of the image's VOLUME instructions, sorted. */
  readonly volumes: readonly string[];
  readonly hasHealthcheck: boolean;
  /** The image's USER; empty is root. */
  readonly user: string;
}

/** What commands set beside the manifests; it lasts until the manifest states it again. */
export interface ServiceOverride {
  readonly replicas?: number;
  readonly stopped?: boolean;
}

/** One generation, as it was applied. */
export interface Revision {
  readonly generation: number;
  /** Unix ms. */
  readonly appliedAt: number;
  /** Why there is this generation: "apply", "rollout undo to generation 3". */
  readonly cause: string;
  readonly documents: readonly ManifestDocument[];
  /** By service. */
  readonly images: Readonly<Record<string, ImagePin>>;
  /** Keyed hashes of the secrets' values, by name: spec_hash sees them, nobody can read them back. */
  readonly secretHashes: Readonly<Record<string, string>>;
}

/** A one-shot service that ran to its end, so that no prune makes it run twice. */
export interface CompletionRecord {
  readonly specHash: string;
  readonly exitCode: number;
  /** Unix ms. */
  readonly finishedAt: number;
}

/** What was deleted and is not gone yet; removed last, so that a crash neither resurrects nor orphans. */
export interface Tombstone {
  readonly document: ManifestDocument;
  /** The user consented that the volume's data goes. */
  readonly withData: boolean;
}

/** The applied manifests of a project and what commands set beside them. One per project, in the engine. */
export interface AppRecord {
  readonly project: string;
  /** Absolute path of the project. */
  readonly path: string;
  /** The version of l9 that wrote it. */
  readonly writtenBy: string;
  readonly current: Revision;
  /** Older generations, newest first. */
  readonly history: readonly Revision[];
  /** By service. */
  readonly overrides: Readonly<Record<string, ServiceOverride>>;
  /** By service. */
  readonly completions: Readonly<Record<string, CompletionRecord>>;
  readonly paused: boolean;
  /** Unix ms at which a pause ends by itself; null lasts until `l9 start`. */
  readonly pausedUntil: number | null;
  readonly tombstones: readonly Tombstone[];
  /** The whole project is being deleted. */
  readonly deleting: boolean;
}
