import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  bodyTracker,
  parseHead,
  requestFraming,
  responseFraming,
} from '../../setup/http-framing.ts';
import type { Framing } from '../../setup/http-framing.ts';

const head = (text: string) => parseHead(Buffer.from(text.replaceAll('\n', '\r\n')));

/** Feeds the bytes in pieces, as a proxy does, and says what was body and what was left over. */
const follow = (framing: Framing, bytes: Buffer, sizes: readonly number[]) => {
  const track = bodyTracker(framing);
  const content: Buffer[] = [];
  let at = 0;
  for (let turn = 0; at < bytes.length; turn += 1) {
    const piece = bytes.subarray(at, at + (sizes[turn % sizes.length] ?? 1));
    const result = track(piece);
    content.push(...result.content);
    at += result.used;
    if (result.ended)
      return { body: Buffer.concat(content).toString(), rest: bytes.subarray(at).toString() };
  }
  return undefined;
};

const cuts = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 20 });
const next = 'GET /_ping HTTP/1.1\r\n';

test('a chunked body ends at the same place however its bytes are cut', () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ minLength: 1 })),
      fc.boolean(),
      cuts,
      (parts, trailer, sizes) => {
        const chunks = parts.map(
          (part) => `${Buffer.byteLength(part).toString(16)};x=1\r\n${part}\r\n`,
        );
        const bytes = Buffer.from(
          `${chunks.join('')}0\r\n${trailer ? 'Digest: x\r\n' : ''}\r\n${next}`,
        );
        const found = follow({ kind: 'chunked' }, bytes, sizes);
        expect(found).toEqual({ body: parts.join(''), rest: next });
      },
    ),
  );
});

test('a body with a length ends at its length', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), cuts, (text, sizes) => {
      const framing = { kind: 'length', bytes: Buffer.byteLength(text) } as const;
      expect(follow(framing, Buffer.from(text + next), sizes)).toEqual({ body: text, rest: next });
    }),
  );
});

test.each([
  ['GET /x HTTP/1.1\nHost: d\n\n', { kind: 'none' }],
  ['POST /x HTTP/1.1\nContent-Length: 3\n\n', { kind: 'length', bytes: 3 }],
  ['PUT /x HTTP/1.1\ntransfer-encoding: Chunked\n\n', { kind: 'chunked' }],
])('request %j', (text, framing) => {
  expect(requestFraming(head(text))).toEqual(framing);
});

test.each([
  ['HTTP/1.1 204 No Content\n\n', 'DELETE', { kind: 'none' }],
  ['HTTP/1.1 304 Not Modified\nContent-Length: 3\n\n', 'POST', { kind: 'none' }],
  ['HTTP/1.1 200 OK\nContent-Length: 3\n\n', 'HEAD', { kind: 'none' }],
  ['HTTP/1.1 200 OK\nContent-Length: 3\n\n', 'GET', { kind: 'length', bytes: 3 }],
  ['HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n', 'GET', { kind: 'chunked' }],
  [
    'HTTP/1.1 200 OK\nContent-Type: application/vnd.docker.raw-stream\n\n',
    'POST',
    { kind: 'close' },
  ],
  ['HTTP/1.1 101 UPGRADED\nUpgrade: tcp\n\n', 'POST', { kind: 'none' }],
])('response %j to %s', (text, method, framing) => {
  expect(responseFraming(head(text), method)).toEqual(framing);
});
