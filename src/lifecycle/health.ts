import type { ProbeResult } from '../model/lifecycle.ts';
import type { HealthState, ObservedContainer } from '../model/observed.ts';
import type { InstancePolicy } from './policy.ts';
import { checkTiming } from './timing.ts';

/** What the checks of a running container say. */
export interface Health {
  readonly health: HealthState;
  /** Whether any check has given a result since the container started. */
  readonly seen: boolean;
  /** Failed checks in a row. */
  readonly streak: number;
  /** When the first of them failed, Unix ms; null where that is not known any more. */
  readonly failingSince: number | null;
  /** What the last check said. */
  readonly output: string;
}

const dockerHealth = (container: ObservedContainer): Health => {
  // Docker keeps the last five results, also those from before a restart.
  const probes = container.probes.filter((probe) => probe.startedAt >= (container.startedAt ?? 0));
  const failing = probes.slice(probes.findLastIndex((probe) => probe.exitCode === 0) + 1);
  return {
    health: container.health,
    seen: probes.length > 0 || container.failingStreak > 0,
    streak: Math.max(container.failingStreak, 0),
    failingSince: failing[0]?.endedAt ?? null,
    output: probes.at(-1)?.output ?? '',
  };
};

const activeHealth = (
  container: ObservedContainer,
  results: readonly ProbeResult[],
  policy: InstancePolicy,
): Health => {
  const timing = checkTiming(policy);
  const startedAt = container.startedAt ?? 0;
  const graceEnd = startedAt + timing.startPeriodMs;
  let seen = false;
  let passed = false;
  let streak = 0;
  let failingSince: number | null = null;
  let output = '';
  for (const result of results) {
    if (result.at < startedAt) continue;
    seen = true;
    output = result.message;
    if (result.ok) {
      passed = true;
      streak = 0;
      failingSince = null;
    } else if (passed || result.at >= graceEnd) {
      // As in Docker: inside startPeriod nothing counts until the first success.
      streak += 1;
      failingSince ??= result.at;
    }
  }
  const working = passed ? 'healthy' : 'starting';
  const health = streak >= timing.retries ? 'unhealthy' : working;
  return { health, seen, streak, failingSince, output };
};

/**
 * Judges a running container by its checks: those that l9 makes (`results`, oldest first, at least the
 * newest success since the start and all that came after it), else those that Docker makes.
 */
export const readHealth = (
  container: ObservedContainer,
  results: readonly ProbeResult[],
  policy: InstancePolicy,
): Health =>
  policy.activeCheck ? activeHealth(container, results, policy) : dockerHealth(container);
