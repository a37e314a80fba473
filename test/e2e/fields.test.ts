import { expect, test } from 'vitest';
import { exec, get } from '../setup/engine.ts';
import {
  expectCode,
  hostPort,
  inspect,
  instance,
  instancesOf,
  sleeper,
  stage,
} from '../setup/stage.ts';

const MiB = 2 ** 20;

test('what a rich manifest says is what Docker has', async () => {
  const at = stage();
  at.write('extra.env', 'FROM_FILE=file\nOVERRIDDEN=file\n');
  at.write('bind/hello.txt', 'hello from the host');
  at.write(
    'l9.yaml',
    `
apiVersion: l9.dev/v1
kind: Project
metadata: { name: ${at.name} }
spec: { ports: { range: 31000-39000 } }
---
apiVersion: l9.dev/v1
kind: Service
metadata: { name: rich, labels: { tier: cache, team.example/owner: me } }
spec:
  image: l9.local/busybox:1
  entrypoint: [sh, -c]
  command: ["sleep inf"]
  workingDir: /srv
  user: "1000:1000"
  groupAdd: ["2000"]
  hostname: richhost
  tty: true
  stdin: true
  init: true
  envFile: [./extra.env]
  env: { INSTANCE: "\${L9_PROJECT}/\${L9_SERVICE}/\${L9_INSTANCE}", OVERRIDDEN: env, NUMBER: 7, EMPTY: "" }
  ports:
    - { name: web, container: 8080, host: auto }
    - { name: dns, container: 53, host: auto, hostIP: 0.0.0.0, protocol: udp }
    - { name: inner, container: 9000 }
  volumes:
    - { volume: data, path: /data }
    - { volume: data, path: /data-ro, readOnly: true }
    - { bind: ./bind, path: /bind, readOnly: true }
    - { tmpfs: 1Mi, path: /scratch }
  networks:
    - default
    - { name: backend, aliases: [cache, store], ipv4: 10.211.7.9 }
  extraHosts: ["gateway.local:10.1.2.3"]
  dns: [10.9.8.7]
  healthcheck: { exec: [sh, -c, "exit 0"], interval: 1s, timeout: 2s, retries: 4, startPeriod: 500ms }
  resources: { memory: 64Mi, memoryReservation: 48Mi, cpus: 0.5, pids: 50 }
  security:
    readOnlyRootFilesystem: true
    noNewPrivileges: true
    capDrop: [ALL]
    capAdd: [NET_BIND_SERVICE]
  sysctls: { net.ipv4.ip_unprivileged_port_start: "80" }
  ulimits: { nofile: { soft: 1000, hard: 2000 }, nproc: 512 }
  shmSize: 8Mi
  devices: [/dev/null:/dev/void:r, { host: /dev/zero, container: /dev/nought }]
  stop: { signal: SIGINT, grace: 1s }
  logging: { maxSize: 1m, maxFiles: 2 }
  restart: onFailure
  critical: true
---
apiVersion: l9.dev/v1
kind: Network
metadata: { name: backend }
spec: { subnet: 10.211.7.0/24, internal: true }
---
apiVersion: l9.dev/v1
kind: Volume
metadata: { name: data, labels: { keep: "yes" } }
`,
  );
  await at.done(['apply']);
  const rich = await instance(at.name, 'rich-1');
  const { Config, HostConfig } = rich;

  expect(rich.Name).toBe(`/${at.name}_rich_1`);
  expect(Config).toMatchObject({
    Entrypoint: ['sh', '-c'],
    Cmd: ['sleep inf'],
    WorkingDir: '/srv',
    User: '1000:1000',
    Hostname: 'richhost',
    Tty: true,
    OpenStdin: true,
    StopSignal: 'SIGINT',
    StopTimeout: 1,
    Healthcheck: {
      Test: ['CMD', 'sh', '-c', 'exit 0'],
      Interval: 1e9,
      Timeout: 2e9,
      Retries: 4,
      StartPeriod: 0.5e9,
    },
  });
  expect(Config.Env).toEqual(
    expect.arrayContaining([
      `INSTANCE=${at.name}/rich/1`,
      'OVERRIDDEN=env',
      'FROM_FILE=file',
      'NUMBER=7',
      'EMPTY=',
    ]),
  );
  expect(HostConfig).toMatchObject({
    Init: true,
    GroupAdd: ['2000'],
    ExtraHosts: ['gateway.local:10.1.2.3'],
    Dns: ['10.9.8.7'],
    Memory: 64 * MiB,
    MemorySwap: 64 * MiB,
    MemoryReservation: 48 * MiB,
    NanoCpus: 500_000_000,
    PidsLimit: 50,
    ReadonlyRootfs: true,
    Privileged: false,
    SecurityOpt: ['no-new-privileges:true'],
    CapDrop: ['ALL'],
    CapAdd: ['NET_BIND_SERVICE'],
    Sysctls: { 'net.ipv4.ip_unprivileged_port_start': '80' },
    ShmSize: 8 * MiB,
    LogConfig: { Type: 'json-file', Config: { 'max-file': '2' } },
    // No service runs, so Docker restarts what exits, as the manifest says.
    RestartPolicy: { Name: 'on-failure' },
  });
  expect(HostConfig['Ulimits']).toEqual(
    expect.arrayContaining([
      { Name: 'nofile', Soft: 1000, Hard: 2000 },
      { Name: 'nproc', Soft: 512, Hard: 512 },
    ]),
  );
  expect(HostConfig['Devices']).toEqual([
    { PathOnHost: '/dev/null', PathInContainer: '/dev/void', CgroupPermissions: 'r' },
    { PathOnHost: '/dev/zero', PathInContainer: '/dev/nought', CgroupPermissions: 'rwm' },
  ]);

  // Published: what says host, in the project's range, on loopback unless it is said otherwise.
  const bindings = HostConfig.PortBindings;
  expect(Object.keys(bindings ?? {}).toSorted()).toEqual(['53/udp', '8080/tcp']);
  expect(bindings?.['8080/tcp']?.[0]?.HostIp).toBe('127.0.0.1');
  expect(bindings?.['53/udp']?.[0]?.HostIp).toBe('0.0.0.0');
  for (const port of ['8080/tcp', '53/udp']) {
    expect(hostPort(rich, port)).toBeGreaterThanOrEqual(31_000);
    expect(hostPort(rich, port)).toBeLessThanOrEqual(39_000);
  }

  const mounts = rich.Mounts.map(
    ({ Type, Name, Destination, RW }) =>
      `${Destination} ${Type} ${Name ?? '-'} ${RW ? 'rw' : 'ro'}`,
  );
  expect(mounts.toSorted()).toEqual([
    '/bind bind - ro',
    `/data volume ${at.name}_data rw`,
    `/data-ro volume ${at.name}_data ro`,
    '/scratch tmpfs - rw',
  ]);
  expect((await exec(rich.Id, ['cat', '/bind/hello.txt'])).text).toBe('hello from the host');
  expect((await exec(rich.Id, ['df', '-k', '/scratch'])).text).toMatch(/\b1024\b/);

  const networks = rich.NetworkSettings.Networks;
  expect(Object.keys(networks).toSorted()).toEqual([`${at.name}_backend`, `${at.name}_default`]);
  expect(networks[`${at.name}_backend`]?.IPAddress).toBe('10.211.7.9');
  for (const [network, aliases] of [
    ['backend', ['rich', 'rich-1', 'cache', 'store', `rich.${at.name}`]],
    ['default', ['rich', 'rich-1', `rich.${at.name}`]],
  ] as const) {
    expect(networks[`${at.name}_${network}`]?.Aliases).toEqual(
      expect.arrayContaining([...aliases]),
    );
  }
  expect(await get(`/networks/${at.name}_backend`)).toMatchObject({
    Internal: true,
    Driver: 'bridge',
    IPAM: { Config: [{ Subnet: '10.211.7.0/24' }] },
    Labels: { 'com.l9.managed': 'true', 'com.l9.project': at.name, 'com.l9.kind': 'network' },
  });
  expect(await get(`/volumes/${at.name}_data`)).toMatchObject({
    Driver: 'local',
    Labels: { 'com.l9.managed': 'true', 'com.l9.project': at.name, keep: 'yes' },
  });

  const labels = Config.Labels;
  expect(labels).toMatchObject({
    tier: 'cache',
    'team.example/owner': 'me',
    'com.l9.managed': 'true',
    'com.l9.project': at.name,
    'com.l9.project_path': at.folder,
    'com.l9.service': 'rich',
    'com.l9.instance': '1',
    'com.l9.generation': '1',
    'com.l9.critical': 'true',
    'com.l9.port': String(hostPort(rich, '8080/tcp')),
    'com.l9.port.web': String(hostPort(rich, '8080/tcp')),
    'com.l9.port.dns': String(hostPort(rich, '53/udp')),
  });
  expect(labels['com.l9.project_hash']).toMatch(/^[0-9a-f]{64}$/);
  expect(labels['com.l9.spec_hash']).toMatch(/^v1:[0-9a-f]{16,}/);
  expect(Date.parse(labels['com.l9.created'] ?? '')).toBeGreaterThan(Date.now() - 300_000);
  expect(labels['com.l9.recovery']).toBeTruthy();
  expect(Object.entries(labels).flat().join('').length).toBeLessThan(4096);
});

test('every way of checking health, and none, reaches Docker or is done by l9', async () => {
  const at = stage();
  const serve = ['httpd', '-f', '-p', '8080', '-h', '/tmp'];
  const quick = { interval: '1s', timeout: '1s' };
  at.manifests(
    sleeper('shell', { healthcheck: { exec: 'test -d /tmp', ...quick } }),
    sleeper('list', { healthcheck: { exec: ['test', '-d', '/tmp'], ...quick } }),
    sleeper('off', { healthcheck: { disable: true } }),
    sleeper('http', {
      command: serve,
      ports: [{ name: 'web', container: 8080 }],
      healthcheck: { http: { port: 'web', path: '/none', status: 404 }, ...quick },
    }),
    sleeper('tcp', { command: serve, healthcheck: { tcp: { port: 8080 }, ...quick } }),
  );
  await at.done(['apply']);
  const all = await instancesOf(at.name);
  const test = (service: string): unknown => all.get(`${service}-1`)?.Config.Healthcheck?.['Test'];
  expect(test('shell')).toEqual(['CMD-SHELL', 'test -d /tmp']);
  expect(test('list')).toEqual(['CMD', 'test', '-d', '/tmp']);
  expect(test('off')).toEqual(['NONE']);
  // l9 asks these itself, from outside: nothing of them is in the container.
  expect(test('http')).toBeUndefined();
  expect(test('tcp')).toBeUndefined();
  for (const service of ['shell', 'list'])
    expect(all.get(`${service}-1`)?.State.Health?.Status).toBe('healthy');
  expect((await at.l9(['diff'])).code).toBe(0);
});

test('an http check that gets another answer is a failure', async () => {
  const at = stage();
  at.manifests(
    sleeper('http', {
      command: ['httpd', '-f', '-p', '8080', '-h', '/tmp'],
      recovery: { action: 'none' },
      healthcheck: {
        http: { port: 8080, path: '/none' },
        interval: '200ms',
        timeout: '1s',
        retries: 2,
        startPeriod: '0s',
      },
    }),
  );
  // Nobody is to heal it, so there is nothing to wait for.
  const result = expectCode(await at.l9(['apply']), 4);
  expect(result.stderr).toMatch(/404/);
});

test('host, none and the network of another service', async () => {
  const at = stage();
  at.manifests(
    sleeper('host', { networkMode: 'host' }),
    sleeper('none', { networkMode: 'none' }),
    sleeper('owner', { ports: [{ name: 'web', container: 80, host: 'auto' }] }),
    sleeper('guest', { networkMode: 'service:owner' }),
  );
  await at.done(['apply']);
  const all = await instancesOf(at.name);
  const mode = (service: string) => all.get(`${service}-1`)?.HostConfig.NetworkMode;
  expect(mode('host')).toBe('host');
  expect(mode('none')).toBe('none');
  expect(mode('guest')).toBe(`container:${all.get('owner-1')?.Id}`);

  // A new owner takes its guest along: the old network is gone.
  at.manifests(
    sleeper('host', { networkMode: 'host' }),
    sleeper('none', { networkMode: 'none' }),
    sleeper('owner', { env: { NEW: '1' }, ports: [{ name: 'web', container: 80, host: 'auto' }] }),
    sleeper('guest', { networkMode: 'service:owner' }),
  );
  await at.done(['apply']);
  const owner = await instance(at.name, 'owner-1');
  const guest = await instance(at.name, 'guest-1');
  expect(owner.Id).not.toBe(all.get('owner-1')?.Id);
  expect(guest.HostConfig.NetworkMode).toBe(`container:${owner.Id}`);
  expect(guest.State.Status).toBe('running');
  // Auto ports stay where consumers know them.
  expect(hostPort(owner, '80/tcp')).toBe(hostPort(all.get('owner-1') ?? owner, '80/tcp'));
  for (const service of ['host', 'none'])
    expect((await instance(at.name, `${service}-1`)).Id).toBe(all.get(`${service}-1`)?.Id);
  expect((await inspect(guest.Id)).State.Status).toBe('running');
});

test('privileged is asked for', async () => {
  const at = stage();
  at.manifests(sleeper('mighty', { security: { privileged: true } }));
  // Whether it may start is the machine's to say: not inside a container that is not privileged itself.
  await at.l9(['apply', '--no-wait']);
  expect((await instance(at.name, 'mighty-1')).HostConfig).toMatchObject({ Privileged: true });
});

test('each instance has its own number, name and port', async () => {
  const at = stage();
  at.manifests(
    sleeper('many', {
      replicas: 3,
      env: { WHO: '${L9_INSTANCE}' },
      ports: [{ name: 'web', container: 80, host: 'auto' }],
    }),
  );
  await at.done(['apply']);
  const all = await instancesOf(at.name);
  expect([...all.keys()]).toHaveLength(3);
  for (const number of [1, 2, 3]) {
    const one = all.get(`many-${number}`);
    expect(one?.Name).toBe(`/${at.name}_many_${number}`);
    expect(one?.Config.Env).toContain(`WHO=${number}`);
    expect(one?.NetworkSettings.Networks[`${at.name}_default`]?.Aliases).toEqual(
      expect.arrayContaining(['many', `many-${number}`]),
    );
  }
  expect(new Set([...all.values()].map((one) => hostPort(one, '80/tcp'))).size).toBe(3);
});
