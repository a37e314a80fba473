import type {
  ContainerSpec,
  ExecHealthcheck,
  Limits,
  Mount,
  NetworkAttachmentSpec,
  PortBinding,
} from '../../model/container.ts';
import { L9Error } from '../../model/errors.ts';

const NS_PER_MS = 1_000_000;

/** A mount as the engine can do it: a volume's file has become a bind of that file. */
export type ResolvedMount = Exclude<Mount, { type: 'file' }>;

/** Bodies of Docker's API; their keys are Docker's. */
type Body = Record<string, unknown>;

const encodeEnv = (spec: ContainerSpec): string[] =>
  Object.entries(spec.env).map(([key, value]) => {
    if (typeof value === 'string') return `${key}=${value}`;
    throw new L9Error(
      'BadRequest',
      `The secret ${value.secret} was not put in place for ${key} of ${spec.name}`,
      {
        hint: 'This is a mistake in l9: please report it.',
      },
    );
  });

const encodePorts = (ports: readonly PortBinding[]): { exposed: Body; bindings: Body } => {
  const exposed: Body = {};
  const bindings: Record<string, { HostIp: string; HostPort: string }[]> = {};
  for (const port of ports) {
    const key = `${port.container}/${port.protocol}`;
    exposed[key] = {};
    (bindings[key] ??= []).push({ HostIp: port.hostIP, HostPort: String(port.host) });
  }
  return { exposed, bindings };
};

const encodeMount = (mount: ResolvedMount): Body => {
  switch (mount.type) {
    case 'volume':
      return { Type: 'volume', Source: mount.volume, Target: mount.path, ReadOnly: mount.readOnly };
    case 'bind':
      // As a Mount, not a Bind: a missing source is an error instead of a new folder of root's.
      return { Type: 'bind', Source: mount.source, Target: mount.path, ReadOnly: mount.readOnly };
    case 'tmpfs':
      return {
        Type: 'tmpfs',
        Target: mount.path,
        ...(mount.sizeBytes === undefined ? {} : { TmpfsOptions: { SizeBytes: mount.sizeBytes } }),
      };
  }
};

const encodeNetwork = (network: NetworkAttachmentSpec): { mode: string; endpoints?: Body } => {
  switch (network.mode) {
    case 'host':
    case 'none':
      return { mode: network.mode };
    case 'container':
      return { mode: `container:${network.container}` };
    case 'network':
      return {
        mode: network.network,
        endpoints: { [network.network]: encodeEndpoint(network.aliases, network.ipv4) },
      };
  }
};

export const encodeEndpoint = (aliases: readonly string[], ipv4: string | undefined): Body => ({
  Aliases: aliases,
  ...(ipv4 === undefined ? {} : { IPAMConfig: { IPv4Address: ipv4 } }),
});

const encodeHealthcheck = (check: ExecHealthcheck): Body =>
  'disable' in check
    ? { Test: ['NONE'] }
    : {
        Test: check.test,
        Interval: check.intervalMs * NS_PER_MS,
        Timeout: check.timeoutMs * NS_PER_MS,
        Retries: check.retries,
        StartPeriod: check.startPeriodMs * NS_PER_MS,
      };

/** Limits for create and update. Swap goes with memory, else the engine refuses to raise one alone. */
export const encodeLimits = (limits: Limits): Body => ({
  ...(limits.memoryBytes === undefined
    ? {}
    : { Memory: limits.memoryBytes, MemorySwap: limits.memoryBytes }),
  ...(limits.memoryReservationBytes === undefined
    ? {}
    : { MemoryReservation: limits.memoryReservationBytes }),
  ...(limits.nanoCpus === undefined ? {} : { NanoCpus: limits.nanoCpus }),
  ...(limits.pids === undefined ? {} : { PidsLimit: limits.pids }),
});

const encodeLogging = (logging: NonNullable<ContainerSpec['logging']>): Body => ({
  Type: 'json-file',
  Config: {
    ...(logging.maxSizeBytes === undefined ? {} : { 'max-size': String(logging.maxSizeBytes) }),
    ...(logging.maxFiles === undefined ? {} : { 'max-file': String(logging.maxFiles) }),
  },
});

/** JSON leaves out what is undefined: absent values stay the image's or the engine's. */
const encodeHost = (spec: ContainerSpec, mounts: readonly ResolvedMount[]): Body => ({
  NetworkMode: encodeNetwork(spec.network).mode,
  PortBindings: encodePorts(spec.ports).bindings,
  Mounts: mounts.map(encodeMount),
  RestartPolicy: { Name: spec.restartPolicy },
  ...encodeLimits(spec.limits),
  Init: spec.init,
  ReadonlyRootfs: spec.readOnlyRootFilesystem,
  SecurityOpt: spec.noNewPrivileges === true ? ['no-new-privileges:true'] : undefined,
  Privileged: spec.privileged,
  CapAdd: spec.capAdd,
  CapDrop: spec.capDrop,
  LogConfig: spec.logging === undefined ? undefined : encodeLogging(spec.logging),
  ExtraHosts: spec.extraHosts,
  Dns: spec.dns,
  Sysctls: spec.sysctls,
  Ulimits: spec.ulimits?.map(({ name, soft, hard }) => ({ Name: name, Soft: soft, Hard: hard })),
  ShmSize: spec.shmSizeBytes,
  Devices: spec.devices?.map((device) => ({
    PathOnHost: device.host,
    PathInContainer: device.container,
    CgroupPermissions: device.permissions,
  })),
  DeviceRequests:
    spec.gpus === undefined
      ? undefined
      : [{ Driver: '', Count: spec.gpus === 'all' ? -1 : spec.gpus, Capabilities: [['gpu']] }],
  GroupAdd: spec.groupAdd,
});

/** The body of POST /containers/create. Throws where a secret was not put in place. */
export const encodeContainer = (spec: ContainerSpec, mounts: readonly ResolvedMount[]): Body => {
  const { endpoints } = encodeNetwork(spec.network);
  return {
    Image: spec.image,
    Labels: spec.labels,
    Env: encodeEnv(spec),
    Entrypoint: spec.entrypoint,
    Cmd: spec.command,
    WorkingDir: spec.workingDir,
    User: spec.user,
    Hostname: spec.hostname,
    Tty: spec.tty,
    OpenStdin: spec.stdin,
    StopSignal: spec.stopSignal,
    StopTimeout: spec.stopGraceMs === undefined ? undefined : Math.ceil(spec.stopGraceMs / 1000),
    ExposedPorts: encodePorts(spec.ports).exposed,
    Healthcheck: spec.healthcheck === undefined ? undefined : encodeHealthcheck(spec.healthcheck),
    HostConfig: encodeHost(spec, mounts),
    NetworkingConfig: endpoints === undefined ? undefined : { EndpointsConfig: endpoints },
  };
};
