import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FrameReader } from '../../../src/engine/docker/frames.ts';
import { JsonLines } from '../../../src/engine/docker/json-lines.ts';
import { framedLines, terminalLines } from '../../../src/engine/docker/log-lines.ts';

const frame = (stream: 1 | 2, text: string): Buffer => {
  const data = Buffer.from(text);
  const header = Buffer.alloc(8);
  header[0] = stream;
  header.writeUInt32BE(data.length, 4);
  return Buffer.concat([header, data]);
};

/** The same bytes, cut somewhere else. */
const cut = (bytes: Buffer, sizes: readonly number[]): Buffer[] => {
  const chunks: Buffer[] = [];
  let rest = bytes;
  for (const size of sizes) {
    chunks.push(rest.subarray(0, size));
    rest = rest.subarray(size);
  }
  return [...chunks, rest];
};

async function* stream(chunks: readonly Buffer[]): AsyncGenerator<Buffer> {
  yield* chunks;
}

const collect = async <T>(items: AsyncIterable<T>): Promise<T[]> => {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
};

const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 30 });

describe('streams of the engine, however they are cut', () => {
  it('gives the same JSON objects', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue(), { maxLength: 10 }), sizes, (values, at) => {
        const objects = values.map((value) => ({ value }));
        const text = objects.map((object) => `${JSON.stringify(object)}\r\n`).join('');
        const lines = new JsonLines<unknown>();
        const read = cut(Buffer.from(text), at).flatMap((chunk) => lines.push(chunk));
        expect([...read, ...lines.end()]).toEqual(JSON.parse(JSON.stringify(objects)));
      }),
    );
  });

  it('gives the same frames', () => {
    const texts = fc.array(fc.tuple(fc.constantFrom<1 | 2>(1, 2), fc.string({ unit: 'grapheme' })));
    fc.assert(
      fc.property(texts, sizes, (frames, at) => {
        const reader = new FrameReader();
        const bytes = Buffer.concat(frames.map(([kind, text]) => frame(kind, text)));
        const read = cut(bytes, at).flatMap((chunk) => reader.push(chunk));
        expect(read.map(({ stream: kind, data }) => [kind, data.toString()])).toEqual(
          frames.map(([kind, text]) => [kind === 1 ? 'stdout' : 'stderr', text]),
        );
      }),
    );
  });

  it('gives the same lines of a log', async () => {
    const text = fc.string({ unit: 'grapheme' }).filter((one) => !/[\r\n]/.test(one));
    await fc.assert(
      fc.asyncProperty(fc.array(text, { maxLength: 8 }), sizes, async (lines, at) => {
        const time = '2026-11-21T06:09:07.297298086Z';
        const framed = Buffer.concat(lines.map((line) => frame(1, `${time} ${line}\n`)));
        const plain = Buffer.from(lines.map((line) => `${time} ${line}\r\n`).join(''));
        for (const [bytes, read] of [
          [framed, framedLines],
          [plain, terminalLines],
        ] as const) {
          const got = await collect(read(stream(cut(bytes, at))));
          expect(got.map((line) => line.text)).toEqual(lines);
          for (const line of got) expect(line.at).toBe(Date.parse(time));
        }
      }),
    );
  });
});

describe('a log', () => {
  it('puts long lines together, which come in pieces with a time each', async () => {
    const [first, second] = ['2026-11-21T06:09:07.000000001Z', '2026-11-21T06:09:08.000000001Z'];
    const pieces = [
      frame(1, `${first} ${'a'.repeat(16_384)}`),
      frame(2, `${first} between\n`),
      frame(1, `${second} end\n`),
    ];
    const lines = await collect(framedLines(stream(pieces)));
    expect(lines).toEqual([
      { stream: 'stderr', at: Date.parse(first), text: 'between' },
      { stream: 'stdout', at: Date.parse(first), text: `${'a'.repeat(16_384)}end` },
    ]);
  });

  it('gives the rest of a line that was never ended', async () => {
    const lines = await collect(
      framedLines(stream([frame(1, '2026-11-21T06:09:07.000000001Z half')])),
    );
    expect(lines).toEqual([{ stream: 'stdout', at: expect.any(Number), text: 'half' }]);
  });

  it('does not fill the memory with a line that never ends', async () => {
    const piece = frame(1, `2026-11-21T06:09:07.000000001Z ${'a'.repeat(16_384)}`);
    const lines = await collect(framedLines(stream(Array.from({ length: 200 }, () => piece))));
    expect(lines.length).toBeGreaterThan(2);
    for (const line of lines) expect(line.text.length).toBeLessThanOrEqual(1024 * 1024 + 16_384);
  });

  it('keeps lines that have no time', async () => {
    const lines = await collect(framedLines(stream([frame(1, 'no time here at all\n')])));
    expect(lines).toEqual([{ stream: 'stdout', at: null, text: 'no time here at all' }]);
  });
});
