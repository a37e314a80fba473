import { existsSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { removeProjects } from '../setup/cleanup.ts';
import { call, listContainers, listNetworks, listVolumes, post } from '../setup/engine.ts';
import { projectName, testProject } from '../setup/project.ts';

const image = 'l9.local/busybox:1';

/** Everything in the engine whose name or label speaks of the project. */
const traces = async (project: string): Promise<string[]> => {
  const mine = (name: string, labels: Readonly<Record<string, string>> | null): boolean =>
    name.includes(project) || (labels?.['com.l9.project'] ?? '').includes(project);
  return [
    ...(await listContainers())
      .filter((c) => mine(c.Names.join(), c.Labels))
      .map((c) => c.Names[0]),
    ...(await listNetworks()).filter((n) => mine(n.Name, n.Labels)).map((n) => n.Name),
    ...(await listVolumes()).filter((v) => mine(v.Name, v.Labels)).map((v) => v.Name),
  ].map(String);
};

const makeOneOfEach = async (project: string): Promise<void> => {
  const labels = { 'com.l9.project': project };
  const network = `${project}_default`;
  await post('/networks/create', { Name: network, CheckDuplicate: true, Labels: labels });
  await post('/volumes/create', { Name: `${project}_data`, Labels: labels });
  await post('/volumes/create', { Name: `l9-app.${project}.1` });
  await post('/volumes/create', { Name: `${project}-copy_data` });
  await post(`/containers/create?name=l9-lock.${project}`, { Image: image });
  const { Id } = await post<{ Id: string }>(`/containers/create?name=${project}_web_1`, {
    Image: image,
    Cmd: ['sleep', '1000'],
    Labels: labels,
    Volumes: { '/anonymous': {} },
    HostConfig: { Binds: [`${project}_data:/data`], NetworkMode: network },
  });
  await call('POST', `/containers/${Id}/start`, [204]);
};

test('removes containers, networks, volumes, records and locks of a project, running or not', async () => {
  const project = projectName();
  onTestFinished(() => removeProjects((name) => name === project));
  await makeOneOfEach(project);
  expect(await traces(project)).toHaveLength(6);
  await removeProjects((name) => name === project);
  expect(await traces(project)).toEqual([]);
});

test("leaves other people's things alone", async () => {
  const [ours, theirs] = [projectName(), projectName()];
  onTestFinished(() => removeProjects((name) => name === ours || name === theirs));
  await post('/volumes/create', { Name: `${ours}_data` });
  await post('/volumes/create', { Name: `${theirs}_data` });
  await removeProjects((name) => name === ours);
  expect(await traces(theirs)).toEqual([`${theirs}_data`]);
});

test('gives a folder for manifests, with the folders in it', () => {
  const project = testProject();
  const file = project.write('nested/l9.yaml', 'kind: Project\n');
  expect(existsSync(file)).toBe(true);
  expect(file.startsWith(project.folder)).toBe(true);
});
