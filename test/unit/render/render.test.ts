import { describe, expect, test } from 'vitest';
import type { DesiredProject, DesiredService } from '../../../src/model/desired.ts';
import type { ServiceSpec } from '../../../src/model/documents.ts';
import { L9Error } from '../../../src/model/errors.ts';
import { renderProject } from '../../../src/render/render.ts';
import { parseSubnetPool } from '../../../src/render/subnet-pool.ts';
import { applied, config, network, pin, project, secret, service, volume } from './applied.ts';
import type { Applied } from './applied.ts';

const render = (parts: Applied, now = 0): DesiredProject =>
  renderProject({
    record: applied(parts),
    secretHashes: parts.secretHashes ?? {},
    now,
  });

/** The service `web` of a project in which there is nothing else. */
const rendered = (spec: ServiceSpec, parts: Applied = {}): DesiredService => {
  const found = render({
    ...parts,
    documents: [service('web', { image: 'nginx:1', ...spec }), ...(parts.documents ?? [])],
  }).services.find((one) => one.name === 'web');
  if (found === undefined) throw new Error('web was not rendered');
  return found;
};

test('a service that says nothing is complete', () => {
  expect(rendered({})).toEqual({
    project: 'memory',
    name: 'web',
    specHash: expect.stringMatching(/^v1:[0-9a-f]{32}$/),
    image: {
      reference: 'nginx:1',
      id: 'sha256:nginx:1',
      pullPolicy: 'missing',
      built: false,
      volumes: [],
      hasHealthcheck: false,
      user: '',
    },
    replicas: 1,
    stopped: false,
    restart: 'always',
    critical: false,
    labels: {},
    env: {},
    ports: [],
    mounts: [],
    files: [],
    networking: { mode: 'networks', attachments: [{ network: 'memory_default', aliases: [] }] },
    healthTiming: null,
    recovery: {
      action: 'recreate',
      restarts: 1,
      verifyAfterMs: 10_000,
      backoffInitialMs: 1_000,
      backoffMaxMs: 60_000,
    },
    dependsOn: [],
    limits: {},
    update: { strategy: 'recreate', order: 'stop-first', maxUnavailable: 1, autoRollback: false },
    stopGraceMs: 10_000,
    template: { logging: { maxSizeBytes: 10 * 2 ** 20, maxFiles: 3 } },
  });
});

test('everything that a service can say arrives, in the engine’s units', () => {
  const full = rendered({
    platform: 'linux/amd64',
    entrypoint: ['/e'],
    command: ['c'],
    workingDir: '/app',
    user: '1000',
    groupAdd: ['44'],
    hostname: 'h-${L9_INSTANCE}',
    tty: true,
    stdin: true,
    init: true,
    extraHosts: ['a:10.0.0.1'],
    dns: ['1.1.1.1'],
    sysctls: { 'net.core.somaxconn': '1024' },
    ulimits: { nofile: 5, nproc: { soft: 1, hard: 2 } },
    shmSize: '128m',
    devices: ['/dev/a', '/dev/b:/dev/c:r', { host: '/dev/d', permissions: 'rw' }, '/dev/e:rw'],
    gpus: 'all',
    security: {
      readOnlyRootFilesystem: true,
      noNewPrivileges: true,
      privileged: false,
      capAdd: ['CAP_NET_ADMIN'],
      capDrop: ['ALL'],
    },
    stop: { signal: 'INT', grace: '1m30s' },
    logging: { maxSize: '1g' },
    resources: { memory: '600Mi', memoryReservation: '400Mi', cpus: '500m', pids: 200 },
  });
  expect(full.template).toEqual({
    platform: 'linux/amd64',
    entrypoint: ['/e'],
    command: ['c'],
    workingDir: '/app',
    user: '1000',
    groupAdd: ['44'],
    hostname: 'h-${L9_INSTANCE}',
    tty: true,
    stdin: true,
    init: true,
    extraHosts: ['a:10.0.0.1'],
    dns: ['1.1.1.1'],
    sysctls: { 'net.core.somaxconn': '1024' },
    ulimits: [
      { name: 'nofile', soft: 5, hard: 5 },
      { name: 'nproc', soft: 1, hard: 2 },
    ],
    shmSizeBytes: 128 * 2 ** 20,
    devices: [
      { host: '/dev/a', container: '/dev/a', permissions: 'rwm' },
      { host: '/dev/b', container: '/dev/c', permissions: 'r' },
      { host: '/dev/d', container: '/dev/d', permissions: 'rw' },
      { host: '/dev/e', container: '/dev/e', permissions: 'rw' },
    ],
    gpus: 'all',
    readOnlyRootFilesystem: true,
    noNewPrivileges: true,
    privileged: false,
    capAdd: ['NET_ADMIN'],
    capDrop: ['ALL'],
    stopSignal: 'SIGINT',
    logging: { maxSizeBytes: 2 ** 30, maxFiles: 3 },
  });
  expect(full.stopGraceMs).toBe(90_000);
  expect(full.limits).toEqual({
    memoryBytes: 600 * 2 ** 20,
    memoryReservationBytes: 400 * 2 ** 20,
    nanoCpus: 5e8,
    pids: 200,
  });
});

test('the project’s defaults fill in field by field, and the service goes before them', () => {
  const documents = [
    project({
      defaults: {
        restart: 'onFailure',
        recovery: { restarts: 5, backoff: { initial: '2s', max: '5m' } },
        resources: { memory: '1g', pids: 10 },
        update: { strategy: 'rolling' },
        stop: { grace: '1s' },
      },
    }),
  ];
  const web = rendered(
    {
      recovery: { backoff: { initial: '3s' } },
      resources: { memory: '2g' },
      update: { maxUnavailable: 2 },
    },
    { documents },
  );
  expect(web.restart).toBe('onFailure');
  expect(web.recovery).toMatchObject({
    action: 'recreate',
    restarts: 5,
    backoffInitialMs: 3_000,
    backoffMaxMs: 300_000,
  });
  expect(web.limits).toEqual({ memoryBytes: 2 * 2 ** 30, pids: 10 });
  expect(web.update).toMatchObject({ strategy: 'rolling', maxUnavailable: 2 });
  expect(web.stopGraceMs).toBe(1_000);
});

describe('images', () => {
  test('a pin of another reference is none', () => {
    const web = rendered({ image: 'nginx:2' }, { images: { web: pin('nginx:1') } });
    expect(web.image).toMatchObject({ reference: 'nginx:2', volumes: [] });
    expect(web.image.id).toBeUndefined();
  });

  test('a build goes by the tag of its inputs', () => {
    const images = { web: pin('l9/web:abc', { user: 'app', volumes: ['/data'] }) };
    const record = applied({ documents: [service('web', { build: { context: '/c' } })], images });
    const [web] = renderProject({ record, secretHashes: {}, now: 0 }).services;
    expect(web?.image).toMatchObject({
      reference: 'l9/web:abc',
      id: 'sha256:l9/web:abc',
      built: true,
      user: 'app',
      volumes: ['/data'],
    });
  });
});

describe('health checks', () => {
  const timing = { intervalMs: 10_000, timeoutMs: 3_000, retries: 3, startPeriodMs: 10_000 };

  test('a text is for the shell, a list is run as it is', () => {
    expect(rendered({ healthcheck: { exec: 'a b' } }).healthcheck).toEqual({
      test: ['CMD-SHELL', 'a b'],
      ...timing,
    });
    const list = rendered({ healthcheck: { exec: ['a', 'b'], interval: '1s', retries: 1 } });
    expect(list.healthcheck).toEqual({
      test: ['CMD', 'a', 'b'],
      ...timing,
      intervalMs: 1_000,
      retries: 1,
    });
    expect(list.activeCheck).toBeUndefined();
  });

  test('http and tcp are l9’s own, with ports by name', () => {
    const ports = [{ name: 'api', container: 8080 }];
    const http = rendered({ ports, healthcheck: { http: { port: 'api', path: '/z' } } });
    expect(http.activeCheck).toEqual({ type: 'http', port: 8080, path: '/z', status: null });
    expect(http.healthcheck).toBeUndefined();
    expect(http.healthTiming).toEqual(timing);
    const tcp = rendered({ healthcheck: { tcp: { port: 5432 }, timeout: '1s' } });
    expect(tcp.activeCheck).toEqual({ type: 'tcp', port: 5432 });
    expect(tcp.healthTiming?.timeoutMs).toBe(1_000);
  });

  test('an image’s own check has Docker’s timing, unless it is turned off', () => {
    const images = { web: pin('nginx:1', { hasHealthcheck: true }) };
    expect(rendered({}, { images }).healthTiming).toEqual({
      intervalMs: 30_000,
      timeoutMs: 30_000,
      retries: 3,
      startPeriodMs: 0,
    });
    const off = rendered({ healthcheck: { disable: true } }, { images });
    expect(off.healthcheck).toEqual({ disable: true });
    expect(off.healthTiming).toBeNull();
  });

  test('a port that the check names and the service has not is an error', () => {
    expect(() => rendered({ healthcheck: { tcp: { port: 'nope' } } })).toThrow(L9Error);
  });
});

describe('ports', () => {
  test('get their defaults, and a name of their own', () => {
    expect(
      rendered({
        ports: [
          { container: 53 },
          { container: 53, protocol: 'udp', host: 5353, hostIP: '0.0.0.0' },
          { name: 'api', container: 80, host: 'auto' },
        ],
      }).ports,
    ).toEqual([
      { name: '53', container: 53, protocol: 'tcp', hostIP: '127.0.0.1', host: null },
      { name: '53-udp', container: 53, protocol: 'udp', hostIP: '0.0.0.0', host: 5353 },
      { name: 'api', container: 80, protocol: 'tcp', hostIP: '127.0.0.1', host: 'auto' },
    ]);
  });

  test('are not published where the network is not the container’s own', () => {
    const ports = [{ container: 80, host: 80 }];
    expect(rendered({ ports, networkMode: 'host' }).ports[0]?.host).toBeNull();
  });
});

describe('networks', () => {
  test('default is made only where a service uses it', () => {
    const networks = (spec: ServiceSpec): string[] =>
      render({ documents: [service('web', { image: 'a', ...spec })] }).networks.map(
        (network) => network.engineName,
      );
    expect(networks({})).toEqual(['memory_default']);
    expect(networks({ networkMode: 'host' })).toEqual([]);
    expect(networks({ networks: ['backend'] })).toEqual(['memory_backend']);
  });

  test('take their manifest’s word', () => {
    const desired = render({
      documents: [
        network('backend', { internal: true, subnet: '10.5.0.0/24' }, { a: 'b' }),
        network('shared', { external: true }),
        network('named', { name: 'other-net', driver: 'macvlan' }),
        service('web', {
          image: 'a',
          networks: [
            'shared',
            { name: 'backend', aliases: ['x'], ipv4: '10.5.0.7' },
            { name: 'named' },
          ],
        }),
      ],
    });
    expect(desired.networks).toEqual([
      {
        name: 'backend',
        engineName: 'memory_backend',
        driver: 'bridge',
        subnet: '10.5.0.0/24',
        internal: true,
        external: false,
        labels: { a: 'b' },
      },
      {
        name: 'named',
        engineName: 'other-net',
        driver: 'macvlan',
        internal: false,
        external: false,
        labels: {},
      },
      {
        name: 'shared',
        engineName: 'shared',
        driver: 'bridge',
        internal: false,
        external: true,
        labels: {},
      },
    ]);
    expect(desired.services[0]?.networking).toEqual({
      mode: 'networks',
      attachments: [
        { network: 'shared', aliases: [] },
        { network: 'memory_backend', aliases: ['x'], ipv4: '10.5.0.7' },
        { network: 'other-net', aliases: [] },
      ],
    });
  });

  test('a dependency on another project joins that project’s network', () => {
    const web = rendered({
      dependsOn: { 'infra/graph': 'healthy', 'infra/db': 'started', db: { restart: true } },
    });
    expect(web.networking).toEqual({
      mode: 'networks',
      attachments: [
        { network: 'memory_default', aliases: [] },
        { network: 'infra_default', aliases: [], shared: true },
      ],
    });
    expect(web.dependsOn).toEqual([
      { project: 'infra', service: 'db', condition: 'started', restart: false },
      { project: 'infra', service: 'graph', condition: 'healthy', restart: false },
      { project: 'memory', service: 'db', condition: 'healthy', restart: true },
    ]);
  });

  test.each([
    ['host', { mode: 'host' }],
    ['none', { mode: 'none' }],
    ['service:graph', { mode: 'service', service: 'graph' }],
  ])('networkMode %s', (networkMode, networking) => {
    expect(rendered({ networkMode }).networking).toEqual(networking);
  });
});

describe('volumes and files', () => {
  test('mounts by kind, and volumes with and without a manifest', () => {
    const desired = render({
      documents: [
        volume('data', { reclaimPolicy: 'Delete', driverOpts: { o: 'x' } }),
        volume('old', { external: true, name: 'old-data' }),
        volume('ext', { external: true }),
        service('web', {
          image: 'a',
          volumes: [
            { volume: 'data', path: '/data' },
            { volume: 'old', path: '/old', readOnly: true },
            { volume: 'cache', path: '/cache' },
            { bind: '/srv/x', path: '/y', readOnly: true },
            { tmpfs: '64Mi', path: '/tmp' },
          ],
        }),
      ],
    });
    expect(desired.services[0]?.mounts).toEqual([
      { type: 'volume', volume: 'memory_data', path: '/data', readOnly: false },
      { type: 'volume', volume: 'old-data', path: '/old', readOnly: true },
      { type: 'volume', volume: 'memory_cache', path: '/cache', readOnly: false },
      { type: 'bind', source: '/srv/x', path: '/y', readOnly: true },
      { type: 'tmpfs', path: '/tmp', sizeBytes: 64 * 2 ** 20 },
    ]);
    expect(
      desired.volumes.map(({ engineName, external, reclaimPolicy }) => [
        engineName,
        external,
        reclaimPolicy,
      ]),
    ).toEqual([
      ['memory_cache', false, 'Retain'],
      ['memory_data', false, 'Delete'],
      ['ext', true, 'Retain'],
      ['old-data', true, 'Retain'],
    ]);
  });

  test('a config or secret is a file whose name changes with its content and its mode', () => {
    const files = (content: string, hash: string, mode?: string) =>
      rendered(
        {
          volumes: [
            { config: 'conf', path: '/c', ...(mode === undefined ? {} : { mode }) },
            { secret: 'pw', path: '/s' },
          ],
        },
        {
          documents: [config('conf', content), secret('pw')],
          secretHashes: { pw: hash },
        },
      ).files;
    const [first, second] = files('hello', 'key1.0123456789abcdef');
    expect(first).toEqual({
      volume: 'l9-files.memory.web',
      file: 'conf.2cf24dba5fb0.0444',
      content: { config: 'hello' },
      path: '/c',
      mode: 0o444,
    });
    expect(second).toEqual({
      volume: 'l9-files.memory.web',
      file: 'pw.0123456789ab.0400',
      content: { secret: 'pw' },
      path: '/s',
      mode: 0o400,
    });
    expect(files('other', 'key1.0')[0]?.file).not.toBe(first?.file);
    expect(files('hello', 'key1.0', '0440')[0]).toMatchObject({
      file: 'conf.2cf24dba5fb0.0440',
      mode: 0o440,
    });
  });
});

describe('what commands set', () => {
  test('a scaled number and a stop', () => {
    const overrides = { web: { replicas: 3, stopped: true } };
    expect(rendered({ replicas: 1 }, { overrides })).toMatchObject({ replicas: 3, stopped: true });
  });

  test('a pause lasts until its end', () => {
    expect(render({ paused: true }).paused).toBe(true);
    expect(render({ paused: true, pausedUntil: 100 }, 99).paused).toBe(true);
    expect(render({ paused: true, pausedUntil: 100 }, 100).paused).toBe(false);
    expect(render({ paused: false, pausedUntil: 100 }, 0).paused).toBe(false);
  });
});

describe('the project', () => {
  test('gets its defaults without a manifest of its own', () => {
    expect(render({ documents: [service('web', { image: 'a' })] })).toMatchObject({
      name: 'memory',
      path: '/srv/memory',
      pathHash: expect.stringMatching(/^[0-9a-f]{64}$/),
      generation: 1,
      lifecycle: 'always',
      idleGraceMs: 300_000,
      portRange: { from: 30_000, to: 40_000 },
      subnetPool: { cidr: '10.212.0.0/14', size: 24 },
      outputs: {},
    });
  });

  test('a pool of its own goes before the machine’s', () => {
    const pool = (spec: object, text?: string) =>
      renderProject({
        record: applied({ documents: [project(spec)] }),
        secretHashes: {},
        now: 0,
        subnetPool: parseSubnetPool(text),
      }).subnetPool;
    expect(pool({}, '10.64.0.0/12,26')).toEqual({ cidr: '10.64.0.0/12', size: 26 });
    expect(pool({ subnetPool: { size: 28 } }, '10.64.0.0/12')).toEqual({
      cidr: '10.64.0.0/12',
      size: 28,
    });
    expect(pool({ subnetPool: { cidr: '10.9.0.0/16' } }, '10.64.0.0/12')).toEqual({
      cidr: '10.9.0.0/16',
      size: 24,
    });
  });

  test.each(['x', '10.0.0.0', '10.0.0.0/33', '10.0.0.0/16,8', '10.0.0.0/16,30', '10.0.0.0/16,x'])(
    'L9_SUBNET_POOL=%s is refused',
    (text) => {
      expect(() => parseSubnetPool(text)).toThrow(L9Error);
    },
  );

  test('documents are sorted, whatever their order', () => {
    const documents = ['b', 'a', 'c'].map((name) => service(name, { image: 'x' }));
    const names = (all: typeof documents) => render({ documents: all }).services.map((s) => s.name);
    expect(names(documents)).toEqual(['a', 'b', 'c']);
    expect(names(documents.toReversed())).toEqual(['a', 'b', 'c']);
  });
});
