import type {
  ContainerSpec,
  ExecHealthcheck,
  Limits,
  PortBinding,
  RestartPolicyName,
} from '../../model/container.ts';
import type { Labels } from '../../model/labels.ts';
import type {
  ContainerState,
  ContainerSummary,
  HealthState,
  ObservedContainer,
  ObservedMount,
  ProbeOutput,
} from '../../model/observed.ts';
import type { LogLine } from '../api.ts';
import type { Behaviour, ProbeVerdict } from './behaviour.ts';
import type { FileTree } from './file-tree.ts';
import type { Scheduled } from './timeline.ts';

export interface FakeAttachment {
  readonly network: string;
  /** Empty before the first start. */
  networkId: string;
  readonly aliases: readonly string[];
  readonly ipv4: string | undefined;
  ip: string;
}

/** One process's life, from start to exit. */
export interface Run {
  readonly behaviour: Behaviour;
  /** Everything that will happen on its own while it lives. */
  readonly scheduled: Set<Scheduled>;
  readonly startedAt: number;
  everHealthy: boolean;
}

/** A place in a container's filesystem that is somebody else's. */
export interface View {
  readonly path: string;
  readonly tree: FileTree;
  /** Path inside the tree that stands at `path`. */
  readonly base: string;
}

/** A container of the fake. Only src/engine/fake/ changes it, and calls `changed` when it did. */
export interface FakeContainer {
  readonly id: string;
  readonly spec: ContainerSpec;
  readonly imageId: string;
  readonly labels: Labels;
  readonly command: readonly string[];
  readonly healthcheck: ExecHealthcheck | undefined;
  readonly networkMode: string;
  readonly mounts: readonly ObservedMount[];
  readonly views: readonly View[];
  readonly root: FileTree;
  readonly createdAt: number;
  readonly log: LogLine[];
  readonly listeners: Set<() => void>;
  name: string;
  state: ContainerState;
  exitCode: number;
  oomKilled: boolean;
  error: string;
  startedAt: number | null;
  finishedAt: number | null;
  health: HealthState;
  failingStreak: number;
  probes: readonly ProbeOutput[];
  /** What the next probes find; undefined leaves it to the command. */
  verdict: ProbeVerdict | undefined;
  restartCount: number;
  restartPolicy: RestartPolicyName;
  restartDelayMs: number;
  pendingRestart: Scheduled | undefined;
  limits: Limits;
  attachments: FakeAttachment[];
  run: Run | undefined;
  pid: number;
  summary: ContainerSummary | undefined;
}

export const isUp = (container: FakeContainer): boolean =>
  container.state === 'running' || container.state === 'paused';

const statusWords = ({ state, exitCode, health }: FakeContainer): string => {
  if (state === 'running') {
    if (health === 'none') return 'Up';
    return health === 'starting' ? 'Up (health: starting)' : `Up (${health})`;
  }
  if (state === 'paused') return 'Up (Paused)';
  if (state === 'exited') return `Exited (${exitCode})`;
  if (state === 'restarting') return `Restarting (${exitCode})`;
  return `${state.charAt(0).toUpperCase()}${state.slice(1)}`;
};

export const sortedPorts = (ports: readonly PortBinding[]): PortBinding[] =>
  ports.toSorted((a, b) => a.container - b.container || a.host - b.host);

/** What a list tells; kept until the container changes, for lists are long. */
export const summaryOf = (container: FakeContainer): ContainerSummary =>
  (container.summary ??= {
    id: container.id,
    name: container.name,
    image: container.spec.image,
    imageId: container.imageId,
    labels: container.labels,
    state: container.state,
    status: statusWords(container),
    // Docker's list has health only in its words for what runs.
    health: container.state === 'running' ? container.health : 'none',
    exitCode:
      container.state === 'exited' || container.state === 'restarting' ? container.exitCode : 0,
    ports: isUp(container) ? sortedPorts(container.spec.ports) : [],
    createdAt: Math.floor(container.createdAt / 1000) * 1000,
  });

/** What inspect tells. */
export const observedOf = (container: FakeContainer): ObservedContainer => ({
  ...summaryOf(container),
  health: container.health,
  exitCode: container.exitCode,
  createdAt: container.createdAt,
  oomKilled: container.oomKilled,
  error: container.error,
  startedAt: container.startedAt,
  finishedAt: container.finishedAt,
  failingStreak: container.failingStreak,
  probes: container.probes,
  restartCount: container.restartCount,
  restartPolicy: container.restartPolicy,
  limits: container.limits,
  bindings: sortedPorts(container.spec.ports),
  mounts: container.mounts,
  networkMode: container.networkMode,
  attachments: container.attachments
    .map(({ network, networkId, aliases, ipv4, ip }) => ({
      network,
      networkId,
      aliases,
      ip,
      ...(ipv4 === undefined ? {} : { ipv4 }),
    }))
    .sort((a, b) => (a.network < b.network ? -1 : 1)),
  pid: container.pid,
});
