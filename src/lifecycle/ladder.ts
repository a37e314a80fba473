import type { Ailment } from './ailment.ts';
import type { InstancePolicy } from './policy.ts';

/** Attempts beyond the ladder after which an instance counts as `degraded` while it waits. */
export const DEGRADED_AFTER = 3;

/** Healthy for this long, and what was tried before is forgotten. */
export const RESET_AFTER_MS = 600_000;

/** The share of a backoff that jitter may take away. */
const JITTER = 0.25;

/**
 * How many attempts the ladder has before backoff begins: the restarts, then one recreate where the
 * policy allows it. A ladder has at least one.
 */
export const ladderLength = (policy: InstancePolicy): number => {
  const { action, restarts } = policy.recovery;
  return Math.max(1, restarts + (action === 'recreate' ? 1 : 0));
};

/** Whether so many attempts in vain are a condition that people should hear of. */
export const isRepeated = (policy: InstancePolicy, attempts: number): boolean =>
  attempts >= ladderLength(policy) + DEGRADED_AFTER;

/** Whether failing checks are only reported: the manifest says so, or the service runs once and never again. */
export const isReportOnly = (policy: InstancePolicy): boolean =>
  policy.recovery.action === 'none' || policy.restart === 'never';

/** Whether a ladder that is climbed only once has been climbed. */
export const isExhausted = (policy: InstancePolicy, attempts: number): boolean =>
  policy.ladder === 'once' && attempts >= ladderLength(policy);

/**
 * The means of the attempt that follows `attempts` others. Failing checks climb from restart to
 * recreate. A crash is started again; only when that has failed repeatedly is it recreated, since
 * what is broken may be what it left in its own layer (a stale lock or pid file).
 */
export const nextRung = (
  policy: InstancePolicy,
  ailment: Ailment,
  attempts: number,
): 'restart' | 'start' | 'recreate' => {
  if (ailment === 'broken') return 'recreate';
  const mayRecreate = policy.recovery.action === 'recreate';
  if (ailment === 'exit') return mayRecreate && isRepeated(policy, attempts) ? 'recreate' : 'start';
  return mayRecreate && attempts >= policy.recovery.restarts ? 'recreate' : 'restart';
};

/** FNV-1a with a final mix, as a number in [0, 1): the same for the same text on every machine. */
const fraction = (text: string): number => {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
};

/**
 * The `step`th backoff (from 0) in ms: the initial one doubled at every step up to the longest,
 * less up to a quarter. The jitter comes from the instance's name and the attempt, so that instances
 * spread out and yet every look at the same record finds the same deadline.
 */
export const backoffMs = (policy: InstancePolicy, step: number): number => {
  const { backoffInitialMs, backoffMaxMs } = policy.recovery;
  const full = Math.min(backoffMaxMs, backoffInitialMs * 2 ** Math.min(step, 50));
  const seed = `${policy.project}/${policy.service}/${policy.instance}/${step}`;
  return Math.round(full * (1 - JITTER * fraction(seed)));
};

/** How long the attempt that follows `attempts` others waits, in ms, after the last one was seen to fail. */
export const delayMs = (policy: InstancePolicy, ailment: Ailment, attempts: number): number => {
  const immediate = ailment === 'checks' ? ladderLength(policy) : 1;
  return attempts < immediate ? 0 : backoffMs(policy, attempts - immediate);
};
