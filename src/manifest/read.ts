import { isUtf8 } from 'node:buffer';
import { closeSync, openSync, readSync } from 'node:fs';
import { systemErrorCode } from '../model/guards.ts';
import type { Place } from './node.ts';
import type { Report } from './problems.ts';
import { quote } from './quote.ts';
import { SourceText } from './source.ts';

export const defaultMaxSize = 2 * 1024 * 1024;

export interface ReadOptions {
  /** Bytes. */
  readonly maxSize: number;
  readonly report: Report;
  /** What names the file, where something does. */
  readonly from?: Place;
}

/** Reads a file as UTF-8 text. Reports what is wrong and returns undefined. */
export function readSource(file: string, options: ReadOptions): SourceText | undefined {
  const bytes = readBytes(file, options);
  return bytes === undefined ? undefined : decodeSource(file, bytes, options);
}

/** Reads a file, whatever is in it. Never reads more than the limit, even from a pipe. */
export function readBytes(file: string, options: ReadOptions): Uint8Array | undefined {
  try {
    return readLimited(file, options);
  } catch (error) {
    const reason = readFailures[systemErrorCode(error) ?? ''];
    if (reason === undefined) throw error;
    options.report.error(reason.code, options.from ?? startOf(file), {
      message: `${reason.message}: ${file}`,
      hint: reason.hint,
    });
    return undefined;
  }
}

const missing = {
  code: 'FileMissing',
  message: 'there is no such file',
  hint: 'paths are relative to the folder of the manifest',
} as const;

const readFailures: Readonly<
  Record<string, { code: 'FileMissing' | 'ManifestUnreadable'; message: string; hint: string }>
> = {
  ENOENT: missing,
  ENOTDIR: missing,
  EACCES: {
    code: 'ManifestUnreadable',
    message: 'no permission to read the file',
    hint: 'change its permissions, or run the command as a user who may read it',
  },
  EISDIR: {
    code: 'ManifestUnreadable',
    message: 'expected a file, found a folder',
    hint: 'name a file inside it',
  },
  ELOOP: {
    code: 'ManifestUnreadable',
    message: 'symbolic links that lead in a circle',
    hint: 'correct the link',
  },
};

function readLimited(file: string, options: ReadOptions): Uint8Array | undefined {
  const descriptor = openSync(file, 'r');
  try {
    const chunks: Buffer[] = [];
    let total = 0;
    for (;;) {
      const chunk = Buffer.allocUnsafe(chunkSize);
      const count = readSync(descriptor, chunk);
      if (count === 0) return Buffer.concat(chunks, total);
      total += count;
      if (total > options.maxSize) {
        tooLarge(file, options);
        return undefined;
      }
      chunks.push(chunk.subarray(0, count));
    }
  } finally {
    closeSync(descriptor);
  }
}

const chunkSize = 64 * 1024;

function tooLarge(file: string, options: ReadOptions): void {
  options.report.error('ManifestTooLarge', options.from ?? startOf(file), {
    message: `${file} is larger than ${options.maxSize / 1024 / 1024} MiB`,
    hint: 'split it, put data into files of their own, or raise the limit with --max-size',
  });
}

const startOf = (file: string): Place => ({ source: new SourceText(file, ''), offset: 0 });

/** Decodes bytes as UTF-8, with or without a byte order mark; every other encoding is reported. */
export function decodeSource(
  file: string,
  bytes: Uint8Array,
  options: ReadOptions & { readonly folder?: string },
): SourceText | undefined {
  if (bytes.length > options.maxSize) {
    tooLarge(file, options);
    return undefined;
  }
  const source = (text: string): SourceText => new SourceText(file, text, options.folder);
  const encoding = foreignEncoding(bytes);
  if (encoding !== undefined) {
    options.report.error('ManifestUnreadable', options.from ?? startOf(file), {
      message: `${file} is ${encoding}, not UTF-8 text`,
      hint:
        encoding === binary
          ? 'name a YAML file'
          : `convert it: iconv -f ${encoding} -t UTF-8 ${quote(file)}`,
    });
    return undefined;
  }
  const marked = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  const content = marked ? bytes.subarray(3) : bytes;
  const text = new TextDecoder('utf-8').decode(content);
  if (isUtf8(content)) return source(text);
  const offset = firstInvalid(content, text);
  const byte = content[Buffer.byteLength(text.slice(0, offset))] ?? 0;
  options.report.error(
    'ManifestUnreadable',
    { source: source(text), offset },
    {
      message: `the byte 0x${byte.toString(16).padStart(2, '0')} is not UTF-8`,
      hint: 'save the file as UTF-8 (it may be ISO-8859-1 or Windows-1252)',
    },
  );
  return undefined;
}

const binary = 'a binary file';

function foreignEncoding(bytes: Uint8Array): string | undefined {
  const [a, b, c, d] = bytes;
  if (a === 0xff && b === 0xfe) return c === 0 && d === 0 ? 'UTF-32' : 'UTF-16';
  if (a === 0xfe && b === 0xff) return 'UTF-16';
  if (a === 0 && b === 0 && c === 0xfe && d === 0xff) return 'UTF-32';
  const head = bytes.subarray(0, 4096);
  if (!head.includes(0)) return undefined;
  // Without a mark: text in UTF-16 has its zeros on every second byte only.
  const zeros = [0, 0];
  for (const [index, byte] of head.entries()) {
    if (byte === 0) zeros[index % 2] = (zeros[index % 2] ?? 0) + 1;
  }
  const [even = 0, odd = 0] = zeros;
  const most = head.length / 4;
  if (even === 0 && odd > most) return 'UTF-16LE';
  if (odd === 0 && even > most) return 'UTF-16BE';
  return binary;
}

/** Offset in `text` of the first replacement character that the bytes did not hold. */
function firstInvalid(bytes: Uint8Array, text: string): number {
  let byteOffset = 0;
  let from = 0;
  for (;;) {
    const found = text.indexOf('\ufffd', from);
    if (found === -1) return 0;
    byteOffset += Buffer.byteLength(text.slice(from, found));
    const literal =
      bytes[byteOffset] === 0xef &&
      bytes[byteOffset + 1] === 0xbf &&
      bytes[byteOffset + 2] === 0xbd;
    if (!literal) return found;
    byteOffset += 3;
    from = found + 1;
  }
}
