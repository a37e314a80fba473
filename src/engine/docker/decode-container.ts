import type { PortBinding, Protocol, RestartPolicyName } from '../../model/container.ts';
import type {
  ContainerState,
  ContainerSummary,
  HealthState,
  ObservedAttachment,
  ObservedContainer,
  ObservedMount,
  ProbeOutput,
} from '../../model/observed.ts';
import type { WireContainer, WireEndpoint, WireHealth, WirePortMap, WireSummary } from './wire.ts';

const STATES: ReadonlySet<string> = new Set<ContainerState>([
  'created',
  'running',
  'paused',
  'restarting',
  'removing',
  'exited',
  'dead',
]);
const HEALTHS: ReadonlySet<string> = new Set<HealthState>([
  'none',
  'starting',
  'healthy',
  'unhealthy',
]);
const POLICIES: ReadonlySet<string> = new Set<RestartPolicyName>([
  'no',
  'always',
  'unless-stopped',
  'on-failure',
]);
const PROTOCOLS: ReadonlySet<string> = new Set<Protocol>(['tcp', 'udp', 'sctp']);

const isState = (text: string): text is ContainerState => STATES.has(text);
const isHealth = (text: string): text is HealthState => HEALTHS.has(text);
const isPolicy = (text: string): text is RestartPolicyName => POLICIES.has(text);
const isProtocol = (text: string): text is Protocol => PROTOCOLS.has(text);

const decodeState = (text: string): ContainerState => (isState(text) ? text : 'dead');
const decodeHealth = (text: string | undefined): HealthState =>
  text !== undefined && isHealth(text) ? text : 'none';

const byPort = (a: PortBinding, b: PortBinding): number =>
  a.container - b.container ||
  a.host - b.host ||
  (a.protocol < b.protocol ? -1 : a.protocol > b.protocol ? 1 : 0) ||
  (a.hostIP < b.hostIP ? -1 : a.hostIP > b.hostIP ? 1 : 0);

/** Below API 1.52 a list tells the health only in words: "Up 3 minutes (healthy)". */
const healthOfStatus = (status: string): HealthState => {
  if (status.endsWith('(healthy)')) return 'healthy';
  if (status.endsWith('(unhealthy)')) return 'unhealthy';
  return status.endsWith('(health: starting)') ? 'starting' : 'none';
};

/** "Exited (137) 3 minutes ago", "Restarting (1) 2 seconds ago"; 0 for all that has not ended. */
const exitCodeOfStatus = (status: string): number =>
  Number(/^(?:Exited|Restarting) \((\d+)\)/.exec(status)?.[1] ?? 0);

/** A container has more names where legacy links point at it; its own has no second slash. */
const ownName = (names: readonly string[]): string => {
  const own = names.find((name) => !name.includes('/', 1)) ?? names[0] ?? '';
  return own.startsWith('/') ? own.slice(1) : own;
};

export const decodeSummary = (wire: WireSummary): ContainerSummary => {
  const ports: PortBinding[] = [];
  for (const port of wire.Ports ?? []) {
    if (port.PublicPort === undefined || !isProtocol(port.Type)) continue;
    ports.push({
      container: port.PrivatePort,
      protocol: port.Type,
      hostIP: port.IP ?? '',
      host: port.PublicPort,
    });
  }
  return {
    id: wire.Id,
    name: ownName(wire.Names ?? []),
    image: wire.Image,
    imageId: wire.ImageID,
    labels: wire.Labels ?? {},
    state: decodeState(wire.State),
    status: wire.Status,
    health:
      wire.Health === undefined ? healthOfStatus(wire.Status) : decodeHealth(wire.Health.Status),
    exitCode: exitCodeOfStatus(wire.Status),
    ports: ports.length > 1 ? ports.sort(byPort) : ports,
    createdAt: wire.Created * 1000,
  };
};

const decodePorts = (map: WirePortMap): PortBinding[] => {
  const bindings: PortBinding[] = [];
  for (const [key, hosts] of Object.entries(map ?? {})) {
    const [port, protocol = 'tcp'] = key.split('/');
    if (!isProtocol(protocol)) continue;
    for (const { HostIp, HostPort } of hosts ?? []) {
      const host = Number(HostPort);
      // "0", "" and ranges are the engine's choice at start: no number to count on.
      if (!Number.isInteger(host) || host < 1) continue;
      bindings.push({ container: Number(port), protocol, hostIP: HostIp, host });
    }
  }
  return bindings.sort(byPort);
};

/** Go's zero time stands for "never". */
const decodeTime = (text: string): number | null =>
  text.startsWith('0001-') ? null : Date.parse(text);

const decodeProbes = (health: WireHealth | null | undefined): ProbeOutput[] =>
  (health?.Log ?? []).map((probe) => ({
    startedAt: Date.parse(probe.Start),
    endedAt: Date.parse(probe.End),
    exitCode: probe.ExitCode,
    output: probe.Output,
  }));

const decodeMount = (mount: NonNullable<WireContainer['Mounts']>[number]): ObservedMount => {
  const base = { source: mount.Source, path: mount.Destination, readOnly: !mount.RW };
  if (mount.Type === 'volume') return { type: 'volume', volume: mount.Name ?? '', ...base };
  return { type: mount.Type === 'bind' || mount.Type === 'tmpfs' ? mount.Type : 'other', ...base };
};

const decodeAttachment = (
  network: string,
  endpoint: WireEndpoint,
  containerId: string,
): ObservedAttachment => {
  // Below API 1.45 the engine adds the short id to what was asked for, and after it the hostname.
  const all = [...new Set(endpoint.Aliases ?? [])];
  const automatic = all.indexOf(containerId.slice(0, 12));
  const ipv4 = endpoint.IPAMConfig?.IPv4Address;
  return {
    network,
    networkId: endpoint.NetworkID,
    aliases: automatic === -1 ? all : all.slice(0, automatic),
    ip: endpoint.IPAddress,
    ...(ipv4 === undefined || ipv4 === '' ? {} : { ipv4 }),
  };
};

const decodeAttachments = (wire: WireContainer): ObservedAttachment[] =>
  Object.entries(wire.NetworkSettings.Networks ?? {})
    .filter(([network]) => network !== 'host' && network !== 'none')
    .map(([network, endpoint]) => decodeAttachment(network, endpoint, wire.Id))
    .sort((a, b) => (a.network < b.network ? -1 : 1));

/** Inspect has no words for the state; these are a list's, without its ages. */
const statusWords = (wire: WireContainer): string => {
  const { Status, ExitCode, Health } = wire.State;
  const health = Health?.Status ?? 'none';
  if (Status === 'running') {
    if (health === 'none') return 'Up';
    return health === 'starting' ? 'Up (health: starting)' : `Up (${health})`;
  }
  if (Status === 'paused') return 'Up (Paused)';
  if (Status === 'exited' || Status === 'restarting') {
    return `${Status === 'exited' ? 'Exited' : 'Restarting'} (${ExitCode})`;
  }
  return Status.charAt(0).toUpperCase() + Status.slice(1);
};

const positive = (value: number | null): value is number => value !== null && value > 0;

export const decodeContainer = (wire: WireContainer): ObservedContainer => {
  const { State, HostConfig, Config } = wire;
  return {
    id: wire.Id,
    name: wire.Name.startsWith('/') ? wire.Name.slice(1) : wire.Name,
    image: Config.Image,
    imageId: wire.Image,
    labels: Config.Labels ?? {},
    state: decodeState(State.Status),
    status: statusWords(wire),
    health: decodeHealth(State.Health?.Status),
    ports: decodePorts(wire.NetworkSettings.Ports),
    createdAt: Date.parse(wire.Created),
    exitCode: State.ExitCode,
    oomKilled: State.OOMKilled,
    error: State.Error,
    startedAt: decodeTime(State.StartedAt),
    finishedAt: decodeTime(State.FinishedAt),
    failingStreak: State.Health?.FailingStreak ?? 0,
    probes: decodeProbes(State.Health),
    restartCount: wire.RestartCount,
    restartPolicy: isPolicy(HostConfig.RestartPolicy.Name) ? HostConfig.RestartPolicy.Name : 'no',
    limits: {
      ...(positive(HostConfig.Memory) ? { memoryBytes: HostConfig.Memory } : {}),
      ...(positive(HostConfig.MemoryReservation)
        ? { memoryReservationBytes: HostConfig.MemoryReservation }
        : {}),
      ...(positive(HostConfig.NanoCpus) ? { nanoCpus: HostConfig.NanoCpus } : {}),
      ...(positive(HostConfig.PidsLimit) ? { pids: HostConfig.PidsLimit } : {}),
    },
    bindings: decodePorts(HostConfig.PortBindings),
    mounts: (wire.Mounts ?? []).map(decodeMount).sort((a, b) => (a.path < b.path ? -1 : 1)),
    networkMode: HostConfig.NetworkMode === 'default' ? 'bridge' : HostConfig.NetworkMode,
    attachments: decodeAttachments(wire),
    pid: State.Pid,
  };
};
