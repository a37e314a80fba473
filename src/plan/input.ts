import type { DesiredProject } from '../model/desired.ts';
import type { ProbeResult, RecoveryRecord } from '../model/lifecycle.ts';
import type { Observed } from '../model/observed.ts';
import type { Guardian } from './instance-spec.ts';

/** What a person asked for beyond "make it so". Service names of the project. */
export interface PlanRequest {
  /** Only these services and what they depend on. */
  readonly only?: ReadonlySet<string>;
  /** Recreate even what has not changed. */
  readonly forceRecreate?: ReadonlySet<string>;
  readonly restart?: ReadonlySet<string>;
  /** What stands still because it was told to is started, without any question of recovery. */
  readonly start?: ReadonlySet<string>;
  /** One instance after the other, whatever the manifest says. */
  readonly rolling?: boolean;
}

/** The completion of a one-shot service, so that it does not run twice. */
export interface Completion {
  readonly specHash: string;
  readonly exitCode: number;
  /** Unix ms. */
  readonly finishedAt: number;
}

/** All that a plan is computed from. */
export interface PlanInput {
  readonly desired: DesiredProject;
  readonly observed: Observed;
  readonly guardian: Guardian;
  /** A command climbs the ladder of recovery once, the service goes on for ever. */
  readonly ladder: 'once' | 'continuous';
  /** When a person last asked for this, Unix ms: what failed before is tried again. Null: nobody asks. */
  readonly requestedAt: number | null;
  /** Results of http and tcp checks, by container id. */
  readonly probes?: ReadonlyMap<string, readonly ProbeResult[]>;
  /** By instance, such as `web-1`. */
  readonly recovery?: ReadonlyMap<string, RecoveryRecord>;
  /** By service. */
  readonly completions?: ReadonlyMap<string, Completion>;
  /** Ports that turned out to be held by strangers. */
  readonly excludedPorts?: ReadonlySet<number>;
  /** Subnets that turned out to overlap with something outside Docker. */
  readonly excludedSubnets?: readonly string[];
  /** What changed in each service's manifest since it was last applied, in words. */
  readonly changes?: ReadonlyMap<string, readonly string[]>;
  /** A preview: images that are not there yet are going to be pulled or built before the plan is made for real. */
  readonly assumeImages?: boolean;
  readonly request?: PlanRequest;
}
