import type { ServiceDocument } from '../../../src/model/documents.ts';
import { API_VERSION } from '../../../src/model/status.ts';
import type {
  InstanceStatus,
  ProjectView,
  ServiceResource,
  ServiceStatus,
} from '../../../src/model/status.ts';

/** Views as commands get them, with what a test does not care about filled in. */
export const instance = (name: string, part: Partial<InstanceStatus> = {}): InstanceStatus => ({
  name,
  containerId: `id-of-${name}`,
  state: 'healthy',
  health: 'healthy',
  reason: 'ChecksPass',
  message: 'its health checks pass',
  restarts: 0,
  recoveries: 0,
  ports: [],
  image: 'redis:7',
  startedAt: '2025-01-01T00:00:00.000Z',
  ...part,
});

export interface ServicePart {
  readonly labels?: Readonly<Record<string, string>>;
  readonly spec?: ServiceDocument['spec'];
  readonly status?: Partial<ServiceStatus>;
}

export const service = (
  name: string,
  part: ServicePart = {},
  project = 'shop',
): ServiceResource => ({
  apiVersion: API_VERSION,
  kind: 'Service',
  metadata: { name, project, labels: part.labels ?? {}, generation: 1 },
  spec: part.spec ?? { image: 'redis:7' },
  status: {
    phase: 'Ready',
    conditions: [
      {
        type: 'Ready',
        status: 'True',
        reason: 'ChecksPass',
        message: '1 of 1 ready',
        lastTransitionTime: '2025-01-01T00:00:00.000Z',
      },
    ],
    instances: [instance(`${project}_${name}_1`)],
    replicas: 1,
    ready: 1,
    observedGeneration: 1,
    ...part.status,
  },
});

export const notReady = (message: string): ServiceStatus['conditions'] => [
  { type: 'Ready', status: 'False', reason: 'Failing', message, lastTransitionTime: null },
];

export const volume = (
  name: string,
  reclaimPolicy: 'Retain' | 'Delete' = 'Retain',
  project = 'shop',
): ProjectView['volumes'][number] => ({
  apiVersion: API_VERSION,
  kind: 'Volume',
  metadata: { name, project, labels: {} },
  spec: {},
  status: { engineName: `${project}_${name}`, driver: 'local', exists: true, reclaimPolicy },
});

export const view = (
  services: readonly ServiceResource[],
  part: Partial<Omit<ProjectView, 'services'>> = {},
  project = 'shop',
): ProjectView => ({
  project: {
    apiVersion: API_VERSION,
    kind: 'Project',
    metadata: { name: project, project, labels: {} },
    spec: {},
    status: {
      phase: 'Ready',
      conditions: [],
      services: services.length,
      ready: services.length,
      generation: 1,
      path: `/home/ann/${project}`,
      guardian: 'engine',
    },
  },
  services,
  networks: [],
  volumes: [],
  configs: [],
  secrets: [],
  outputs: {},
  documents: services.map(({ metadata, spec }): ServiceDocument => ({
    kind: 'Service',
    name: metadata.name,
    project,
    labels: metadata.labels,
    spec: spec ?? {},
    origin: { file: `/home/ann/${project}/l9.yaml`, line: 1, root: `/home/ann/${project}` },
  })),
  ...part,
});
