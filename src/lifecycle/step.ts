import { transition } from 'xstate';
import type { InstanceState, RecoveryRecord } from '../model/lifecycle.ts';
import type { DecisionEvent, LifecycleAction, LifecycleContext } from './context.ts';
import type { Derived } from './derive.ts';
import type { LifecycleInput } from './facts.ts';
import { lifecycleMachine } from './machine.ts';
import { recordAction } from './record.ts';

/** What a decision changes: the state that follows when its action succeeds, and what is remembered. */
export interface Step {
  readonly state: InstanceState;
  /** What the engine is asked for; `wait` where only time is needed. */
  readonly action: LifecycleAction;
  /** The record as it should be from now on; null: there should be none. */
  readonly recovery: RecoveryRecord | null;
  /** When to look again without an event from the engine, Unix ms. */
  readonly deadline: number | null;
}

const ENGINE_ACTIONS: ReadonlySet<string> = new Set<LifecycleAction>([
  'create',
  'start',
  'restart',
  'recreate',
  'unpause',
  'stop',
  'remove',
]);

const isEngineAction = (name: string): name is LifecycleAction => ENGINE_ACTIONS.has(name);

/** The record that follows from what the machine remembers. */
const nextRecord = (
  input: LifecycleInput,
  derived: Derived,
  next: LifecycleContext,
): RecoveryRecord | null => {
  const { record, context } = derived;
  if (next.attempts === 0) return null;
  if (
    input.container !== undefined &&
    next.lastAction !== null &&
    next.attempts > context.attempts
  ) {
    const { attempts, lastAction, deadline } = next;
    return recordAction(input, input.container, { attempts, lastAction, deadline });
  }
  if (record === null) return null;
  if (next.markedHealthy && record.healthySince === null) {
    return { ...record, healthySince: input.now };
  }
  if (!next.markedHealthy && input.recovery?.healthySince !== null && next.ailment !== null) {
    return { ...record, healthySince: null };
  }
  // `derive` may read a record more strictly than it is written; that alone is no reason to write.
  return input.recovery ?? null;
};

const conclude = (
  input: LifecycleInput,
  derived: Derived,
  next: {
    readonly state: InstanceState;
    readonly context: LifecycleContext;
    readonly names: readonly string[];
  },
): Step => {
  const waits = next.context.deadline !== null && next.state !== 'healthy';
  return {
    state: next.state,
    action: next.names.find(isEngineAction) ?? (waits ? 'wait' : 'none'),
    recovery: nextRecord(input, derived, next.context),
    deadline: next.context.deadline,
  };
};

/** Sends one decision event to the machine, in the derived state: the pure half of every action. */
export const step = (
  input: LifecycleInput,
  derived: Derived,
  type: DecisionEvent['type'],
): Step => {
  const snapshot = lifecycleMachine.resolveState({
    value: derived.state,
    context: derived.context,
  });
  const event = { type, now: input.now };
  // Nearly every look finds nothing to do, and asking first costs a tenth of a transition.
  if (lifecycleMachine.getTransitionData(snapshot, event).length === 0) {
    return conclude(input, derived, { state: derived.state, context: derived.context, names: [] });
  }
  const [next, actions] = transition(lifecycleMachine, snapshot, event);
  return conclude(input, derived, {
    state: next.value,
    context: next.context,
    names: actions.map((action) => action.type),
  });
};
