import { buffer, text } from 'node:stream/consumers';

// tar-stream is loaded late: most commands carry no files.

export interface TarFile {
  readonly name: string;
  readonly content: string;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

/** A tar archive of a few small files. */
export const packFiles = async (files: readonly TarFile[]): Promise<Uint8Array> => {
  const { pack } = await import('tar-stream');
  const archive = pack();
  for (const { content, ...header } of files) {
    archive.entry({ ...header, type: 'file', mtime: new Date(0) }, content);
  }
  archive.finalize();
  return buffer(archive);
};

/** The regular files of a tar archive, by their path in it. */
export const unpackFiles = async (tar: Uint8Array): Promise<Map<string, string>> => {
  const files = new Map<string, string>();
  const { extract } = await import('tar-stream');
  const reader = extract();
  reader.end(Buffer.from(tar));
  for await (const entry of reader) {
    const content = await text(entry);
    if (entry.header.type === 'file') files.set(entry.header.name, content);
  }
  return files;
};
