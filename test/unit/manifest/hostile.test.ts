import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { asLines, failuresOf, folderWith, loadFrom, mistakesIn, serviceWith } from './folder.ts';

const MiB = 1024 * 1024;

describe('other encodings', () => {
  const text = serviceWith('image: redis:7');
  const utf16be = Buffer.from(text, 'utf16le').swap16();
  test.each<readonly [string, Uint8Array, RegExp]>([
    [
      'UTF-16 with a mark',
      Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')]),
      /^l9.yaml:1:1 ManifestUnreadable l9.yaml is UTF-16, not UTF-8 text → convert it: iconv -f UTF-16 -t UTF-8/,
    ],
    [
      'big-endian UTF-16 with a mark',
      Buffer.concat([Buffer.from([0xfe, 0xff]), utf16be]),
      / is UTF-16, /,
    ],
    ['UTF-16 without a mark', Buffer.from(text, 'utf16le'), / is UTF-16LE, /],
    ['big-endian UTF-16 without a mark', utf16be, / is UTF-16BE, /],
    ['UTF-32', Buffer.from([0xff, 0xfe, 0, 0, 0x61, 0, 0, 0]), / is UTF-32, /],
    [
      'ISO-8859-1',
      Buffer.from(`${text}# caf\u00e9`, 'latin1'),
      /^l9.yaml:6:6 ManifestUnreadable the byte 0xe9 is not UTF-8 → save the file as UTF-8/,
    ],
    [
      'cut UTF-8',
      Buffer.from(`${text}# \u20ac`).subarray(0, -1),
      /^l9.yaml:6:3 ManifestUnreadable the byte 0xe2 is not UTF-8/,
    ],
    [
      'a real replacement character before a broken one',
      Buffer.concat([Buffer.from('# \ufffd\n#'), Buffer.from([0xff])]),
      /^l9.yaml:2:2 ManifestUnreadable the byte 0xff/,
    ],
    [
      'a program',
      Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
      / is a binary file, not UTF-8 text → name a YAML file/,
    ],
  ])('%s', async (_, bytes, expected) => {
    const folder = folderWith({ 'l9.yaml': bytes });
    expect(asLines(await failuresOf(folder), folder)).toEqual([expect.stringMatching(expected)]);
  });

  test('UTF-8 with a mark is read', async () => {
    const { documents } = await loadFrom(folderWith({ 'l9.yaml': `\ufeff${text}` }));
    expect(documents[0]?.origin.line).toBe(1);
  });
});

test('a file over 2 MiB is refused; --max-size raises it', async () => {
  const text = `${serviceWith('image: redis:7')}# ${'x'.repeat(2 * MiB)}\n`;
  expect(await mistakesIn(text)).toEqual([
    '1:1 ManifestTooLarge l9.yaml is larger than 2 MiB → split it, put data into files of their own, or raise the limit with --max-size',
  ]);
  const folder = folderWith({ 'l9.yaml': text });
  expect((await loadFrom(folder, { maxSize: 3 * MiB })).documents).toHaveLength(1);
  expect(asLines(await failuresOf(folder, { maxSize: 1024 }), folder)).toHaveLength(1);
  await expect(loadFrom(folder, { paths: ['-'], stdin: text })).rejects.toMatchObject({
    problems: [{ code: 'ManifestTooLarge' }],
  });
  // Neither is a pipe or a device read for ever.
  await expect(loadFrom(folder, { paths: ['/dev/zero'] })).rejects.toMatchObject({
    problems: [{ code: 'ManifestTooLarge' }],
  });
});

test('large content in a block is no reason to refuse a manifest', async () => {
  const rows = Array.from({ length: 80_000 }, (_, index) => `    ${index},a: [b],"c"`).join('\n');
  const text = `apiVersion: l9.dev/v1
kind: Config
metadata: { name: table, project: demo }
spec:
  content: |
${rows}
`;
  expect(text.length).toBeLessThan(2 * MiB);
  const { documents } = await loadFrom(folderWith({ 'l9.yaml': text }));
  expect(documents).toHaveLength(1);
});

/** Texts of just under 2 MiB that are made to cost time or memory. */
const bombs: Readonly<Record<string, () => string>> = {
  'aliases of aliases': () =>
    [
      'a0: &a0 [x, x]',
      ...Array.from({ length: 30 }, (_, i) => `a${i + 1}: &a${i + 1} [*a${i}, *a${i}, *a${i}]`),
    ].join('\n'),
  'aliases in a long chain': () =>
    [
      'a0: &a0 [x]',
      ...Array.from({ length: 50_000 }, (_, i) => `a${i + 1}: &a${i + 1} [*a${i}]`),
    ].join('\n'),
  'merges of merges': () =>
    [
      'a0: &a0 { k: v }',
      ...Array.from({ length: 20_000 }, (_, i) => `a${i + 1}: &a${i + 1} { <<: *a${i}, k${i}: v }`),
    ].join('\n'),
  'many documents': () => 'a\n---\n'.repeat(MiB / 3),
  'empty documents': () => '---\n'.repeat(MiB / 2),
  'empty pairs': () => `[${':,'.repeat(MiB - 2)}]`,
  'a wide list': () => `[${'a,'.repeat(MiB - 2)}]`,
  'many lines': () => 'a:\n'.repeat((2 * MiB) / 3),
  'many duplicate keys': () => 'a: 1\n'.repeat((2 * MiB) / 5),
  'many dashes': () => '-\n'.repeat(MiB),
  'many open brackets': () => '['.repeat(2 * MiB - 1),
  'many quotes': () => '"'.repeat(2 * MiB - 1),
  'many spaces': () => ' '.repeat(2 * MiB - 1),
  'many tabs': () => `a:\n${'\t'.repeat(2 * MiB - 10)}b`,
  'many comments': () => '#\n'.repeat(MiB),
  'many tags': () => '!a '.repeat((2 * MiB) / 3),
  'many anchors': () => '&a\n'.repeat((2 * MiB) / 3),
  'many directives': () => '%a\n'.repeat((2 * MiB) / 3),
  'a long key': () => `${'k'.repeat(2 * MiB - 10)}: 1`,
  'a long name': () =>
    serviceWith('image: a').replace('name: web', `name: ${'w'.repeat(2 * MiB - 200)}`),
  'a long image': () => serviceWith(`image: ${'a-'.repeat(MiB - 100)}`),
  'a long duration': () =>
    serviceWith(`image: a\nhealthcheck: { exec: [a], interval: ${'1h'.repeat(MiB - 100)}x }`),
  'nested variables': () => serviceWith(`image: "${'${A:-'.repeat(400_000)}"`),
  'many variables': () => serviceWith(`image: "${'${A}'.repeat(500_000)}"`),
  'many unset variables': () =>
    serviceWith(
      `image: a\nenv:\n${Array.from({ length: 40_000 }, (_, i) => `  K${i}: "\${V${i}}"`).join('\n')}`,
    ),
  'many wrong values': () => serviceWith(`image: a\ncommand: [${'[],'.repeat(60_000)}]`),
  'many unknown fields': () =>
    serviceWith(`image: a\n${Array.from({ length: 90_000 }, (_, i) => `f${i}: 1`).join('\n')}`),
  'many services in a circle': () =>
    Array.from(
      { length: 6_000 },
      (_, i) =>
        `apiVersion: l9.dev/v1\nkind: Service\nmetadata: { name: s${i}, project: p }\nspec: { image: a, dependsOn: { s${(i + 1) % 6_000}: healthy } }`,
    ).join('\n---\n'),
  'many services on one port': () =>
    Array.from(
      { length: 6_000 },
      (_, i) =>
        `apiVersion: l9.dev/v1\nkind: Service\nmetadata: { name: s${i}, project: p }\nspec: { image: a, ports: [{ container: 1, host: 80 }] }`,
    ).join('\n---\n'),
  'bytes of every value': () =>
    Array.from({ length: MiB / 2 }, (_, i) => String.fromCharCode(32 + ((i * 7919) % 95))).join(''),
  'one line of one character': () => 'x'.repeat(2 * MiB - 1),
};

describe('made to cost time or memory: each has an answer in a process of 200 MB', () => {
  const folder = mkdtempSync(join(tmpdir(), 'l9-hostile-'));
  const program = join(folder, 'load.mjs');
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  beforeAll(async () => {
    const { outputFiles } = await build({
      stdin: {
        contents: `
          import { loadManifests } from './src/manifest/load.ts';
          import { readFileSync } from 'node:fs';
          let answer = 'valid';
          try {
            await loadManifests({ paths: ['-'], cwd: '/nowhere', env: {}, stdin: readFileSync(0) });
          } catch (error) {
            answer = error.code + ' ' + (error.problems ?? []).length;
          }
          process.stdout.write(answer);
        `,
        resolveDir: join(import.meta.dirname, '../../..'),
        loader: 'ts',
      },
      bundle: true,
      format: 'esm',
      platform: 'node',
      target: 'node20.19',
      write: false,
    });
    writeFileSync(program, outputFiles[0]?.text ?? '');
  });

  test.each(Object.keys(bombs))('%s', { timeout: 60_000 }, async (name) => {
    const text = bombs[name]?.() ?? '';
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(2 * MiB);
    const child = spawn(process.execPath, ['--max-old-space-size=200', program], {
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    let out = '';
    let err = '';
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
    child.stdin.on('error', () => undefined);
    child.stdin.end(text);
    const code = await new Promise((resolve) => child.on('close', resolve));
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(/^(?:InvalidManifests [1-9]\d*|ManifestNotFound 0)$/);
  });
});
