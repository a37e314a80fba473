import type { Engine } from '../api.ts';
import { needContainer } from './container-calls.ts';
import type { FakeContainer } from './container.ts';
import { type FileTree, joined } from './file-tree.ts';
import { refusal } from './refuse.ts';
import type { Store } from './store.ts';

/** Where a path of a container really lies: in its own files, or in a volume's. */
const resolve = (container: FakeContainer, path: string): { tree: FileTree; inside: string } => {
  const clean = joined(path);
  let best = { path: '', tree: container.root, base: '' };
  for (const view of container.views) {
    const holds = clean === view.path || clean.startsWith(`${view.path}/`);
    if (holds && view.path.length >= best.path.length) best = view;
  }
  return { tree: best.tree, inside: joined(best.base, clean.slice(best.path.length)) };
};

export const fileCalls = (store: Store): Pick<Engine, 'putArchive' | 'getArchive'> => ({
  // oxlint-disable-next-line max-params -- the interface's
  async putArchive(id, path, tar) {
    const container = needContainer(store, id, 'putArchive');
    const { tree, inside } = resolve(container, path);
    if (!tree.hasFolder(inside)) {
      const message = `Could not find the file ${path} in container ${container.id}`;
      throw refusal('putArchive', `container ${id}`, { status: 404, message });
    }
    if (container.spec.readOnlyRootFilesystem === true && tree === container.root) {
      const message = 'container rootfs is marked read-only';
      throw refusal('putArchive', `container ${id}`, { status: 403, message });
    }
    await tree.unpack(inside, tar);
  },

  async getArchive(id, path) {
    const { tree, inside } = resolve(needContainer(store, id, 'getArchive'), path);
    return await tree.pack(inside, joined(path).split('/').at(-1) ?? '');
  },
});
