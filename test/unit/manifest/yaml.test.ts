import { expect, test } from 'vitest';
import { loadManifests } from '../../../src/manifest/load.ts';
import { asLines, failuresOf, folderWith, load, mistakesIn, serviceWith } from './folder.ts';

/** What is no YAML, or YAML that manifests may not use, and what is said about it. */
const table: readonly (readonly [title: string, text: string, ...mistakes: readonly unknown[]])[] =
  [
    [
      'a tab',
      'a:\n\tb: 1\n',
      '2:1 InvalidYaml a tab in the indentation → YAML is indented with spaces: replace the tab by spaces',
    ],
    [
      'a tab after spaces',
      'a:\n  b: 1\n  \tc: 2\n',
      expect.stringMatching(/^3:3 InvalidYaml a tab in the indentation/),
    ],
    [
      'bad indentation',
      'a:\n  b: 1\n c: 2\n',
      expect.stringMatching(/^3:2 InvalidYaml wrong indentation →/),
    ],
    [
      'a colon in a text',
      'a: b: c\n',
      expect.stringMatching(/^1:5 InvalidYaml wrong indentation .* needs quotes/),
    ],
    [
      'no colon',
      'a: 1\nb\nc: 2\n',
      expect.stringMatching(/^\d:\d InvalidYaml expected "key: value" →/),
    ],
    [
      'an open bracket',
      'a: [1, 2',
      expect.stringMatching(/InvalidYaml a bracket that is never closed → close every \[/),
    ],
    [
      'an open quote',
      'a: "b',
      expect.stringMatching(/InvalidYaml a double quote that is never closed/),
    ],
    [
      'an open single quote',
      "a: 'b",
      expect.stringMatching(/InvalidYaml a single quote that is never closed/),
    ],
    [
      'a bad escape',
      'a: "\\q"\n',
      expect.stringMatching(
        /^1:\d InvalidYaml unknown escape sequence → inside double quotes a backslash/,
      ),
    ],
    [
      'a missing comma',
      'a: [1 2, {b: c d: e}]\n',
      expect.stringMatching(/^1:\d+ InvalidYaml expected a comma/),
    ],
    [
      'a variable in a flow map',
      'a: { b: ${C} }\n',
      '1:10 InvalidYaml a variable inside [ ] or { } needs quotes → write "${C}"',
    ],
    [
      'a control character',
      'a: b\u0007\n',
      expect.stringMatching(/^1:\d InvalidYaml a control character/),
    ],
    [
      'an unknown alias',
      'a: *b\n',
      '1:4 InvalidYaml the alias *b has no anchor → write &b before the value that it should repeat',
      expect.stringMatching(/NotAManifest/),
    ],
    [
      'an alias of itself',
      'a: &b [*b]\n',
      expect.stringMatching(/^1:8 InvalidYaml the alias \*b refers to itself/),
      expect.stringMatching(/NotAManifest/),
    ],
    [
      'a tag of a program',
      'a: !!js/function "x"\n',
      '1:4 InvalidYaml the tag "!!js/function" is not allowed → manifests are plain data (text, numbers, lists, maps): remove the tag',
      expect.stringMatching(/NotAManifest/),
    ],
    [
      'tags of other kinds',
      'a: !reset []\nb: !!python/object:os.system {}\nc: !!binary aGk=\n',
      expect.stringMatching(/NotAManifest/),
      expect.stringMatching(/^1:4 InvalidYaml the tag "!reset"/),
      expect.stringMatching(/^2:4 InvalidYaml the tag "!!python/),
      expect.stringMatching(/^3:4 InvalidYaml the tag "!!binary"/),
    ],
    [
      'a list as a key',
      '? [a]\n: b\n',
      expect.stringMatching(/InvalidYaml a key must be a single word/),
      expect.stringMatching(/NotAManifest/),
    ],
    [
      'a merge of text',
      '<<: a\n',
      expect.stringMatching(/^1:1 InvalidYaml "<<" merges maps/),
      expect.stringMatching(/NotAManifest/),
    ],
    [
      'deep nesting',
      `a: ${'['.repeat(100)}${']'.repeat(100)}\n`,
      expect.stringMatching(/InvalidYaml values are nested too deeply/),
    ],
    [
      'a list',
      '- a\n- b\n',
      expect.stringMatching(
        /^1:1 NotAManifest expected a manifest, found a list → a manifest begins with/,
      ),
    ],
    [
      'a text',
      'hello world\n',
      expect.stringMatching(/^1:1 NotAManifest expected a manifest, found "hello world"/),
    ],
    [
      'other YAML',
      'a: 1\n',
      expect.stringMatching(/^1:1 NotAManifest a document without apiVersion and kind/),
    ],
    [
      'a Compose file',
      'services:\n  web: { image: nginx }\n',
      expect.stringMatching(/^1:1 ComposeNotSupportedYet .* is a Compose file/),
    ],
  ];

const cases = table.map(([title, text, ...mistakes]) => ({ title, text, mistakes }));

test.each(cases)('$title', async ({ text, mistakes }) => {
  const found = await mistakesIn(text);
  for (const mistake of mistakes) expect(found).toContainEqual(mistake);
  expect(found).toHaveLength(mistakes.length);
});

test('every duplicate key is found, with the line of the first', async () => {
  expect(
    await mistakesIn(
      serviceWith('image: redis:7\nimage: redis:8\nenv: { A: 1, A: 2 }\nreplicas: x'),
    ),
  ).toEqual([
    '6:3 InvalidYaml duplicate key "image": it already stands on line 5 → keep one of the two',
    '7:16 InvalidYaml duplicate key "A": it already stands on line 7 → keep one of the two',
    '8:13 InvalidValue spec.replicas: expected a whole number, found "x" → write for example replicas: 3',
  ]);
});

test('anchors, aliases and merges are expanded; explicit keys win wherever they stand', async () => {
  const { documents } = await load(`apiVersion: l9.dev/v1
kind: Service
metadata: { name: web, project: demo }
x-common: &common
  image: redis:7
  env: &env { A: 1, B: 2 }
  restart: onFailure
spec:
  restart: always
  <<: [*common, { tty: true, image: other:1 }]
  env: { <<: *env, B: 3 }
`);
  expect(documents[0]?.spec).toEqual({
    image: 'redis:7',
    restart: 'always',
    tty: true,
    env: { A: '1', B: '3' },
  });
});

test('a mistake behind an anchor is reported once, where it is written', async () => {
  expect(
    await mistakesIn(`apiVersion: l9.dev/v1
kind: Service
metadata: { name: web, project: demo }
x-check: &check { exec: [a], interval: 10 }
spec:
  image: redis:7
  healthcheck: *check
  variants: { a: { healthcheck: *check } }
`),
  ).toEqual([expect.stringMatching(/^4:40 InvalidValue spec.healthcheck.interval/)]);
});

test('JSON is read too, with tabs and several documents in a folder', async () => {
  const manifest = {
    apiVersion: 'l9.dev/v1',
    kind: 'Service',
    metadata: { name: 'web', project: 'demo' },
    spec: { image: 'redis:7' },
  };
  const folder = folderWith({ 'a.json': JSON.stringify(manifest, null, '\t') });
  const { documents } = await loadManifests({ paths: ['a.json'], cwd: folder, env: {} });
  expect(documents.map(({ name }) => name)).toEqual(['web']);
});

test('Windows line ends and old Macintosh ones do not move positions', async () => {
  const text = serviceWith('image: redis:7\nreplicas: x');
  for (const end of ['\r\n', '\r']) {
    expect(await mistakesIn(text.replaceAll('\n', end))).toEqual([
      expect.stringMatching(/^6:13 InvalidValue/),
    ]);
  }
});

test('an excerpt shows the line before, the line, and a caret', async () => {
  const folder = folderWith({ 'l9.yaml': serviceWith('image: redis:7\nreplicas: x') });
  const [problem] = await failuresOf(folder);
  expect(problem?.excerpt).toBe(
    ['5 |   image: redis:7', '6 |   replicas: x', '  |             ^'].join('\n'),
  );
});

test('an excerpt cuts long lines around the caret and shows no control character', async () => {
  const folder = folderWith({
    'l9.yaml': serviceWith(`image: redis:7\nenv: { ${'A: b, '.repeat(100)}"\\e[31m\t": 1, B: [] }`),
  });
  const problems = await failuresOf(folder);
  const last = problems.at(-1);
  expect(last?.message).toMatch(/expected a text or a map/);
  const [line = '', caret = ''] = last?.excerpt?.split('\n') ?? [];
  expect(line.length).toBeLessThan(130);
  expect(line).toMatch(/^6 \| ….*␉.*B: \[\]/);
  expect(line.slice(caret.indexOf('^'))).toMatch(/^B: \[\]/);
});

test('excerpts and messages do not show what looks like a secret', async () => {
  const folder = folderWith({
    'l9.yaml': `${serviceWith(`
image: redis:7
env:
  DB_PASSWORD: hunter2
  api_key: hunter2
  URL: redis://user:hunter2@host/
  A: []
command: [ --token=hunter2, --x=y ]
replicas: x`)}---
apiVersion: l9.dev/v1
kind: Secret
metadata: { name: s, project: demo }
spec:
  content: hunter2
  fil: a
---
apiVersion: l9.dev/v1
kind: Secret
metadata: { name: t, project: demo }
spec: { content: { hunter2: hunter2 } }
---
apiVersion: l9.dev/v1
kind: Secret
metadata: { name: u, project: demo }
spec: { content: 2222 }
`,
    '.env': 'hunter2 2\nA=1\n',
  });
  const problems = await failuresOf(folder);
  expect(asLines(problems, folder)).toHaveLength(5);
  expect(JSON.stringify(problems)).not.toMatch(/hunter2|2222/);
});

test('control characters in names reach no message', async () => {
  const folder = folderWith({ 'l9.yaml': 'a: *\u001b[31m\n"\\e]0;x": 1\n' });
  const problems = await failuresOf(folder);
  const said = problems.map(({ message, hint, excerpt }) => `${message}${hint}${excerpt}`).join('');
  expect(problems.length).toBeGreaterThan(0);
  expect(said).not.toContain('\u001b');
});
