import { describe, expect, test } from 'vitest';
import * as fc from 'fast-check';
import type { ServiceSpec } from '../../../src/model/documents.ts';
import { serviceWays, wayToChange } from '../../../src/plan/fields.ts';
import { compareSpecHashes } from '../../../src/plan/spec-hash.ts';
import { renderProject } from '../../../src/render/render.ts';
import { applied, config, pin, project, service, volume } from './applied.ts';
import type { Applied } from './applied.ts';

const hashIn = (parts: Applied, secretHashes: Record<string, string> = {}): string => {
  const desired = renderProject({ record: applied(parts), secretHashes, now: 0 });
  const hash = desired.services.find((one) => one.name === 'web')?.specHash;
  if (hash === undefined) throw new Error('no service web');
  return hash;
};

const hashOf = (spec: ServiceSpec, labels: Record<string, string> = {}): string =>
  hashIn({ documents: [service('web', spec, labels)] });

const base: ServiceSpec = { image: 'nginx:1' };

/** Two specs that differ in exactly the field at `path`, for every field there is. */
const changes: readonly [path: string, a: ServiceSpec, b: ServiceSpec][] = [
  ['image', { image: 'nginx:1' }, { image: 'nginx:2' }],
  ['build.context', { build: { context: '/a' } }, { build: { context: '/b' } }],
  ['build.dockerfile', { build: { context: '/a' } }, { build: { context: '/a', dockerfile: 'D' } }],
  ['build.target', { build: { context: '/a' } }, { build: { context: '/a', target: 't' } }],
  ['build.args', { build: { context: '/a' } }, { build: { context: '/a', args: { A: '1' } } }],
  ['build.secrets', { build: { context: '/a' } }, { build: { context: '/a', secrets: ['s'] } }],
  ['build.keep', { build: { context: '/a' } }, { build: { context: '/a', keep: 9 } }],
  ['pullPolicy', {}, { pullPolicy: 'always' }],
  ['platform', {}, { platform: 'linux/amd64' }],
  ['entrypoint', { entrypoint: ['a', 'b'] }, { entrypoint: ['b', 'a'] }],
  ['command', { command: ['a', 'b'] }, { command: ['b', 'a'] }],
  ['workingDir', {}, { workingDir: '/app' }],
  ['user', { user: '1000' }, { user: '1001' }],
  ['groupAdd', {}, { groupAdd: ['docker'] }],
  ['hostname', {}, { hostname: 'web' }],
  ['tty', {}, { tty: true }],
  ['stdin', {}, { stdin: true }],
  ['init', {}, { init: true }],
  ['replicas', { replicas: 1 }, { replicas: 2 }],
  ['restart', {}, { restart: 'onFailure' }],
  ['env', { env: { A: '1' } }, { env: { A: '2' } }],
  ['ports', { ports: [{ container: 80 }] }, { ports: [{ container: 80, host: 8080 }] }],
  [
    'volumes',
    { volumes: [{ volume: 'data', path: '/data' }] },
    { volumes: [{ volume: 'data', path: '/data', readOnly: true }] },
  ],
  ['networks', {}, { networks: ['backend'] }],
  ['networkMode', {}, { networkMode: 'host' }],
  ['extraHosts', {}, { extraHosts: ['a:10.0.0.1'] }],
  ['dns', { dns: ['1.1.1.1', '8.8.8.8'] }, { dns: ['8.8.8.8', '1.1.1.1'] }],
  ['healthcheck.exec', { healthcheck: { exec: 'a' } }, { healthcheck: { exec: ['a'] } }],
  ['healthcheck.disable', {}, { healthcheck: { disable: true } }],
  ['healthcheck.http', {}, { healthcheck: { http: { port: 80 } } }],
  ['healthcheck.tcp', {}, { healthcheck: { tcp: { port: 80 } } }],
  ...(['exec', 'http'] as const).flatMap((kind): [string, ServiceSpec, ServiceSpec][] => {
    const check = kind === 'exec' ? { exec: 'true' } : { http: { port: 80 } };
    const path = (field: string): string => `healthcheck.${field}`;
    const of = (more: object): ServiceSpec => ({ healthcheck: { ...check, ...more } });
    return [
      [path('interval'), of({ interval: '2s' }), of({ interval: '4s' })],
      [path('timeout'), of({ timeout: '2s' }), of({ timeout: '4s' })],
      [path('retries'), of({ retries: 2 }), of({ retries: 4 })],
      [path('startPeriod'), of({ startPeriod: '2s' }), of({ startPeriod: '4s' })],
    ];
  }),
  ['recovery', {}, { recovery: { action: 'none' } }],
  ['dependsOn', {}, { dependsOn: { db: 'healthy' } }],
  ['resources.memory', {}, { resources: { memory: '1g' } }],
  ['resources.memoryReservation', {}, { resources: { memoryReservation: '1g' } }],
  ['resources.cpus', {}, { resources: { cpus: 2 } }],
  ['resources.pids', {}, { resources: { pids: 20 } }],
  ['security', {}, { security: { readOnlyRootFilesystem: true } }],
  ['security', {}, { security: { noNewPrivileges: true } }],
  ['security', {}, { security: { privileged: true } }],
  ['security', {}, { security: { capAdd: ['NET_ADMIN'] } }],
  ['security', {}, { security: { capDrop: ['ALL'] } }],
  ['sysctls', {}, { sysctls: { 'net.core.somaxconn': '1024' } }],
  ['ulimits', { ulimits: { nofile: 1 } }, { ulimits: { nofile: { soft: 1, hard: 2 } } }],
  ['shmSize', {}, { shmSize: '128m' }],
  ['devices', {}, { devices: ['/dev/fuse'] }],
  ['gpus', { gpus: 1 }, { gpus: 'all' }],
  ['update', {}, { update: { strategy: 'rolling' } }],
  ['stop.signal', {}, { stop: { signal: 'SIGINT' } }],
  ['stop.grace', {}, { stop: { grace: '1m' } }],
  ['logging', {}, { logging: { maxSize: '20m' } }],
  ['critical', {}, { critical: true }],
];

const withImage = (spec: ServiceSpec): ServiceSpec =>
  spec.build === undefined ? { ...base, ...spec } : spec;

describe('the hash changes with what takes a new container to change, and with nothing else', () => {
  test('every field of the table is tried', () => {
    const tried = new Set(changes.map(([path]) => path));
    const known = Object.entries(serviceWays).flatMap(([field, way]) =>
      typeof way === 'string' ? [field] : Object.keys(way).map((part) => `${field}.${part}`),
    );
    expect(known.filter((path) => !tried.has(path))).toEqual([]);
  });

  test.each(changes)('%s: %j → %j', (path, a, b) => {
    const way = wayToChange(withImage(b), path.split('.'));
    const changed = hashOf(withImage(a)) !== hashOf(withImage(b));
    expect(changed ? 'recreate' : 'other').toBe(way === 'recreate' ? 'recreate' : 'other');
  });

  test('people’s own labels', () => {
    expect(hashOf(base, { tier: 'a' })).not.toBe(hashOf(base));
    expect(hashOf(base, { tier: 'a' })).not.toBe(hashOf(base, { tier: 'b' }));
  });

  test('going from a check of Docker’s to one of l9’s takes the first out of the container', () => {
    expect(hashOf({ ...base, healthcheck: { exec: 'true' } })).not.toBe(
      hashOf({ ...base, healthcheck: { http: { port: 80 } } }),
    );
    expect(hashOf({ ...base, healthcheck: { http: { port: 80 } } })).toBe(hashOf(base));
  });

  test('a build whose inputs are known counts by its tag alone', () => {
    const tagged = (context: string, tag: string): string =>
      hashIn({
        documents: [service('web', { build: { context } })],
        images: { web: pin(tag) },
      });
    expect(tagged('/a', 'l9/web:1')).toBe(tagged('/moved', 'l9/web:1'));
    expect(tagged('/a', 'l9/web:1')).not.toBe(tagged('/a', 'l9/web:2'));
  });

  test('the id behind the same reference is no part of it', () => {
    const of = (id: string): string =>
      hashIn({ documents: [service('web', base)], images: { web: pin('nginx:1', { id }) } });
    expect(of('sha256:a')).toBe(of('sha256:b'));
  });
});

describe('spelling, order and defaults that are written out make no difference', () => {
  test.each<[string, ServiceSpec, ServiceSpec]>([
    [
      'durations',
      { healthcheck: { exec: 'x', interval: '60s', timeout: '1500ms' } },
      { healthcheck: { exec: 'x', interval: '1m', timeout: '1.5s' } },
    ],
    ['sizes', { shmSize: '512m' }, { shmSize: '512Mi' }],
    ['sizes and numbers', { shmSize: '1k' }, { shmSize: 1024 }],
    ['log sizes', { logging: { maxSize: '2g' } }, { logging: { maxSize: '2048MB' } }],
    ['signals', { stop: { signal: 'INT' } }, { stop: { signal: 'SIGINT' } }],
    ['capabilities', { security: { capAdd: ['CAP_X'] } }, { security: { capAdd: ['X'] } }],
    ['limits', { ulimits: { nofile: 5 } }, { ulimits: { nofile: { soft: 5, hard: 5 } } }],
    ['devices', { devices: ['/dev/a'] }, { devices: [{ host: '/dev/a', permissions: 'rwm' }] }],
    [
      'device targets',
      { devices: ['/dev/a:/dev/b:r'] },
      {
        devices: [{ host: '/dev/a', container: '/dev/b', permissions: 'r' }],
      },
    ],
    [
      'the order of ports',
      { ports: [{ container: 1 }, { container: 2 }] },
      { ports: [{ container: 2 }, { container: 1 }] },
    ],
    [
      'the order of mounts',
      {
        volumes: [
          { volume: 'a', path: '/a' },
          { tmpfs: '1m', path: '/b' },
        ],
      },
      {
        volumes: [
          { tmpfs: '1024k', path: '/b' },
          { volume: 'a', path: '/a' },
        ],
      },
    ],
    [
      'file modes',
      { volumes: [{ config: 'c', path: '/c', mode: '0440' }] },
      {
        volumes: [{ config: 'c', path: '/c', mode: '440' }],
      },
    ],
    [
      'defaults of a check',
      { healthcheck: { exec: 'x' } },
      {
        healthcheck: { exec: 'x', interval: '10s', timeout: '3s', retries: 3, startPeriod: '10s' },
      },
    ],
    [
      'defaults of a port',
      { ports: [{ container: 80 }] },
      { ports: [{ name: '80', container: 80, hostIP: '127.0.0.1', protocol: 'tcp' }] },
    ],
    [
      'defaults of mounts',
      {
        volumes: [
          { volume: 'a', path: '/a' },
          { config: 'c', path: '/c' },
        ],
      },
      {
        volumes: [
          { volume: 'a', path: '/a', readOnly: false },
          { config: 'c', path: '/c', mode: '0444' },
        ],
      },
    ],
    [
      'all other defaults',
      {},
      {
        tty: false,
        stdin: false,
        init: false,
        env: {},
        ports: [],
        volumes: [],
        groupAdd: [],
        extraHosts: [],
        dns: [],
        sysctls: {},
        ulimits: {},
        devices: [],
        security: {
          readOnlyRootFilesystem: false,
          noNewPrivileges: false,
          privileged: false,
          capAdd: [],
          capDrop: [],
        },
        logging: { maxSize: '10m', maxFiles: 3 },
        stop: { grace: '10s' },
      },
    ],
  ])('%s', (_, a, b) => {
    expect(hashOf({ ...base, ...a })).toBe(hashOf({ ...base, ...b }));
  });

  test('an image’s own stop signal is not SIGTERM', () => {
    expect(hashOf({ ...base, stop: { signal: 'SIGTERM' } })).not.toBe(hashOf(base));
  });

  const combined = (specs: readonly ServiceSpec[]): ServiceSpec =>
    specs.reduce((all, one) => ({ ...all, ...one }), {});

  const anySpec = fc
    .subarray(changes.map(([, a, b]) => [a, b] as const).flat())
    .map((specs) => combined([base, ...specs]));

  /** The same with its keys in another order, in every object. */
  const reordered = (spec: ServiceSpec, turn: number): ServiceSpec => {
    const turned: ServiceSpec = JSON.parse(JSON.stringify(spec), (_, value: unknown) => {
      if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
      const entries = Object.entries(value);
      const at = turn % Math.max(entries.length, 1);
      return Object.fromEntries([...entries.slice(at), ...entries.slice(0, at)].toReversed());
    });
    return turned;
  };

  test('property: the order of keys never matters', () => {
    fc.assert(
      fc.property(anySpec, fc.nat(7), (spec, turn) => {
        expect(hashOf(reordered(spec, turn))).toBe(hashOf(spec));
      }),
    );
  });

  test('property: fields that need no new container never matter', () => {
    const harmless = fc.subarray(
      changes
        .filter(([path]) => !path.includes('.') && wayToChange({}, [path]) !== 'recreate')
        .map(([, , b]) => b),
    );
    fc.assert(
      fc.property(anySpec, harmless, (spec, added) => {
        expect(hashOf(combined([spec, ...added]))).toBe(hashOf(spec));
      }),
    );
  });
});

describe('what the hash sees beyond the service', () => {
  test('defaults of the project count as written', () => {
    const withDefaults = (spec: ServiceSpec): string =>
      hashIn({
        documents: [
          project({ defaults: { logging: { maxSize: '20m' }, stop: { signal: 'SIGINT' } } }),
          service('web', spec),
        ],
      });
    expect(withDefaults(base)).toBe(
      hashOf({ ...base, logging: { maxSize: '20m' }, stop: { signal: 'SIGINT' } }),
    );
    expect(withDefaults({ ...base, logging: { maxSize: '30m' } })).toBe(
      hashOf({ ...base, logging: { maxSize: '30m' }, stop: { signal: 'SIGINT' } }),
    );
  });

  test('a config by its content', () => {
    const of = (content: string): string =>
      hashIn({
        documents: [
          config('conf', content),
          service('web', { ...base, volumes: [{ config: 'conf', path: '/c' }] }),
        ],
      });
    expect(of('a')).toBe(of('a'));
    expect(of('a')).not.toBe(of('b'));
  });

  test('a volume by its name on the engine, where that is stated', () => {
    const of = (name?: string): string =>
      hashIn({
        documents: [
          volume('data', name === undefined ? {} : { name }),
          service('web', { ...base, volumes: [{ volume: 'data', path: '/d' }] }),
        ],
      });
    expect(of('other')).not.toBe(of());
    expect(of('memory_data')).toBe(of());
  });
});

describe('secrets', () => {
  const spec: ServiceSpec = {
    ...base,
    env: { P: { secret: 'pw' } },
    volumes: [{ secret: 'cert', path: '/cert' }],
  };
  const hash = (secretHashes: Record<string, string>): string =>
    hashIn({ documents: [service('web', spec)] }, secretHashes);
  const known = { pw: 'key1.aaaaaaaaaaaa', cert: 'key1.bbbbbbbbbbbb' };

  test('stand in a part of their own, which changes with a value', () => {
    expect(hash(known)).toMatch(/^v1:[0-9a-f]{32}\.key1\.[0-9a-f]{16}$/);
    const changed = hash({ ...known, pw: 'key1.cccccccccccc' });
    expect(compareSpecHashes(hash(known), changed)).toBe('different');
  });

  test.each([
    ['a value that is gone', { pw: 'key1.aaaaaaaaaaaa' }],
    ['a key that is gone', {}],
    ['a new key', { pw: 'key2.dddddddddddd', cert: 'key2.eeeeeeeeeeee' }],
  ])('%s compares as unchanged', (_, other) => {
    expect(compareSpecHashes(hash(known), hash(other))).toBe('same');
  });

  test('even so a changed spec is a change', () => {
    const other = hashIn({ documents: [service('web', { ...spec, user: '1' })] }, {});
    expect(compareSpecHashes(hash(known), other)).toBe('different');
  });

  test('secrets that the service does not use are none of its business', () => {
    expect(hash({ ...known, other: 'key1.ffffffffffff' })).toBe(hash(known));
    expect(hashOf(base)).toMatch(/^v1:[0-9a-f]{32}$/);
  });
});

test('a hash of another version says nothing', () => {
  expect(compareSpecHashes('v0:abc', hashOf(base))).toBe('unknown');
  expect(compareSpecHashes(undefined, hashOf(base))).toBe('different');
});

/**
 * An upgrade of l9 recreates nothing. If one of these changes, containers that people have would be
 * replaced: raise HASH_VERSION in src/render/hash.ts, and add to this list what the new version gives.
 */
describe('hashes of version 1 are for ever', () => {
  test.each<[string, ServiceSpec]>([
    ['v1:847f180d833db32f6452cc06499e86bf', base],
    [
      'v1:5098a6c34742167b032efdbbb15addf0',
      {
        image: 'redis:7-alpine',
        command: ['redis-server', '--save', ''],
        env: { MAXMEMORY: '100mb' },
        ports: [{ name: 'redis', container: 6379, host: 'auto' }],
        volumes: [
          { volume: 'redis-data', path: '/data' },
          { bind: '/srv/x', path: '/y', readOnly: true },
          { tmpfs: '64Mi', path: '/tmp' },
        ],
        healthcheck: { exec: ['redis-cli', 'ping'], interval: '2s', startPeriod: '1m' },
        security: { readOnlyRootFilesystem: true, capDrop: ['ALL'] },
        ulimits: { nofile: 1024 },
        devices: ['/dev/fuse'],
        stop: { signal: 'SIGINT', grace: '1m' },
        logging: { maxSize: '20m' },
        gpus: 'all',
      },
    ],
  ])('%s', (hash, spec) => {
    expect(hashOf(spec, { tier: 'cache' })).toBe(hash);
  });
});
