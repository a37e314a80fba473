/** The parts of Docker's JSON that l9 reads. Go writes `null` for empty lists and maps. */
type Strings = readonly string[] | null;
type StringMap = Readonly<Record<string, string>> | null;

export interface WireSummary {
  readonly Id: string;
  readonly Names: Strings;
  readonly Image: string;
  readonly ImageID: string;
  readonly Labels: StringMap;
  readonly State: string;
  readonly Status: string;
  /** Unix seconds. */
  readonly Created: number;
  readonly Ports:
    | readonly {
        readonly IP?: string;
        readonly PrivatePort: number;
        readonly PublicPort?: number;
        readonly Type: string;
      }[]
    | null;
  /** Since API 1.52. */
  readonly Health?: { readonly Status: string };
}

export type WirePortMap = Readonly<
  Record<string, readonly { readonly HostIp: string; readonly HostPort: string }[] | null>
> | null;

export interface WireHealth {
  readonly Status: string;
  readonly FailingStreak: number;
  readonly Log:
    | readonly {
        readonly Start: string;
        readonly End: string;
        readonly ExitCode: number;
        readonly Output: string;
      }[]
    | null;
}

export interface WireEndpoint {
  readonly NetworkID: string;
  readonly Aliases: Strings;
  readonly IPAddress: string;
  readonly IPAMConfig: { readonly IPv4Address?: string } | null;
}

export interface WireContainer {
  readonly Id: string;
  readonly Name: string;
  readonly Created: string;
  readonly Image: string;
  readonly RestartCount: number;
  readonly State: {
    readonly Status: string;
    readonly ExitCode: number;
    readonly OOMKilled: boolean;
    readonly Error: string;
    readonly StartedAt: string;
    readonly FinishedAt: string;
    readonly Pid: number;
    readonly Health?: WireHealth | null;
  };
  readonly Config: {
    readonly Image: string;
    readonly Labels: StringMap;
    readonly Tty: boolean;
  };
  readonly HostConfig: {
    readonly NetworkMode: string;
    readonly PortBindings: WirePortMap;
    readonly RestartPolicy: { readonly Name: string };
    readonly Memory: number;
    readonly MemoryReservation: number;
    readonly NanoCpus: number;
    readonly PidsLimit: number | null;
  };
  readonly Mounts:
    | readonly {
        readonly Type: string;
        readonly Name?: string;
        readonly Source: string;
        readonly Destination: string;
        readonly RW: boolean;
      }[]
    | null;
  readonly NetworkSettings: {
    readonly Ports: WirePortMap;
    readonly Networks: Readonly<Record<string, WireEndpoint>> | null;
  };
}

export interface WireNetwork {
  readonly Id: string;
  readonly Name: string;
  readonly Driver: string;
  readonly Labels: StringMap;
  readonly Internal: boolean;
  readonly IPAM: { readonly Config: readonly { readonly Subnet?: string }[] | null } | null;
}

export interface WireVolume {
  readonly Name: string;
  readonly Driver: string;
  readonly Labels: StringMap;
  readonly Mountpoint: string;
}

export interface WireImageSummary {
  readonly Id: string;
}

export interface WireImage {
  readonly Id: string;
  readonly RepoTags: Strings;
  readonly RepoDigests: Strings;
  readonly Created: string;
  readonly Size: number;
  readonly Config: {
    readonly Labels?: StringMap;
    readonly Volumes?: Readonly<Record<string, object>> | null;
    readonly User?: string;
    readonly Healthcheck?: { readonly Test?: Strings } | null;
    readonly Entrypoint?: Strings;
    readonly Cmd?: Strings;
    readonly ExposedPorts?: Readonly<Record<string, object>> | null;
  } | null;
}

export interface WireInfo {
  readonly ID: string;
  readonly Name: string;
  readonly ServerVersion: string;
  readonly OSType: string;
  readonly Architecture: string;
  readonly NCPU: number;
  readonly MemTotal: number;
}

interface WireCpu {
  readonly cpu_usage: {
    readonly total_usage: number;
    readonly percpu_usage?: readonly number[] | null;
  };
  readonly system_cpu_usage?: number;
  readonly online_cpus?: number;
}

export interface WireStats {
  readonly cpu_stats: WireCpu;
  readonly precpu_stats: WireCpu;
  readonly memory_stats: {
    readonly usage?: number;
    readonly stats?: Readonly<Record<string, number>> | null;
  };
  readonly pids_stats: { readonly current?: number };
}

export interface WireEvent {
  readonly Type: string;
  readonly Action: string;
  readonly Actor: { readonly ID: string; readonly Attributes: StringMap };
  readonly time: number;
  readonly timeNano?: number;
}

/** One object of the streams that pull, build, import and load answer with. */
export interface WireProgress {
  readonly id?: string;
  readonly status?: string;
  readonly stream?: string;
  readonly error?: string;
  readonly errorDetail?: { readonly message?: string; readonly code?: number };
  readonly progressDetail?: { readonly current?: number; readonly total?: number };
  readonly aux?: { readonly ID?: string };
}
