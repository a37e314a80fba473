import { createHash } from 'node:crypto';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { LoadedManifests } from '../../../src/manifest/load.ts';
import { asLines, failuresOf, folderWith, load, loadFrom, mistakesIn } from './folder.ts';

const project = (name: string, spec = '{}'): string =>
  `apiVersion: l9.dev/v1\nkind: Project\nmetadata: { name: ${name} }\nspec: ${spec}\n---\n`;

const service = (name: string, more = '', spec = '{ image: redis:7 }'): string =>
  `apiVersion: l9.dev/v1\nkind: Service\nmetadata: { name: ${name}${more} }\nspec: ${spec}\n---\n`;

const members = ({ documents }: LoadedManifests): readonly string[] =>
  documents.map(({ kind, name, project }) => `${project}: ${kind} ${name}`);

const hash = (path: string): string => createHash('sha256').update(path).digest('hex');

test('without paths l9.yaml is taken, then manifests/', async () => {
  const folder = folderWith({
    'l9.yaml': project('one') + service('a'),
    'manifests/l9.yaml': project('two') + service('b'),
  });
  expect(members(await loadFrom(folder))).toEqual(['one: Project one', 'one: Service a']);
  const second = folderWith({ 'manifests/x/l9.yml': project('two') + service('b') });
  expect(members(await loadFrom(second))).toEqual(['two: Project two', 'two: Service b']);
});

test('without anything to take it says what it looked for', async () => {
  await expect(loadFrom(folderWith({}))).rejects.toMatchObject({
    code: 'ManifestNotFound',
    message: expect.stringContaining('there is no l9.yaml and no manifests/ in'),
    hint: expect.stringContaining('-f'),
  });
  await expect(loadFrom(folderWith({ 'compose.yaml': 'services: {}' }))).rejects.toMatchObject({
    code: 'ComposeNotSupportedYet',
  });
  await expect(loadFrom(folderWith({}), { paths: ['nope.yaml'] })).rejects.toMatchObject({
    code: 'ManifestNotFound',
    message: expect.stringContaining('nope.yaml'),
  });
  await expect(loadFrom(folderWith({ 'm/readme.md': '' }), { paths: ['m'] })).rejects.toMatchObject(
    { code: 'ManifestNotFound', message: expect.stringContaining('no .yaml, .yml or .json file') },
  );
  await expect(loadFrom(folderWith({ 'l9.yaml': '# nothing yet\n---\n' }))).rejects.toMatchObject({
    code: 'ManifestNotFound',
    message: expect.stringContaining('there is no manifest in'),
  });
  await expect(loadFrom(folderWith({}), { paths: ['-'], stdin: '' })).rejects.toMatchObject({
    code: 'ManifestNotFound',
    hint: 'standard input was empty',
  });
});

test('folders are read recursively, in a steady order, without hidden ones and other files', async () => {
  const folder = folderWith({
    'm/b.yaml': service('b'),
    'm/a.yml': project('p') + service('a'),
    'm/sub/deep/c.json': JSON.stringify({
      apiVersion: 'l9.dev/v1',
      kind: 'Service',
      metadata: { name: 'c' },
      spec: { image: 'redis:7' },
    }),
    'm/.hidden/d.yaml': 'nonsense: [',
    'm/node_modules/e.yaml': 'nonsense: [',
    'm/notes.txt': 'nonsense: [',
  });
  // A link to a folder above would be read for ever.
  symlinkSync(join(folder, 'm'), join(folder, 'm/sub/again'));
  const loaded = await loadFrom(folder, { paths: ['m'] });
  expect(members(loaded)).toEqual(['p: Project p', 'p: Service a', 'p: Service b', 'p: Service c']);
  expect(loaded.files.map((file) => file.replace(folder, ''))).toEqual([
    '/m/a.yml',
    '/m/b.yaml',
    '/m/sub/deep/c.json',
  ]);
});

test('other YAML in a folder is passed over with a warning; named itself it is a mistake', async () => {
  const files = {
    'm/l9.yaml': project('p') + service('a'),
    'm/prometheus.yml': 'scrape_configs: []\n',
    'm/compose.yaml': 'services: { a: { image: b } }\n',
  };
  const folder = folderWith(files);
  const { warnings } = await loadFrom(folder, { paths: ['m'] });
  expect(asLines(warnings, folder).filter((line) => line.includes('NotAManifest'))).toEqual([
    expect.stringMatching(/^m\/compose.yaml:1:1 NotAManifest .*Compose file.*passed over/),
    expect.stringMatching(
      /^m\/prometheus.yml:1:1 NotAManifest a document without apiVersion and kind; passed over/,
    ),
  ]);
  const named = await failuresOf(folder, {
    paths: ['m/l9.yaml', 'm/prometheus.yml', 'm/compose.yaml'],
  });
  expect(named.map(({ code }) => code)).toEqual(['ComposeNotSupportedYet', 'NotAManifest']);
});

test('standard input has the working directory for its folder', async () => {
  const folder = folderWith({ 'conf.txt': 'x' });
  const text = `${project('p')}apiVersion: l9.dev/v1
kind: Config
metadata: { name: c }
spec: { file: conf.txt }
`;
  const loaded = await loadFrom(folder, { paths: ['-'], stdin: Buffer.from(text) });
  expect(loaded.projects[0]).toMatchObject({ name: 'p', path: folder });
  expect(loaded.documents[1]).toMatchObject({
    spec: { file: join(folder, 'conf.txt'), content: 'x' },
    origin: { file: '<stdin>', line: 6, root: folder },
  });
  expect(loaded.files).toEqual([]);
});

test('a file that is named twice, or beside its folder, is read once', async () => {
  const folder = folderWith({ 'm/l9.yaml': project('p') + service('a') });
  const loaded = await loadFrom(folder, { paths: ['m', 'm/l9.yaml', './m/../m/l9.yaml'] });
  expect(members(loaded)).toEqual(['p: Project p', 'p: Service a']);
});

test('a service belongs to the project it names, else to the one in its file, its folder, above it', async () => {
  const folder = folderWith({
    'm/l9.yaml': project('outer') + service('a') + service('b', ', project: other'),
    'm/same-folder.yaml': service('c'),
    'm/deep/below.yaml': service('d'),
    'm/own/l9.yaml': project('inner'),
    'm/own/e.yaml': service('e'),
    'm/both.yaml': service('f', ', project: inner'),
  });
  expect(members(await loadFrom(folder, { paths: ['m'] }))).toEqual([
    'inner: Project inner',
    'inner: Service e',
    'inner: Service f',
    'other: Service b',
    'outer: Project outer',
    'outer: Service a',
    'outer: Service c',
    'outer: Service d',
  ]);
});

test('a service in one file among several is still of the project in its folder, which is not applied', async () => {
  const folder = folderWith({
    'm/l9.yaml': project('p', '{ identity: path, variant: small }'),
    'm/a.yaml': service(
      'a',
      '',
      '{ image: redis:7, variants: { small: { image: redis:alpine } } }',
    ),
    'm/b.yaml': service('b', ', project: p'),
  });
  const loaded = await loadFrom(folder, { paths: ['m/a.yaml', 'm/b.yaml'] });
  const name = `p-${hash(join(folder, 'm')).slice(0, 4)}`;
  expect(members(loaded)).toEqual([`${name}: Service a`, `${name}: Service b`]);
  expect(loaded.documents[0]?.spec).toEqual({ image: 'redis:alpine' });
  expect(loaded.projects).toMatchObject([{ name, path: join(folder, 'm'), variant: 'small' }]);
  expect(loaded.projects[0]?.document).toBeUndefined();
});

test('a service of no project, or of several, is a mistake', async () => {
  expect(await mistakesIn(service('a'))).toEqual([
    '3:13 NoProject Service "a" belongs to no project → write metadata.project, or add a Project document to the same file or folder',
  ]);
  expect(await mistakesIn(project('p') + project('q') + service('a'))).toEqual([
    '13:13 AmbiguousProject Service could belong to "p" and "q" → write metadata.project',
  ]);
});

test('services of a project without a Project document are of the folder that was named', async () => {
  const folder = folderWith({ 'm/deep/a.yaml': service('a', ', project: p') });
  const loaded = await loadFrom(folder, { paths: ['m'] });
  const path = join(folder, 'm');
  expect(loaded.projects).toEqual([{ name: 'p', path, pathHash: hash(path), variables: [] }]);
  expect(loaded.documents[0]?.origin).toEqual({
    file: join(folder, 'm/deep/a.yaml'),
    line: 1,
    root: path,
  });
});

test('the root is the path of the project for what stands in it, else the folder that was named', async () => {
  const folder = folderWith({
    'm/app/l9.yaml': project('p'),
    'm/app/sub/a.yaml': service('a'),
    'm/extra/b.yaml': service('b', ', project: p'),
  });
  const { documents } = await loadFrom(folder, { paths: ['m'] });
  expect(documents.map(({ name, origin }) => [name, origin.root.replace(folder, '')])).toEqual([
    ['p', '/m/app'],
    ['a', '/m/app'],
    ['b', '/m'],
  ]);
});

test('identity: path appends four characters of the path’s hash', async () => {
  const folder = folderWith({
    'l9.yaml': project('p', '{ identity: path }') + service('a', ', project: p'),
  });
  const loaded = await loadFrom(folder);
  const name = `p-${hash(folder).slice(0, 4)}`;
  expect(members(loaded)).toEqual([`${name}: Project ${name}`, `${name}: Service a`]);
  const long = 'a'.repeat(38);
  expect(await mistakesIn(project(long, '{ identity: path }'))).toEqual([
    expect.stringMatching(
      /^3:19 InvalidValue with identity: path the name may have at most 35 characters/,
    ),
  ]);
});

test('--project-name goes before every name, and names one project', async () => {
  const text = project('p', '{ identity: path }') + service('a', ', project: p') + service('b');
  const loaded = await load(text, { projectName: 'mine' });
  expect(members(loaded)).toEqual(['mine: Project mine', 'mine: Service a', 'mine: Service b']);
  expect(members(await load(service('a'), { projectName: 'mine' }))).toEqual(['mine: Service a']);
  expect(members(await load(service('a', ', project: p'), { projectName: 'mine' }))).toEqual([
    'mine: Service a',
  ]);
  expect(
    await mistakesIn(project('p') + service('a', ', project: p') + service('b', ', project: q'), {
      projectName: 'mine',
    }),
  ).toEqual([expect.stringMatching(/^- AmbiguousProject --project-name mine names one project/)]);
});

test('variables of l9 say what the project and the service are', async () => {
  const folder = folderWith({
    'l9.yaml': `${project('p')}apiVersion: l9.dev/v1
kind: Service
metadata: { name: web, labels: { of: "\${L9_PROJECT}" } }
spec:
  image: redis:7
  hostname: "\${L9_SERVICE}-\${L9_INSTANCE}"
  env: { P: "\${L9_PROJECT}", D: "\${L9_PROJECT_PATH}", H: "\${L9_PROJECT_HASH}", I: "\${L9_INSTANCE}" }
`,
  });
  // What l9 says about itself cannot be overridden from outside.
  const { documents, projects } = await loadFrom(folder, {
    env: { L9_PROJECT: 'x', L9_INSTANCE: '7' },
  });
  expect(documents[1]).toMatchObject({
    labels: { of: 'p' },
    spec: {
      hostname: 'web-${L9_INSTANCE}',
      env: { P: 'p', D: folder, H: hash(folder), I: '${L9_INSTANCE}' },
    },
  });
  expect(projects[0]?.variables).toEqual([]);
  expect(await mistakesIn(service('"${L9_PROJECT}"', ', project: p'))).toEqual([
    expect.stringMatching(/InvalidVariable metadata.name cannot depend on L9_PROJECT/),
  ]);
});

test('variables come from the environment, then from the nearest .env, and are told', async () => {
  const text = (name: string): string =>
    service(
      name,
      ', project: p',
      '{ image: redis:7, env: { A: "${A:-}", B: "${B:-}", C: "${C:-none}" } }',
    );
  const folder = folderWith({
    '.env': 'A=top\nB=top',
    'm/.env': 'A=m\nB=m',
    'm/sub/.env': 'B=sub',
    'm/a.yaml': text('a'),
    'm/sub/b.yaml': text('b'),
    'n/c.yaml': text('c'),
  });
  const envs = async (paths: readonly string[], options = {}): Promise<unknown> => {
    const { documents } = await loadFrom(folder, { paths, env: { A: 'env' }, ...options });
    return documents.map((document) => document.kind === 'Service' && document.spec.env);
  };
  expect(await envs(['m'])).toEqual([
    { A: 'env', B: 'm', C: 'none' },
    { A: 'env', B: 'sub', C: 'none' },
  ]);
  // Above the folder that was named only the working directory counts.
  expect(await envs(['n'])).toEqual([{ A: 'env', B: 'top', C: 'none' }]);
  expect(await envs(['m/a.yaml'], { envFiles: ['m/sub/.env', '.env'] })).toEqual([
    { A: 'env', B: 'top', C: 'none' },
  ]);
  const { projects } = await loadFrom(folder, { paths: ['m/a.yaml'], env: { A: 'env' } });
  expect(projects[0]?.variables).toEqual([
    { name: 'A', value: 'env', source: 'environment' },
    { name: 'B', value: 'm', source: join(folder, 'm/.env') },
    { name: 'C', value: null, source: 'unset' },
  ]);
});

test('outputs keep their references to hosts and ports', async () => {
  const { documents } = await load(
    `${project('p', '{ outputs: { URL: "redis://${host.a}:${port.a.redis}/${DB:-0}" } }')}${service('a', '', '{ image: redis:7, ports: [{ name: redis, container: 6379 }] }')}`,
  );
  expect(documents[0]?.spec).toEqual({
    outputs: { URL: 'redis://${host.a}:${port.a.redis}/0' },
  });
});

test('paths are absolute, from the folder of the file in which they stand', async () => {
  const folder = folderWith({
    'm/l9.yaml': project('p'),
    'm/sub/a.yaml': `${service('a', '', '{ build: { context: ../app }, volumes: [{ bind: ./data, path: /a }, { bind: ~/, path: /home }, { bind: /tmp, path: /t }] }')}apiVersion: l9.dev/v1
kind: Secret
metadata: { name: s }
spec: { file: ./key }
---
apiVersion: l9.dev/v1
kind: Secret
metadata: { name: t }
spec: { env: TOKEN }
---
apiVersion: l9.dev/v1
kind: Secret
metadata: { name: u }
spec: { content: "\${TOKEN}!" }
`,
    'm/app/Dockerfile': '',
    'm/sub/key': 'k1',
  });
  mkdirSync(join(folder, 'm/sub/data'));
  const loaded = await loadFrom(folder, { paths: ['m'], env: { TOKEN: 't1', HOME: folder } });
  const specs = Object.fromEntries(loaded.documents.map(({ name, spec }) => [name, spec]));
  expect(specs).toEqual({
    p: {},
    a: {
      build: { context: join(folder, 'm/app') },
      volumes: [
        { bind: join(folder, 'm/sub/data'), path: '/a' },
        { bind: folder, path: '/home' },
        { bind: '/tmp', path: '/t' },
      ],
    },
    // A secret's value is no part of a document: those are recorded in clear.
    s: { file: join(folder, 'm/sub/key') },
    t: { env: 'TOKEN' },
    u: {},
  });
  expect(loaded.secrets).toEqual([
    { project: 'p', name: 's', value: 'k1' },
    { project: 'p', name: 't', value: 't1' },
    { project: 'p', name: 'u', value: 't1!' },
  ]);
});

test('files that configs and secrets name must be there, and be text', async () => {
  const config = (name: string, spec: string): string =>
    `apiVersion: l9.dev/v1\nkind: Config\nmetadata: { name: ${name} }\nspec: ${spec}\n---\n`;
  const folder = folderWith({
    'l9.yaml': `${project('p')}${config('a', '{ file: nope }')}${config('b', '{ file: binary }')}${config('c', '{ file: . }')}${config('d', '{ env: NOPE }')}`,
    binary: Uint8Array.from([1, 0, 2, 0, 0]),
  });
  expect(
    asLines(await failuresOf(folder), folder).map((line) => line.replace(/ → .*/, '')),
  ).toEqual([
    'l9.yaml:9:15 FileMissing there is no such file: nope',
    'l9.yaml:14:15 ManifestUnreadable binary is a binary file, not UTF-8 text',
    'l9.yaml:19:15 ManifestUnreadable expected a file, found a folder: .',
    'l9.yaml:24:14 VariableUnset the variable NOPE is not set',
  ]);
});

test('locate finds where a field was written, through variants and for missing ones', async () => {
  const loaded = await load(
    `${project('p', '{ variant: v }')}apiVersion: l9.dev/v1
kind: Service
metadata: { name: a }
spec:
  image: redis:7
  ports:
    - container: 6379
  variants:
    v: { image: redis:8 }
`,
  );
  const document = loaded.documents.find(({ kind }) => kind === 'Service');
  if (document === undefined) throw new Error('there is a service');
  const at = (pointer: string): string => {
    const position = loaded.locate(document, pointer);
    return `${position?.line}:${position?.column}`;
  };
  expect(at('/spec/image')).toBe('14:17');
  expect(at('/spec/ports/0/container')).toBe('12:18');
  expect(at('/spec/ports/0/host')).toBe('12:7');
  expect(at('/spec/nothing')).toBe('9:1');
  expect(at('')).toBe('6:1');
});

test('a dependency on another project follows it when it is called otherwise on the engine', async () => {
  const folder = folderWith({
    'infra/l9.yaml': project('infra', '{ identity: path }') + service('graph'),
    'app/l9.yaml':
      project('app') +
      service('web', '', '{ image: a, dependsOn: { infra/graph: healthy, app/web2: started } }') +
      service('web2'),
  });
  const loaded = await loadFrom(folder, { paths: ['infra', 'app'] });
  const web = loaded.documents.find(({ name }) => name === 'web');
  const infra = `infra-${hash(join(folder, 'infra')).slice(0, 4)}`;
  expect(web?.spec).toMatchObject({
    dependsOn: { [`${infra}/graph`]: 'healthy', 'app/web2': 'started' },
  });
  expect(loaded.outside).toEqual([]);
  const alone = await loadFrom(folder, { paths: ['app'], projectName: 'mine' });
  expect(alone.documents.find(({ name }) => name === 'web')?.spec).toMatchObject({
    dependsOn: { 'infra/graph': 'healthy', 'mine/web2': 'started' },
  });
  expect(alone.outside.map(({ name, project }) => `${project}/${name}`)).toEqual(['infra/graph']);
});

test('a folder that is called .env is none', async () => {
  const folder = folderWith({
    'l9.yaml': project('p') + service('a', '', '{ image: "${I:-a}" }'),
    '.env/x': '',
  });
  expect(members(await loadFrom(folder))).toContain('p: Service a');
});

test('labels of l9 cannot be set', async () => {
  expect(
    await mistakesIn(service('a', ', project: p, labels: { com.l9.project: x, tier: 1 }')),
  ).toEqual([
    expect.stringMatching(
      /^3:44 InvalidValue metadata.labels: expected a label such as tier .* found "com.l9.project"/,
    ),
  ]);
});
