import { expect, test } from 'vitest';
import { get, listContainers, listNetworks, listVolumes } from '../../setup/engine.ts';
import { shop, shopManifest } from './shop.ts';

interface Inspected {
  readonly Id: string;
  readonly State: { readonly StartedAt: string; readonly Status: string };
}

const inspect = (name: string): Promise<Inspected> => get<Inspected>(`/containers/${name}/json`);

/** `web_1 running`, for every container of the project's services. */
const containers = async (project: string): Promise<string[]> => {
  const all = await listContainers({ label: [`com.l9.project=${project}`, 'com.l9.service'] });
  return all
    .map(({ Names, State }) => `${(Names[0] ?? '').replace(`/${project}_`, '')} ${State}`)
    .toSorted();
};

const ours = (project: string) => ({ label: [`com.l9.project=${project}`] });

test('scale, stop, start, restart, pause', async () => {
  const { ok, run, name } = shop();
  await ok('apply', '-q');

  await ok('scale', 'clock=2', '-q');
  expect(await containers(name)).toEqual(['clock_1 running', 'clock_2 running', 'web_1 running']);
  expect(await ok('get', 'clock', '--no-headers')).toMatch(/^clock +Ready +2\/2/);
  // The manifest does not say replicas, so the number stays.
  await ok('apply', '-q');
  expect((await containers(name)).length).toBe(3);
  await ok('scale', 'clock', '--replicas', '1', '-q');

  const stopped = await run(['stop', '-l', 'tier=back']);
  expect(stopped).toMatchObject({ code: 0 });
  expect(stopped.stderr).toContain(`✔ ${name}: 1 of 1 service ready, 1 stopped, 1 action`);
  expect(await containers(name)).toEqual(['clock_1 exited', 'web_1 running']);
  await ok('apply', '-q');
  expect(await containers(name)).toEqual(['clock_1 exited', 'web_1 running']);
  await ok('start', 'clock', '-q');
  expect(await containers(name)).toEqual(['clock_1 running', 'web_1 running']);

  const before = await inspect(`${name}_clock_1`);
  await ok('restart', 'svc/clock', '-q');
  const restarted = await inspect(`${name}_clock_1`);
  expect(restarted.Id).toBe(before.Id);
  expect(restarted.State.StartedAt).not.toBe(before.State.StartedAt);
  await ok('rollout', 'restart', 'clock', '-q');
  expect((await inspect(`${name}_clock_1`)).Id).not.toBe(before.Id);

  await ok('pause', '--for', '1h');
  expect(await ok('get', 'project', '-p', name, '-o', 'jsonpath={.items[*].status.phase}')).toBe(
    'Paused',
  );
  await ok('start', '-q');
  expect(await ok('get', 'project', '-p', name, '-o', 'jsonpath={.items[*].status.phase}')).toBe(
    'Ready',
  );

  expect(await run(['stop', 'clok'])).toMatchObject({ code: 2, stdout: '' });
  expect(await run(['restart', '-l', 'tier=none'])).toMatchObject({ code: 2, stdout: '' });
  expect(await containers(name)).toEqual(['clock_1 running', 'web_1 running']);
});

test('a generation is undone as a new one, and its history is kept', async () => {
  const project = shop();
  const { ok, run, name } = project;
  await ok('apply', '-q');
  project.write('l9.yaml', shopManifest(name).replace('sleep 0.2', 'sleep 0.3'));
  await ok('apply', '-q');
  const command = (): Promise<string> => ok('get', 'clock', '-o', 'jsonpath={.spec.command[2]}');
  expect(await command()).toContain('sleep 0.3');

  await ok('rollout', 'undo', '-q');
  expect(await command()).toContain('sleep 0.2');
  expect(
    (await get<{ Config: { Cmd: string[] } }>(`/containers/${name}_clock_1/json`)).Config.Cmd[2],
  ).toContain('sleep 0.2');
  const history = await ok('rollout', 'history');
  expect(history).toMatch(/^1 .*\n2 .*\n3 .*undo/m);
  expect(await ok('rollout', 'history', '--generation', '2')).toContain('sleep 0.3');
  const list: { items: { generation: number }[] } = JSON.parse(
    await ok('rollout', 'history', '-o', 'json'),
  );
  expect(list.items.map(({ generation }) => generation)).toEqual([1, 2, 3]);
  await ok('rollout', 'undo', '--to', '2', '-q');
  expect(await command()).toContain('sleep 0.3');
  expect(await run(['rollout', 'undo', '--to', '77'])).toMatchObject({ code: 1, stdout: '' });
});

test('delete says what goes and what stays, asks before the whole, and is done at once where there is nothing', async () => {
  const { ok, run, name, folder } = shop();
  await ok('apply', '-q');

  const untold = await run(['delete']);
  expect(untold).toMatchObject({ code: 2, stdout: '' });
  const unasked = await run(['delete', '-p', name]);
  expect(unasked).toMatchObject({ code: 2, stdout: '' });
  expect(unasked.stderr).toContain(`Deletes project ${name} with 2 services (clock, web).`);
  expect(unasked.stderr).toContain(`Stays: 1 volume with its data: ${name}_data.`);
  expect(unasked.stderr).toContain('[ConfirmationNeeded]');
  expect(await containers(name)).toEqual(['clock_1 running', 'web_1 running']);

  // What others need stays; what nobody needs goes without a question.
  expect((await run(['delete', 'service/web', '--yes'])).code).not.toBe(0);
  await ok('delete', 'service/clock');
  expect(await containers(name)).toEqual(['web_1 running']);

  const deleted = await run(['delete', '-f', folder, '--yes']);
  expect(deleted).toMatchObject({ code: 0, stdout: '' });
  expect(deleted.stderr).toContain(`✔ ${name}: gone`);
  expect(await listContainers(ours(name))).toEqual([]);
  expect(await listNetworks(ours(name))).toEqual([]);
  const volumes = await listVolumes(ours(name));
  expect(volumes.map(({ Name }) => Name)).toEqual([`${name}_data`]);
  expect(await ok('wait', `project/${name}`, '--for', 'delete')).toBe(`project/${name}: deleted\n`);
  expect(await run(['delete', '-f', folder, '--yes'])).toMatchObject({ code: 0, stdout: '' });
  expect(await run(['get', '-p', name])).toMatchObject({ code: 1, stdout: '' });
});

test('data goes only where the manifest says so and it is not kept back', async () => {
  const { ok, run, name } = shop((project) =>
    shopManifest(project).replace(
      /name: data }\nspec: \{\}/,
      'name: data }\nspec: { reclaimPolicy: Delete }',
    ),
  );
  const volumes = async (): Promise<string[]> =>
    (await listVolumes({ name: [`${name}_data`] })).map(({ Name }) => Name);
  await ok('apply', '-q');
  const kept = await run(['delete', '-p', name, '--yes', '--keep-volumes']);
  expect(kept.code, kept.stderr).toBe(0);
  expect(await volumes()).toEqual([`${name}_data`]);
  await ok('apply', '-q');
  const asked = await run(['delete', '-p', name]);
  expect(asked.code).toBe(2);
  expect(asked.stderr).toContain(`DATA IS LOST in ${name}_data`);
  await ok('delete', '-p', name, '--yes', '-q');
  expect(await volumes()).toEqual([]);
});
