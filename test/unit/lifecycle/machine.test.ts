import { describe, expect, test } from 'vitest';
import { createTestModel } from 'xstate/graph';
import type { LifecycleContext, LifecycleEvent } from '../../../src/lifecycle/context.ts';
import { derive } from '../../../src/lifecycle/derive.ts';
import type { LifecycleInput } from '../../../src/lifecycle/facts.ts';
import { lifecycleMachine } from '../../../src/lifecycle/machine.ts';
import type { InstancePolicy } from '../../../src/lifecycle/policy.ts';
import { step } from '../../../src/lifecycle/step.ts';
import type { InstanceState, RecoveryRecord } from '../../../src/model/lifecycle.ts';
import { policyOf } from './instance.ts';
import { World } from './world.ts';

const BAD_COMMAND = 'exec: "x": executable file not found in $PATH';
const PORT_TAKEN = 'port is already allocated';

/** The system that the machine is a model of: a virtual container, a record, and `derive` and `step`. */
class Instance {
  private readonly world: World;
  private policy: InstancePolicy;
  private record: RecoveryRecord | undefined;
  private impossible = false;

  constructor(policy: InstancePolicy) {
    this.policy = policy;
    this.world = new World(policy);
    this.world.weather.silent = true;
  }

  private get input(): LifecycleInput {
    return {
      container: this.world.container,
      probes: [],
      recovery: this.record,
      policy: this.policy,
      now: this.world.now,
      ...(this.impossible ? { impossible: { reason: 'ImageMissing', message: 'no image' } } : {}),
    };
  }

  get derived() {
    return derive(this.input);
  }

  private decide(type: 'look' | 'deadline'): void {
    const { input } = this;
    const next = step(input, derive(input), type);
    this.record = next.recovery ?? undefined;
    this.world.perform(next.action);
    // A check has been made, and not enough of them: neither healthy nor silent.
    if (this.world.container?.state === 'running') this.world.patch({ failingStreak: 1 });
  }

  apply(event: LifecycleEvent): void {
    const { world } = this;
    world.now += 1;
    switch (event.type) {
      case 'look':
        return this.decide('look');
      case 'deadline':
        world.now = Math.max(world.now, this.derived.deadline ?? world.now);
        return this.decide('deadline');
      case 'passed':
        return world.patch({ health: 'healthy', failingStreak: 0 });
      case 'failing':
        return world.patch({ health: 'unhealthy', failingStreak: 3 });
      case 'exited':
        if (this.derived.state === 'creating' || this.derived.state === 'recreated') {
          return world.failStart('no space left on device');
        }
        return world.exit(1);
      case 'completed':
        return world.exit(0);
      case 'broken':
        return world.failStart(PORT_TAKEN);
      case 'refused':
        if (world.container === undefined) this.impossible = true;
        else world.failStart(BAD_COMMAND);
        return;
      case 'paused':
        return world.pause();
      case 'removed':
        this.impossible = false;
        return world.remove();
      case 'requested':
        this.impossible = false;
        this.policy = { ...this.policy, requestedAt: world.now };
        world.now += 1;
        return;
      case 'wanted':
        this.policy = { ...this.policy, wanted: event.wanted };
    }
  }
}

const EVENTS: readonly LifecycleEvent[] = [
  { type: 'look', now: 0 },
  { type: 'deadline', now: 0 },
  { type: 'passed', at: 0 },
  { type: 'failing', at: 0 },
  { type: 'exited', at: 0 },
  { type: 'broken', at: 0 },
  { type: 'paused', at: 0 },
  { type: 'completed', at: 0 },
  { type: 'refused', at: 0 },
  { type: 'removed', at: 0 },
  { type: 'requested', at: 0 },
  { type: 'wanted', at: 0, wanted: 'running' },
  { type: 'wanted', at: 0, wanted: 'stopped' },
  { type: 'wanted', at: 0, wanted: 'absent' },
];

const UNSTARTED: ReadonlySet<InstanceState> = new Set(['creating', 'recreated']);
const GONE: ReadonlySet<InstanceState> = new Set(['absent']);
const STANDING: ReadonlySet<InstanceState> = new Set(['completed', 'stopped', 'failed']);

/** What can happen in the world that a snapshot stands for; the machine does not ask how it could. */
const canHappen = (
  state: InstanceState,
  context: LifecycleContext,
  event: LifecycleEvent,
): boolean => {
  const { ailment } = context;
  const isDown = ailment === 'exit' || ailment === 'broken' || ailment === 'paused';
  const runs = !GONE.has(state) && !UNSTARTED.has(state) && !STANDING.has(state) && !isDown;
  switch (event.type) {
    case 'look':
      return context.attempts < 7;
    case 'deadline':
      // Without an ailment a deadline is a moment for `derive`: the silence of checks, a verdict.
      return context.attempts < 7 && (ailment !== null || state === 'healthy');
    case 'passed':
    case 'failing':
    case 'completed':
      return runs && state !== 'stopping';
    case 'exited':
      return (runs && state !== 'stopping') || UNSTARTED.has(state);
    case 'broken':
      return UNSTARTED.has(state) || (runs && (state === 'starting' || state === 'recovering'));
    case 'refused':
      return (
        (GONE.has(state) && context.policy.wanted === 'running') ||
        UNSTARTED.has(state) ||
        (runs && (state === 'starting' || state === 'recovering'))
      );
    case 'paused':
      return state === 'healthy';
    case 'removed':
      return !GONE.has(state);
    case 'requested':
      return state === 'failed';
    case 'wanted':
      // A stop under way ends before it is taken back; what failed fails again when it is.
      return event.wanted !== context.policy.wanted && state !== 'stopping' && state !== 'failed';
  }
};

/** Everything in a snapshot that decides what can follow; times only matter by being there. */
const identity = (value: unknown, context: LifecycleContext): string =>
  JSON.stringify([
    value,
    context.attempts,
    context.ailment,
    context.lastAction,
    context.markedHealthy,
    context.policy.wanted,
  ]);

const initial = (policy: InstancePolicy): LifecycleContext => ({
  policy,
  attempts: 0,
  ailment: null,
  pending: null,
  lastAction: null,
  markedHealthy: false,
  verdictMs: 10_000,
  deadline: null,
});

const recovery = policyOf().recovery;
const POLICIES: readonly (readonly [string, InstancePolicy])[] = [
  ['the service, recreating', policyOf({ restart: 'onFailure' })],
  ['a command', policyOf({ restart: 'onFailure', ladder: 'once' })],
  [
    'two restarts, no recreate',
    policyOf({ restart: 'onFailure', recovery: { ...recovery, action: 'restart', restarts: 2 } }),
  ],
  ['reporting only', policyOf({ restart: 'onFailure', recovery: { ...recovery, action: 'none' } })],
];

describe.each(POLICIES)('%s', (_, policy) => {
  const model = createTestModel(lifecycleMachine, {
    events: EVENTS,
    input: initial(policy),
    filterEvents: (snapshot, event) => canHappen(snapshot.value, snapshot.context, event),
    serializeState: (snapshot) => identity(snapshot.value, snapshot.context),
    serializeEvent: (event) => JSON.stringify(event),
  });
  const paths = model.getShortestPaths();

  test('derive is where the machine says, on every shortest path', async () => {
    for (const path of paths) {
      const instance = new Instance(policy);
      const told: string[] = [];
      // The first step is the machine's own start.
      for (const { event, state } of path.steps.slice(1)) {
        instance.apply(event);
        const { derived } = instance;
        told.push(`${event.type} → ${derived.state} (${derived.reason})`);
        expect(
          { state: derived.state, attempts: derived.context.attempts },
          told.join('\n'),
        ).toEqual({ state: state.value, attempts: state.context.attempts });
      }
    }
    expect(paths.length).toBeGreaterThan(20);
  });

  test('reaches every state that the policy allows', () => {
    const reached = paths.flatMap((path) => path.steps.map(({ state }): string => state.value));
    expect([...new Set(reached)].sort()).toEqual(Object.keys(lifecycleMachine.states).sort());
  });

  test('degraded always has a deadline', () => {
    for (const path of paths) {
      for (const { state } of path.steps) {
        if (state.value === 'degraded') expect(state.context.deadline).not.toBeNull();
      }
    }
  });
});

test('time is data: no timers, no children, nothing that runs by itself', () => {
  const config = JSON.stringify(lifecycleMachine.config);
  expect(config).not.toMatch(/"(?:after|invoke|always|entry|exit|spawn)":/);
  expect(Object.keys(lifecycleMachine.states)).toEqual([
    'absent',
    'creating',
    'starting',
    'healthy',
    'unhealthy',
    'recovering',
    'recreated',
    'degraded',
    'completed',
    'stopping',
    'stopped',
    'failed',
  ]);
});
