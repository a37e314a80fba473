import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { loadManifests } from '../../../src/manifest/load.ts';
import { L9Error } from '../../../src/model/errors.ts';

/** Loads what comes on standard input and holds what comes out to what is promised of everything. */
async function holds(stdin: Uint8Array | string): Promise<'documents' | 'problems' | 'nothing'> {
  const text = typeof stdin === 'string' ? stdin : new TextDecoder().decode(stdin);
  const lines = text.replace(/^\ufeff/, '').split(/\r\n|\r|\n/);
  try {
    const { documents, warnings, locate } = await loadManifests({
      paths: ['-'],
      cwd: '/nowhere',
      env: {},
      stdin,
    });
    for (const { position } of warnings) expect(position?.line).toBeLessThanOrEqual(lines.length);
    for (const document of documents) {
      expect(JSON.parse(JSON.stringify(document))).toEqual(document);
      expect(locate(document)?.line).toBe(document.origin.line);
    }
    return 'documents';
  } catch (error) {
    if (!(error instanceof L9Error)) throw error;
    if (error.code !== 'InvalidManifests') return 'nothing';
    expect(error.exitCode).toBe(2);
    expect(error.problems.length).toBeGreaterThan(0);
    for (const { position, message, excerpt } of error.problems) {
      expect(message).toMatch(/\S/);
      // oxlint-disable-next-line no-control-regex -- nothing may write to a terminal
      expect(`${message}${excerpt}`).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
      if (position === undefined || position.file !== '<stdin>') continue;
      expect(position.line).toBeGreaterThan(0);
      expect(position.line).toBeLessThanOrEqual(lines.length);
      expect(position.column).toBeGreaterThan(0);
      expect(position.column).toBeLessThanOrEqual((lines[position.line - 1] ?? '').length + 1);
    }
    return 'problems';
  }
}

const seconds = 30_000;

test('any bytes', { timeout: seconds }, async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), async (bytes) => {
      await holds(bytes);
    }),
    { numRuns: 150 },
  );
});

test('any text', { timeout: seconds }, async () => {
  const text = fc.string({ unit: 'binary', maxLength: 200 });
  await fc.assert(
    fc.asyncProperty(text, async (one) => {
      await holds(one);
    }),
    { numRuns: 150 },
  );
});

// oxfmt-ignore
const tokens = [
  '{', '}', '[', ']', '"', "'", '#', '%', '|', '>', '$', '\t', '\r', '\ufeff', '\u2028', '\n', '\n  ',
  'a', 'b: ', '- ', '? ', ': ', ', ', '&a ', '*a ', '!!str ', '!x ', '---\n', '...\n', '<<: ', '${A}',
  '0x1', 'null', '~', '1e9', 'apiVersion: l9.dev/v1\n', 'kind: Service\n', 'metadata: ', 'spec: ',
];

test('any row of what means something in YAML', { timeout: seconds }, async () => {
  const row = fc.array(fc.constantFrom(...tokens), { maxLength: 60 });
  await fc.assert(
    fc.asyncProperty(row, async (parts) => {
      await holds(parts.join(''));
    }),
    { numRuns: 300 },
  );
});

const good = `apiVersion: l9.dev/v1
kind: Project
metadata: { name: p, labels: { a: b } }
spec:
  idleGrace: 5m
  outputs: { URL: "redis://\${host.a}:\${port.a.redis}" }
---
apiVersion: l9.dev/v1
kind: Service
metadata: { name: a }
x-env: &env { A: 1, B: "\${V:-x}" }
spec:
  image: redis:7-alpine
  command: [redis-server, --save, ""]
  env: { <<: *env, C: { secret: s } }
  ports: [{ name: redis, container: 6379, host: auto }]
  volumes: [{ volume: data, path: /data }, { tmpfs: 64Mi, path: /tmp }]
  healthcheck: { exec: [redis-cli, ping], interval: 10s }
  resources: { memory: 600Mi, cpus: 0.5 }
  variants: { alpine: { image: redis:alpine, env: { A: null } } }
---
apiVersion: l9.dev/v1
kind: Secret
metadata: { name: s }
spec: { content: hello }
`;

test('a good manifest loads', async () => {
  expect(await holds(good)).toBe('documents');
});

test(
  'a good manifest with anything cut out, doubled, moved or put in',
  { timeout: seconds },
  async () => {
    const place = fc.nat({ max: good.length });
    const piece = fc.oneof(
      fc.constantFrom(
        '\n',
        '  ',
        ':',
        '{',
        '}',
        '[',
        '"',
        '&x',
        '*env',
        '~',
        '- ',
        '${',
        '\t',
        '__proto__: ',
        '-1',
      ),
      fc.string({ maxLength: 5 }),
    );
    const edit = fc.record({ from: place, length: fc.nat({ max: 30 }), to: place, piece });
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(fc.array(edit, { minLength: 1, maxLength: 3 }), async (edits) => {
        let text = good;
        for (const { from, length, to, piece: put } of edits) {
          const cut = text.slice(from, from + length);
          text = text.slice(0, from) + put + text.slice(from + length);
          if (put.length % 2 === 0) text = text.slice(0, to) + cut + text.slice(to);
        }
        seen.add(await holds(text));
      }),
      { numRuns: 300 },
    );
    expect(seen).toEqual(new Set(['documents', 'problems']));
  },
);
