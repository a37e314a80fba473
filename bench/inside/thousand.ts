import { createHash } from 'node:crypto';
import type { Action } from '../../src/model/action.ts';
import type { ContainerSpec } from '../../src/model/container.ts';
import type { ServiceDocument } from '../../src/model/documents.ts';
import type {
  Observed,
  ObservedContainer,
  ObservedImage,
  ObservedNetwork,
  ObservedVolume,
} from '../../src/model/observed.ts';
import type { AppRecord } from '../../src/model/record.ts';
import type { PlanInput } from '../../src/plan/input.ts';
import { plan } from '../../src/plan/plan.ts';
import { renderProject } from '../../src/render/render.ts';

const COUNT = 1_000;
const PROJECT = 'thousand';
const NOW = Date.UTC(2026, 0, 1);
const origin = { file: '/srv/thousand/l9.yaml', line: 1, root: '/srv/thousand' };

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

const image: ObservedImage = {
  id: `sha256:${sha256('redis')}`,
  references: ['redis:7'],
  digests: [],
  labels: {},
  volumes: ['/data'],
  user: '',
  hasHealthcheck: false,
  entrypoint: ['docker-entrypoint.sh'],
  command: ['redis-server'],
  exposed: ['6379/tcp'],
  createdAt: NOW,
  sizeBytes: 20_000_000,
};

/** Every tenth service is one that the nine after it depend on; each has a volume of its own and a published port. */
const service = (number: number, level: string): ServiceDocument => {
  const head = number - ((number - 1) % 10);
  return {
    kind: 'Service',
    name: `service-${number}`,
    project: PROJECT,
    labels: { tier: `tier-${number % 7}` },
    origin,
    spec: {
      image: 'redis:7',
      command: ['redis-server', '--save', ''],
      env: { NUMBER: String(number), LEVEL: level },
      ports: [{ name: 'redis', container: 6379, host: 'auto' }],
      volumes: [{ volume: `data-${number}`, path: '/data' }],
      healthcheck: { exec: ['redis-cli', 'ping'], interval: '5s', timeout: '2s', retries: 3 },
      ...(head === number ? {} : { dependsOn: { [`service-${head}`]: 'healthy' } }),
      resources: { memory: '64Mi', cpus: 0.5 },
    },
  };
};

const record = (generation: number, level: string): AppRecord => {
  const services = Array.from({ length: COUNT }, (_, index) => service(index + 1, level));
  const { volumes, hasHealthcheck, user } = image;
  const pin = { reference: 'redis:7', id: image.id, volumes, hasHealthcheck, user };
  return {
    project: PROJECT,
    path: origin.root,
    writtenBy: 'bench',
    current: {
      generation,
      appliedAt: NOW,
      cause: 'apply',
      documents: [
        { kind: 'Project', name: PROJECT, project: PROJECT, labels: {}, origin, spec: {} },
        ...services,
      ],
      images: Object.fromEntries(services.map(({ name }) => [name, pin])),
      secretHashes: {},
    },
    history: [],
    overrides: {},
    completions: {},
    paused: false,
    pausedUntil: null,
    tombstones: [],
    deleting: false,
  };
};

const networkOf = (action: Extract<Action, { type: 'createNetwork' }>): ObservedNetwork => ({
  id: sha256(action.name),
  name: action.name,
  driver: action.driver,
  labels: action.labels,
  internal: action.internal,
  subnets: action.subnet === undefined ? [] : [action.subnet],
});

const volumeOf = (action: Extract<Action, { type: 'createVolume' }>): ObservedVolume => ({
  name: action.name,
  driver: action.driver,
  labels: action.labels,
  mountpoint: `/var/lib/docker/volumes/${action.name}/_data`,
});

/** The container as the engine shows it once it runs and is healthy. */
const containerOf = (spec: ContainerSpec): ObservedContainer => ({
  id: sha256(spec.name),
  name: spec.name,
  image: spec.image,
  imageId: image.id,
  labels: spec.labels,
  state: 'running',
  status: 'Up 2 minutes (healthy)',
  health: 'healthy',
  exitCode: 0,
  ports: spec.ports,
  createdAt: NOW,
  oomKilled: false,
  error: '',
  startedAt: NOW,
  finishedAt: null,
  failingStreak: 0,
  probes: [{ startedAt: NOW, endedAt: NOW + 30, exitCode: 0, output: 'PONG' }],
  restartCount: 0,
  restartPolicy: spec.restartPolicy,
  limits: spec.limits,
  bindings: spec.ports,
  mounts: spec.mounts.flatMap((mount) =>
    mount.type === 'volume'
      ? [{ ...mount, source: `/var/lib/docker/volumes/${mount.volume}/_data` }]
      : [],
  ),
  networkMode: spec.network.mode === 'network' ? spec.network.network : spec.network.mode,
  attachments:
    spec.network.mode === 'network'
      ? [
          {
            network: spec.network.network,
            networkId: sha256(spec.network.network),
            aliases: spec.network.aliases,
            ip: '10.212.0.2',
          },
        ]
      : [],
  pid: 1,
});

const observedAfter = (actions: readonly Action[]): Observed => {
  const containers = actions.flatMap((action) =>
    action.type === 'createContainer' ? [containerOf(action.spec)] : [],
  );
  return {
    at: NOW + 120_000,
    all: containers,
    containers,
    networks: actions.flatMap((action) =>
      action.type === 'createNetwork' ? [networkOf(action)] : [],
    ),
    volumes: actions.flatMap((action) =>
      action.type === 'createVolume' ? [volumeOf(action)] : [],
    ),
    images: { [image.id]: image, 'redis:7': image },
  };
};

const inputOf = (app: AppRecord, observed: Observed): PlanInput => ({
  desired: renderProject({ record: app, secretHashes: {}, now: NOW }),
  observed,
  guardian: 'engine',
  ladder: 'once',
  requestedAt: NOW,
});

/** A thousand services: on an empty engine, with all of them running as wanted, and with every one of them changed. */
export const thousandServices = (): Readonly<
  Record<'empty' | 'unchanged' | 'changed', PlanInput>
> => {
  const first = record(1, 'info');
  const empty = inputOf(first, observedAfter([]));
  const running = observedAfter(plan(empty).actions.map(({ action }) => action));
  return {
    empty,
    unchanged: inputOf(first, running),
    changed: inputOf(record(2, 'debug'), running),
  };
};
