import type { ManifestDocument } from './documents.ts';
import type { InstanceState } from './lifecycle.ts';

/** What `l9 get -o json` prints; public contract. */
export const API_VERSION = 'l9.dev/v1';

export type Phase =
  | 'Pending'
  | 'Progressing'
  | 'Ready'
  | 'Degraded'
  | 'Failed'
  | 'Completed'
  | 'Stopped'
  | 'Paused'
  | 'Unrecorded';

export type ConditionType =
  | 'Ready'
  | 'Progressing'
  | 'Healthy'
  | 'Diverged'
  | 'Paused'
  | 'ImageMissing'
  | 'SecretMissing';

export interface Condition {
  readonly type: ConditionType;
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason: string;
  readonly message: string;
  /** RFC 3339; null where Docker does not tell. */
  readonly lastTransitionTime: string | null;
}

export interface PublishedPort {
  readonly name: string;
  readonly container: number;
  readonly protocol: string;
  readonly hostIP: string;
  readonly host: number;
}

export interface InstanceStatus {
  /** `{project}_{service}_{n}`. */
  readonly name: string;
  readonly containerId: string | null;
  readonly state: InstanceState;
  /** healthy, unhealthy, starting or none. */
  readonly health: string;
  readonly reason: string;
  readonly message: string;
  readonly restarts: number;
  readonly recoveries: number;
  readonly ports: readonly PublishedPort[];
  readonly image: string;
  /** RFC 3339. */
  readonly startedAt: string | null;
}

export interface ServiceStatus {
  readonly phase: Phase;
  readonly conditions: readonly Condition[];
  readonly instances: readonly InstanceStatus[];
  readonly replicas: number;
  readonly ready: number;
  readonly observedGeneration: number;
}

export interface ObjectMeta {
  readonly name: string;
  readonly project: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly generation?: number;
  /** RFC 3339. */
  readonly creationTimestamp?: string | null;
}

export interface Resource<Kind extends string = string, Status = unknown> {
  readonly apiVersion: typeof API_VERSION;
  readonly kind: Kind;
  readonly metadata: ObjectMeta;
  readonly spec: unknown;
  readonly status: Status;
}

export type ServiceResource = Resource<'Service', ServiceStatus>;

export interface ProjectStatus {
  readonly phase: Phase;
  readonly conditions: readonly Condition[];
  readonly services: number;
  readonly ready: number;
  readonly generation: number;
  readonly path: string;
  /** Who restarts what dies: the l9 service, or the engine's restart policies. */
  readonly guardian: 'service' | 'engine';
}

export type ProjectResource = Resource<'Project', ProjectStatus>;

/** A project as it stands: everything that reading commands show. */
export interface ProjectView {
  readonly project: ProjectResource;
  /** Sorted by name. */
  readonly services: readonly ServiceResource[];
  readonly networks: readonly Resource<
    'Network',
    { readonly engineName: string; readonly subnets: readonly string[]; readonly exists: boolean }
  >[];
  readonly volumes: readonly Resource<
    'Volume',
    {
      readonly engineName: string;
      readonly driver: string;
      readonly exists: boolean;
      readonly reclaimPolicy: string;
    }
  >[];
  readonly configs: readonly Resource<'Config', { readonly usedBy: readonly string[] }>[];
  readonly secrets: readonly Resource<'Secret', { readonly usedBy: readonly string[] }>[];
  /** Project.spec.outputs with hosts and ports filled in; keys whose value is not known yet are left out. */
  readonly outputs: Readonly<Record<string, string>>;
  readonly documents: readonly ManifestDocument[];
}
