import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startKillProxy } from '../setup/kill-proxy.ts';
import { call, exec, listContainers, listNetworks, listVolumes } from '../setup/engine.ts';
import {
  expectCode,
  inspect,
  instance,
  instancesOf,
  manifest,
  sleeper,
  stage,
  told,
} from '../setup/stage.ts';

const services = async (project: string): Promise<string[]> =>
  [...(await instancesOf(project)).keys()].toSorted();

/** Names on the engine that have to do with a project, records and locks among them. */
const left = async (project: string): Promise<string[]> =>
  [
    ...(await listContainers()).flatMap(({ Names }) => Names),
    ...[...(await listNetworks()), ...(await listVolumes())].map(({ Name }) => Name),
  ].filter((name) => name.includes(project));

test('get, rollout and delete need no files', async () => {
  const at = stage();
  at.manifests(
    { kind: 'Volume', metadata: { name: 'files' } },
    sleeper('web', { volumes: [{ volume: 'files', path: '/files' }] }),
  );
  await at.done(['apply', '-q']);
  at.manifests(
    { kind: 'Volume', metadata: { name: 'files' } },
    sleeper('web', { env: { NEW: '1' }, volumes: [{ volume: 'files', path: '/files' }] }),
  );
  await at.done(['apply', '-q']);
  rmSync(join(at.folder, 'l9.yaml'));
  const elsewhere = { cwd: '/' };
  const of = ['-p', at.name];

  expect((await at.done(['get', ...of, '-o', 'name'], elsewhere)).stdout.trim()).toMatch(/web$/);
  expect((await at.done(['get', 'vol', ...of], elsewhere)).stdout).toContain('files');
  expect((await at.done(['rollout', 'history', ...of], elsewhere)).stdout).toMatch(/^1 .*\n2 /m);
  await at.done(['rollout', 'undo', ...of, '-q'], elsewhere);
  expect((await instance(at.name, 'web-1')).Config.Env).not.toContain('NEW=1');
  expect((await at.done(['rollout', 'history', ...of], elsewhere)).stdout).toMatch(
    /^3 .*undo to generation 1/m,
  );
  expectCode(await at.l9(['rollout', 'undo', ...of, '--to', '9'], elsewhere), 1);
  await at.done(['rollout', 'status', ...of], elsewhere);
  await at.done(['rollout', 'undo', ...of, '--to', '2', '-q'], elsewhere);
  expect((await instance(at.name, 'web-1')).Config.Env).toContain('NEW=1');

  expectCode(await at.l9(['delete', ...of], elsewhere), 2);
  expect(await services(at.name)).toEqual(['web-1']);
  await at.done(['delete', ...of, '--yes', '-q'], elsewhere);
  // Volumes outlive everything unless their manifest says otherwise.
  expect(await left(at.name)).toEqual([`${at.name}_files`]);
});

test('delete takes dependents first, and volumes only with reclaimPolicy Delete and a yes', async () => {
  const at = stage();
  const volume = (name: string, reclaimPolicy: string) => ({
    kind: 'Volume',
    metadata: { name },
    spec: { reclaimPolicy },
  });
  at.manifests(
    volume('kept', 'Retain'),
    volume('lost', 'Delete'),
    sleeper('graph', { volumes: [{ volume: 'kept', path: '/kept' }] }),
    sleeper('indexer', {
      dependsOn: { graph: 'started' },
      volumes: [{ volume: 'lost', path: '/lost' }],
    }),
  );
  await at.done(['apply', '-q']);
  expectCode(await at.l9(['delete', 'service/graph', '-p', at.name, '--yes']), 2);
  const refused = expectCode(await at.l9(['delete', '-p', at.name]), 2);
  expect(refused.stderr).toMatch(/DATA IS LOST in .*_lost/);
  expect(await services(at.name)).toEqual(['graph-1', 'indexer-1']);

  const proxy = await startKillProxy([[at.name, 'P']]);
  await at.done(['delete', '-p', at.name, '--yes', '-q'], { env: { DOCKER_HOST: proxy.host } });
  const stops = proxy.calls().filter(({ label }) => /\/stop\b/.test(label));
  expect(stops.map(({ label }) => label)).toEqual([
    'POST /containers/{P_indexer_1}/stop?t=1',
    'POST /containers/{P_graph_1}/stop?t=1',
  ]);
  expect(await left(at.name)).toEqual([`${at.name}_kept`]);
});

test('prune takes what is gone from where it came from, and nothing else', async () => {
  const at = stage();
  const project = { kind: 'Project', metadata: { name: at.name } };
  at.write('app/project.yaml', manifest(project));
  at.write('app/a.yaml', manifest(sleeper('a')));
  at.write(
    'app/b.yaml',
    manifest(
      { kind: 'Volume', metadata: { name: 'files' } },
      sleeper('b', { volumes: [{ volume: 'files', path: '/files' }] }),
    ),
  );
  const other = sleeper('other');
  at.write(
    'more/other.yaml',
    manifest({ ...other, metadata: { ...other.metadata, project: at.name } }),
  );
  await at.done(['apply', '-q', '-f', 'app']);
  await at.done(['apply', '-q', '-f', 'more']);
  expect(await services(at.name)).toEqual(['a-1', 'b-1', 'other-1']);

  // Files that are merely not named are still there.
  await at.done(['apply', '-q', '--prune', '-f', 'app/project.yaml', '-f', 'app/a.yaml']);
  expect(await services(at.name)).toEqual(['a-1', 'b-1', 'other-1']);

  rmSync(join(at.folder, 'app/b.yaml'));
  await at.done(['apply', '-q', '-f', 'app']);
  expect(await services(at.name), 'without --prune nothing goes').toContain('b-1');

  const proxy = await startKillProxy([[at.name, 'P']]);
  writeFileSync(join(at.folder, 'app/c.yaml'), 'kind: Service\n  bad');
  const broken = await at.l9(['apply', '--prune', '-f', 'app'], {
    env: { DOCKER_HOST: proxy.host },
  });
  expectCode(broken, 2);
  expect(
    proxy.calls().map(({ label }) => label),
    'a mistake is found before the engine is asked for anything',
  ).toEqual([]);
  expect(await services(at.name)).toEqual(['a-1', 'b-1', 'other-1']);
  rmSync(join(at.folder, 'app/c.yaml'));

  const result = await at.done(['apply', '--prune', '-f', 'app']);
  expect(told(result)).toMatch(/b-1 removed .*— no longer in the manifests/);
  expect(await services(at.name)).toEqual(['a-1', 'other-1']);
  expect(await left(at.name)).toContain(`${at.name}_files`);
});

test('a scaled number stays until a manifest states one; stop lasts until start', async () => {
  const at = stage();
  at.manifests(sleeper('web'), sleeper('user', { dependsOn: { web: 'started' } }));
  await at.done(['apply', '-q']);
  await at.done(['scale', 'web=3', '-p', at.name, '-q']);
  expect(await services(at.name)).toEqual(['user-1', 'web-1', 'web-2', 'web-3']);
  expect((await at.done(['apply'])).stderr).toContain('nothing to do');

  at.manifests(sleeper('web', { replicas: 2 }), sleeper('user', { dependsOn: { web: 'started' } }));
  expect((await at.l9(['plan'])).stdout).toMatch(/web-3 +.*scaled to 2/);
  await at.done(['apply', '-q']);
  expect(await services(at.name)).toEqual(['user-1', 'web-1', 'web-2']);

  const before = await instancesOf(at.name);
  await at.done(['stop', 'web', '-p', at.name, '-q']);
  const states = async () =>
    [...(await instancesOf(at.name)).values()].map(({ State }) => State.Status);
  // What depends on it goes with it.
  expect(await states()).toEqual(['exited', 'exited', 'exited']);
  await at.done(['apply', '-q']);
  expect(await states()).toEqual(['exited', 'exited', 'exited']);
  await at.done(['start', 'user', '-p', at.name, '-q']);
  expect(await states()).toEqual(['running', 'running', 'running']);
  for (const [key, { Id }] of await instancesOf(at.name)) expect(Id).toBe(before.get(key)?.Id);
});

test('a paused project is left alone until start', async () => {
  const at = stage();
  at.manifests(sleeper('web', { recovery: { verifyAfter: '300ms' } }));
  await at.done(['apply', '-q']);
  await at.done(['pause', '-p', at.name]);
  const web = await instance(at.name, 'web-1');
  await call('POST', `/containers/${web.Id}/kill`, [204]);
  expect((await at.done(['apply'])).stderr).toContain('paused: nothing is touched until l9 start');
  expect((await inspect(web.Id)).State.Status).toBe('exited');
  await at.done(['start', '-p', at.name, '-q']);
  expect((await inspect(web.Id)).State.Status).toBe('running');
});

test('a project from another folder is refused, and there are three ways out', async () => {
  const at = stage();
  const project = (spec: object) => ({ kind: 'Project', metadata: { name: at.name }, spec });
  at.write('one/l9.yaml', manifest(project({}), sleeper('web')));
  at.write('two/l9.yaml', manifest(project({}), sleeper('web')));
  const [one, two] = [{ cwd: join(at.folder, 'one') }, { cwd: join(at.folder, 'two') }];
  await at.done(['apply', '-q'], one);
  const before = await instance(at.name, 'web-1');

  const refused = expectCode(await at.l9(['apply'], two), 2);
  for (const text of [one.cwd, two.cwd, '--take-over', '--project-name', 'spec.identity: path'])
    expect(refused.stderr).toContain(text);
  expect((await inspect(before.Id)).State.StartedAt).toBe(before.State.StartedAt);

  await at.done(['apply', '-q', '--project-name', `${at.name}-b`], two);
  expect((await instance(`${at.name}-b`, 'web-1')).State.Status).toBe('running');

  writeFileSync(join(two.cwd, 'l9.yaml'), manifest(project({ identity: 'path' }), sleeper('web')));
  const named = (await at.done(['apply', '-o', 'json'], two)).stdout;
  expect(named).toMatch(new RegExp(`"${at.name}-[0-9a-f]{4}"`));

  writeFileSync(join(two.cwd, 'l9.yaml'), manifest(project({}), sleeper('web')));
  await at.done(['apply', '-q', '--take-over'], two);
  expect((await instance(at.name, 'web-1')).Id, 'the same containers').toBe(before.Id);
  expectCode(await at.l9(['apply'], one), 2);
});

test('a project whose folder moved is taken over without a new container', async () => {
  const at = stage();
  mkdirSync(join(at.folder, 'old'));
  at.write(
    'old/l9.yaml',
    manifest({ kind: 'Project', metadata: { name: at.name } }, sleeper('web')),
  );
  await at.done(['apply', '-q'], { cwd: join(at.folder, 'old') });
  const before = await instance(at.name, 'web-1');
  renameSync(join(at.folder, 'old'), join(at.folder, 'new'));
  const cwd = join(at.folder, 'new');
  await at.done(['apply', '-q', '--take-over'], { cwd });
  expect((await instance(at.name, 'web-1')).Id).toBe(before.Id);
  await at.done(['get'], { cwd });
});

test('a one-shot service runs once, however often it is applied or pruned; again when it changes', async () => {
  const at = stage();
  const files = { kind: 'Volume', metadata: { name: 'files' } };
  const migrate = (env: object) =>
    sleeper('migrate', {
      command: ['sh', '-c', 'echo ran >> /files/log'],
      restart: 'never',
      env,
      volumes: [{ volume: 'files', path: '/files' }],
    });
  const web = sleeper('web', {
    dependsOn: { migrate: 'completed' },
    volumes: [{ volume: 'files', path: '/files' }],
  });
  const runs = async (): Promise<number> =>
    (await exec((await instance(at.name, 'web-1')).Id, ['cat', '/files/log'])).text
      .trim()
      .split('\n').length;
  at.manifests(files, migrate({}), web);
  await at.done(['apply', '-q']);
  expect((await at.done(['get', 'migrate', '-p', at.name])).stdout).toContain('Completed');
  await at.done(['apply', '-q']);
  expect(await runs()).toBe(1);

  // What `docker container prune` does.
  await call('DELETE', `/containers/${at.name}_migrate_1`, [204]);
  const again = await at.done(['apply']);
  expect(again.stderr).toContain('nothing to do');
  expect(await runs()).toBe(1);

  at.manifests(files, migrate({ VERSION: '2' }), web);
  await at.done(['apply', '-q']);
  expect(await runs()).toBe(2);
});

test('a record that somebody pruned stops nothing: the next apply writes it again', async () => {
  const at = stage();
  at.manifests(sleeper('web'));
  await at.done(['apply', '-q']);
  const before = await instance(at.name, 'web-1');
  const records = (await listVolumes()).filter(({ Name }) => Name.startsWith(`l9-app.${at.name}.`));
  expect(records).toHaveLength(1);
  for (const { Name } of records) await call('DELETE', `/volumes/${Name}`, [204]);

  expect((await at.done(['get', '-p', at.name])).stdout).toMatch(/web +Unrecorded/);
  expect((await inspect(before.Id)).State.Status).toBe('running');
  await at.done(['apply', '-q']);
  const after = await instance(at.name, 'web-1');
  expect([after.Id, after.State.StartedAt]).toEqual([before.Id, before.State.StartedAt]);
  expect((await at.done(['get', '-p', at.name])).stdout).toMatch(/web +Ready/);
  await at.done(['delete', '-p', at.name, '--yes', '-q']);
  expect(await left(at.name)).toEqual([]);
});
