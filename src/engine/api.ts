import type { ContainerSpec, Limits, RestartPolicyName } from '../model/container.ts';
import type { Labels } from '../model/labels.ts';
import type {
  ContainerSummary,
  ObservedContainer,
  ObservedImage,
  ObservedNetwork,
  ObservedVolume,
} from '../model/observed.ts';

/** What every call accepts. Each call has its own deadline besides (30 s unless said). */
export interface CallOptions {
  readonly signal?: AbortSignal;
  /** Milliseconds until the call is given up; the engine may still complete it. */
  readonly deadlineMs?: number;
}

export interface EngineInfo {
  /** The engine's own id; changes with its data root. */
  readonly id: string;
  readonly name: string;
  readonly version: string;
  readonly apiVersion: string;
  readonly os: string;
  readonly architecture: string;
  readonly cpus: number;
  readonly memoryBytes: number;
}

export interface LogLine {
  readonly stream: 'stdout' | 'stderr';
  /** Unix ms; null where the engine gave no timestamp. */
  readonly at: number | null;
  /** Without its newline. Not sanitised: escape terminal codes before printing. */
  readonly text: string;
}

export interface LogOptions extends CallOptions {
  readonly follow?: boolean;
  /** Lines from the end; all when absent. */
  readonly tail?: number;
  /** Unix ms. */
  readonly since?: number;
  readonly until?: number;
}

export interface ExecOptions extends CallOptions {
  readonly command: readonly string[];
  readonly tty?: boolean;
  readonly user?: string;
  readonly workingDir?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: NodeJS.ReadableStream;
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WritableStream;
  /** Terminal size in characters, and a way to hear of changes. */
  readonly size?: { readonly columns: number; readonly rows: number };
  readonly onResize?: (listener: (size: { columns: number; rows: number }) => void) => void;
}

export interface ContainerStats {
  readonly id: string;
  /** Cores in use, 1 = one whole core; averaged between two samples. */
  readonly cpuCores: number;
  /** Working set: usage without reclaimable cache. */
  readonly memoryBytes: number;
  /** 0 = no limit. */
  readonly memoryLimitBytes: number;
  readonly pids: number;
}

/** An engine event, decoded. The stream is not in time order and may repeat or lose events: it only says "look again". */
export interface EngineEvent {
  readonly kind: 'container' | 'network' | 'volume' | 'image';
  /** create, start, die, health_status, rename, destroy, connect … What follows a colon is the attribute `detail`. */
  readonly action: string;
  readonly id: string;
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** Unix ms. */
  readonly at: number;
}

export interface EventOptions {
  readonly signal?: AbortSignal;
  /** Unix ms; inclusive. */
  readonly since?: number;
  /** `key` or `key=value`. Only container and image events carry labels: with these, no others arrive. */
  readonly labels?: readonly string[];
  /** Called when the engine holds the subscription: list after it, and nothing is missed. */
  readonly onSubscribed?: () => void;
}

export interface RegistryAuth {
  readonly username?: string;
  readonly password?: string;
  readonly identityToken?: string;
  readonly serverAddress: string;
}

export interface ImageProgress {
  /** Layer id, or empty for the image as a whole. */
  readonly layer: string;
  readonly status: string;
  readonly currentBytes?: number;
  readonly totalBytes?: number;
}

export interface PullOptions extends CallOptions {
  readonly auth?: RegistryAuth;
  readonly platform?: string;
  readonly onProgress?: (progress: ImageProgress) => void;
}

export interface BuildOptions extends CallOptions {
  readonly tag: string;
  /** Path inside the context. */
  readonly dockerfile: string;
  readonly target?: string;
  readonly args?: Readonly<Record<string, string>>;
  readonly labels?: Labels;
  readonly noCache?: boolean;
  readonly pull?: boolean;
  readonly platform?: string;
  readonly registryAuths?: Readonly<Record<string, RegistryAuth>>;
  readonly onOutput?: (text: string) => void;
}

export interface NetworkRequest {
  readonly name: string;
  readonly driver: string;
  readonly subnet?: string;
  readonly internal: boolean;
  readonly labels: Labels;
}

export interface VolumeRequest {
  readonly name: string;
  readonly driver: string;
  readonly driverOpts: Readonly<Record<string, string>>;
  readonly labels: Labels;
}

export interface ContainerFilter {
  /** `key` or `key=value`, all of which must hold. */
  readonly labels?: readonly string[];
}

/**
 * A container engine in our own words. Two implementations are held to one contract suite
 * (test/contract): the in-memory fake and Docker.
 *
 * Every method rejects with an `L9Error` whose code comes from src/model/errors/engine.ts and tells
 * its retry class. `find…` methods resolve to undefined for what is not there; the rest reject with
 * `NoSuchContainer`, `NoSuchNetwork` … Writes that find their goal already reached
 * (start of a started, stop of a stopped, removal of a removed thing) resolve.
 */
export interface Engine {
  info(options?: CallOptions): Promise<EngineInfo>;
  ping(options?: CallOptions): Promise<void>;

  /** Every container, stopped ones too, sorted by name. */
  listContainers(filter?: ContainerFilter, options?: CallOptions): Promise<ContainerSummary[]>;
  findContainer(idOrName: string, options?: CallOptions): Promise<ObservedContainer | undefined>;
  /** Creates; secrets in `spec.env` must have been put in place as `env`. Resolves to the id. */
  createContainer(spec: ContainerSpec, options?: CallOptions): Promise<string>;
  startContainer(id: string, options?: CallOptions): Promise<void>;
  /** Waits for the stop; the call's deadline is the grace plus its own. */
  stopContainer(id: string, graceMs: number, options?: CallOptions): Promise<void>;
  restartContainer(id: string, graceMs: number, options?: CallOptions): Promise<void>;
  killContainer(id: string, signal: string, options?: CallOptions): Promise<void>;
  pauseContainer(id: string, options?: CallOptions): Promise<void>;
  unpauseContainer(id: string, options?: CallOptions): Promise<void>;
  renameContainer(id: string, name: string, options?: CallOptions): Promise<void>;
  updateContainer(
    id: string,
    changes: { readonly limits?: Limits; readonly restartPolicy?: RestartPolicyName },
    options?: CallOptions,
  ): Promise<void>;
  /** Never removes volumes. Waits until the name is free. */
  removeContainer(id: string, force: boolean, options?: CallOptions): Promise<void>;

  logs(id: string, options?: LogOptions): AsyncIterable<LogLine>;
  /** Resolves to the command's exit code. */
  exec(id: string, options: ExecOptions): Promise<number>;
  stats(id: string, options?: CallOptions): Promise<ContainerStats>;
  /** Puts a tar stream's files into the container's filesystem below `path`; works on created containers. */
  putArchive(id: string, path: string, tar: Uint8Array, options?: CallOptions): Promise<void>;
  /** A tar of `path`, or undefined where there is no such path. */
  getArchive(id: string, path: string, options?: CallOptions): Promise<Uint8Array | undefined>;

  listNetworks(options?: CallOptions): Promise<ObservedNetwork[]>;
  createNetwork(request: NetworkRequest, options?: CallOptions): Promise<string>;
  removeNetwork(id: string, options?: CallOptions): Promise<void>;
  connectNetwork(
    network: string,
    endpoint: {
      readonly container: string;
      readonly aliases: readonly string[];
      readonly ipv4?: string;
    },
    options?: CallOptions,
  ): Promise<void>;
  /** Also when the container does not run. */
  disconnectNetwork(network: string, container: string, options?: CallOptions): Promise<void>;

  listVolumes(filter?: ContainerFilter, options?: CallOptions): Promise<ObservedVolume[]>;
  findVolume(name: string, options?: CallOptions): Promise<ObservedVolume | undefined>;
  /** Creates, or resolves to the volume of that name that was there before: compare its labels. */
  createVolume(request: VolumeRequest, options?: CallOptions): Promise<ObservedVolume>;
  removeVolume(name: string, options?: CallOptions): Promise<void>;

  findImage(reference: string, options?: CallOptions): Promise<ObservedImage | undefined>;
  listImages(filter?: ContainerFilter, options?: CallOptions): Promise<ObservedImage[]>;
  pullImage(reference: string, options?: PullOptions): Promise<void>;
  /** `context` is a tar stream. */
  buildImage(context: NodeJS.ReadableStream, options: BuildOptions): Promise<string>;
  tagImage(id: string, reference: string, options?: CallOptions): Promise<void>;
  removeImage(reference: string, options?: CallOptions): Promise<void>;
  /** Makes sure that the image without any file is there, and resolves to its id. Locks and couriers are made from it. */
  ensureEmptyImage(options?: CallOptions): Promise<string>;

  /** Ends when the signal aborts; throws when the stream breaks. */
  events(options?: EventOptions): AsyncIterable<EngineEvent>;
  /** Closes idle sockets. */
  close(): void;
}
