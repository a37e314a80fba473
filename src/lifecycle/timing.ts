import type { HealthTiming } from '../model/desired.ts';
import type { InstancePolicy } from './policy.ts';

/** Docker's own defaults, for a check that stands in the image and that no manifest describes. */
const IMAGE_CHECK: HealthTiming = {
  intervalMs: 30_000,
  timeoutMs: 30_000,
  retries: 3,
  startPeriodMs: 0,
};

/** The timing that failures of this instance's checks show with. */
export const checkTiming = (policy: InstancePolicy): HealthTiming =>
  policy.healthTiming ?? IMAGE_CHECK;

/**
 * How long an action is given, from the start that it made, before the next one may follow:
 * `verifyAfter`, and where there are checks never less than startPeriod plus one round of them.
 */
export const verdictMs = (policy: InstancePolicy, hasCheck: boolean): number => {
  const { startPeriodMs, intervalMs, timeoutMs } = checkTiming(policy);
  const round = hasCheck ? startPeriodMs + intervalMs + timeoutMs : 0;
  return Math.max(policy.recovery.verifyAfterMs, round);
};

/** How long after its start a container may show no result of a check at all: then the checks hang. */
export const silenceMs = (policy: InstancePolicy): number => {
  const { startPeriodMs, intervalMs, timeoutMs } = checkTiming(policy);
  return startPeriodMs + 2 * (intervalMs + timeoutMs);
};
