import type { RecoveryRecord } from '../model/lifecycle.ts';
import type { ObservedContainer } from '../model/observed.ts';
import { askedSince } from './facts.ts';
import type { LifecycleInput } from './facts.ts';

/**
 * The record, where it still counts. It does not when somebody asked for the instance after the last
 * action, nor when its container was replaced by other hands than the recovery's: that is a new start.
 */
export const liveRecord = ({
  container,
  policy,
  recovery,
}: LifecycleInput): RecoveryRecord | null => {
  if (recovery === undefined) return null;
  if (recovery.lastActionAt !== null && askedSince(policy, recovery.lastActionAt)) return null;
  if (container === undefined) {
    // Until it is seen healthy, nobody can tell whether the new container was ever there.
    return recovery.lastAction === 'recreate' && recovery.healthySince === null ? recovery : null;
  }
  if (container.id !== recovery.containerId && recovery.lastAction !== 'recreate') return null;
  const since = recovery.healthySince;
  // A start after that moment, by the engine or by hand, begins the ten minutes anew.
  return since !== null && container.startedAt !== null && container.startedAt > since
    ? { ...recovery, healthySince: null }
    : recovery;
};

/**
 * Whether the record's action was written down but the engine shows no sign of it: l9 ended in between.
 * A failed start leaves its error, and is a sign too.
 */
export const isPending = (
  record: RecoveryRecord,
  container: ObservedContainer | undefined,
): boolean => {
  if (record.lastAction === null || container === undefined) return false;
  if (container.id !== record.containerId) return false;
  if (record.lastAction === 'recreate') return true;
  return container.startedAt === record.startedAt && container.error === '';
};

/** The record to write before the next action of a recovery. */
export const recordAction = (
  input: LifecycleInput,
  container: ObservedContainer,
  action: {
    readonly attempts: number;
    readonly lastAction: 'restart' | 'recreate';
    readonly deadline: number | null;
  },
): RecoveryRecord => ({
  project: input.policy.project,
  service: input.policy.service,
  instance: input.policy.instance,
  containerId: container.id,
  startedAt: container.startedAt,
  attempts: action.attempts,
  lastAction: action.lastAction,
  lastActionAt: input.now,
  deadline: action.deadline,
  lastExitCode:
    container.state === 'running' ? (input.recovery?.lastExitCode ?? null) : container.exitCode,
  healthySince: null,
});
