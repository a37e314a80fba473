import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { removeProjects } from '../setup/cleanup.ts';
import { call, get, post } from '../setup/engine.ts';
import {
  expectCode,
  hostPort,
  image,
  inspect,
  instance,
  instancesOf,
  sleeper,
  stage,
} from '../setup/stage.ts';

/** A container that somebody made by hand; it begins with the test's project, so the clean-up finds it. */
const foreign = async (name: string, body: object = {}): Promise<string> => {
  const create = { Image: image, Cmd: ['sleep', 'inf'], ...body };
  const { Id } = await post<{ Id: string }>(`/containers/create?name=${name}`, create);
  await call('POST', `/containers/${Id}/start`, [204]);
  return Id;
};

/** A process of the host that listens on a port, until the test ends. */
const listen = async (port = 0): Promise<number> => {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', resolve);
  });
  onTestFinished(() => void server.close());
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return (address satisfies AddressInfo).port;
};

/** A port that nobody listens on just now. */
const freePort = async (): Promise<number> => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
};

test("a stranger's container that has our name is named, and left alone", async () => {
  const at = stage();
  const id = await foreign(`${at.name}_web_1`, {
    Labels: { 'com.docker.compose.project': 'shop' },
  });
  const before = await inspect(id);
  at.manifests(sleeper('web'), sleeper('free'));
  const result = expectCode(await at.l9(['apply']), 4);
  expect(result.stderr).toContain(`the name ${at.name}_web_1 is taken`);
  expect(result.stderr).toContain(id.slice(0, 12));
  expect(result.stderr).toContain('Compose project shop');
  expect(result.stderr).toMatch(/→ .*docker rename/);
  const after = await inspect(id);
  expect([after.Name, after.State.StartedAt]).toEqual([before.Name, before.State.StartedAt]);
  // The rest goes on.
  expect((await instance(at.name, 'free-1')).State.Status).toBe('running');

  await call('POST', `/containers/${id}/rename?name=${at.name}-other`, [204]);
  await at.done(['apply', '-q']);
  await at.done(['delete', '-p', at.name, '--yes', '-q']);
  expect((await inspect(id)).State.Status).toBe('running');
});

test("a stranger's network and volume of our names are named, and left alone", async () => {
  const at = stage();
  const { Id } = await post<{ Id: string }>('/networks/create', {
    Name: `${at.name}_default`,
    IPAM: { Config: [{ Subnet: '10.211.66.0/24' }] },
  });
  const files = { kind: 'Volume', metadata: { name: 'files' } };
  at.manifests(files, sleeper('web', { volumes: [{ volume: 'files', path: '/files' }] }));
  const byNetwork = expectCode(await at.l9(['apply']), 4);
  expect(byNetwork.stderr).toContain(`a network named ${at.name}_default exists`);
  expect(byNetwork.stderr).toMatch(/→ .*external: true/);
  expect((await instancesOf(at.name)).size).toBe(0);
  expect(await get(`/networks/${Id}`)).toMatchObject({ Containers: {}, Labels: {} });
  await call('DELETE', `/networks/${Id}`, [204]);

  await at.done(['delete', '-p', at.name, '--yes', '-q']);
  await call('DELETE', `/volumes/${at.name}_files`, [204, 404]);
  await post('/volumes/create', { Name: `${at.name}_files`, Labels: { owner: 'me' } });
  const byVolume = expectCode(await at.l9(['apply']), 4);
  expect(byVolume.stderr).toContain(`a volume named ${at.name}_files exists`);
  expect(byVolume.stderr).toMatch(/→ .*external: true/);
  // Never shadowed by an empty one, never started without it.
  expect((await instancesOf(at.name)).size).toBe(0);
  expect(await get(`/volumes/${at.name}_files`)).toMatchObject({ Labels: { owner: 'me' } });
});

test('a fixed port that a stranger or a process of the host holds is named, and left alone', async () => {
  const at = stage();
  const port = await freePort();
  const id = await foreign(`${at.name}-holder`, {
    ExposedPorts: { '80/tcp': {} },
    HostConfig: { PortBindings: { '80/tcp': [{ HostIp: '127.0.0.1', HostPort: String(port) }] } },
  });
  const web = (host: number) => sleeper('web', { ports: [{ name: 'web', container: 80, host }] });
  at.manifests(web(port));
  const byContainer = expectCode(await at.l9(['apply']), 4);
  expect(byContainer.stderr).toContain(`host port ${port} is held by container ${at.name}-holder`);
  expect(byContainer.stderr).toMatch(/→ .*host: auto/);
  expect((await inspect(id)).State.Status).toBe('running');

  const held = await listen();
  at.manifests(web(held));
  const byProcess = expectCode(await at.l9(['apply', '--timeout', '30s']), 4);
  expect(byProcess.stderr).toMatch(new RegExp(`web: .*\\b${held}\\b`));
  expect(byProcess.stderr).toMatch(/→ .*host: auto/);
});

test('host: auto passes over a port that a process of the host holds', async () => {
  const at = stage();
  at.manifests(sleeper('web', { ports: [{ name: 'web', container: 80, host: 'auto' }] }));
  await at.done(['apply', '-q']);
  const first = hostPort(await instance(at.name, 'web-1'), '80/tcp');
  await at.done(['delete', '-p', at.name, '--yes', '-q']);
  // The same name asks for the same port first.
  await listen(first);
  await at.done(['apply', '-q']);
  const web = await instance(at.name, 'web-1');
  expect(web.State.Status).toBe('running');
  expect(hostPort(web, '80/tcp')).not.toBe(first);
  expectCode(await at.l9(['diff']), 0);
});

test('a container of an image that was committed from ours is not ours', async () => {
  const at = stage();
  at.manifests(sleeper('web'));
  await at.done(['apply', '-q']);
  const web = await instance(at.name, 'web-1');
  const tag = `l9.local/${at.name}:committed`;
  onTestFinished(async () => {
    await removeProjects((name) => name === at.name);
    await call('DELETE', `/images/${tag}?force=1`, [200, 404]);
  });
  await post(`/commit?container=${web.Id}&repo=l9.local/${at.name}&tag=committed`, {});
  const id = await foreign(`${at.name}-copy`, { Image: tag });
  // It carries all our labels along.
  expect((await inspect(id)).Config.Labels['com.l9.service']).toBe('web');

  expect((await at.done(['apply'])).stderr).toContain('nothing to do');
  await at.done(['restart', 'web', '-q']);
  await at.done(['delete', '-p', at.name, '--yes', '-q']);
  const copy = await inspect(id);
  expect([copy.Name, copy.State.Status]).toEqual([`/${at.name}-copy`, 'running']);
});

test('external networks and volumes have to be there, are used, and are never removed', async () => {
  const at = stage();
  const outside = `${at.name}-outside`;
  const external = { external: true, name: outside };
  at.manifests(
    { kind: 'Network', metadata: { name: 'lan' }, spec: external },
    { kind: 'Volume', metadata: { name: 'files' }, spec: external },
    sleeper('web', { networks: ['lan'], volumes: [{ volume: 'files', path: '/files' }] }),
  );
  const missing = expectCode(await at.l9(['apply']), 4);
  expect(missing.stderr).toContain(`network ${outside} is external and does not exist`);
  expect(missing.stderr).toContain(`docker network create ${outside}`);
  expect(missing.stderr).toContain(`volume ${outside} is external and does not exist`);

  await post('/networks/create', {
    Name: outside,
    IPAM: { Config: [{ Subnet: '10.211.67.0/24' }] },
  });
  await post('/volumes/create', { Name: outside });
  await at.done(['apply', '-q']);
  const web = await instance(at.name, 'web-1');
  expect(Object.keys(web.NetworkSettings.Networks)).toEqual([outside]);
  expect(web.Mounts.map(({ Name }) => Name)).toEqual([outside]);
  await at.done(['delete', '-p', at.name, '--yes', '-q']);
  expect(await get(`/networks/${outside}`)).toMatchObject({ Name: outside });
  expect(await get(`/volumes/${outside}`)).toMatchObject({ Name: outside });
});
