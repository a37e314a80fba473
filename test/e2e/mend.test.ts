import { expect, onTestFinished, test } from 'vitest';
import { removeProjects } from '../setup/cleanup.ts';
import { startKillProxy } from '../setup/kill-proxy.ts';
import { call, exec, listContainers, listVolumes, post } from '../setup/engine.ts';
import { expectCode, hostPort, image, instance, sleeper, stage, told } from '../setup/stage.ts';
import type { Inspected, Stage } from '../setup/stage.ts';
import { until } from '../setup/until.ts';

const port = { name: 'web', container: 80, host: 'auto' };

/** One running service, `web`, with a port and a volume. */
const running = async (): Promise<{ readonly at: Stage; readonly before: Inspected }> => {
  const at = stage();
  at.manifests(
    { kind: 'Volume', metadata: { name: 'files' } },
    sleeper('web', {
      ports: [port],
      volumes: [{ volume: 'files', path: '/files' }],
      recovery: { verifyAfter: '500ms' },
    }),
  );
  await at.done(['apply', '-q']);
  return { at, before: await instance(at.name, 'web-1') };
};

/** Applies again; says why it did something; and then there is nothing left to do. */
const mended = async (at: Stage, cause: RegExp): Promise<Inspected> => {
  const result = await at.done(['apply']);
  expect(told(result)).toMatch(cause);
  const web = await instance(at.name, 'web-1');
  expect(web.State.Status).toBe('running');
  expect(web.Name).toBe(`/${at.name}_web_1`);
  expectCode(await at.l9(['diff']), 0);
  return web;
};

test('a service that was killed is started again', async () => {
  const { at, before } = await running();
  await call('POST', `/containers/${before.Id}/kill`, [204]);
  const web = await mended(at, /web-1 .*— .*exited with code 137/);
  expect(web.Id).toBe(before.Id);
  expect(web.State.StartedAt).not.toBe(before.State.StartedAt);
});

test('a container that was removed is made again, on its port and with its volume', async () => {
  const { at, before } = await running();
  await exec(before.Id, ['sh', '-c', 'echo kept > /files/it']);
  await call('DELETE', `/containers/${before.Id}?force=1&v=1`, [204]);
  const web = await mended(at, /web-1 .*— there is no container/);
  expect(hostPort(web, '80/tcp')).toBe(hostPort(before, '80/tcp'));
  expect((await exec(web.Id, ['cat', '/files/it'])).text).toBe('kept\n');
});

test('a container that was paused goes on', async () => {
  const { at, before } = await running();
  await call('POST', `/containers/${before.Id}/pause`, [204]);
  const web = await mended(at, /web-1 .*— .*paused/);
  expect(web.State.StartedAt).toBe(before.State.StartedAt);
});

test('a container that was renamed gets its name back, without a restart', async () => {
  const { at, before } = await running();
  await call('POST', `/containers/${before.Id}/rename?name=${at.name}-mine`, [204]);
  expect(expectCode(await at.l9(['diff']), 1).stdout).toMatch(/repairs web[^]*renamed to/);
  await at.done(['apply']);
  const web = await instance(at.name, 'web-1');
  expect([web.Id, web.Name, web.State.StartedAt]).toEqual([
    before.Id,
    `/${at.name}_web_1`,
    before.State.StartedAt,
  ]);
});

test('a container that was cut off its network is connected again, with its aliases', async () => {
  const { at, before } = await running();
  const network = `${at.name}_default`;
  await post(`/networks/${network}/disconnect`, { Container: before.Id, Force: true }).catch(
    () => undefined,
  );
  expect((await instance(at.name, 'web-1')).NetworkSettings.Networks).toEqual({});
  const web = await mended(at, /web-1 connected to .*_default .*— not connected to/);
  expect([web.Id, web.State.StartedAt]).toEqual([before.Id, before.State.StartedAt]);
  expect(web.NetworkSettings.Networks[network]?.Aliases).toEqual(
    expect.arrayContaining(['web', 'web-1']),
  );
});

test('a stopped container whose network was deleted is made anew', async () => {
  const { at, before } = await running();
  await call('POST', `/containers/${before.Id}/stop?t=1`, [204]);
  await call('DELETE', `/networks/${at.name}_default`, [204]);
  const web = await mended(at, /its network .*_default was deleted/);
  expect(web.Id).not.toBe(before.Id);
  expect(Object.keys(web.NetworkSettings.Networks)).toEqual([`${at.name}_default`]);
});

test('limits and restart policy that somebody changed are changed back, without a restart', async () => {
  const { at, before } = await running();
  await post(`/containers/${before.Id}/update`, {
    Memory: 64 * 2 ** 20,
    MemorySwap: 64 * 2 ** 20,
    RestartPolicy: { Name: 'always' },
  });
  const web = await mended(
    at,
    /web-1 updated.*— memory: 64Mi → 32Mi, restart policy: always → unless-stopped/,
  );
  expect([web.Id, web.State.StartedAt]).toEqual([before.Id, before.State.StartedAt]);
  expect(web.HostConfig).toMatchObject({
    Memory: 32 * 2 ** 20,
    RestartPolicy: { Name: 'unless-stopped' },
  });
});

test('a tag that moved is a note, and a reason only with --pull', async () => {
  const at = stage();
  const tag = `l9.local/${at.name}`;
  const made: string[] = [];
  onTestFinished(async () => {
    await removeProjects((name) => name === at.name);
    for (const id of made) await call('DELETE', `/images/${id}?force=1`, [200, 404]);
  });
  const base = await post<{ Id: string }>('/commit?container=' + (await scratch(at)), {});
  made.push(base.Id);
  await call('POST', `/images/${base.Id}/tag?repo=${tag}&tag=1`, [201]);
  at.manifests(sleeper('web', { image: `${tag}:1`, pullPolicy: 'never' }));
  await at.done(['apply', '-q']);
  const before = await instance(at.name, 'web-1');

  const other = await post<{ Id: string }>('/commit?container=' + (await scratch(at)), {
    Env: ['MOVED=1'],
  });
  made.push(other.Id);
  await call('POST', `/images/${other.Id}/tag?repo=${tag}&tag=1`, [201]);
  const diff = expectCode(await at.l9(['diff']), 0);
  expect(diff.stdout).toMatch(/note: .*:1/);
  expect((await at.done(['apply'])).stderr).toContain('nothing to do');
  expect((await instance(at.name, 'web-1')).Id).toBe(before.Id);

  const pulled = await at.done(['apply', '--pull']);
  expect(told(pulled)).toMatch(/web-1 .*— .*now means another image/);
  const web = await instance(at.name, 'web-1');
  expect(web.Image).toBe(other.Id);
});

/** A container that never runs, to commit images from. */
const scratch = async (at: Stage): Promise<string> => {
  const name = `${at.name}-scratch-${Math.random().toString(36).slice(2)}`;
  const { Id } = await post<{ Id: string }>(`/containers/create?name=${name}`, { Image: image });
  return Id;
};

test('what stays unhealthy is restarted, then made anew, with the evidence kept', async () => {
  const at = stage();
  // Healthy as long as the container's own layer has no mark: neither a restart nor time mends it.
  const sick = sleeper('web', {
    command: ['sh', '-c', 'echo run $(hostname); exec sleep inf'],
    healthcheck: {
      exec: ['sh', '-c', 'if test -e /broken; then echo it is broken; exit 1; fi'],
      interval: '200ms',
      timeout: '2s',
      retries: 2,
      startPeriod: '0s',
    },
    recovery: { verifyAfter: '500ms', backoff: { initial: '100ms', max: '1s' } },
  });
  at.manifests(sick);
  await at.done(['apply', '-q']);
  const before = await instance(at.name, 'web-1');
  await exec(before.Id, ['touch', '/broken']);
  await until(() => instance(at.name, 'web-1'), {
    what: 'the check to fail',
    is: ({ State }) => State.Health?.Status === 'unhealthy',
  });

  const result = await at.done(['apply']);
  expect(told(result)).toMatch(/web-1 restarted .*— unhealthy.*it is broken/);
  expect(told(result)).toMatch(/web-1 started .*— unhealthy.*it is broken/);
  const web = await instance(at.name, 'web-1');
  expect(web.Id).not.toBe(before.Id);
  expect(web.State.Health?.Status).toBe('healthy');
  const kept = (await listVolumes({ label: [`com.l9.project=${at.name}`] })).filter(
    ({ Labels }) => Labels?.['com.l9.kind'] === 'evidence-record',
  );
  expect(kept).toHaveLength(1);
});

test('applying again writes nothing: not one call that could change anything', async () => {
  const at = stage();
  at.write('secret', 's3cret');
  at.manifests(
    { kind: 'Secret', metadata: { name: 'pass' }, spec: { file: './secret' } },
    { kind: 'Config', metadata: { name: 'conf' }, spec: { content: 'x = 1' } },
    { kind: 'Network', metadata: { name: 'back' } },
    { kind: 'Volume', metadata: { name: 'files' } },
    sleeper('data', {
      ports: [port],
      networks: ['default', { name: 'back', aliases: ['store'] }],
      volumes: [
        { volume: 'files', path: '/files' },
        { config: 'conf', path: '/etc/conf' },
        { secret: 'pass', path: '/run/pass' },
      ],
      hostname: 'data',
      healthcheck: { exec: ['true'], interval: '500ms' },
    }),
    sleeper('web', { replicas: 2, dependsOn: { data: 'healthy' }, env: { P: { secret: 'pass' } } }),
    sleeper('once', { command: ['true'], restart: 'never' }),
  );
  await at.done(['apply', '-q']);
  const proxy = await startKillProxy([[at.name, 'P']]);
  const env = { DOCKER_HOST: proxy.host };
  const writes = () =>
    proxy
      .calls()
      .filter(({ write }) => write)
      .map(({ key }) => key);
  const again = await at.done(['apply'], { env });
  expect(again.stderr).toContain('nothing to do');
  expect(writes()).toEqual([]);
  expect(proxy.calls().length).toBeGreaterThan(0);
  // A control: the proxy does see writes.
  await at.done(['restart', 'web', '-q'], { env });
  expect(writes()).not.toEqual([]);
  const locks = (await listContainers({ label: [`com.l9.project=${at.name}`] })).filter(
    ({ Labels }) => ['lock', 'beat'].includes(Labels['com.l9.kind'] ?? ''),
  );
  expect(locks, 'no lock is left').toEqual([]);
});
