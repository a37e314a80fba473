import type { ObservedContainer } from '../model/observed.ts';
import { ailing } from './ailing.ts';
import { askedSince } from './facts.ts';
import type { Facts, Finding } from './facts.ts';
import { classifyStartError } from './start-error.ts';
import { exitWords, oneLine } from './words.ts';

/** How an instance that should run stands where there is no container. */
export const readAbsent = ({ input, policy, record }: Facts): Finding => {
  if (policy.wanted !== 'running') {
    return { state: 'absent', reason: 'Missing', message: 'there is no container' };
  }
  const { completion, impossible } = input;
  if (completion !== undefined && policy.restart !== 'always' && completion.exitCode === 0) {
    return { state: 'completed', reason: 'Completed', message: 'ran to its end with exit code 0' };
  }
  if (
    completion !== undefined &&
    policy.restart === 'never' &&
    !askedSince(policy, completion.finishedAt)
  ) {
    const message = `ran once and ended with exit code ${completion.exitCode}`;
    return { state: 'failed', reason: 'OneShotFailed', message };
  }
  if (impossible !== undefined) return { state: 'failed', ...impossible };
  return record?.lastAction === 'recreate'
    ? {
        state: 'absent',
        reason: 'Interrupted',
        message: 'there is no container; its recreation was under way',
      }
    : { state: 'absent', reason: 'Missing', message: 'there is no container' };
};

/** A container whose last start failed, by what the engine wrote down. */
const readFailedStart = (facts: Facts, container: ObservedContainer): Finding => {
  const { ailment, reason } = classifyStartError(container.error, container.exitCode);
  const message = `could not start: ${oneLine(container.error)}`;
  if (ailment !== null) return ailing(facts, { ailment, reason, message });
  const triedAt = facts.input.recovery?.lastActionAt ?? container.createdAt;
  if (askedSince(facts.policy, triedAt)) return ailing(facts, { ailment: 'exit', reason, message });
  return { state: 'failed', reason, message };
};

/** A container that was never started, or whose first start failed. */
export const readCreated = (facts: Facts, container: ObservedContainer): Finding => {
  if (container.error !== '') return readFailedStart(facts, container);
  if (facts.input.impossible !== undefined) return { state: 'failed', ...facts.input.impossible };
  const { record } = facts;
  const recreated = record?.lastAction === 'recreate' && container.id !== record.containerId;
  return {
    state: recreated ? 'recreated' : 'creating',
    reason: 'Created',
    message: 'the container is created and was never started',
  };
};

/** A container that ran and should run: it ended well, crashed, was stopped, or could not start again. */
export const readExited = (facts: Facts, container: ObservedContainer): Finding => {
  const { policy } = facts;
  if (container.error !== '') return readFailedStart(facts, container);
  if (container.exitCode === 0 && policy.restart !== 'always') {
    return { state: 'completed', reason: 'Completed', message: 'ran to its end with exit code 0' };
  }
  const words = exitWords(container);
  if (policy.restart === 'never' && !askedSince(policy, container.finishedAt ?? 0)) {
    return { state: 'failed', reason: 'OneShotFailed', message: `ran once and ${words}` };
  }
  // Ended by itself with 0, or by SIGINT or SIGTERM: mostly somebody stopped it; the engine does not say.
  const stopped = [0, 130, 143].includes(container.exitCode) && !container.oomKilled;
  const crash = container.oomKilled ? 'OOMKilled' : 'Crashed';
  return ailing(facts, { ailment: 'exit', reason: stopped ? 'Exited' : crash, message: words });
};
