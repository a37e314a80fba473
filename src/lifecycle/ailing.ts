import type { Ailment, StateReason } from './ailment.ts';
import type { Facts, Finding } from './facts.ts';
import { delayMs, isExhausted, isRepeated, isReportOnly } from './ladder.ts';
import { isPending } from './record.ts';
import { verdictMs } from './timing.ts';

/** When the next attempt may be made, Unix ms. */
const dueAt = ({ input, policy, record }: Facts, ailment: Ailment): number => {
  const { container } = input;
  const attempts = record?.attempts ?? 0;
  const delay = delayMs(policy, ailment, attempts);
  if (ailment === 'checks') {
    // An action is judged from the start that it made.
    return (container?.startedAt ?? 0) + verdictMs(policy, true) + delay;
  }
  // A start that failed changes neither start nor finish: then the attempt itself is the moment.
  return Math.max(container?.finishedAt ?? 0, record?.lastActionAt ?? 0) + delay;
};

/**
 * An instance with an ailment. The first time it is `unhealthy`, and something is done at once. After
 * that it is `recovering`, and `degraded` when repeated attempts were in vain, until the next is due.
 */
export const ailing = (
  facts: Facts,
  found: { readonly ailment: Ailment; readonly reason: StateReason; readonly message: string },
): Finding => {
  const { policy, record, input, now } = facts;
  const attempts = record?.attempts ?? 0;
  const reportOnly = found.ailment === 'checks' && isReportOnly(policy);
  if (record === null || attempts === 0 || reportOnly) return { ...found, state: 'unhealthy' };
  if (isPending(record, input.container)) {
    return { ...found, state: 'recovering', deadline: record.lastActionAt ?? now };
  }
  const due = dueAt(facts, found.ailment);
  if (isExhausted(policy, attempts)) {
    // Nobody waits for it here; whoever looks next does, and degraded always says until when.
    const deadline = due > now ? due : now + policy.recovery.backoffMaxMs;
    return { ...found, state: 'degraded', deadline };
  }
  return {
    ...found,
    state: isRepeated(policy, attempts) ? 'degraded' : 'recovering',
    deadline: due,
  };
};
