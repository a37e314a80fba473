import type { EnvValue, Protocol } from './container.ts';
import type { DependencyCondition } from './desired.ts';
import type { Labels } from './labels.ts';

/**
 * Manifests as they leave `manifest/`: interpolated, the variant applied, paths absolute, files read.
 * They hold only what somebody wrote, in the manifest's spelling ('10s', '512Mi'); nothing is
 * defaulted. Records keep them, so they are JSON and carry no secret's value.
 * The field names are those of `schemas/`; a test holds the two equal.
 */
export type ManifestDocument =
  | ProjectDocument
  | ServiceDocument
  | NetworkDocument
  | VolumeDocument
  | ConfigDocument
  | SecretDocument
  | EnvironmentDocument;

export type ManifestKind = ManifestDocument['kind'];

/** Where a document came from. */
export interface Origin {
  /** Absolute path, or `<stdin>`. */
  readonly file: string;
  /** From 1: the line on which the document begins. */
  readonly line: number;
  /**
   * Absolute: the folder that it was applied from, which is the scope of pruning. The project's path
   * for what belongs to a Project in the same folder or above it, else the folder that was named.
   */
  readonly root: string;
}

interface Resolved<Kind extends string, Spec> {
  readonly kind: Kind;
  readonly name: string;
  /** For a Project its own name. */
  readonly project: string;
  readonly labels: Labels;
  readonly spec: Spec;
  readonly origin: Origin;
}

export type ProjectDocument = Resolved<'Project', ProjectSpec>;
export type ServiceDocument = Resolved<'Service', ServiceSpec>;
export type NetworkDocument = Resolved<'Network', NetworkSpec>;
export type VolumeDocument = Resolved<'Volume', VolumeSpec>;
export type ConfigDocument = Resolved<'Config', ConfigSpec>;
export type SecretDocument = Resolved<'Secret', SecretSpec>;
export type EnvironmentDocument = Resolved<'Environment', EnvironmentSpec>;

/** Go style: '1m30s', '500ms'. `parseDuration` in manifest/quantities.ts reads it. */
export type DurationText = string;
/** '512m', '512Mi', or bytes as a number. `parseSize` in manifest/quantities.ts reads it. */
export type SizeText = string | number;

export interface ProjectSpec {
  readonly lifecycle?: 'always' | 'session' | 'manual';
  readonly idleGrace?: DurationText;
  readonly identity?: 'name' | 'path';
  readonly ports?: PortsSpec;
  readonly subnetPool?: SubnetPoolSpec;
  readonly variant?: string;
  readonly defaults?: DefaultsSpec;
  readonly outputs?: Readonly<Record<string, string>>;
  readonly notify?: readonly NotifySpec[];
  readonly revisionHistoryLimit?: number;
}

export interface PortsSpec {
  /** 'from-to', both included. */
  readonly range?: string;
}

export interface SubnetPoolSpec {
  readonly cidr?: string;
  /** Prefix length of each network's subnet. */
  readonly size?: number;
}

export interface DefaultsSpec {
  readonly restart?: RestartChoice;
  readonly recovery?: RecoverySpec;
  readonly resources?: ResourcesSpec;
  readonly logging?: LoggingSpec;
  readonly update?: UpdateSpec;
  readonly stop?: StopSpec;
}

export interface NotifySpec {
  readonly webhook?: string;
  readonly command?: readonly string[];
  readonly on?: readonly ('Degraded' | 'Failed' | 'Recovered')[];
}

export type RestartChoice = 'always' | 'onFailure' | 'never';

export interface ServiceSpec {
  readonly image?: string;
  readonly build?: BuildSpec;
  readonly pullPolicy?: 'always' | 'missing' | 'never';
  readonly platform?: string;
  readonly entrypoint?: readonly string[];
  readonly command?: readonly string[];
  readonly workingDir?: string;
  readonly user?: string;
  readonly groupAdd?: readonly string[];
  readonly hostname?: string;
  readonly tty?: boolean;
  readonly stdin?: boolean;
  readonly init?: boolean;
  readonly replicas?: number;
  readonly restart?: RestartChoice;
  /** What `envFile` gave is merged in. */
  readonly env?: Readonly<Record<string, EnvValue>>;
  readonly ports?: readonly PortSpec[];
  readonly volumes?: readonly MountSpec[];
  readonly networks?: readonly (string | AttachmentSpec)[];
  /** 'host', 'none' or 'service:<name>'. */
  readonly networkMode?: string;
  readonly extraHosts?: readonly string[];
  readonly dns?: readonly string[];
  readonly healthcheck?: HealthcheckSpec;
  readonly recovery?: RecoverySpec;
  /** Keys are a service of this project, or 'project/service'. */
  readonly dependsOn?: Readonly<Record<string, DependencyCondition | DependencySpec>>;
  readonly resources?: ResourcesSpec;
  readonly security?: SecuritySpec;
  readonly sysctls?: Readonly<Record<string, string>>;
  readonly ulimits?: Readonly<Record<string, number | UlimitSpec>>;
  readonly shmSize?: SizeText;
  /** '/dev/x', '/dev/x:/dev/y' or '/dev/x:/dev/y:rwm', or the same as an object. */
  readonly devices?: readonly (string | DeviceSpec)[];
  readonly gpus?: number | 'all';
  readonly update?: UpdateSpec;
  readonly stop?: StopSpec;
  readonly logging?: LoggingSpec;
  readonly critical?: boolean;
}

export interface BuildSpec {
  /** Absolute. */
  readonly context: string;
  /** As written: relative to the context, or absolute. */
  readonly dockerfile?: string;
  readonly target?: string;
  readonly args?: Readonly<Record<string, string>>;
  /** Names of Secret documents. */
  readonly secrets?: readonly string[];
  readonly keep?: number;
}

export interface PortSpec {
  /** The container's port number in decimal when absent. */
  readonly name?: string;
  readonly container: number;
  /** Not published when absent. */
  readonly host?: number | 'auto';
  readonly hostIP?: string;
  readonly protocol?: Protocol;
}

/** Exactly one of volume, bind, tmpfs, config and secret is set. */
export interface MountSpec {
  readonly volume?: string;
  /** Absolute. */
  readonly bind?: string;
  readonly tmpfs?: SizeText;
  readonly config?: string;
  readonly secret?: string;
  readonly path: string;
  readonly readOnly?: boolean;
  /** Octal, of a config's or secret's file: '0440'. */
  readonly mode?: string;
}

export interface AttachmentSpec {
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly ipv4?: string;
}

/** Exactly one of exec, http, tcp and disable is set. */
export interface HealthcheckSpec {
  /** A list is run as it is, a string by the image's shell. */
  readonly exec?: string | readonly string[];
  readonly http?: HttpCheckSpec;
  readonly tcp?: TcpCheckSpec;
  readonly disable?: true;
  readonly interval?: DurationText;
  readonly timeout?: DurationText;
  readonly retries?: number;
  readonly startPeriod?: DurationText;
}

export interface HttpCheckSpec {
  /** A container port, or the name of one of `ports`. */
  readonly port: number | string;
  readonly path?: string;
  /** Any from 200 to 399 when absent. */
  readonly status?: number;
}

export interface TcpCheckSpec {
  /** A container port, or the name of one of `ports`. */
  readonly port: number | string;
}

export interface RecoverySpec {
  readonly action?: 'none' | 'restart' | 'recreate';
  readonly restarts?: number;
  readonly verifyAfter?: DurationText;
  readonly backoff?: BackoffSpec;
}

export interface BackoffSpec {
  readonly initial?: DurationText;
  readonly max?: DurationText;
}

export interface DependencySpec {
  readonly condition?: DependencyCondition;
  readonly restart?: boolean;
}

export interface ResourcesSpec {
  readonly memory?: SizeText;
  readonly memoryReservation?: SizeText;
  /** 0.5, '0.5' or '500m'. `parseCpus` in manifest/quantities.ts reads it. */
  readonly cpus?: number | string;
  readonly pids?: number;
}

export interface SecuritySpec {
  readonly readOnlyRootFilesystem?: boolean;
  readonly noNewPrivileges?: boolean;
  readonly privileged?: boolean;
  readonly capAdd?: readonly string[];
  readonly capDrop?: readonly string[];
}

export interface UlimitSpec {
  readonly soft: number;
  readonly hard: number;
}

export interface DeviceSpec {
  readonly host: string;
  readonly container?: string;
  readonly permissions?: string;
}

export interface UpdateSpec {
  readonly strategy?: 'recreate' | 'rolling';
  readonly order?: 'stop-first' | 'start-first';
  readonly maxUnavailable?: number;
  readonly autoRollback?: boolean;
}

export interface StopSpec {
  readonly signal?: string;
  readonly grace?: DurationText;
}

export interface LoggingSpec {
  readonly maxSize?: SizeText;
  readonly maxFiles?: number;
}

export interface NetworkSpec {
  readonly driver?: string;
  readonly subnet?: string;
  readonly internal?: boolean;
  readonly external?: boolean;
  /** The name on the engine, instead of `{project}_{name}`. */
  readonly name?: string;
}

export interface VolumeSpec {
  readonly driver?: string;
  readonly driverOpts?: Readonly<Record<string, string>>;
  readonly external?: boolean;
  /** The name on the engine, instead of `{project}_{name}`. */
  readonly name?: string;
  readonly reclaimPolicy?: 'Retain' | 'Delete';
}

/** `content` is always there: read from the file or the environment where the manifest names one. */
export interface ConfigSpec {
  /** Absolute. */
  readonly file?: string;
  readonly env?: string;
  readonly content: string;
}

/** Says where the value came from; the value itself travels apart (`LoadedManifests.secrets`). */
export interface SecretSpec {
  /** Absolute. */
  readonly file?: string;
  readonly env?: string;
}

export interface EnvironmentSpec {
  readonly variant?: string;
  readonly type?: 'shared' | 'dedicated';
  readonly ttl?: DurationText;
  /** 'project' or 'project/service' outside the copy that it may use. */
  readonly share?: readonly string[];
}
