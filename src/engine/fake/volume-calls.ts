import type { Labels } from '../../model/labels.ts';
import type { ObservedVolume } from '../../model/observed.ts';
import type { Engine } from '../api.ts';
import { FileTree } from './file-tree.ts';
import { hasLabels } from './filter.ts';
import { refusal } from './refuse.ts';
import { emit, type FakeVolume, type Store } from './store.ts';

type VolumeCalls = Pick<Engine, 'listVolumes' | 'findVolume' | 'createVolume' | 'removeVolume'>;

/** The volume of that name: the one that was there, or a new one with these labels. */
export const needVolume = (store: Store, name: string, labels: Labels): FakeVolume => {
  const known = store.volumes.get(name);
  if (known !== undefined) return known;
  const mountpoint = `/var/lib/docker/volumes/${name}/_data`;
  const volume: FakeVolume = { name, driver: 'local', labels, mountpoint, tree: new FileTree() };
  store.volumes.set(name, volume);
  emit(store, {
    kind: 'volume',
    action: 'create',
    id: name,
    name,
    attributes: { driver: 'local' },
  });
  return volume;
};

const observed = ({ name, driver, labels, mountpoint }: FakeVolume): ObservedVolume => ({
  name,
  driver,
  labels,
  mountpoint,
});

export const volumeCalls = (store: Store): VolumeCalls => ({
  async listVolumes(filter) {
    return [...store.volumes.values()]
      .filter(({ labels }) => hasLabels(labels, filter))
      .map(observed)
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  },

  async findVolume(name) {
    const volume = store.volumes.get(name);
    return volume && observed(volume);
  },

  async createVolume({ name, driver, labels }) {
    if (driver !== 'local') {
      const message = `create ${name}: error looking up volume plugin ${driver}: plugin "${driver}" not found`;
      throw refusal('createVolume', `volume ${name}`, { status: 404, message });
    }
    return observed(needVolume(store, name, labels));
  },

  async removeVolume(name) {
    if (!store.volumes.has(name)) return;
    for (const { id, mounts } of store.containers.values()) {
      if (!mounts.some(({ volume }) => volume === name)) continue;
      const message = `remove ${name}: volume is in use - [${id}]`;
      throw refusal('removeVolume', `volume ${name}`, { status: 409, message });
    }
    store.volumes.delete(name);
    emit(store, {
      kind: 'volume',
      action: 'destroy',
      id: name,
      name,
      attributes: { driver: 'local' },
    });
  },
});
