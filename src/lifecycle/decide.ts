import type { Cause, CauseReason } from '../model/action.ts';
import type { InstanceState } from '../model/lifecycle.ts';
import type { StateReason } from './ailment.ts';
import { isAvailable } from './context.ts';
import type { LifecycleAction } from './context.ts';
import { derive } from './derive.ts';
import type { Derived } from './derive.ts';
import type { LifecycleInput } from './facts.ts';
import { isExhausted, isRepeated } from './ladder.ts';
import { step } from './step.ts';
import type { Step } from './step.ts';

/** What to do about one instance now, and why. */
export interface Decision extends Step {
  /** The state as it stands, before the action. */
  readonly observed: InstanceState;
  readonly reason: StateReason;
  readonly message: string;
  /** Null where nothing is done. */
  readonly cause: Cause | null;
  /** `recovery` differs from what stands in the engine: write it, or remove it, before the action. */
  readonly recordChanged: boolean;
  /** The action ends what a person would want to look at afterwards: keep the evidence before it. */
  readonly keepEvidence: boolean;
  /** Recovery actions since the instance was last healthy for ten minutes, this one included. */
  readonly attempts: number;
  /** So many attempts were in vain that people should hear of it; steady while the attempts go on. */
  readonly repeatedlyFailed: boolean;
  /** A ladder that is climbed only once has been, in vain: a command ends with exit code 4. */
  readonly exhausted: boolean;
  /** It serves now: healthy or completed. Together with `takesDown` this is what maxUnavailable counts. */
  readonly available: boolean;
  /** The action ends a process that runs now. */
  readonly takesDown: boolean;
}

/** Why something is done, by why the instance is in its state. */
const CAUSES: Readonly<Record<StateReason, CauseReason>> = {
  Missing: 'Missing',
  Interrupted: 'Interrupted',
  Created: 'Created',
  Starting: 'Created',
  Verifying: 'Created',
  ChecksPass: 'Requested',
  NoHealthCheck: 'Requested',
  OneShotRunning: 'Requested',
  Unhealthy: 'Unhealthy',
  NoCheckResult: 'Unhealthy',
  Paused: 'Paused',
  Exited: 'Stopped',
  Crashed: 'Crashed',
  OOMKilled: 'Crashed',
  StartFailed: 'Crashed',
  AddressTaken: 'Crashed',
  NetworkMissing: 'Crashed',
  Dead: 'Crashed',
  EngineRestarting: 'Crashed',
  Removing: 'Removed',
  Completed: 'Removed',
  OneShotFailed: 'Requested',
  BadCommand: 'Requested',
  MissingMount: 'Requested',
  StartRefused: 'Requested',
  ImageMissing: 'Requested',
  Stopping: 'Requested',
  Stopped: 'Removed',
};

const causeOf = (derived: Derived, action: LifecycleAction, attempts: number): Cause | null => {
  if (action === 'wait' || action === 'none') return null;
  const again = attempts > 1 ? ` (attempt ${attempts})` : '';
  return { reason: CAUSES[derived.reason], message: `${derived.message}${again}` };
};

/** Whether whoever climbs only once has nothing left to try, and would wait for a backoff or the engine. */
const isGivenUp = ({ policy }: LifecycleInput, derived: Derived, next: Step): boolean =>
  policy.ladder === 'once' &&
  derived.state === 'degraded' &&
  next.action === 'wait' &&
  (derived.reason === 'EngineRestarting' || isExhausted(policy, derived.context.attempts));

/**
 * Decides about one instance: in which state it is, what to do about it now, what to remember before
 * doing so, and when to look again. Pure; the same input gives the same decision on every machine.
 */
export const decide = (input: LifecycleInput): Decision => {
  const derived = derive(input);
  const { deadline: due, context } = derived;
  const next = step(input, derived, due !== null && input.now >= due ? 'deadline' : 'look');
  const { action, recovery } = next;
  const attempts = recovery?.attempts ?? 0;
  const up = input.container?.state === 'running' || input.container?.state === 'paused';
  const heals = ['start', 'restart', 'recreate'].includes(action) && context.ailment !== null;
  return {
    ...next,
    observed: derived.state,
    reason: derived.reason,
    message: derived.message,
    cause: causeOf(derived, action, heals ? attempts : 0),
    recordChanged: recovery !== (input.recovery ?? null),
    keepEvidence: heals,
    attempts,
    repeatedlyFailed: isRepeated(input.policy, attempts),
    exhausted: isGivenUp(input, derived, next),
    available: isAvailable(derived.state),
    takesDown: up && ['restart', 'recreate', 'stop', 'remove'].includes(action),
  };
};
