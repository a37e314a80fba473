import { expect, onTestFinished, test } from 'vitest';
import { removeProjects } from '../setup/cleanup.ts';
import { call, exec, listContainers, post } from '../setup/engine.ts';
import { startKillProxy } from '../setup/kill-proxy.ts';
import {
  expectCode,
  hostPort,
  image,
  instance,
  instancesOf,
  sleeper,
  stage,
  told,
} from '../setup/stage.ts';
import type { Stage } from '../setup/stage.ts';

const auto = { name: 'web', container: 80, host: 'auto' };

/** An image like busybox with a VOLUME at /state; gone at the end of the test. */
const imageWithVolume = async (at: Stage): Promise<string> => {
  const { Id } = await post<{ Id: string }>(`/containers/create?name=${at.name}-scratch`, {
    Image: image,
  });
  const tag = `l9.local/${at.name}:volume`;
  onTestFinished(async () => {
    await removeProjects((name) => name === at.name);
    await call('DELETE', `/images/${tag}?force=1`, [200, 404]);
  });
  await post(`/commit?container=${Id}&repo=l9.local/${at.name}&tag=volume`, {
    Volumes: { '/state': {} },
  });
  return tag;
};

test('a recreate keeps the data of named and of anonymous volumes', async () => {
  const at = stage();
  const own = await imageWithVolume(at);
  const web = (env: object) =>
    sleeper('web', {
      image: own,
      pullPolicy: 'never',
      env,
      volumes: [{ volume: 'files', path: '/files' }],
    });
  const files = { kind: 'Volume', metadata: { name: 'files' } };
  at.manifests(files, web({}));
  await at.done(['apply', '-q']);
  const before = await instance(at.name, 'web-1');
  await exec(before.Id, ['sh', '-c', 'echo named > /files/it; echo anonymous > /state/it']);

  at.manifests(files, web({ NEW: '1' }));
  const result = await at.done(['apply']);
  expect(told(result)).toMatch(/web-1 started .*— env.*NEW/);
  const after = await instance(at.name, 'web-1');
  expect(after.Id).not.toBe(before.Id);
  expect((await exec(after.Id, ['cat', '/files/it', '/state/it'])).text).toBe('named\nanonymous\n');
  expect(await listContainers({ label: [`com.l9.project=${at.name}`] })).toHaveLength(1);
});

test('limits change without a restart; taking one away needs a new container', async () => {
  const at = stage();
  const web = (resources: object) => sleeper('web', { resources });
  at.manifests(web({ memory: '32Mi', cpus: 0.5 }));
  await at.done(['apply', '-q']);
  const before = await instance(at.name, 'web-1');

  at.manifests(web({ memory: '48Mi', cpus: 1, memoryReservation: '16Mi', pids: 40 }));
  expect((await at.l9(['diff'])).stdout).toMatch(/updates web: no interruption/);
  await at.done(['apply', '-q']);
  const after = await instance(at.name, 'web-1');
  expect([after.Id, after.State.StartedAt]).toEqual([before.Id, before.State.StartedAt]);
  expect(after.HostConfig).toMatchObject({
    Memory: 48 * 2 ** 20,
    MemorySwap: 48 * 2 ** 20,
    MemoryReservation: 16 * 2 ** 20,
    NanoCpus: 1e9,
    PidsLimit: 40,
  });

  at.manifests(web({ memory: '48Mi', memoryReservation: '16Mi', pids: 40 }));
  expect((await at.l9(['diff'])).stdout).toMatch(/recreates web: about \d+ s down/);
  await at.done(['apply', '-q']);
  const without = await instance(at.name, 'web-1');
  expect(without.Id).not.toBe(before.Id);
  expect(without.HostConfig).toMatchObject({ NanoCpus: 0, Memory: 48 * 2 ** 20 });
  expectCode(await at.l9(['diff']), 0);
});

test('networks are joined and left, and aliases changed, without a new container', async () => {
  const at = stage();
  const back = { kind: 'Network', metadata: { name: 'back' } };
  const networks = async (): Promise<string[]> =>
    Object.keys((await instance(at.name, 'web-1')).NetworkSettings.Networks).toSorted();
  at.manifests(back, sleeper('web'));
  await at.done(['apply', '-q']);
  const before = await instance(at.name, 'web-1');

  at.manifests(back, sleeper('web', { networks: ['default', { name: 'back', aliases: ['a'] }] }));
  await at.done(['apply', '-q']);
  expect(await networks()).toEqual([`${at.name}_back`, `${at.name}_default`]);

  at.manifests(back, sleeper('web', { networks: [{ name: 'back', aliases: ['b'] }] }));
  expect((await at.l9(['diff'])).stdout).toMatch(/reconnects web/);
  await at.done(['apply', '-q']);
  expect(await networks()).toEqual([`${at.name}_back`]);
  const after = await instance(at.name, 'web-1');
  expect([after.Id, after.State.StartedAt]).toEqual([before.Id, before.State.StartedAt]);
  const aliases = after.NetworkSettings.Networks[`${at.name}_back`]?.Aliases;
  expect(aliases).toContain('b');
  expect(aliases).not.toContain('a');
  expectCode(await at.l9(['diff']), 0);
});

test('two services change their host ports in one apply', async () => {
  const at = stage();
  at.manifests(sleeper('a', { ports: [auto] }), sleeper('b', { ports: [auto] }));
  await at.done(['apply', '-q']);
  // Ports that are free: the engine has just given them out.
  const a = hostPort(await instance(at.name, 'a-1'), '80/tcp');
  const b = hostPort(await instance(at.name, 'b-1'), '80/tcp');
  const fixed = (host: number) => ({ ports: [{ name: 'web', container: 80, host }] });
  at.manifests(sleeper('a', fixed(b)), sleeper('b', fixed(a)));
  await at.done(['apply', '-q']);
  expect(hostPort(await instance(at.name, 'a-1'), '80/tcp')).toBe(b);
  expect(hostPort(await instance(at.name, 'b-1'), '80/tcp')).toBe(a);
  for (const one of (await instancesOf(at.name)).values()) expect(one.State.Status).toBe('running');
  expectCode(await at.l9(['diff']), 0);
});

/** How many instances of a service ran at each of the program's writes. */
const runningAtEachWrite = async (at: Stage, service: string, args: readonly string[]) => {
  const proxy = await startKillProxy([[at.name, 'P']]);
  const seen: number[] = [];
  const look = async (): Promise<'continue'> => {
    const running = await listContainers({
      label: [`com.l9.project=${at.name}`, `com.l9.service=${service}`],
      status: ['running'],
    });
    seen.push(running.length);
    return 'continue';
  };
  proxy.inject({
    at: ({ write, label }) => write && /containers/.test(label),
    when: 'after',
    act: look,
    times: Infinity,
  });
  await at.done(args, { env: { DOCKER_HOST: proxy.host } });
  return seen;
};

test('a rolling update keeps all but maxUnavailable up', async () => {
  const at = stage();
  const web = (env: object) =>
    sleeper('web', { replicas: 3, env, update: { strategy: 'rolling', maxUnavailable: 1 } });
  at.manifests(web({}));
  await at.done(['apply', '-q']);
  const before = await instancesOf(at.name);
  at.manifests(web({ NEW: '1' }));
  expect((await at.l9(['diff'])).stdout).toMatch(/recreates web: 1 of 3 at a time/);
  const seen = await runningAtEachWrite(at, 'web', ['apply', '-q']);
  expect(Math.min(...seen)).toBe(2);
  expect(Math.max(...seen)).toBe(3);
  const after = await instancesOf(at.name);
  expect([...after.keys()].toSorted()).toEqual([...before.keys()].toSorted());
  for (const [key, { Id, Config }] of after) {
    expect(Id).not.toBe(before.get(key)?.Id);
    expect(Config.Env).toContain('NEW=1');
  }
});

test('start-first has the new one healthy before the old one stops', async () => {
  const at = stage();
  const web = (env: object) =>
    sleeper('web', {
      env,
      healthcheck: { exec: ['true'], interval: '300ms' },
      update: { order: 'start-first' },
    });
  at.manifests(web({}));
  await at.done(['apply', '-q']);
  at.manifests(web({ NEW: '1' }));
  expect((await at.l9(['diff'])).stdout).toMatch(/recreates web: no interruption/);
  const seen = await runningAtEachWrite(at, 'web', ['apply', '-q']);
  expect(Math.min(...seen)).toBe(1);
  expect(Math.max(...seen)).toBe(2);
  expect((await instancesOf(at.name)).size).toBe(1);
});

test('autoRollback goes back to what ran before, and says so', async () => {
  const at = stage();
  const web = (command: string) =>
    sleeper('web', {
      command: ['sh', '-c', command],
      healthcheck: { exec: ['true'], interval: '500ms' },
      update: { autoRollback: true },
      recovery: { verifyAfter: '300ms', backoff: { initial: '100ms', max: '200ms' } },
    });
  at.manifests(web('exec sleep inf'));
  await at.done(['apply', '-q']);
  at.manifests(web('exit 3'));
  const result = expectCode(await at.l9(['apply', '--timeout', '60s']), 4);
  expect(told(result)).toMatch(/back|undo/i);
  const after = await instance(at.name, 'web-1');
  expect(after.State.Status).toBe('running');
  expect(after.Config.Cmd).toEqual(['sh', '-c', 'exec sleep inf']);
  expect((await at.done(['rollout', 'history', '-p', at.name])).stdout).toMatch(/\b3\b/);
});

test('--force-recreate replaces what is as it should be, only where it is asked for', async () => {
  const at = stage();
  at.manifests(sleeper('a'), sleeper('b'));
  await at.done(['apply', '-q']);
  const before = await instancesOf(at.name);
  await at.done(['apply', '-q', '--force-recreate', 'a']);
  const after = await instancesOf(at.name);
  expect(after.get('a-1')?.Id).not.toBe(before.get('a-1')?.Id);
  expect(after.get('b-1')?.Id).toBe(before.get('b-1')?.Id);
});

test('diff, plan and --dry-run tell and touch nothing; diff exits with 0, 1 or 2', async () => {
  const at = stage();
  const proxy = await startKillProxy([[at.name, 'P']]);
  const env = { DOCKER_HOST: proxy.host };
  const graph = sleeper('graph');
  const indexer = sleeper('indexer', { dependsOn: { graph: 'started' } });
  at.manifests(graph, indexer);

  expect(expectCode(await at.l9(['diff'], { env }), 1).stdout).toMatch(/creates graph/);
  expect((await at.done(['apply', '--dry-run'], { env })).stdout).toMatch(/create .*_graph_1/);
  expect((await at.done(['plan'], { env })).stdout).toMatch(/create .*_graph_1/);
  const writes = () => proxy.calls().filter(({ write }) => write);
  expect(writes()).toEqual([]);
  expect((await instancesOf(at.name)).size).toBe(0);

  await at.done(['apply', '-q']);
  expectCode(await at.l9(['diff'], { env }), 0);
  at.manifests(sleeper('graph', { env: { NEW: '1' } }), indexer);
  expect(expectCode(await at.l9(['diff'], { env }), 1).stdout).toMatch(
    /recreates graph: about \d+ s down; indexer depends on it\n\s+env.*NEW/,
  );
  at.write('l9.yaml', 'kind: [');
  expectCode(await at.l9(['diff'], { env }), 2);
  expect(writes()).toEqual([]);
});

test('services as arguments bring what they depend on, and nothing else', async () => {
  const at = stage();
  at.manifests(
    sleeper('graph'),
    sleeper('indexer', { dependsOn: { graph: 'started' } }),
    sleeper('other'),
  );
  await at.done(['apply', '-q', 'indexer']);
  expect([...(await instancesOf(at.name)).keys()].toSorted()).toEqual(['graph-1', 'indexer-1']);
  expectCode(await at.l9(['apply', 'nobody']), 2);
  await at.done(['apply', '-q']);
  expect((await instancesOf(at.name)).size).toBe(3);
});

test('dependents start in order, wait until healthy, and are left out when that fails', async () => {
  const at = stage();
  const check = { interval: '200ms', startPeriod: '0s', retries: 1 };
  at.manifests(
    sleeper('graph', {
      command: ['sh', '-c', 'sleep 1; touch /ready; exec sleep inf'],
      healthcheck: { exec: ['test', '-e', '/ready'], ...check, retries: 30 },
    }),
    sleeper('user', { dependsOn: { graph: 'healthy' } }),
    sleeper('broken', { command: ['nobody-has-this'], init: false }),
    sleeper('orphan', { dependsOn: { broken: 'started' } }),
    sleeper('free'),
  );
  const result = expectCode(await at.l9(['apply', '--timeout', '60s']), 4);
  const all = await instancesOf(at.name);
  const started = (key: string): number => Date.parse(all.get(key)?.State.StartedAt ?? '');
  expect(started('user-1') - started('graph-1')).toBeGreaterThan(1000);
  expect(all.get('free-1')?.State.Status).toBe('running');
  expect(all.get('orphan-1')?.State.Status ?? 'absent').not.toBe('running');
  expect(result.stderr).toMatch(/broken: .*nobody-has-this/);
  expect(result.stderr).toMatch(/orphan: .*broken/);
});
