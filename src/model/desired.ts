import type {
  ContainerSpec,
  EnvValue,
  ExecHealthcheck,
  Limits,
  Mount,
  Protocol,
  SecretReference,
} from './container.ts';
import type { Labels } from './labels.ts';

export type DependencyCondition = 'started' | 'healthy' | 'completed';

export interface DesiredDependency {
  /** Another project's name when the dependency is shared, else the service's own project. */
  readonly project: string;
  readonly service: string;
  readonly condition: DependencyCondition;
  /** Restart this service when the dependency was restarted. */
  readonly restart: boolean;
}

export interface DesiredPort {
  readonly name: string;
  readonly container: number;
  readonly protocol: Protocol;
  readonly hostIP: string;
  /** A fixed host port, one chosen from the project's range, or none (not published). */
  readonly host: number | 'auto' | null;
}

/** A check that l9 makes itself, without anything in the image. */
export type ActiveCheck =
  | {
      readonly type: 'http';
      readonly port: number;
      readonly path: string;
      readonly status: number | null;
    }
  | { readonly type: 'tcp'; readonly port: number };

export interface HealthTiming {
  readonly intervalMs: number;
  readonly timeoutMs: number;
  readonly retries: number;
  readonly startPeriodMs: number;
}

export interface RecoveryPolicy {
  readonly action: 'none' | 'restart' | 'recreate';
  /** Restarts before the next step of the ladder. */
  readonly restarts: number;
  readonly verifyAfterMs: number;
  readonly backoffInitialMs: number;
  readonly backoffMaxMs: number;
}

export interface DesiredAttachment {
  /** The network's name on the engine. */
  readonly network: string;
  readonly aliases: readonly string[];
  readonly ipv4?: string;
  /** The network of another project: there the instance answers to `{service}.{project}` only. */
  readonly shared?: true;
}

export type DesiredNetworking =
  | { readonly mode: 'networks'; readonly attachments: readonly DesiredAttachment[] }
  | { readonly mode: 'host' }
  | { readonly mode: 'none' }
  | { readonly mode: 'service'; readonly service: string };

/** One file that a config or secret becomes in a container. */
export interface DesiredFile {
  /** The files volume of the service on the engine. */
  readonly volume: string;
  /** The name inside that volume; it holds a hash of the content, so new content is a new file. */
  readonly file: string;
  readonly content: { readonly config: string } | SecretReference;
  /** Where the container sees it. */
  readonly path: string;
  /** Permission bits, such as 0o400. */
  readonly mode: number;
}

export interface DesiredImage {
  /** As written in the manifest, or the tag of the build's inputs. */
  readonly reference: string;
  /** The id that the reference meant at apply; absent before it was first resolved. */
  readonly id?: string;
  readonly digest?: string;
  readonly pullPolicy: 'always' | 'missing' | 'never';
  readonly built: boolean;
  /** Paths of the image's own VOLUME instructions. */
  readonly volumes: readonly string[];
  readonly hasHealthcheck: boolean;
  /** The image's USER; empty is root. */
  readonly user: string;
}

export interface UpdateStrategy {
  readonly strategy: 'recreate' | 'rolling';
  readonly order: 'stop-first' | 'start-first';
  readonly maxUnavailable: number;
  readonly autoRollback: boolean;
}

/** The parts of a container that every instance of the service has in common. */
export type ContainerTemplate = Omit<
  ContainerSpec,
  | 'name'
  | 'image'
  | 'labels'
  | 'ports'
  | 'network'
  | 'restartPolicy'
  | 'limits'
  | 'env'
  | 'mounts'
  | 'healthcheck'
>;

/** A service, complete: every default filled in, every path absolute, every duration in ms, every size in bytes. */
export interface DesiredService {
  readonly project: string;
  readonly name: string;
  /** `v1:<hash>` of the explicitly set values whose way to change is `recreate`. */
  readonly specHash: string;
  readonly image: DesiredImage;
  /** The effective number: manifest, or the scaled one. */
  readonly replicas: number;
  /** Held down by `l9 stop`. */
  readonly stopped: boolean;
  readonly restart: 'always' | 'onFailure' | 'never';
  readonly critical: boolean;
  readonly labels: Labels;
  readonly env: Readonly<Record<string, EnvValue>>;
  readonly ports: readonly DesiredPort[];
  readonly mounts: readonly Mount[];
  readonly files: readonly DesiredFile[];
  readonly networking: DesiredNetworking;
  /** What Docker runs; undefined leaves the image's own check in place. */
  readonly healthcheck?: ExecHealthcheck;
  /** What l9 runs. */
  readonly activeCheck?: ActiveCheck;
  /** How fast a failure shows, whoever runs the check; null where there is none. */
  readonly healthTiming: HealthTiming | null;
  readonly recovery: RecoveryPolicy;
  readonly dependsOn: readonly DesiredDependency[];
  readonly limits: Limits;
  readonly update: UpdateStrategy;
  readonly stopGraceMs: number;
  readonly template: ContainerTemplate;
}

export interface DesiredNetwork {
  readonly name: string;
  /** The name on the engine. */
  readonly engineName: string;
  readonly driver: string;
  readonly subnet?: string;
  readonly internal: boolean;
  readonly external: boolean;
  readonly labels: Labels;
}

export interface DesiredVolume {
  readonly name: string;
  readonly engineName: string;
  readonly driver: string;
  readonly driverOpts: Readonly<Record<string, string>>;
  readonly external: boolean;
  readonly reclaimPolicy: 'Retain' | 'Delete';
  readonly labels: Labels;
}

export interface PortRange {
  readonly from: number;
  readonly to: number;
}

/** What was deleted or pruned and has to go from the engine. Volumes stand here only by consent. */
export interface Removals {
  readonly services: readonly {
    readonly name: string;
    readonly dependsOn: readonly string[];
    readonly stopGraceMs: number;
  }[];
  /** Names on the engine. */
  readonly networks: readonly string[];
  readonly volumes: readonly string[];
}

/** A project, complete: what should be on the engine. */
export interface DesiredProject {
  readonly name: string;
  /** Absolute. */
  readonly path: string;
  /** sha256 of the path, hex. */
  readonly pathHash: string;
  readonly generation: number;
  readonly lifecycle: 'always' | 'session' | 'manual';
  readonly idleGraceMs: number;
  readonly portRange: PortRange;
  /** CIDR from which networks without a subnet of their own get one, and the size of each. */
  readonly subnetPool: { readonly cidr: string; readonly size: number };
  readonly outputs: Readonly<Record<string, string>>;
  readonly paused: boolean;
  /** The id of the environment that this project is the copy of; absent for a project of its own. */
  readonly environment?: string;
  /** What is on its way out: delete and prune leave tombstones until everything is gone. */
  readonly removing: Removals;
  readonly services: readonly DesiredService[];
  readonly networks: readonly DesiredNetwork[];
  readonly volumes: readonly DesiredVolume[];
}
