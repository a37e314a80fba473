import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { mergePatch, toValue } from '../../../src/manifest/node.ts';
import { parseDocuments } from '../../../src/manifest/parse.ts';
import { Report } from '../../../src/manifest/problems.ts';
import { SourceText } from '../../../src/manifest/source.ts';
import type { Node } from '../../../src/manifest/node.ts';
import { load, mistakesIn } from './folder.ts';

const stack = (variant = ''): string => `apiVersion: l9.dev/v1
kind: Project
metadata: { name: p }
spec: { ${variant === '' ? '' : `variant: ${variant}`} }
---
apiVersion: l9.dev/v1
kind: Service
metadata: { name: redis }
spec:
  image: redis:7
  env: { A: 1, B: 2 }
  ports: [{ container: 6379, host: auto }]
  healthcheck: { exec: [redis-cli, ping], interval: 10s }
  variants:
    alpine:
      image: redis:7-alpine
      env: { B: null, C: 3 }
      ports: []
    probed:
      healthcheck: { exec: null, tcp: { port: 6379 } }
---
apiVersion: l9.dev/v1
kind: Service
metadata: { name: web }
spec: { image: "nginx:1" }
`;

const specs = async (
  text: string,
  options: Parameters<typeof load>[1] = {},
): Promise<readonly unknown[]> => {
  const { documents } = await load(text, options);
  return documents.filter(({ kind }) => kind === 'Service').map(({ spec }) => spec);
};

const base = {
  image: 'redis:7',
  env: { A: '1', B: '2' },
  ports: [{ container: 6379, host: 'auto' }],
  healthcheck: { exec: ['redis-cli', 'ping'], interval: '10s' },
};
const alpine = { ...base, image: 'redis:7-alpine', env: { A: '1', C: '3' }, ports: [] };
const probed = { ...base, healthcheck: { tcp: { port: 6379 }, interval: '10s' } };
const web = { image: 'nginx:1' };

test('a variant is a merge patch; a service without it stays as it is', async () => {
  expect(await specs(stack())).toEqual([base, web]);
  expect(await specs(stack('alpine'))).toEqual([alpine, web]);
  expect(await specs(stack('probed'))).toEqual([probed, web]);
});

test('--variant goes before L9_VARIANT, which goes before the project', async () => {
  const env = { L9_VARIANT: 'probed' };
  expect(await specs(stack('alpine'), { env })).toEqual([probed, web]);
  expect(await specs(stack('alpine'), { env: { L9_VARIANT: '' } })).toEqual([alpine, web]);
  expect(await specs(stack(), { env, variant: 'alpine' })).toEqual([alpine, web]);
});

test('a variant that no service has is a mistake, with the ones that there are', async () => {
  expect(await mistakesIn(stack('alpin'))).toEqual([
    '4:18 UnknownVariant no service has the variant "alpin": did you mean "alpine"? → variants are alpine and probed',
  ]);
  expect(await mistakesIn(stack(), { variant: 'nope' })).toEqual([
    '- UnknownVariant no service has the variant "nope" → variants are alpine and probed',
  ]);
  expect(await mistakesIn(stack(), { env: { L9_VARIANT: 'nope' } })).toEqual([
    expect.stringMatching(/^- UnknownVariant no service has the variant "nope"/),
  ]);
});

test('mistakes in variants are found where they stand, applied or not; their variables need not be set', async () => {
  const text = stack()
    .replace('image: redis:7-alpine', 'image: "${ONLY_THERE}"\n      replicas: x')
    .replace('tcp: { port: 6379 }', 'tcp: { prt: 6379 }');
  const mistakes = [
    '17:17 InvalidValue spec.replicas: expected a whole number, found "x" → write for example replicas: 3',
    '21:34 MissingField spec.healthcheck.tcp: missing field "port" → write for example port: 5432',
    '21:41 UnknownField unknown field "prt": did you mean "port"? → write port',
  ];
  expect(await mistakesIn(text)).toEqual(mistakes);
  expect(await mistakesIn(text, { variant: 'alpine', env: { ONLY_THERE: 'a' } })).toEqual(mistakes);
  expect(await mistakesIn(text, { variant: 'alpine' })).toEqual([
    expect.stringMatching(/^16:15 VariableUnset the variable ONLY_THERE is not set/),
    ...mistakes,
  ]);
});

/** The patch algorithm as RFC 7386 states it, on plain values. */
function rfc7386(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch;
  const result: Record<string, unknown> = isObject(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else result[key] = rfc7386(result[key], value);
  }
  return result;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const nodeOf = (value: unknown): Node => {
  const source = new SourceText('/x.json', JSON.stringify(value));
  const [node] = parseDocuments(source, { maxSize: 1e6, report: new Report() });
  if (node === undefined) throw new Error(`no node for ${JSON.stringify(value)}`);
  return node;
};

test('patches on nodes are RFC 7386', () => {
  const leaf = fc.oneof(fc.constantFrom(1, true, null), fc.string({ maxLength: 3 }));
  const key = fc.constantFrom('a', 'b', 'c');
  const { object } = fc.letrec((tie) => ({
    object: fc.dictionary(key, tie('value'), { maxKeys: 3 }),
    value: fc.oneof({ depthSize: 'small' }, leaf, fc.array(leaf, { maxLength: 2 }), tie('object')),
  }));
  fc.assert(
    fc.property(object, object, (target, patch) => {
      expect(toValue(mergePatch(nodeOf(target), nodeOf(patch)))).toEqual(rfc7386(target, patch));
    }),
  );
});
