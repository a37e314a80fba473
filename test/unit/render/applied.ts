import type {
  ConfigDocument,
  ManifestDocument,
  NetworkDocument,
  NetworkSpec,
  ProjectDocument,
  ProjectSpec,
  SecretDocument,
  ServiceDocument,
  ServiceSpec,
  VolumeDocument,
  VolumeSpec,
} from '../../../src/model/documents.ts';
import type { Labels } from '../../../src/model/labels.ts';
import type { AppRecord, ImagePin, Tombstone } from '../../../src/model/record.ts';

const ORIGIN = { file: '/srv/memory/l9.yaml', line: 1, root: '/srv/memory' };

export const PROJECT = 'memory';

const meta = (name: string, labels: Labels = {}) => ({
  name,
  project: PROJECT,
  labels,
  origin: ORIGIN,
});

// Documents of the project `memory`, as manifest/ hands them on.

export const project = (spec: ProjectSpec): ProjectDocument => ({
  kind: 'Project',
  ...meta(PROJECT),
  spec,
});

export const service = (name: string, spec: ServiceSpec, labels?: Labels): ServiceDocument => ({
  kind: 'Service',
  ...meta(name, labels),
  spec,
});

export const network = (name: string, spec: NetworkSpec, labels?: Labels): NetworkDocument => ({
  kind: 'Network',
  ...meta(name, labels),
  spec,
});

export const volume = (name: string, spec: VolumeSpec, labels?: Labels): VolumeDocument => ({
  kind: 'Volume',
  ...meta(name, labels),
  spec,
});

export const config = (name: string, content: string): ConfigDocument => ({
  kind: 'Config',
  ...meta(name),
  spec: { content },
});

export const secret = (name: string): SecretDocument => ({
  kind: 'Secret',
  ...meta(name),
  spec: { env: 'SOURCE' },
});

/** What a reference meant when it was applied. */
export const pin = (reference: string, more: Partial<ImagePin> = {}): ImagePin => ({
  reference,
  id: `sha256:${reference}`,
  volumes: [],
  hasHealthcheck: false,
  user: '',
  ...more,
});

export interface Applied {
  readonly documents?: readonly ManifestDocument[];
  readonly images?: Readonly<Record<string, ImagePin>>;
  readonly secretHashes?: Readonly<Record<string, string>>;
  readonly overrides?: AppRecord['overrides'];
  readonly completions?: AppRecord['completions'];
  readonly tombstones?: readonly Tombstone[];
  readonly paused?: boolean;
  readonly pausedUntil?: number | null;
  readonly deleting?: boolean;
}

/** A record of the project `memory`; images are pinned to what the documents name unless told otherwise. */
export const applied = (parts: Applied): AppRecord => {
  const documents = parts.documents ?? [];
  const pins: Record<string, ImagePin> = {};
  for (const one of documents) {
    if (one.kind === 'Service' && one.spec.image !== undefined) {
      pins[one.name] = pin(one.spec.image);
    }
  }
  return {
    project: PROJECT,
    path: '/srv/memory',
    writtenBy: '0.1.0',
    current: {
      generation: 1,
      appliedAt: Date.UTC(2026, 0, 1),
      cause: 'apply',
      documents,
      images: { ...pins, ...parts.images },
      secretHashes: parts.secretHashes ?? {},
    },
    history: [],
    overrides: parts.overrides ?? {},
    completions: parts.completions ?? {},
    paused: parts.paused ?? false,
    pausedUntil: parts.pausedUntil ?? null,
    tombstones: parts.tombstones ?? [],
    deleting: parts.deleting ?? false,
  };
};
