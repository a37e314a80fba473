import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseEnvFile } from '../../../src/manifest/dotenv.ts';
import { Report } from '../../../src/manifest/problems.ts';
import { SourceText } from '../../../src/manifest/source.ts';
import { asLines, failuresOf, folderWith, loadFrom, serviceWith } from './folder.ts';

function parse(text: string): {
  readonly values: Record<string, string | null>;
  readonly mistakes: readonly string[];
} {
  const report = new Report();
  const outside: Readonly<Record<string, string>> = { HOST: 'db' };
  const values = parseEnvFile(new SourceText('/f/.env', text), {
    report,
    lookup: (name) => outside[name] ?? null,
  });
  return { values: Object.fromEntries(values), mistakes: asLines(report.errors, '/f') };
}

test.each<readonly [text: string, values: Record<string, string | null>]>([
  ['A=1', { A: '1' }],
  ['A=1\nB=2\n', { A: '1', B: '2' }],
  ['A=1\r\nB=2\r\n', { A: '1', B: '2' }],
  ['  export A = 1 ', { A: '1' }],
  ['# comment\n\nA=1 # comment\nB=a#b', { A: '1', B: 'a#b' }],
  ['A=', { A: '' }],
  ['A', { A: null }],
  ["A=' x # ${HOST} \\n '", { A: ' x # ${HOST} \\n ' }],
  ['A="x\\ty\\n\\"z\\" # \\\\"', { A: 'x\ty\n"z" # \\' }],
  ['A="one\ntwo"\nB=2', { A: 'one\ntwo', B: '2' }],
  ["A='one\ntwo' # c\nB=2", { A: 'one\ntwo', B: '2' }],
  ['A=${HOST}:1\nB=${A}/${C:-c}', { A: 'db:1', B: 'db:1/c' }],
  ['A="${HOST}"', { A: 'db' }],
  ['A=pa$$word$', { A: 'pa$$word$' }],
  ['A=\\${HOST}', { A: '${HOST}' }],
  ['discovery.type=single-node', { 'discovery.type': 'single-node' }],
  ['A=a=b', { A: 'a=b' }],
])('%j', (text, values) => {
  expect(parse(text)).toEqual({ values, mistakes: [] });
});

test.each([
  [
    '1A=x',
    [
      '.env:1:1 InvalidEnvFile expected NAME=value → names are letters, digits and _; comments begin with #',
    ],
  ],
  [
    'A=1\n  hello there\nB=2',
    [expect.stringMatching(/^\.env:2:3 InvalidEnvFile expected NAME=value/)],
  ],
  [
    'A="open\n',
    ['.env:1:3 InvalidEnvFile the quote of A is never closed → close it, or escape it'],
  ],
  ['A=${NOPE}', [expect.stringMatching(/^\.env:1:3 VariableUnset the variable NOPE is not set/)]],
])('%j is a mistake', (text, mistakes) => {
  expect(parse(text).mistakes).toEqual(mistakes);
});

test('any value comes back from single quotes, and nothing makes it crash', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const value = text.replaceAll("'", '');
      expect(parse(`A='${value}'\nB=2`).values).toEqual({ A: value, B: '2' });
      parse(text);
    }),
  );
});

test('envFiles are merged in order, env goes before them, and null takes one away', async () => {
  const folder = folderWith({
    'sub/l9.yaml': serviceWith(`
image: redis:7
envFile: [./a.env, ../b.env]
env: { C: three, GONE: null, S: { secret: s } }
`),
    'sub/a.env': 'A=1\nB=1\nC=1\nGONE=1\nPASS\nUNKNOWN\n',
    'b.env': 'B=2\nREF=${HOST}\n',
  });
  const { documents } = await loadFrom(folder, { paths: ['sub'], env: { PASS: 'on', HOST: 'h' } });
  expect(documents[0]?.spec).toEqual({
    image: 'redis:7',
    env: { A: '1', B: '2', C: 'three', PASS: 'on', REF: 'h', S: { secret: 's' } },
  });
});

test('a missing envFile is reported where it is named, a mistake in one where it stands', async () => {
  const folder = folderWith({
    'l9.yaml': serviceWith('image: redis:7\nenvFile:\n  - a.env\n  - b.env'),
    'b.env': 'A=1\n=2\n',
  });
  const problems = await failuresOf(folder);
  expect(asLines(problems, folder).map((line) => line.replace(/ → .*/, ''))).toEqual([
    'b.env:2:1 InvalidEnvFile expected NAME=value',
    'l9.yaml:7:7 FileMissing there is no such file: a.env',
  ]);
  expect(problems[0]?.excerpt).toBeUndefined();
});
