import type { ManifestKind, ServiceSpec } from '../model/documents.ts';

/**
 * How a change of a field reaches the engine:
 * `recreate`: only in a new container. `update`: by Docker's update, without a restart (taking a
 * limit away is a recreate all the same). `reconnect`: by joining and leaving networks. `record`: not
 * at all; l9 itself acts on it.
 */
export type WayToChange = 'recreate' | 'update' | 'reconnect' | 'record';

/** `asCheck`: `recreate` where Docker runs the check (exec), `record` where l9 does (http, tcp). */
type Rule = WayToChange | 'asCheck';

/** Every way that stands in a part of the table. */
type WaysIn<T> = T extends string ? T : { [K in keyof T]: WaysIn<T[K]> }[keyof T];

/** Names every field of `T`; a part of its own may be told apart field by field. */
type WaysOf<T> = {
  readonly [K in keyof T]-?:
    | Rule
    | (NonNullable<T[K]> extends object ? WaysOf<NonNullable<T[K]>> : never);
};

/** The one way to change each field of a Service, in the order in which differences are told. */
export const serviceWays = {
  image: 'recreate',
  /** What a build makes is an image: its inputs are in the image's tag, and the tag is in the hash. */
  build: {
    context: 'recreate',
    dockerfile: 'recreate',
    target: 'recreate',
    args: 'recreate',
    secrets: 'recreate',
    keep: 'record',
  },
  pullPolicy: 'record',
  platform: 'recreate',
  entrypoint: 'recreate',
  command: 'recreate',
  workingDir: 'recreate',
  user: 'recreate',
  groupAdd: 'recreate',
  hostname: 'recreate',
  tty: 'recreate',
  stdin: 'recreate',
  init: 'recreate',
  replicas: 'record',
  restart: 'update',
  env: 'recreate',
  ports: 'recreate',
  volumes: 'recreate',
  networks: 'reconnect',
  networkMode: 'recreate',
  extraHosts: 'recreate',
  dns: 'recreate',
  healthcheck: {
    exec: 'recreate',
    http: 'record',
    tcp: 'record',
    disable: 'recreate',
    interval: 'asCheck',
    timeout: 'asCheck',
    retries: 'asCheck',
    startPeriod: 'asCheck',
  },
  recovery: 'record',
  dependsOn: 'record',
  resources: {
    memory: 'update',
    memoryReservation: 'update',
    cpus: 'update',
    pids: 'update',
  },
  security: 'recreate',
  sysctls: 'recreate',
  ulimits: 'recreate',
  shmSize: 'recreate',
  devices: 'recreate',
  gpus: 'recreate',
  update: 'record',
  /** l9 gives the grace with each stop; the signal is Docker's, fixed when the container is made. */
  stop: { signal: 'recreate', grace: 'record' },
  logging: 'recreate',
  critical: 'record',
} as const satisfies WaysOf<ServiceSpec>;

/** The fields of which at least a part is changed by a new container, and so has a part in spec_hash. */
export type RecreatedField = {
  [K in keyof typeof serviceWays]: 'recreate' extends WaysIn<(typeof serviceWays)[K]> ? K : never;
}[keyof typeof serviceWays];

/** Every field of each kind's spec, in the order in which differences are told. */
export const fieldOrder: Readonly<Record<ManifestKind, readonly string[]>> = {
  Project: [
    'lifecycle',
    'idleGrace',
    'identity',
    'ports',
    'subnetPool',
    'variant',
    'defaults',
    'outputs',
    'notify',
    'revisionHistoryLimit',
  ],
  Service: Object.keys(serviceWays),
  Network: ['driver', 'subnet', 'internal', 'external', 'name'],
  Volume: ['driver', 'driverOpts', 'external', 'name', 'reclaimPolicy'],
  Config: ['file', 'env', 'content'],
  Secret: ['file', 'env'],
  Environment: ['variant', 'type', 'ttl', 'share'],
};

type Table = { readonly [key: string]: Rule | Table };

const ruleAt = (
  rule: Rule | Table | undefined,
  path: readonly string[],
): Rule | Table | undefined => {
  const [key, ...rest] = path;
  if (key === undefined || rule === undefined || typeof rule === 'string') return rule;
  return ruleAt(Object.hasOwn(rule, key) ? rule[key] : undefined, rest);
};

/** Whether Docker has a part in the service's check, so that the check's timing is fixed in the container. */
const checkIsDockers = (spec: ServiceSpec): boolean =>
  spec.healthcheck !== undefined &&
  spec.healthcheck.http === undefined &&
  spec.healthcheck.tcp === undefined;

const STRENGTH: readonly WayToChange[] = ['recreate', 'reconnect', 'update', 'record'];

/** What several changes together amount to. */
export const strongestWay = (ways: readonly WayToChange[]): WayToChange =>
  STRENGTH.find((way) => ways.includes(way)) ?? 'record';

/**
 * The way to change what stands at `path` in `spec`, such as `['stop', 'grace']`. Parts of a field that
 * the table does not tell apart change as the field does; a field that is told apart changes as the
 * strongest of its parts. Throws a TypeError for what is no field of a Service.
 */
export const wayToChange = (spec: ServiceSpec, path: readonly string[]): WayToChange => {
  const rule = ruleAt(serviceWays, path);
  if (rule === undefined) throw new TypeError(`a Service has no field ${path.join('.')}`);
  if (rule === 'asCheck') return checkIsDockers(spec) ? 'recreate' : 'record';
  if (typeof rule === 'string') return rule;
  return strongestWay(Object.keys(rule).map((key) => wayToChange(spec, [...path, key])));
};
