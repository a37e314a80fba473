import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { l9 } from '../setup/cli.ts';
import type { CliResult } from '../setup/cli.ts';
import { call, exec, listContainers, listNetworks, listVolumes } from '../setup/engine.ts';
import { testProject } from '../setup/project.ts';
import { until } from '../setup/until.ts';

const manifests = fileURLToPath(new URL('../../manifests/quickstart', import.meta.url));

/** The quickstart's own manifests, under a project name of this test's own. */
const quickstart = () => {
  const project = testProject();
  for (const file of readdirSync(manifests)) {
    const text = readFileSync(join(manifests, file), 'utf8');
    project.write(file, text.replaceAll(/\b(name|project): quickstart\b/g, `$1: ${project.name}`));
  }
  return project;
};

const expectDone = (result: CliResult): CliResult => {
  expect(result, `${result.stdout}\n${result.stderr}`).toMatchObject({ code: 0 });
  return result;
};

/** Service → its container, as Docker lists them. */
const containersOf = async (project: string) => {
  const containers = await listContainers({ label: [`com.l9.project=${project}`] });
  return new Map(
    containers
      .filter(({ Labels }) => Labels['com.l9.service'] !== undefined)
      .map((container) => [container.Labels['com.l9.service'] ?? '', container]),
  );
};

test('the quickstart comes up healthy and in order, is mended after a kill, and leaves nothing behind', async () => {
  const project = quickstart();
  const options = { cwd: project.folder };
  const ps = ['-p', project.name];

  expectDone(await l9(['apply', '-f', '.'], options));
  const before = await containersOf(project.name);
  expect([...before.keys()].toSorted()).toEqual(['indexer', 'redis-cache', 'redis-queue']);
  for (const { Status } of before.values()) expect(Status).toContain('(healthy)');
  const table = expectDone(await l9(['get', 'services', ...ps], options)).stdout;
  for (const service of before.keys())
    expect(table).toMatch(new RegExp(`^${service}\\b.*Ready`, 'm'));

  // It does what it is for: what is queued is counted.
  const indexer = before.get('indexer')?.Id ?? '';
  expectDone(
    await l9(['exec', 'indexer', ...ps, '--', 'indexer', 'add', 'to be or not to be'], options),
  );
  await until(() => exec(indexer, ['indexer', 'top', '2']), {
    what: 'the words to be counted',
    is: ({ text }) => text === 'to 2\nbe 2\n',
  });

  const victim = before.get('redis-queue')?.Id ?? '';
  await call('POST', `/containers/${victim}/kill`, [204]);
  await until(() => containersOf(project.name), {
    what: 'the kill to show',
    is: (seen) => seen.get('redis-queue')?.State === 'exited',
  });
  const mended = expectDone(await l9(['apply', '-f', '.'], options));
  expect(mended.stdout + mended.stderr).toMatch(/redis-queue/);
  const after = await containersOf(project.name);
  for (const { State, Status } of after.values())
    expect(`${State} ${Status}`).toMatch(/^running.*\(healthy\)/);
  for (const kept of ['redis-cache', 'indexer'])
    expect(after.get(kept)?.Id).toBe(before.get(kept)?.Id);

  // Nothing is to be done now.
  expect((await l9(['diff', '-f', '.'], options)).code).toBe(0);

  expectDone(await l9(['delete', ...ps, '--yes'], options));
  expect([...(await containersOf(project.name)).keys()]).toEqual([]);
  const left = [...(await listNetworks()), ...(await listVolumes())].map(({ Name }) => Name);
  expect(left.filter((name) => name.includes(project.name))).toEqual([]);
});
