import { expect, test } from 'vitest';
import { L9Error } from '../../../src/model/errors.ts';
import { label } from '../../../src/model/labels.ts';
import { newest, removeAll, versionsOf, writeNext } from '../../../src/records/sequence.ts';
import { realEngine } from '../../setup/docker.ts';
import { testProject } from '../../setup/project.ts';

interface Counter {
  readonly count: number;
}

const engine = await realEngine();

const counterOf = (project: string) => ({
  prefix: `l9-app.${project}`,
  labels: { [label.managed]: 'true', [label.project]: project, [label.kind]: 'app-record' },
});

const increment = (project: string) =>
  writeNext<Counter>(engine, {
    ...counterOf(project),
    change: (current) => ({ count: (current?.count ?? 0) + 1 }),
  });

const volumesOf = (project: string) =>
  engine.listVolumes({ labels: [`${label.project}=${project}`] });

test('writers that race lose no write, and leave one version', async () => {
  const { name } = testProject();
  const writers = 8;
  await Promise.all(Array.from({ length: writers }, () => increment(name)));
  await increment(name);
  const volumes = await volumesOf(name);
  expect(newest<Counter>(`l9-app.${name}`, volumes)?.value).toEqual({ count: writers + 1 });
  expect(versionsOf(`l9-app.${name}`, volumes)).toHaveLength(1);
});

test('a change that changes nothing writes nothing', async () => {
  const { name } = testProject();
  await increment(name);
  const before = await volumesOf(name);
  const stored = await writeNext<Counter>(engine, { ...counterOf(name), change: () => undefined });
  expect(stored?.value).toEqual({ count: 1 });
  expect(await volumesOf(name)).toEqual(before);
});

test('a version that a killed writer left behind is read, and cleaned by the next writer', async () => {
  const { name } = testProject();
  await increment(name);
  const [first] = await volumesOf(name);
  await increment(name);
  // What a writer leaves that died between its write and its cleaning.
  await engine.createVolume({
    name: `l9-app.${name}.1`,
    driver: 'local',
    driverOpts: {},
    labels: first?.labels ?? {},
  });
  expect(newest<Counter>(`l9-app.${name}`, await volumesOf(name))?.value).toEqual({ count: 2 });
  await increment(name);
  const volumes = await volumesOf(name);
  expect(volumes.map((volume) => volume.name)).toEqual([`l9-app.${name}.3`]);
});

test('large records survive the way through labels', async () => {
  const { name } = testProject();
  const value = { text: Array.from({ length: 20_000 }, (_, index) => `${index * 7919}`).join(' ') };
  await writeNext<typeof value>(engine, { ...counterOf(name), change: () => value });
  const stored = newest<typeof value>(`l9-app.${name}`, await volumesOf(name));
  expect(stored?.value).toEqual(value);
});

test('a record of a newer l9 is neither read nor written over', async () => {
  const { name } = testProject();
  await engine.createVolume({
    name: `l9-app.${name}.7`,
    driver: 'local',
    driverOpts: {},
    labels: { ...counterOf(name).labels, 'com.l9.schema': '2', 'com.l9.data': 'AAAA' },
  });
  await expect(increment(name)).rejects.toMatchObject({ code: 'RecordTooNew' });
  expect((await volumesOf(name)).map((volume) => volume.name)).toEqual([`l9-app.${name}.7`]);
});

test('a damaged record is an error that names its volume', async () => {
  const { name } = testProject();
  await engine.createVolume({
    name: `l9-app.${name}.1`,
    driver: 'local',
    driverOpts: {},
    labels: { ...counterOf(name).labels, 'com.l9.schema': '1', 'com.l9.data': 'bm90IGJyb3RsaQ==' },
  });
  const error = await increment(name).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(L9Error);
  expect(error).toMatchObject({ code: 'RecordUnreadable' });
  expect(String(error)).toContain(`l9-app.${name}.1`);
});

test('removing a record removes all of its versions', async () => {
  const { name } = testProject();
  await increment(name);
  await removeAll(engine, counterOf(name));
  expect(await volumesOf(name)).toEqual([]);
});
