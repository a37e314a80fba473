import { text } from 'node:stream/consumers';
import { extract } from 'tar-stream';

/** The regular files of a tar, by their path in it. */
export const untar = async (tar: Uint8Array): Promise<Record<string, string>> => {
  const files: Record<string, string> = {};
  const reader = extract();
  reader.end(Buffer.from(tar));
  for await (const entry of reader) {
    const content = await text(entry);
    if (entry.header.type === 'file') files[entry.header.name] = content;
  }
  return files;
};
