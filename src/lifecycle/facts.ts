import type { InstanceState, ProbeResult, RecoveryRecord } from '../model/lifecycle.ts';
import type { ObservedContainer } from '../model/observed.ts';
import type { Ailment, StateReason } from './ailment.ts';
import type { InstancePolicy } from './policy.ts';

/** How a one-shot service of this spec ended when it last ran. Times are Unix ms. */
export interface RecordedCompletion {
  readonly exitCode: number;
  readonly finishedAt: number;
}

/** Everything that the state of one instance follows from. Times are Unix ms on the engine's clock. */
export interface LifecycleInput {
  readonly container: ObservedContainer | undefined;
  /** Results of the checks that l9 makes, oldest first: at least the newest success since the start and all after it. */
  readonly probes: readonly ProbeResult[];
  readonly recovery: RecoveryRecord | undefined;
  readonly policy: InstancePolicy;
  readonly now: number;
  /** Only of the present spec_hash. */
  readonly completion?: RecordedCompletion;
  /**
   * What makes success impossible and leaves no trace on a container: an image that nobody has, a bind
   * source that is gone (the engine refuses such a start and writes nothing down).
   */
  readonly impossible?: { readonly reason: StateReason; readonly message: string };
}

/** What the readers of container states share. */
export interface Facts {
  readonly input: LifecycleInput;
  readonly policy: InstancePolicy;
  /** The recovery record, where it still means this container and this request. */
  readonly record: RecoveryRecord | null;
  readonly now: number;
}

/** What one reader found. */
export interface Finding {
  readonly state: InstanceState;
  readonly reason: StateReason;
  readonly message: string;
  readonly deadline?: number | null;
  readonly ailment?: Ailment;
}

/** Whether somebody asked for the instance after `at`, so that what failed then is tried again. */
export const askedSince = (policy: InstancePolicy, at: number): boolean =>
  policy.requestedAt !== null && policy.requestedAt > at;
