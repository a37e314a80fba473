import type { InstanceState } from '../model/lifecycle.ts';
import type { Ailment } from './ailment.ts';
import type { InstancePolicy } from './policy.ts';

/** All that the machine's guards look at. Times are Unix ms. */
export interface LifecycleContext {
  readonly policy: InstancePolicy;
  /** Recovery actions taken since the instance was last healthy for ten minutes. */
  readonly attempts: number;
  /** What is wrong, if anything. */
  readonly ailment: Ailment | null;
  /** A recovery action that is in the record and that the engine shows no sign of. */
  readonly pending: 'restart' | 'recreate' | null;
  /** The last of those actions. */
  readonly lastAction: 'restart' | 'recreate' | null;
  /** That the instance is healthy again stands in its record. */
  readonly markedHealthy: boolean;
  /** How long a recovery action is given before the next. */
  readonly verdictMs: number;
  /** When the next look is due: a verdict, the end of a backoff; null where only the engine's events matter. */
  readonly deadline: number | null;
}

/** What l9 decides about an instance: something may be due, or its deadline has come. */
export type DecisionEvent = { readonly type: 'look' | 'deadline'; readonly now: number };

/** What happens to an instance in the engine, or is asked of it. `at` is Unix ms. */
export type WorldEvent =
  | {
      readonly type:
        | 'passed'
        | 'failing'
        | 'exited'
        | 'broken'
        | 'paused'
        | 'completed'
        | 'refused'
        | 'removed'
        | 'requested';
      readonly at: number;
    }
  | { readonly type: 'wanted'; readonly at: number; readonly wanted: InstancePolicy['wanted'] };

export type LifecycleEvent = DecisionEvent | WorldEvent;

/** What l9 may do to one instance. `start` runs a container that stands still, `restart` one that runs. */
export type LifecycleAction =
  | 'create'
  | 'start'
  | 'restart'
  | 'recreate'
  | 'unpause'
  | 'stop'
  | 'remove'
  | 'wait'
  | 'none';

/** States in which an instance counts as serving, for dependents and for `maxUnavailable`. */
export const isAvailable = (state: InstanceState): boolean =>
  state === 'healthy' || state === 'completed';
