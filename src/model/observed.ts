import type { Limits, PortBinding, RestartPolicyName } from './container.ts';
import type { Labels } from './labels.ts';

export type ContainerState =
  | 'created'
  | 'running'
  | 'paused'
  | 'restarting'
  | 'removing'
  | 'exited'
  | 'dead';

/** `none`: the container has no health check that Docker runs. */
export type HealthState = 'none' | 'starting' | 'healthy' | 'unhealthy';

/** What one list call tells of a container; enough to know names, owners, ports and states. */
export interface ContainerSummary {
  readonly id: string;
  /** Without Docker's leading slash. */
  readonly name: string;
  readonly image: string;
  readonly imageId: string;
  readonly labels: Labels;
  readonly state: ContainerState;
  /** The engine's words, such as "Up 3 minutes (healthy)". */
  readonly status: string;
  readonly health: HealthState;
  /** Of the last run; 0 while it runs or was never started. */
  readonly exitCode: number;
  /** Published ports; empty while the container is not running. */
  readonly ports: readonly PortBinding[];
  /** Unix time in ms. */
  readonly createdAt: number;
}

export interface ObservedMount {
  readonly type: 'volume' | 'bind' | 'tmpfs' | 'other';
  /** The volume's name; absent unless `type` is volume. */
  readonly volume?: string;
  readonly source: string;
  readonly path: string;
  readonly readOnly: boolean;
}

export interface ObservedAttachment {
  readonly network: string;
  /** Empty while the container was never started on that network. */
  readonly networkId: string;
  readonly aliases: readonly string[];
  /** Empty while not running. */
  readonly ip: string;
  /** The fixed address that was asked for; absent where the engine chooses. */
  readonly ipv4?: string;
}

/** One probe that Docker ran. Times are Unix ms. */
export interface ProbeOutput {
  readonly startedAt: number;
  readonly endedAt: number;
  readonly exitCode: number;
  readonly output: string;
}

/** What inspect tells of a container, in our own words. Times are Unix ms, null where it never happened. */
export interface ObservedContainer extends ContainerSummary {
  readonly oomKilled: boolean;
  /** The engine's message when the last start failed, else empty. */
  readonly error: string;
  readonly startedAt: number | null;
  readonly finishedAt: number | null;
  readonly failingStreak: number;
  readonly probes: readonly ProbeOutput[];
  readonly restartCount: number;
  readonly restartPolicy: RestartPolicyName;
  readonly limits: Limits;
  /** Configured bindings, also while stopped. */
  readonly bindings: readonly PortBinding[];
  readonly mounts: readonly ObservedMount[];
  /** Docker's own spelling: a network's name, "host", "none" or "container:<id>". */
  readonly networkMode: string;
  readonly attachments: readonly ObservedAttachment[];
  readonly pid: number;
}

export interface ObservedNetwork {
  readonly id: string;
  readonly name: string;
  readonly driver: string;
  readonly labels: Labels;
  readonly internal: boolean;
  /** CIDR, both families. */
  readonly subnets: readonly string[];
}

export interface ObservedVolume {
  readonly name: string;
  readonly driver: string;
  readonly labels: Labels;
  readonly mountpoint: string;
}

/** An image that the engine has. */
export interface ObservedImage {
  readonly id: string;
  readonly references: readonly string[];
  /** `repository@sha256:…` of the registries it was pulled from. */
  readonly digests: readonly string[];
  readonly labels: Labels;
  /** Paths of the image's VOLUME instructions, sorted. */
  readonly volumes: readonly string[];
  readonly user: string;
  readonly hasHealthcheck: boolean;
  readonly entrypoint: readonly string[];
  readonly command: readonly string[];
  readonly exposed: readonly string[];
  readonly createdAt: number;
  readonly sizeBytes: number;
}

/** All that a plan may look at. Taken in one pass at `at` (Unix ms). */
export interface Observed {
  readonly at: number;
  /** Every container on the engine, ours or not. */
  readonly all: readonly ContainerSummary[];
  /** The project's own containers, inspected, by name. */
  readonly containers: readonly ObservedContainer[];
  /** Every network on the engine. */
  readonly networks: readonly ObservedNetwork[];
  /** Every volume on the engine. */
  readonly volumes: readonly ObservedVolume[];
  /** Images that the desired state names, by reference or id; absent keys are images the engine does not have. */
  readonly images: Readonly<Record<string, ObservedImage>>;
}
