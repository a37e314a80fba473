import type { ContainerSpec, Mount } from '../../model/container.ts';
import type { ObservedMount } from '../../model/observed.ts';
import type { Engine } from '../api.ts';
import { claimName, unresolvedSecret } from './container-calls.ts';
import type { FakeAttachment, FakeContainer, View } from './container.ts';
import { FileTree, joined } from './file-tree.ts';
import { findImage } from './image-calls.ts';
import { announce } from './processes.ts';
import { refusal } from './refuse.ts';
import { type FakeImage, lookUp, newId, type Store } from './store.ts';
import { needVolume } from './volume-calls.ts';

const LEAST_MEMORY = 6 * 1024 * 1024;
const USUAL_FOLDERS = ['bin', 'etc', 'tmp', 'root', 'run', 'var/lib', 'var/run', 'usr/bin', 'home'];

interface Mounted {
  readonly mount: ObservedMount;
  readonly view: View | undefined;
}

const missingSource = (spec: ContainerSpec, source: string) =>
  refusal('createContainer', `container ${spec.name}`, {
    status: 400,
    message: `invalid mount config for type "bind": bind source path does not exist: ${source}`,
  });

const mountVolume = (
  store: Store,
  name: string,
  place: { path: string; readOnly: boolean },
): Mounted => {
  const volume = needVolume(store, name, {});
  return {
    mount: { type: 'volume', volume: name, source: volume.mountpoint, ...place },
    view: { path: joined(place.path), tree: volume.tree, base: '' },
  };
};

const mountOne = (store: Store, spec: ContainerSpec, mount: Mount): Mounted => {
  const { path } = mount;
  switch (mount.type) {
    case 'volume':
      return mountVolume(store, mount.volume, { path, readOnly: mount.readOnly });
    case 'bind': {
      const { source, readOnly } = mount;
      if (store.missingPaths.has(source)) throw missingSource(spec, source);
      return { mount: { type: 'bind', source, path, readOnly }, view: undefined };
    }
    case 'tmpfs':
      return { mount: { type: 'tmpfs', source: '', path, readOnly: false }, view: undefined };
    case 'file': {
      const volume = store.volumes.get(mount.volume);
      if (volume === undefined) {
        const message = `get ${mount.volume}: no such volume`;
        throw refusal('findVolume', `volume ${mount.volume}`, { status: 404, message });
      }
      const source = `${volume.mountpoint}/${mount.file}`;
      if (volume.tree.read(joined(mount.file)) === undefined) throw missingSource(spec, source);
      return {
        mount: { type: 'bind', source, path, readOnly: true },
        view: { path: joined(path), tree: volume.tree, base: joined(mount.file) },
      };
    }
  }
};

/** A mount for each VOLUME of the image that the spec leaves open: a new volume without a proper name. */
const anonymous = (store: Store, spec: ContainerSpec, image: FakeImage): Mounted[] =>
  (image.config.volumes ?? [])
    .filter((path) => !spec.mounts.some((mount) => mount.path === path))
    .map((path) => mountVolume(store, newId(store), { path, readOnly: false }));

const attachmentsOf = (spec: ContainerSpec): FakeAttachment[] =>
  spec.network.mode === 'network'
    ? [
        {
          network: spec.network.network,
          networkId: '',
          aliases: spec.network.aliases,
          ipv4: spec.network.ipv4,
          ip: '',
        },
      ]
    : [];

const networkModeOf = (store: Store, { network }: ContainerSpec): string => {
  if (network.mode === 'network') return network.network;
  if (network.mode !== 'container') return network.mode;
  return `container:${lookUp(store, network.container)?.id ?? network.container}`;
};

const check = (store: Store, spec: ContainerSpec): FakeImage => {
  const subject = `container ${spec.name}`;
  const refuse = (status: number, message: string) =>
    refusal('createContainer', subject, { status, message });
  for (const [key, value] of Object.entries(spec.env)) {
    if (typeof value !== 'string') throw unresolvedSecret(spec.name, key);
  }
  const image = findImage(store, spec.image);
  if (image === undefined) throw refuse(404, `No such image: ${spec.image}`);
  const { memoryBytes, memoryReservationBytes } = spec.limits;
  if (memoryBytes !== undefined && memoryBytes < LEAST_MEMORY) {
    throw refuse(400, 'Minimum memory limit allowed is 6MB');
  }
  if (memoryBytes !== undefined && (memoryReservationBytes ?? 0) > memoryBytes) {
    throw refuse(
      400,
      'Minimum memory limit can not be less than memory reservation limit, see usage',
    );
  }
  claimName(store, spec.name, { operation: 'createContainer', subject });
  return image;
};

const commandOf = (spec: ContainerSpec, image: FakeImage): readonly string[] => {
  const entrypoint = spec.entrypoint ?? image.config.entrypoint ?? [];
  // As in Docker, an entrypoint of one's own throws the image's command away.
  const command =
    spec.command ?? (spec.entrypoint === undefined ? image.config.command : undefined);
  const words = [...entrypoint, ...(command ?? [])];
  if (words.length > 0) return words;
  throw refusal('createContainer', `container ${spec.name}`, {
    status: 400,
    message: 'No command specified',
  });
};

export const creation = (store: Store): Pick<Engine, 'createContainer'> => ({
  async createContainer(spec) {
    const image = check(store, spec);
    const command = commandOf(spec, image);
    const mounted = [
      ...spec.mounts.map((mount) => mountOne(store, spec, mount)),
      ...anonymous(store, spec, image),
    ];
    const id = newId(store);
    const folders =
      image.config.empty === true ? [] : [...USUAL_FOLDERS, ...(image.config.folders ?? [])];
    for (const { mount } of mounted) if (mount.type !== 'bind') folders.push(mount.path);
    const container: FakeContainer = {
      id,
      spec,
      imageId: image.id,
      labels: { ...image.config.labels, ...spec.labels },
      command,
      healthcheck: spec.healthcheck ?? image.config.healthcheck,
      networkMode: networkModeOf(store, spec),
      mounts: mounted.map(({ mount }) => mount).sort((a, b) => (a.path < b.path ? -1 : 1)),
      views: mounted.flatMap(({ view }) => (view === undefined ? [] : [view])),
      root: new FileTree(folders),
      createdAt: store.clock.now(),
      log: [],
      listeners: new Set(),
      name: spec.name,
      state: 'created',
      exitCode: 0,
      oomKilled: false,
      error: '',
      startedAt: null,
      finishedAt: null,
      health: 'none',
      failingStreak: 0,
      probes: [],
      verdict: undefined,
      restartCount: 0,
      restartPolicy: spec.restartPolicy,
      restartDelayMs: 0,
      pendingRestart: undefined,
      limits: spec.limits,
      attachments: attachmentsOf(spec),
      run: undefined,
      pid: 0,
      summary: undefined,
    };
    store.containers.set(id, container);
    store.names.set(spec.name, id);
    store.sorted = undefined;
    announce(store, container, { action: 'create' });
    return id;
  },
});
