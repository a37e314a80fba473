import { lifecycleSetup } from './setup.ts';

type IllnessAction = 'noteFailing' | 'noteExit' | 'noteBroken' | 'noteAgain' | 'want';

/** Where an ailment leads: at first something is done at once, later when the next attempt is due. */
const illness = <const A extends readonly IllnessAction[]>(...actions: A) =>
  [
    { guard: 'isReportOnly', target: 'unhealthy', actions },
    { guard: 'isFirstTime', target: 'unhealthy', actions },
    { guard: 'isExhausted', target: 'degraded', actions },
    { guard: 'isRepeated', target: 'degraded', actions },
    { target: 'recovering', actions },
  ] as const;

/** What is done about an ailment once it is due. The record is written before the action. */
const cures = [
  { guard: 'isReportOnly' },
  { guard: 'isExhausted' },
  { guard: 'mayRecreate', target: 'recreated', actions: ['recordRecreate', 'recreate'] },
  { guard: 'mayStart', target: 'recovering', actions: ['recordRestart', 'start'] },
  { guard: 'mayRestart', target: 'recovering', actions: ['recordRestart', 'restart'] },
] as const;

/** What can happen to a container that runs, and what becomes of one that may. */
const running = {
  passed: { target: 'healthy', actions: 'recover' },
  failing: illness('noteFailing'),
  exited: illness('noteExit'),
  completed: { target: 'completed', actions: 'recover' },
  wanted: [
    { guard: 'willRun', actions: 'want' },
    { guard: 'isDown', target: 'stopped', actions: 'want' },
    { target: 'stopping', actions: ['want', 'recover'] },
  ],
} as const;

/** What can become of a container at its first start. */
const unstarted = {
  exited: illness('noteExit'),
  broken: illness('noteBroken'),
  refused: { target: 'failed', actions: 'noteDown' },
  wanted: [
    { guard: 'willRun', actions: 'want' },
    { target: 'stopped', actions: ['want', 'recover'] },
  ],
} as const;

/**
 * The lifecycle of one instance. Docker owns the truth, so the machine never runs: `derive` says in
 * which state an instance is, and `transition` says what is decided there (`look`, `deadline`). The
 * other events say how the world moves between states; the tests hold `derive` to them, and the
 * diagram is drawn from them. A target is the state that follows when the action succeeds.
 */
export const lifecycleMachine = lifecycleSetup.createMachine({
  id: 'instance',
  context: ({ input }) => input,
  initial: 'absent',
  on: {
    removed: [
      { guard: 'isBeingRecreated', target: '.absent', actions: 'recover' },
      { target: '.absent', actions: ['forget', 'recover'] },
    ],
  },
  states: {
    absent: {
      meta: { description: 'There is no container.' },
      on: {
        look: [
          { guard: 'isInterrupted', target: 'recreated', actions: 'create' },
          { guard: 'shouldRun', target: 'creating', actions: 'create' },
          { guard: 'isRemembered', actions: 'forget' },
        ],
        refused: 'failed',
        wanted: { actions: 'want' },
      },
    },
    creating: {
      meta: { description: 'The container is there and was never started.' },
      on: {
        look: { target: 'starting', actions: ['start', 'awaitFirstCheck'] },
        ...unstarted,
      },
    },
    starting: {
      meta: {
        description: 'It runs, and no health check has passed or failed for good since it started.',
      },
      on: { ...running, broken: illness('noteBroken'), refused: unstarted.refused },
    },
    healthy: {
      meta: { description: 'It runs and its health checks pass, or it has none.' },
      on: {
        look: [
          { guard: 'climbsOnce', actions: 'forget' },
          { guard: 'isUnmarked', actions: 'markHealthy' },
        ],
        deadline: { guard: 'isRemembered', actions: 'forget' },
        paused: { target: 'unhealthy', actions: 'notePause' },
        ...running,
      },
    },
    unhealthy: {
      meta: {
        description:
          'It should serve and does not: its checks fail, it exited, it is paused, or its container cannot run any more. Nothing was done about it yet.',
      },
      on: {
        look: [{ guard: 'isPaused', target: 'healthy', actions: ['unpause', 'recover'] }, ...cures],
        ...running,
      },
    },
    recovering: {
      meta: {
        description:
          'Something was done about it. It waits for the verdict, or for the backoff before the next attempt.',
      },
      on: {
        deadline: cures,
        ...running,
        broken: illness('noteBroken'),
        refused: unstarted.refused,
      },
    },
    recreated: {
      meta: {
        description: 'A new container took the place of the old one and is not started yet.',
      },
      on: {
        look: { target: 'starting', actions: ['start', 'awaitFirstCheck'] },
        ...unstarted,
      },
    },
    degraded: {
      meta: {
        description:
          'Repeated attempts were in vain. It waits out its backoff, and the attempts go on; there is always a deadline.',
      },
      on: { deadline: cures, ...running },
    },
    completed: {
      meta: { description: 'A one-shot ran to its end with exit code 0.' },
      on: {
        look: [
          { guard: 'shouldBeGone', target: 'absent', actions: ['remove', 'forget'] },
          { guard: 'isRemembered', actions: 'forget' },
        ],
        wanted: { actions: 'want' },
      },
    },
    stopping: {
      meta: { description: 'It runs and should not, or the engine is removing it.' },
      on: {
        look: [{ guard: 'isBusy' }, { target: 'stopped', actions: ['stop', 'forget', 'noteDown'] }],
        exited: { target: 'stopped', actions: ['forget', 'noteDown'] },
      },
    },
    stopped: {
      meta: { description: 'It stands still, as asked for.' },
      on: {
        look: [
          { guard: 'shouldBeGone', target: 'absent', actions: ['remove', 'forget'] },
          { guard: 'isRemembered', actions: 'forget' },
        ],
        wanted: [
          { guard: 'willNotRun', actions: 'want' },
          { guard: 'isNewlyRecreated', target: 'recreated', actions: 'want' },
          { guard: 'isWell', target: 'creating', actions: 'want' },
          ...illness('want', 'noteAgain'),
        ],
      },
    },
    failed: {
      meta: {
        description:
          'It cannot succeed until its spec changes or somebody asks again: bad command, missing mount, unknown image, a one-shot that ended badly.',
      },
      on: {
        requested: [
          { guard: 'isDown', target: 'unhealthy', actions: ['forget', 'noteExit'] },
          { target: 'absent', actions: 'forget' },
        ],
        wanted: [
          { guard: 'willRun', actions: 'want' },
          { guard: 'isDown', target: 'stopped', actions: ['want', 'recover'] },
          { target: 'absent', actions: 'want' },
        ],
      },
    },
  },
});
