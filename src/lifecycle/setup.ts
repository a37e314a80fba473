import { assign, setup } from 'xstate';
import type { Ailment } from './ailment.ts';
import type { LifecycleContext, LifecycleEvent } from './context.ts';
import {
  RESET_AFTER_MS,
  delayMs,
  isExhausted,
  isRepeated,
  isReportOnly,
  nextRung,
} from './ladder.ts';
import { silenceMs } from './timing.ts';

interface Step {
  readonly context: LifecycleContext;
  readonly event: LifecycleEvent;
}

const momentOf = (event: LifecycleEvent): number => ('now' in event ? event.now : event.at);

/** What the next attempt is made with; one that was interrupted is made again. */
const rungOf = (context: LifecycleContext): 'restart' | 'start' | 'recreate' | null => {
  const { policy, ailment, attempts, pending } = context;
  if (ailment === null || ailment === 'paused') return null;
  if (pending === 'recreate') return 'recreate';
  if (pending === 'restart') return ailment === 'checks' ? 'restart' : 'start';
  return nextRung(policy, ailment, attempts);
};

const attempt = (
  lastAction: 'restart' | 'recreate',
  { context, event }: Step,
): Partial<LifecycleContext> => ({
  attempts: context.attempts + (context.pending === null ? 1 : 0),
  lastAction,
  ailment: null,
  pending: null,
  markedHealthy: false,
  deadline: momentOf(event) + context.verdictMs,
});

const sicken = (ailment: Ailment, { context, event }: Step): Partial<LifecycleContext> => {
  const { attempts, policy } = context;
  const due = momentOf(event) + delayMs(policy, ailment, attempts);
  return {
    ailment,
    pending: null,
    markedHealthy: false,
    deadline: attempts === 0 ? null : due,
  };
};

interface LifecycleTypes {
  readonly context: LifecycleContext;
  readonly events: LifecycleEvent;
  readonly input: LifecycleContext;
  readonly meta: { readonly description: string };
}

// xstate takes types as a value that it never reads.
// oxlint-disable-next-line typescript/no-unsafe-type-assertion
const TYPES = {} as LifecycleTypes;

/**
 * The guards and actions of the machine by name. Actions that l9 does in the engine do nothing here:
 * their names are the decision. The others change what is remembered, in `context`, which becomes the
 * recovery record.
 */
export const lifecycleSetup = setup({
  types: TYPES,
  guards: {
    shouldRun: ({ context }) => context.policy.wanted === 'running',
    shouldBeGone: ({ context }) => context.policy.wanted === 'absent',
    willRun: ({ event }) => event.type === 'wanted' && event.wanted === 'running',
    willNotRun: ({ event }) => event.type === 'wanted' && event.wanted !== 'running',
    isNewlyRecreated: ({ context }) =>
      context.ailment === null && context.lastAction === 'recreate' && !context.markedHealthy,
    isWell: ({ context }) => context.ailment === null,
    isInterrupted: ({ context }) =>
      context.policy.wanted === 'running' && context.lastAction === 'recreate',
    isPaused: ({ context }) => context.ailment === 'paused',
    isDown: ({ context: { ailment } }) => ailment === 'exit' || ailment === 'broken',
    /** Failing checks that the manifest wants reported, and nothing else. */
    isReportOnly: ({ context: { ailment, policy }, event }) =>
      (event.type === 'failing' || ('now' in event && ailment === 'checks')) &&
      isReportOnly(policy),
    isFirstTime: ({ context }) => context.attempts === 0,
    isRepeated: ({ context }) => isRepeated(context.policy, context.attempts),
    isExhausted: ({ context }) =>
      context.pending === null && isExhausted(context.policy, context.attempts),
    mayRestart: ({ context }) => rungOf(context) === 'restart',
    mayStart: ({ context }) => rungOf(context) === 'start',
    mayRecreate: ({ context }) => rungOf(context) === 'recreate',
    isBeingRecreated: ({ context }) => context.lastAction === 'recreate' && !context.markedHealthy,
    isUnmarked: ({ context }) => context.attempts > 0 && !context.markedHealthy,
    isRemembered: ({ context }) => context.attempts > 0,
    climbsOnce: ({ context }) => context.policy.ladder === 'once' && context.attempts > 0,
    /** The engine is at work on it already. */
    isBusy: ({ context }) => context.deadline !== null,
  },
  actions: {
    create: () => {},
    start: () => {},
    restart: () => {},
    recreate: () => {},
    unpause: () => {},
    stop: () => {},
    remove: () => {},
    recordRestart: assign((step: Step) => attempt('restart', step)),
    recordRecreate: assign((step: Step) => attempt('recreate', step)),
    markHealthy: assign({
      markedHealthy: true,
      deadline: ({ event }) => momentOf(event) + RESET_AFTER_MS,
    }),
    forget: assign({
      attempts: 0,
      lastAction: null,
      pending: null,
      markedHealthy: false,
      deadline: null,
    }),
    awaitFirstCheck: assign({
      ailment: null,
      deadline: ({ context, event }) => momentOf(event) + silenceMs(context.policy),
    }),
    recover: assign({ ailment: null, pending: null, deadline: null }),
    noteFailing: assign((step: Step) => sicken('checks', step)),
    noteExit: assign((step: Step) => sicken('exit', step)),
    noteAgain: assign((step: Step) => sicken(step.context.ailment ?? 'exit', step)),
    noteBroken: assign((step: Step) => sicken('broken', step)),
    notePause: assign({ ailment: 'paused', deadline: null }),
    noteDown: assign({ ailment: 'exit', deadline: null }),
    want: assign({
      policy: ({ context, event }) =>
        event.type === 'wanted' ? { ...context.policy, wanted: event.wanted } : context.policy,
    }),
  },
});
