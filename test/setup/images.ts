import { buffer } from 'node:stream/consumers';
import { pack } from 'tar-stream';
import { call, get } from './engine.ts';

/** A layer as a tar archive: path → content. */
export const layer = (files: Readonly<Record<string, string>>): Promise<Buffer> => {
  const tar = pack();
  for (const [name, content] of Object.entries(files))
    tar.entry({ name, mode: 0o644, mtime: new Date(0) }, content);
  tar.finalize();
  return buffer(tar);
};

interface ImageSummary {
  readonly Id: string;
  readonly RepoTags: readonly string[] | null;
  readonly RepoDigests: readonly string[] | null;
}

export const listImages = (): Promise<readonly ImageSummary[]> =>
  get<readonly ImageSummary[]>('/images/json');

const none = '<none>';

/** Every tag and digest on the engine that begins with this, sorted. */
export const imageNames = async (prefix: string): Promise<string[]> =>
  (await listImages())
    .flatMap(({ RepoTags, RepoDigests }) => [...(RepoTags ?? []), ...(RepoDigests ?? [])])
    .filter((name) => name.startsWith(prefix) && !name.includes(none))
    .toSorted();

/** Removes all images whose name begins with this; only ever called with a name that one test made up. */
export const removeImages = async (prefix: string): Promise<void> => {
  for (const name of await imageNames(prefix))
    await call('DELETE', `/images/${encodeURIComponent(name)}?force=1`, [200, 404]);
};
