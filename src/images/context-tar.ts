import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { PassThrough, type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Pack, pack } from 'tar-stream';
import { L9Error } from '../model/errors.ts';
import { systemErrorCode } from '../model/guards.ts';
import type { BuildContext, ContextEntry } from './context.ts';
import { smallFileBytes, textDigest } from './file-digest.ts';

type EntryHeader = Parameters<Pack['entry']>[0];
type FileEntry = Extract<ContextEntry, { type: 'file' }>;

const changed = (entry: ContextEntry, cause?: unknown): L9Error =>
  new L9Error('BuildContextChanged', `${entry.path} changed while the context was being sent`, {
    hint: 'build again when nothing writes into the folder, or exclude the file in .dockerignore',
    cause,
  });

const header = (entry: ContextEntry): EntryHeader => ({
  name: entry.type === 'directory' ? `${entry.path}/` : entry.path,
  type: entry.type,
  mode: entry.mode,
  mtime: new Date(entry.mtime * 1000),
  uid: 0,
  gid: 0,
});

const addWhole = (tar: Pack, head: EntryHeader, content?: Buffer): Promise<void> =>
  new Promise((resolve, reject) => {
    const done = (error?: Error | null): void => {
      if (error) reject(error);
      else resolve();
    };
    if (content === undefined) tar.entry(head, done);
    else tar.entry(head, content, done);
  });

/** Sends a large file in pieces; its digest is compared before the entry ends. */
const addStream = async (tar: Pack, entry: FileEntry, file: string): Promise<void> => {
  const hash = createHash('sha256');
  let size = 0;
  const check = new Transform({
    transform(chunk: Buffer, _encoding, callback) {
      hash.update(chunk);
      size += chunk.byteLength;
      callback(size > entry.size ? changed(entry) : null, chunk);
    },
    flush(callback) {
      callback(hash.digest('hex') === entry.digest ? null : changed(entry));
    },
  });
  await pipeline(
    createReadStream(file, { highWaterMark: smallFileBytes }),
    check,
    tar.entry({ ...header(entry), size: entry.size }),
  );
};

const addFile = async (tar: Pack, entry: FileEntry): Promise<void> => {
  const { from } = entry;
  if ('file' in from && entry.size > smallFileBytes) return addStream(tar, entry, from.file);
  const content = 'text' in from ? Buffer.from(from.text) : await readFile(from.file);
  if (textDigest(content) !== entry.digest) throw changed(entry);
  return addWhole(tar, header(entry), content);
};

const addEntry = (tar: Pack, entry: ContextEntry): Promise<void> => {
  if (entry.type === 'file') return addFile(tar, entry);
  if (entry.type === 'directory') return addWhole(tar, header(entry));
  return addWhole(tar, { ...header(entry), linkname: entry.target });
};

const fill = async (tar: Pack, context: BuildContext): Promise<void> => {
  for (const entry of context.entries) {
    try {
      await addEntry(tar, entry);
    } catch (error) {
      // It could be read when it was listed.
      throw systemErrorCode(error) === undefined ? error : changed(entry, error);
    }
  }
  tar.finalize();
};

/**
 * The context as a tar stream. Each file is compared with the digest that it was listed with, so that
 * the engine never builds anything but what the tag says; the stream fails with `BuildContextChanged`
 * before its end where one differs.
 */
export const packContext = (context: BuildContext): Readable => {
  const tar = pack();
  const out = new PassThrough();
  // Failures reach the reader as the stream's error.
  pipeline(tar, out).catch((error: unknown) => {
    out.destroy(error instanceof Error ? error : new Error(String(error)));
  });
  fill(tar, context).catch((error: unknown) => {
    const reason = error instanceof Error ? error : new Error(String(error));
    out.destroy(reason);
    tar.destroy(reason);
  });
  return out;
};
