import type { Labels } from './labels.ts';

export type Protocol = 'tcp' | 'udp' | 'sctp';

/** One published port, complete: `host` is a real port number, `hostIP` an address of the host. */
export interface PortBinding {
  readonly container: number;
  readonly protocol: Protocol;
  readonly hostIP: string;
  readonly host: number;
}

/** A value that stands in a secret's store and is put in place only at the moment of the engine call. */
export interface SecretReference {
  readonly secret: string;
}

export type EnvValue = string | SecretReference;

export type Mount =
  | {
      readonly type: 'volume';
      readonly volume: string;
      readonly path: string;
      readonly readOnly: boolean;
    }
  | {
      readonly type: 'bind';
      readonly source: string;
      readonly path: string;
      readonly readOnly: boolean;
    }
  | { readonly type: 'tmpfs'; readonly path: string; readonly sizeBytes?: number }
  /** One file out of a volume: a volume's subpath is silently ignored by older engines, so the engine binds it. */
  | {
      readonly type: 'file';
      readonly volume: string;
      readonly file: string;
      readonly path: string;
    };

/** How a container meets the network. Only the first network is given at create; others are connected after it. */
export type NetworkAttachmentSpec =
  | {
      readonly mode: 'network';
      readonly network: string;
      readonly aliases: readonly string[];
      readonly ipv4?: string;
    }
  | { readonly mode: 'host' }
  | { readonly mode: 'none' }
  /** Shares the network namespace of another container, named by its name. */
  | { readonly mode: 'container'; readonly container: string };

/** A health check that Docker itself runs. `disable` overrides the image's own check. */
export type ExecHealthcheck =
  | { readonly disable: true }
  | {
      /** As Docker wants it: ["CMD", …] or ["CMD-SHELL", "…"]. */
      readonly test: readonly string[];
      readonly intervalMs: number;
      readonly timeoutMs: number;
      readonly retries: number;
      readonly startPeriodMs: number;
    };

export type RestartPolicyName = 'no' | 'always' | 'unless-stopped' | 'on-failure';

/** Limits that Docker can change on a running container. Absent means no limit. */
export interface Limits {
  readonly memoryBytes?: number;
  readonly memoryReservationBytes?: number;
  readonly nanoCpus?: number;
  readonly pids?: number;
}

export interface DeviceMapping {
  readonly host: string;
  readonly container: string;
  readonly permissions: string;
}

export interface Ulimit {
  readonly name: string;
  readonly soft: number;
  readonly hard: number;
}

/** Everything that is said to the engine when a container is created. Values that are absent are the image's or the engine's. */
export interface ContainerSpec {
  readonly name: string;
  /** An image id or reference that the engine has. */
  readonly image: string;
  readonly labels: Labels;
  readonly env: Readonly<Record<string, EnvValue>>;
  readonly entrypoint?: readonly string[];
  readonly command?: readonly string[];
  readonly workingDir?: string;
  readonly user?: string;
  readonly hostname?: string;
  readonly tty?: boolean;
  readonly stdin?: boolean;
  readonly init?: boolean;
  readonly platform?: string;
  readonly ports: readonly PortBinding[];
  readonly mounts: readonly Mount[];
  readonly network: NetworkAttachmentSpec;
  readonly healthcheck?: ExecHealthcheck;
  readonly restartPolicy: RestartPolicyName;
  readonly limits: Limits;
  readonly readOnlyRootFilesystem?: boolean;
  readonly noNewPrivileges?: boolean;
  readonly privileged?: boolean;
  readonly capAdd?: readonly string[];
  readonly capDrop?: readonly string[];
  readonly stopSignal?: string;
  readonly stopGraceMs?: number;
  readonly logging?: { readonly maxSizeBytes?: number; readonly maxFiles?: number };
  readonly extraHosts?: readonly string[];
  readonly dns?: readonly string[];
  readonly sysctls?: Readonly<Record<string, string>>;
  readonly ulimits?: readonly Ulimit[];
  readonly shmSizeBytes?: number;
  readonly devices?: readonly DeviceMapping[];
  /** A number of GPUs, or all of them. */
  readonly gpus?: number | 'all';
  readonly groupAdd?: readonly string[];
}
