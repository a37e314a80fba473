import type { ObservedImage, ObservedNetwork, ObservedVolume } from '../../model/observed.ts';
import type { EngineInfo } from '../api.ts';
import type { WireImage, WireInfo, WireNetwork, WireVolume } from './wire.ts';

export const decodeNetwork = (wire: WireNetwork): ObservedNetwork => ({
  id: wire.Id,
  name: wire.Name,
  driver: wire.Driver,
  labels: wire.Labels ?? {},
  internal: wire.Internal,
  subnets: (wire.IPAM?.Config ?? []).flatMap(({ Subnet }) => (Subnet ? [Subnet] : [])),
});

export const decodeVolume = (wire: WireVolume): ObservedVolume => ({
  name: wire.Name,
  driver: wire.Driver,
  labels: wire.Labels ?? {},
  mountpoint: wire.Mountpoint,
});

const NO_CONFIG: NonNullable<WireImage['Config']> = {};

export const decodeImage = (wire: WireImage): ObservedImage => {
  const config = wire.Config ?? NO_CONFIG;
  const test = config.Healthcheck?.Test ?? [];
  return {
    id: wire.Id,
    references: wire.RepoTags ?? [],
    digests: wire.RepoDigests ?? [],
    labels: config.Labels ?? {},
    volumes: Object.keys(config.Volumes ?? {}).sort(),
    user: config.User ?? '',
    hasHealthcheck: test.length > 0 && test[0] !== 'NONE',
    entrypoint: config.Entrypoint ?? [],
    command: config.Cmd ?? [],
    exposed: Object.keys(config.ExposedPorts ?? {}).sort(),
    createdAt: Date.parse(wire.Created),
    sizeBytes: wire.Size,
  };
};

/** `apiVersion` is the one that is spoken, such as 1.41. */
export const decodeInfo = (wire: WireInfo, apiVersion: string): EngineInfo => ({
  id: wire.ID,
  name: wire.Name,
  version: wire.ServerVersion,
  apiVersion,
  os: wire.OSType,
  architecture: wire.Architecture,
  cpus: wire.NCPU,
  memoryBytes: wire.MemTotal,
});
