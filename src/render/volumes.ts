import type { Mount } from '../model/container.ts';
import { defaults } from '../model/defaults.ts';
import type { DesiredFile, DesiredVolume } from '../model/desired.ts';
import type { MountSpec, ServiceSpec, VolumeDocument } from '../model/documents.ts';
import { volumeName } from '../plan/naming.ts';
import { sha256 } from './canonical-fields.ts';
import type { SecretHashes } from './hash.ts';
import { bytes } from './measures.ts';
import { fileMode } from './shapes.ts';

/** The volume that holds a service's copies of its configs and secrets. */
export const filesVolumeName = (project: string, service: string): string =>
  `l9-files.${project}.${service}`;

/** The name on the engine: the one that is stated, that of an external volume as it is, or `{project}_{name}`. */
export const engineVolumeName = (
  project: string,
  name: string,
  document: VolumeDocument | undefined,
): string => {
  if (document?.spec.name !== undefined) return document.spec.name;
  return document?.spec.external === true ? name : volumeName(project, name);
};

const byName = (volumes: readonly VolumeDocument[], name: string): VolumeDocument | undefined =>
  volumes.find((volume) => volume.name === name);

/** Volumes whose name on the engine does not follow from their own, by name. */
export const statedVolumeNames = (
  project: string,
  volumes: readonly VolumeDocument[],
): Map<string, string> =>
  new Map(
    volumes
      .map((volume) => [volume.name, engineVolumeName(project, volume.name, volume)] as const)
      .filter(([name, engineName]) => engineName !== volumeName(project, name)),
  );

const volumesOf = (spec: ServiceSpec): string[] =>
  (spec.volumes ?? []).map((mount) => mount.volume).filter((name) => name !== undefined);

/** The volumes that have a manifest, and those that services mount without one. */
export const renderVolumes = (
  project: string,
  volumes: readonly VolumeDocument[],
  specs: readonly ServiceSpec[],
): DesiredVolume[] => {
  const names = new Set([...volumes.map((volume) => volume.name), ...specs.flatMap(volumesOf)]);
  return [...names].toSorted().map((name) => {
    const document = byName(volumes, name);
    const set = { ...defaults.VolumeSpec, ...document?.spec };
    return {
      name,
      engineName: engineVolumeName(project, name, document),
      driver: set.driver,
      driverOpts: document?.spec.driverOpts ?? {},
      external: set.external,
      reclaimPolicy: set.reclaimPolicy,
      labels: document?.labels ?? {},
    };
  });
};

const renderMount = (
  project: string,
  mount: MountSpec,
  volumes: readonly VolumeDocument[],
): Mount | undefined => {
  const { path } = mount;
  const readOnly = mount.readOnly ?? defaults.MountSpec.readOnly;
  if (mount.volume !== undefined) {
    const volume = engineVolumeName(project, mount.volume, byName(volumes, mount.volume));
    return { type: 'volume', volume, path, readOnly };
  }
  if (mount.bind !== undefined) return { type: 'bind', source: mount.bind, path, readOnly };
  if (mount.tmpfs !== undefined) return { type: 'tmpfs', path, sizeBytes: bytes(mount.tmpfs) };
  return undefined;
};

/** What a service mounts besides configs and secrets, in the order of its manifest. */
export const renderMounts = (
  project: string,
  spec: ServiceSpec,
  volumes: readonly VolumeDocument[],
): Mount[] =>
  (spec.volumes ?? [])
    .map((mount) => renderMount(project, mount, volumes))
    .filter((mount) => mount !== undefined);

export interface FileSources {
  readonly project: string;
  readonly service: string;
  /** Content by name. */
  readonly configs: ReadonlyMap<string, string>;
  readonly secretHashes: SecretHashes;
}

/** Twelve characters that change with a secret's value; `unknown` where the value or its key is gone. */
const secretVersion = (hash: string | undefined): string =>
  hash === undefined ? 'unknown' : hash.slice(hash.indexOf('.') + 1).slice(0, 12);

/**
 * The configs and secrets that a service mounts, as files of its files volume. A file's name changes
 * with its content, so that new content never changes what a running container sees.
 */
export const renderFiles = (spec: ServiceSpec, sources: FileSources): DesiredFile[] =>
  (spec.volumes ?? []).flatMap((mount): DesiredFile[] => {
    const place = {
      volume: filesVolumeName(sources.project, sources.service),
      path: mount.path,
      mode: fileMode(mount),
    };
    // One content under two modes is two files.
    const suffix = place.mode.toString(8).padStart(4, '0');
    if (mount.config !== undefined) {
      const config = sources.configs.get(mount.config) ?? '';
      const file = `${mount.config}.${sha256(config).slice(0, 12)}.${suffix}`;
      return [{ ...place, file, content: { config } }];
    }
    if (mount.secret !== undefined) {
      const version = secretVersion(sources.secretHashes[mount.secret]);
      const file = `${mount.secret}.${version}.${suffix}`;
      return [{ ...place, file, content: { secret: mount.secret } }];
    }
    return [];
  });
