import type { ContainerSpec, Limits, RestartPolicyName } from './container.ts';
import type { ActiveCheck, DependencyCondition, DesiredFile, HealthTiming } from './desired.ts';
import type { Labels } from './labels.ts';
import type { InstanceState, RecoveryRecord } from './lifecycle.ts';

/**
 * A container that an action is about. `id` is known unless an earlier action of the same plan
 * creates it; an action with an id never touches another container that took over the name.
 */
export interface ContainerTarget {
  readonly name: string;
  readonly id?: string;
}

/** One engine call each: the executor has exactly one function for every member. */
export type Action =
  | {
      readonly type: 'createNetwork';
      readonly name: string;
      readonly driver: string;
      readonly subnet?: string;
      readonly internal: boolean;
      readonly labels: Labels;
    }
  | { readonly type: 'removeNetwork'; readonly id: string; readonly name: string }
  | {
      readonly type: 'createVolume';
      readonly name: string;
      readonly driver: string;
      readonly driverOpts: Readonly<Record<string, string>>;
      readonly labels: Labels;
    }
  | { readonly type: 'removeVolume'; readonly name: string }
  | { readonly type: 'pullImage'; readonly reference: string; readonly platform?: string }
  | {
      /** Copies configs and secrets of a service into its files volume, owned by the service's user. */
      readonly type: 'writeFiles';
      readonly project: string;
      readonly volume: string;
      readonly files: readonly DesiredFile[];
      readonly image: string;
      readonly user: string;
    }
  | { readonly type: 'createContainer'; readonly spec: ContainerSpec }
  | { readonly type: 'startContainer'; readonly container: ContainerTarget }
  | {
      readonly type: 'stopContainer';
      readonly container: ContainerTarget;
      readonly graceMs: number;
    }
  | {
      readonly type: 'restartContainer';
      readonly container: ContainerTarget;
      readonly graceMs: number;
    }
  | { readonly type: 'unpauseContainer'; readonly container: ContainerTarget }
  | {
      readonly type: 'removeContainer';
      readonly container: ContainerTarget;
      readonly force: boolean;
    }
  | { readonly type: 'renameContainer'; readonly container: ContainerTarget; readonly name: string }
  | {
      readonly type: 'updateContainer';
      readonly container: ContainerTarget;
      readonly limits?: Limits;
      readonly restartPolicy?: RestartPolicyName;
    }
  | {
      readonly type: 'connectNetwork';
      readonly container: ContainerTarget;
      readonly network: string;
      readonly aliases: readonly string[];
      readonly ipv4?: string;
    }
  | {
      readonly type: 'disconnectNetwork';
      readonly container: ContainerTarget;
      readonly network: string;
    }
  | {
      /** Changes nothing: holds back what depends on it until the container is as wanted. */
      readonly type: 'awaitContainer';
      readonly container: ContainerTarget;
      readonly condition: DependencyCondition;
      readonly check?: ActiveCheck;
      readonly timing: HealthTiming | null;
      /** Exits count as failure unless the service is one-shot or restarts on its own. */
      readonly oneShot: boolean;
    }
  /** Remembers a step of the recovery before it is taken, so that a crash in between goes on from there. */
  | { readonly type: 'writeRecovery'; readonly record: RecoveryRecord }
  | { readonly type: 'removeRecovery'; readonly project: string; readonly instance: string }
  | {
      /** Keeps what a restart or recreate would lose: last log lines, probes, exit, memory. */
      readonly type: 'keepEvidence';
      readonly project: string;
      readonly service: string;
      readonly container: ContainerTarget;
      readonly cause: string;
    };

export type ActionType = Action['type'];

/** Why an action is done, in a code for machines and words for people. */
export interface Cause {
  readonly reason: CauseReason;
  /** For people: "image changed: redis:7 → redis:8". */
  readonly message: string;
}

export type CauseReason =
  | 'Missing'
  | 'Created'
  | 'SpecChanged'
  | 'ImageChanged'
  | 'Drifted'
  | 'Stopped'
  | 'Unhealthy'
  | 'Crashed'
  | 'Paused'
  | 'Scaled'
  | 'Removed'
  | 'Requested'
  | 'Dependency'
  | 'Leftover'
  | 'Interrupted';

/** What an action is about, for grouping and progress. */
export interface Subject {
  readonly kind: 'service' | 'network' | 'volume' | 'image' | 'project';
  readonly name: string;
  /** The instance's number, from 1; absent for what all instances share. */
  readonly instance?: number;
}

export interface PlannedAction {
  /** Unique in its plan and steady between plans of the same situation. */
  readonly id: string;
  readonly action: Action;
  readonly cause: Cause;
  readonly subject: Subject;
  /** Ids of the actions that must have succeeded before. */
  readonly after: readonly string[];
}

/** Something that stands in the way and that no action of ours may remove. */
export interface Blocker {
  readonly code:
    | 'NameTaken'
    | 'DependencyFailed'
    | 'PortTaken'
    | 'PoolExhausted'
    | 'ImageMissing'
    | 'SecretMissing'
    | 'ExternalMissing'
    | 'PortRangeExhausted';
  readonly subject: Subject;
  readonly message: string;
  readonly hint: string;
}

/** A remark that changes nothing: a tag that moved, a service that waits. */
export interface Note {
  readonly subject: Subject;
  readonly message: string;
}

/** Where an instance stands as the plan saw it, and when the next look is due. */
export interface InstanceForecast {
  readonly service: string;
  readonly instance: number;
  readonly state: InstanceState;
  readonly reason: string;
  readonly message: string;
  /** Unix ms; null when nothing is due by itself. */
  readonly deadline: number | null;
  /** A recovery that is tried only once has been tried, in vain. */
  readonly exhausted: boolean;
}

/** What takes observed to desired: a DAG in a steady order (every action stands after those it needs). */
export interface Plan {
  readonly project: string;
  readonly actions: readonly PlannedAction[];
  readonly blockers: readonly Blocker[];
  readonly notes: readonly Note[];
  /** Every wanted instance, by service and number. */
  readonly instances: readonly InstanceForecast[];
}
