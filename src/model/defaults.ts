import type {
  AttachmentSpec,
  BackoffSpec,
  BuildSpec,
  DependencySpec,
  DeviceSpec,
  EnvironmentSpec,
  HealthcheckSpec,
  HttpCheckSpec,
  LoggingSpec,
  MountSpec,
  NetworkSpec,
  PortSpec,
  PortsSpec,
  ProjectSpec,
  RecoverySpec,
  SecuritySpec,
  ServiceSpec,
  StopSpec,
  SubnetPoolSpec,
  UpdateSpec,
  VolumeSpec,
} from './documents.ts';

/**
 * What a field means when nobody set it, in the manifest's own spelling. The keys are the definitions
 * of `schemas/`, whose `default`s say the same to editors and `l9 explain`; a test holds the two equal.
 *
 * A default of a field that is part of spec_hash is frozen by it: writing the default out must not
 * change the hash, so a new default there needs a new version of the hash (render/hash.ts).
 */
export const defaults = {
  ProjectSpec: {
    lifecycle: 'always',
    idleGrace: '5m',
    identity: 'name',
    revisionHistoryLimit: 10,
  },
  PortsSpec: { range: '30000-40000' },
  /** Apart from Docker's own pools (172.17.0.0 to 172.31.0.0, 192.168.0.0) and what VPNs and clusters like; room for 1,024 networks. */
  SubnetPoolSpec: { cidr: '10.212.0.0/14', size: 24 },
  ServiceSpec: {
    pullPolicy: 'missing',
    tty: false,
    stdin: false,
    init: false,
    replicas: 1,
    restart: 'always',
    networks: ['default'],
    critical: false,
  },
  BuildSpec: { dockerfile: 'Dockerfile', keep: 3 },
  PortSpec: { hostIP: '127.0.0.1', protocol: 'tcp' },
  MountSpec: { readOnly: false },
  AttachmentSpec: { aliases: [] },
  HealthcheckSpec: { interval: '10s', timeout: '3s', retries: 3, startPeriod: '10s' },
  HttpCheckSpec: { path: '/' },
  RecoverySpec: { action: 'recreate', restarts: 1, verifyAfter: '10s' },
  BackoffSpec: { initial: '1s', max: '60s' },
  DependencySpec: { condition: 'healthy', restart: false },
  SecuritySpec: {
    readOnlyRootFilesystem: false,
    noNewPrivileges: false,
    privileged: false,
  },
  UpdateSpec: {
    strategy: 'recreate',
    order: 'stop-first',
    maxUnavailable: 1,
    autoRollback: false,
  },
  StopSpec: { grace: '10s' },
  LoggingSpec: { maxSize: '10m', maxFiles: 3 },
  DeviceSpec: { permissions: 'rwm' },
  NetworkSpec: { driver: 'bridge', internal: false, external: false },
  VolumeSpec: { driver: 'local', external: false, reclaimPolicy: 'Retain' },
  EnvironmentSpec: { type: 'dedicated', ttl: '1h' },
} as const satisfies {
  ProjectSpec: ProjectSpec;
  PortsSpec: PortsSpec;
  SubnetPoolSpec: SubnetPoolSpec;
  ServiceSpec: ServiceSpec;
  BuildSpec: Partial<BuildSpec>;
  PortSpec: Partial<PortSpec>;
  MountSpec: Partial<MountSpec>;
  AttachmentSpec: Partial<AttachmentSpec>;
  HealthcheckSpec: HealthcheckSpec;
  HttpCheckSpec: Partial<HttpCheckSpec>;
  RecoverySpec: RecoverySpec;
  BackoffSpec: BackoffSpec;
  DependencySpec: DependencySpec;
  SecuritySpec: SecuritySpec;
  UpdateSpec: UpdateSpec;
  StopSpec: StopSpec;
  LoggingSpec: LoggingSpec;
  DeviceSpec: Partial<DeviceSpec>;
  NetworkSpec: NetworkSpec;
  VolumeSpec: VolumeSpec;
  EnvironmentSpec: EnvironmentSpec;
};

/** Permission bits of files, unless the mount says otherwise. */
export const defaultFileMode = { config: 0o444, secret: 0o400 } as const;

/** Docker's own timing of a health check that comes with an image and says nothing else. */
export const engineHealthTiming = {
  intervalMs: 30_000,
  timeoutMs: 30_000,
  retries: 3,
  startPeriodMs: 0,
} as const;
