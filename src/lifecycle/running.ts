import type { ObservedContainer } from '../model/observed.ts';
import { ailing } from './ailing.ts';
import type { Facts, Finding } from './facts.ts';
import { readHealth } from './health.ts';
import { checkTiming, silenceMs, verdictMs } from './timing.ts';
import { startingWords, unhealthyWords } from './words.ts';

/** Without a check, running is healthy; only what was just recovered has to stay up until its verdict. */
const readUnchecked = (facts: Facts, container: ObservedContainer): Finding => {
  const { policy, record, now } = facts;
  const byEngine = container.restartPolicy !== 'no' && container.restartCount > 0;
  const verdictAt = (container.startedAt ?? 0) + verdictMs(policy, false);
  if (((record !== null && record.healthySince === null) || byEngine) && now < verdictAt) {
    return {
      state: record?.lastAction === 'recreate' ? 'starting' : 'recovering',
      reason: 'Verifying',
      message: 'runs again; it has to stay up to count as healthy',
      deadline: verdictAt,
    };
  }
  return policy.restart === 'never'
    ? { state: 'healthy', reason: 'OneShotRunning', message: 'runs, and is to run to its end' }
    : { state: 'healthy', reason: 'NoHealthCheck', message: 'runs; it has no health check' };
};

/** A container that runs and should: what its checks say of it. */
export const readRunning = (facts: Facts, container: ObservedContainer): Finding => {
  const { input, policy, record, now } = facts;
  const health = readHealth(container, input.probes, policy);
  switch (health.health) {
    case 'none':
      return readUnchecked(facts, container);
    case 'healthy':
      return { state: 'healthy', reason: 'ChecksPass', message: 'its health checks pass' };
    case 'unhealthy': {
      const message = unhealthyWords(health, checkTiming(policy).retries, now);
      return ailing(facts, { ailment: 'checks', reason: 'Unhealthy', message });
    }
    case 'starting': {
      // A missing result of a check that l9 makes is a fault of l9, never of the container.
      const silentAt =
        policy.activeCheck || health.seen ? null : (container.startedAt ?? 0) + silenceMs(policy);
      if (silentAt !== null && now >= silentAt) {
        const message = 'its health check has given no result since it started';
        return ailing(facts, { ailment: 'checks', reason: 'NoCheckResult', message });
      }
      return {
        state: record?.lastAction === 'restart' ? 'recovering' : 'starting',
        reason: 'Starting',
        message: startingWords(health),
        deadline: silentAt,
      };
    }
  }
};
