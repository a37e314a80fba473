import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';

/** Files up to this size are read in one piece, which is faster than a stream. */
export const smallFileBytes = 256 * 1024;

export const textDigest = (content: string | Uint8Array): string =>
  createHash('sha256').update(content).digest('hex');

/** The sha256 and size of what a file holds now; `expectedBytes` only chooses the way to read. */
export const digestOf = async (
  file: string,
  expectedBytes: number,
): Promise<{ readonly digest: string; readonly size: number }> => {
  if (expectedBytes <= smallFileBytes) {
    const content = await readFile(file);
    return { digest: textDigest(content), size: content.byteLength };
  }
  const hash = createHash('sha256');
  let size = 0;
  const stream: AsyncIterable<Buffer> = createReadStream(file, { highWaterMark: smallFileBytes });
  for await (const chunk of stream) {
    hash.update(chunk);
    size += chunk.byteLength;
  }
  return { digest: hash.digest('hex'), size };
};
