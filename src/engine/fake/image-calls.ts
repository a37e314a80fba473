import { createHash } from 'node:crypto';
import type { ObservedImage } from '../../model/observed.ts';
import type { Engine } from '../api.ts';
import { hasLabels } from './filter.ts';
import { refusal } from './refuse.ts';
import { emit, type FakeImage, type FakeImageConfig, type Store } from './store.ts';

type ImageCalls = Pick<
  Engine,
  'findImage' | 'listImages' | 'tagImage' | 'removeImage' | 'ensureEmptyImage'
>;

/** What can be pulled, by reference. */
export interface FakeRegistry {
  readonly images: Map<string, FakeImageConfig>;
  /** Nobody answers. */
  down: boolean;
  /** References that want these credentials, as `username:password`. */
  readonly closed: Map<string, string>;
}

const EMPTY = 'l9.local/empty:1';
const SIZE = 1_000_000;

/** `name` and `name:latest` are one. */
export const canonical = (reference: string): string =>
  reference.includes('@') || reference.lastIndexOf(':') > reference.lastIndexOf('/')
    ? reference
    : `${reference}:latest`;

const hash = (text: string): string => `sha256:${createHash('sha256').update(text).digest('hex')}`;

const repository = (reference: string): string =>
  reference.includes('@')
    ? reference.slice(0, reference.indexOf('@'))
    : canonical(reference).slice(0, canonical(reference).lastIndexOf(':'));

export const findImage = (store: Store, reference: string): FakeImage | undefined => {
  const byId = store.images.get(reference);
  if (byId !== undefined) return byId;
  const wanted = canonical(reference);
  for (const image of store.images.values()) {
    if (image.references.has(wanted) || image.digests.has(reference)) return image;
  }
  return undefined;
};

const take = (store: Store, reference: string): void => {
  for (const image of store.images.values()) image.references.delete(reference);
};

/** Has an image of this content under this reference, which moves if another image had it. */
export const addImage = (
  store: Store,
  reference: string,
  image: { readonly config: FakeImageConfig; readonly id?: string; readonly pulled?: boolean },
): FakeImage => {
  const name = canonical(reference);
  const content = JSON.stringify(image.config);
  const id = image.id ?? hash(content);
  if (!name.includes('@')) take(store, name);
  const made = store.images.get(id) ?? {
    id,
    config: image.config,
    references: new Set<string>(),
    digests: new Set<string>(),
    createdAt: store.clock.now(),
  };
  store.images.set(id, made);
  if (!name.includes('@')) made.references.add(name);
  if (image.pulled === true)
    made.digests.add(`${repository(name)}@${hash(`manifest of ${content}`)}`);
  return made;
};

const observed = ({ id, config, references, digests, createdAt }: FakeImage): ObservedImage => ({
  id,
  references: [...references],
  digests: [...digests],
  labels: config.labels ?? {},
  volumes: [...(config.volumes ?? [])].sort(),
  user: config.user ?? '',
  hasHealthcheck: config.healthcheck !== undefined && !('disable' in config.healthcheck),
  entrypoint: config.entrypoint ?? [],
  command: config.command ?? [],
  exposed: [...(config.exposed ?? [])].sort(),
  createdAt,
  sizeBytes: config.empty === true ? 0 : SIZE,
});

export const imageCalls = (store: Store): ImageCalls => {
  const event = (action: string, id: string): void =>
    emit(store, { kind: 'image', action, id, name: id, attributes: {} });
  return {
    async findImage(reference) {
      const image = findImage(store, reference);
      return image && observed(image);
    },

    async listImages(filter) {
      return [...store.images.values()]
        .map(observed)
        .filter(({ labels }) => hasLabels(labels, filter))
        .sort((a, b) => b.createdAt - a.createdAt || (a.id < b.id ? -1 : 1));
    },

    async tagImage(id, reference) {
      const image = findImage(store, id);
      if (image === undefined) {
        const message = `No such image: ${canonical(id)}`;
        throw refusal('tagImage', `image ${id}`, { status: 404, message });
      }
      take(store, canonical(reference));
      image.references.add(canonical(reference));
      event('tag', image.id);
    },

    async removeImage(reference) {
      const image = findImage(store, reference);
      if (image === undefined) return;
      const last = image.references.size + image.digests.size <= 1 || image.id === reference;
      const user = [...store.containers.values()].find(({ imageId }) => imageId === image.id);
      if (last && user !== undefined) {
        const message = `conflict: unable to remove repository reference "${reference}" (must force) - container ${user.id.slice(0, 12)} is using its referenced image ${image.id.slice(7, 19)}`;
        throw refusal('removeImage', `image ${reference}`, { status: 409, message });
      }
      image.references.delete(canonical(reference));
      image.digests.delete(reference);
      // The last tag of a repository takes the repository's digests along.
      const kept = new Set([...image.references].map(repository));
      for (const digest of image.digests)
        if (!kept.has(repository(digest))) image.digests.delete(digest);
      event('untag', image.id);
      if (image.references.size + image.digests.size > 0 && image.id !== reference) return;
      store.images.delete(image.id);
      event('delete', image.id);
    },

    async ensureEmptyImage() {
      return (findImage(store, EMPTY) ?? addImage(store, EMPTY, { config: { empty: true } })).id;
    },
  };
};

export const imagePull = (store: Store, registry: FakeRegistry): Pick<Engine, 'pullImage'> => ({
  async pullImage(reference, options = {}) {
    const refuse = (status: number, message: string) =>
      refusal('pullImage', `image ${reference}`, { status, message });
    if (/[A-Z]/.test(repository(reference))) {
      throw refuse(400, 'invalid reference format: repository name must be lowercase');
    }
    const host = reference.split('/')[0] ?? '';
    if (registry.down || host === '127.0.0.1:9') {
      throw refuse(500, `Get "http://${host}/v2/": dial tcp: connect: connection refused`);
    }
    const name = canonical(reference);
    const login = registry.closed.get(name);
    const given = `${options.auth?.username ?? ''}:${options.auth?.password ?? ''}`;
    if (login !== undefined && given !== login) {
      throw refuse(500, `Head "http://${host}/v2/": unauthorized: authentication required`);
    }
    const known = [...registry.images].find(
      ([published, config]) =>
        published === name ||
        name === `${repository(published)}@${hash(`manifest of ${JSON.stringify(config)}`)}`,
    );
    if (known === undefined) {
      throw refuse(404, `manifest for ${name} not found: manifest unknown: manifest unknown`);
    }
    options.onProgress?.({
      layer: 'fake',
      status: 'Downloading',
      currentBytes: SIZE,
      totalBytes: SIZE,
    });
    const image = addImage(store, name, { config: known[1], pulled: true });
    options.onProgress?.({ layer: '', status: `Status: Downloaded newer image for ${name}` });
    emit(store, { kind: 'image', action: 'pull', id: name, name, attributes: { name: image.id } });
  },
});
