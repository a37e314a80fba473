import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { expand } from '../../../src/manifest/interpolate.ts';
import { load, mistakesIn, serviceWith } from './folder.ts';

const values: Readonly<Record<string, string>> = { A: 'a', EMPTY: '', B: 'b', NESTED: '${A}' };
const grammar = { lookup: (name: string): string | null => values[name] ?? null };

test.each([
  ['plain', 'plain'],
  ['${A}', 'a'],
  ['x${A}y${B}z', 'xaybz'],
  ['${NOPE:-d}', 'd'],
  ['${NOPE-d}', 'd'],
  ['${EMPTY:-d}', 'd'],
  ['${EMPTY-d}', ''],
  ['${A:-d}', 'a'],
  ['${NOPE:-}', ''],
  ['${NOPE:-${A}}', 'a'],
  ['${NOPE:-${ALSO:-${B}}}', 'b'],
  ['${NOPE:-a}b}', 'ab}'],
  ['${A:+x}', 'x'],
  ['${EMPTY:+x}', ''],
  ['${EMPTY+x}', 'x'],
  ['${NOPE+x}', ''],
  ['${A:+${B}}', 'b'],
  ['${A:?must}', 'a'],
  ['${EMPTY?must}', ''],
  ['$$', '$'],
  ['$${A}', '${A}'],
  ['$$${A}', '$a'],
  ['$A', '$A'],
  ['cost: 5$', 'cost: 5$'],
  ['$(date) $? $1', '$(date) $? $1'],
  // What a variable holds is a value, not more of the language.
  ['${NESTED}', '${A}'],
  ['${NOPE:-a:b?c-d}', 'a:b?c-d'],
])('%s becomes %o', (text, expected) => {
  expect(expand(text, grammar)).toMatchObject({ text: expected, mistakes: [] });
});

test.each([
  ['${NOPE}', 0, 'VariableUnset', 'the variable NOPE is not set'],
  ['ab${NOPE}', 2, 'VariableUnset', 'the variable NOPE is not set'],
  ['${EMPTY:?give it}', 0, 'VariableUnset', 'the variable EMPTY is not set: give it'],
  ['${NOPE?see ${A}}', 0, 'VariableUnset', 'the variable NOPE is not set: see a'],
  ['${NOPE:-${ALSO}}', 8, 'VariableUnset', 'the variable ALSO is not set'],
  ['${}', 0, 'InvalidVariable', '"${}" is no variable'],
  ['${a b}', 0, 'InvalidVariable', '"${a b}" is no variable'],
  ['${1}', 0, 'InvalidVariable', '"${1}" is no variable'],
  ['${A', 0, 'InvalidVariable', '"${" without a closing "}", or too many inside each other'],
  ['${A!b}', 0, 'InvalidVariable', '"${A!b}" is no variable'],
])('%s is a mistake', (text, ...[offset, code, message]) => {
  expect(expand(text, grammar).mistakes).toEqual([
    { code, offset, message, hint: expect.any(String) },
  ]);
});

test('a text without references is itself, and escaping brings any text back', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(expand(text.replaceAll('$', '$$$$'), grammar).text).toBe(text);
    }),
  );
});

test('no text makes it crash or take long', () => {
  const pieces = fc.constantFrom('$', '{', '}', '${', '${A', ':-', ':?', '+', 'A', '$$', ' ');
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 200 }), (parts) => {
      const { mistakes } = expand(parts.join(''), grammar);
      for (const { offset } of mistakes) expect(offset).toBeLessThan(parts.join('').length);
    }),
  );
  expect(expand('${A:-'.repeat(400_000), grammar).mistakes).toHaveLength(1);
});

test('a variable takes the type of its field, in quotes or not', async () => {
  const { documents } = await load(
    serviceWith(`
image: "\${IMAGE:-redis}:\${TAG:-7}"
replicas: \${COUNT}
critical: "\${YES}"
hostname: \${COUNT}
env: { N: "\${COUNT}", T: "\${YES}", E: "\${EMPTY:-}" }
command: ["\${COUNT}"]
ports: [{ container: "\${PORT}", host: "\${HOST:-auto}" }, { container: 81, protocol: "\${PROTOCOL}" }]
resources: { cpus: "\${CPUS}", memory: "\${MEM:-64Mi}" }
variants: { other: { image: "\${NEVER_ASKED}", replicas: "\${NEVER_ASKED}" } }
`),
    { env: { COUNT: '3', YES: 'true', PORT: '8080', CPUS: '0.5', PROTOCOL: 'udp' } },
  );
  expect(documents[0]?.spec).toEqual({
    image: 'redis:7',
    replicas: 3,
    critical: true,
    hostname: '3',
    env: { N: '3', T: 'true', E: '' },
    command: ['3'],
    ports: [
      { container: 8080, host: 'auto' },
      { container: 81, protocol: 'udp' },
    ],
    resources: { cpus: 0.5, memory: '64Mi' },
  });
});

test('a value cannot break out of its place', async () => {
  const { documents } = await load(serviceWith('image: redis:7\nenv: { A: "${EVIL}" }'), {
    env: { EVIL: 'x }\nprivileged: true # " \' ${HOME} $$' },
  });
  expect(documents[0]?.spec).toEqual({
    image: 'redis:7',
    env: { A: 'x }\nprivileged: true # " \' ${HOME} $$' },
  });
});

test('a variable of the wrong kind is reported with what it came to', async () => {
  expect(
    await mistakesIn(serviceWith('image: redis:7\nreplicas: ${N}'), { env: { N: 'many' } }),
  ).toEqual([
    '6:13 InvalidValue spec.replicas: expected a whole number, found "many" from a variable → write for example replicas: 3',
  ]);
});

test('unset variables are all found, each where it stands', async () => {
  const text = serviceWith(`
image: "a:\${TAG}"
command:
  - sh
  - |
    echo \${GREETING}
    echo $HOME $\${HOME}
env: { A: "\${X:?set X, please}", B: "\${Y:-}" }
`);
  expect((await mistakesIn(text)).map((line) => line.replace(/ → .*/, ''))).toEqual([
    '5:13 VariableUnset the variable TAG is not set',
    '9:12 VariableUnset the variable GREETING is not set',
    '11:14 VariableUnset the variable X is not set: set X, please',
  ]);
});
