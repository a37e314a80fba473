import type { InstanceState, RecoveryRecord } from '../model/lifecycle.ts';
import type { ContainerState, ObservedContainer } from '../model/observed.ts';
import { ailing } from './ailing.ts';
import type { StateReason } from './ailment.ts';
import type { LifecycleContext } from './context.ts';
import type { Facts, Finding, LifecycleInput } from './facts.ts';
import { DEGRADED_AFTER, RESET_AFTER_MS } from './ladder.ts';
import { isPending, liveRecord } from './record.ts';
import { readRunning } from './running.ts';
import { readAbsent, readCreated, readExited } from './standing.ts';
import { verdictMs } from './timing.ts';
import { exitWords } from './words.ts';

/** The state of an instance, with its reason in a code and in words. */
export interface Derived {
  readonly state: InstanceState;
  readonly reason: StateReason;
  readonly message: string;
  /** When the state can change without an event from the engine, Unix ms. */
  readonly deadline: number | null;
  /** What the machine's guards look at. */
  readonly context: LifecycleContext;
  /** The recovery record, where it still means this container and this request. */
  readonly record: RecoveryRecord | null;
}

type Reader = (facts: Facts, container: ObservedContainer) => Finding;

/** How soon to look again at what the engine is busy with, ms. */
const BUSY_MS = 1000;

const removing: Reader = ({ now }) => ({
  state: 'stopping',
  reason: 'Removing',
  message: 'the engine is removing the container',
  deadline: now + BUSY_MS,
});

/** What each state of a container means for an instance that should run. */
const WHILE_WANTED: Readonly<Record<ContainerState, Reader>> = {
  created: readCreated,
  running: readRunning,
  exited: readExited,
  removing,
  paused: () => ({
    state: 'unhealthy',
    reason: 'Paused',
    message: 'was paused by something other than l9',
    ailment: 'paused',
  }),
  // The engine's own restart policy is at work: it backs off by itself, and two would fight.
  restarting: ({ now }, container) => ({
    state: container.restartCount >= DEGRADED_AFTER ? 'degraded' : 'recovering',
    reason: 'EngineRestarting',
    message: `${exitWords(container)}; the engine restarts it (${container.restartCount} times so far)`,
    deadline: now + BUSY_MS,
  }),
  dead: (facts) =>
    ailing(facts, {
      ailment: 'broken',
      reason: 'Dead',
      message: 'is dead: the engine could not remove it completely',
    }),
};

const stopping: Reader = () => ({
  state: 'stopping',
  reason: 'Stopping',
  message: 'runs and should not',
});

const stopped: Reader = ({ policy }, container) =>
  container.state === 'exited' &&
  container.exitCode === 0 &&
  container.error === '' &&
  policy.restart !== 'always'
    ? { state: 'completed', reason: 'Completed', message: 'ran to its end with exit code 0' }
    : { state: 'stopped', reason: 'Stopped', message: 'stands still, as asked for' };

/** What each state of a container means for an instance that should not run. */
const WHILE_UNWANTED: Readonly<Record<ContainerState, Reader>> = {
  created: stopped,
  exited: stopped,
  dead: stopped,
  running: stopping,
  paused: stopping,
  restarting: stopping,
  removing,
};

const read = (facts: Facts): Finding => {
  const { container } = facts.input;
  if (container === undefined) return readAbsent(facts);
  const readers = facts.policy.wanted === 'running' ? WHILE_WANTED : WHILE_UNWANTED;
  return readers[container.state](facts, container);
};

/** A healthy instance is looked at again when its record may be forgotten. */
const deadlineOf = (finding: Finding, record: RecoveryRecord | null): number | null =>
  finding.state === 'healthy' && record !== null && record.healthySince !== null
    ? record.healthySince + RESET_AFTER_MS
    : (finding.deadline ?? null);

/** The state of one instance: a pure function of what was observed, remembered and asked for. */
export const derive = (input: LifecycleInput): Derived => {
  const { container, policy, now } = input;
  const record = liveRecord(input);
  const finding = read({ input, policy, record, now });
  const { state, reason, message } = finding;
  const ailment = finding.ailment ?? null;
  const deadline = deadlineOf(finding, record);
  const hasCheck = policy.activeCheck || (container !== undefined && container.health !== 'none');
  const isIll = ailment !== null && ailment !== 'paused';
  const pending = record !== null && isIll && isPending(record, container);
  return {
    state,
    reason,
    message,
    deadline,
    record,
    context: {
      policy,
      attempts: record?.attempts ?? 0,
      ailment,
      pending: pending ? record.lastAction : null,
      lastAction: record?.lastAction ?? null,
      markedHealthy: record !== null && record.healthySince !== null && !isIll,
      verdictMs: verdictMs(policy, hasCheck),
      deadline,
    },
  };
};
