import type { ContainerSpec, Mount } from '../../model/container.ts';
import type { CallOptions, Engine } from '../api.ts';
import { hasCode } from '../errors.ts';
import { encodeContainer, type ResolvedMount } from './encode-container.ts';
import { query } from './paths.ts';
import type { Transport } from './transport.ts';
import { inspectVolume } from './volumes.ts';

/** Called when a create found that its image is gone. */
export type ImageGone = (image: string) => void;

/**
 * A file out of a volume becomes a bind of that file: a volume's subpath is silently ignored by older
 * engines, and the whole volume would be visible. The volume counts as unused then.
 */
const resolveMounts = async (
  transport: Transport,
  mounts: readonly Mount[],
  options: CallOptions | undefined,
): Promise<ResolvedMount[]> => {
  const mountpoints = new Map<string, Promise<string>>();
  const mountpoint = (volume: string): Promise<string> => {
    const known = mountpoints.get(volume);
    if (known !== undefined) return known;
    const asked = inspectVolume(transport, volume, options).then((wire) => wire.Mountpoint);
    mountpoints.set(volume, asked);
    return asked;
  };
  return await Promise.all(
    mounts.map(async (mount): Promise<ResolvedMount> => {
      if (mount.type !== 'file') return mount;
      const source = `${await mountpoint(mount.volume)}/${mount.file}`;
      return { type: 'bind', source, path: mount.path, readOnly: true };
    }),
  );
};

const hasFile = (spec: ContainerSpec): boolean => spec.mounts.some(({ type }) => type === 'file');

export const containerCreation = (
  transport: Transport,
  imageGone: ImageGone,
): Pick<Engine, 'createContainer'> => ({
  async createContainer(spec, options) {
    const mounts = hasFile(spec)
      ? await resolveMounts(transport, spec.mounts, options)
      : // Nothing to resolve: the types agree once there is no file.
        spec.mounts.filter((mount) => mount.type !== 'file');
    try {
      const { Id } = await transport.json<{ readonly Id: string }>({
        operation: 'createContainer',
        subject: `container ${spec.name}`,
        method: 'POST',
        path: `/containers/create${query({ name: spec.name, platform: spec.platform })}`,
        body: encodeContainer(spec, mounts),
        options,
      });
      return Id;
    } catch (error) {
      if (hasCode(error, 'NoSuchImage')) imageGone(spec.image);
      throw error;
    }
  },
});
