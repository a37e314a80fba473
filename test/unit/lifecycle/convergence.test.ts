import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RESET_AFTER_MS } from '../../../src/lifecycle/ladder.ts';
import type { InstancePolicy } from '../../../src/lifecycle/policy.ts';
import { silenceMs, verdictMs } from '../../../src/lifecycle/timing.ts';
import { Controller } from './controller.ts';
import { policyOf } from './instance.ts';
import { CALM, World } from './world.ts';

const FAULTS = [
  'crash',
  'exit well',
  'out of memory',
  'pause',
  'remove',
  'dead',
  'sick',
  'silent',
  'crash loop',
  'port taken',
  'no network',
  'disk full',
  'poison',
  'well again',
  'l9 dies',
  'l9 dies before its next action',
] as const;

type Fault = (typeof FAULTS)[number];

/** Applies a fault. Those of the weather last until "well again" or the end; poison until a recreate. */
const strike = (fault: Fault, world: World, controller: Controller): void => {
  const { weather } = world;
  switch (fault) {
    case 'crash':
      return world.exit(1);
    case 'exit well':
      return world.exit(0);
    case 'out of memory':
      return world.exit(137, true);
    case 'pause':
      return world.pause();
    case 'remove':
      return world.remove();
    case 'dead':
      return world.die();
    case 'sick':
      weather.sick = true;
      return;
    case 'silent':
      weather.silent = true;
      return;
    case 'crash loop':
      weather.crash = { afterMs: 300, exitCode: 2 };
      return world.exit(2);
    case 'port taken':
      weather.startError = 'Bind for 127.0.0.1:80 failed: port is already allocated';
      return world.exit(1);
    case 'no network':
      weather.startError = 'network 6f1c2a not found';
      return world.exit(1);
    case 'disk full':
      weather.startError = 'no space left on device';
      return world.exit(1);
    case 'poison':
      world.poisonedId = world.container?.id ?? null;
      return world.exit(1);
    case 'well again':
      world.weather = { ...CALM };
      return;
    case 'l9 dies':
      world.results = [];
      return;
    case 'l9 dies before its next action':
      controller.dieBeforeNextAction();
  }
};

const timingArbitrary = fc.option(
  fc.record({
    intervalMs: fc.integer({ min: 1000, max: 10_000 }),
    timeoutMs: fc.integer({ min: 500, max: 5000 }),
    retries: fc.integer({ min: 1, max: 4 }),
    startPeriodMs: fc.constantFrom(0, 3000, 60_000),
  }),
);

const policyArbitrary: fc.Arbitrary<InstancePolicy> = fc
  .record({
    restart: fc.constantFrom('always', 'onFailure', 'never'),
    healthTiming: timingArbitrary,
    active: fc.boolean(),
    recovery: fc.record({
      action: fc.constantFrom('none', 'restart', 'recreate'),
      restarts: fc.integer({ min: 0, max: 3 }),
      verifyAfterMs: fc.constantFrom(0, 1000, 10_000),
      backoffInitialMs: fc.constantFrom(100, 1000),
      backoffMaxMs: fc.constantFrom(5000, 60_000),
    }),
  })
  .map(({ active, ...policy }) =>
    policyOf({ ...policy, activeCheck: active && policy.healthTiming !== null }),
  );

const faultsArbitrary = fc.array(
  fc.record({ fault: fc.constantFrom(...FAULTS), afterMs: fc.integer({ min: 0, max: 40_000 }) }),
  { maxLength: 12 },
);

/** What the policy forbids to mend stays as it is: those faults do not belong in such a world. */
const isMendable = (policy: InstancePolicy, fault: Fault): boolean => {
  const reportOnly = policy.recovery.action === 'none' || policy.restart === 'never';
  if (fault === 'silent') return !reportOnly;
  return fault !== 'poison' || policy.recovery.action === 'recreate';
};

/** The longest that a mend can take once faults stop: a backoff, and each rung's silence and verdict. */
const patience = (policy: InstancePolicy): number =>
  3 * (policy.recovery.backoffMaxMs + silenceMs(policy) + verdictMs(policy, true)) + 60_000;

/** These are many small runs on a machine that may be busy with others. */
const TIMEOUT_MS = 60_000;

describe('an instance that should run', { timeout: TIMEOUT_MS }, () => {
  test('is healthy, completed or failed once faults stop, and then nothing is written any more', () => {
    fc.assert(
      fc.property(policyArbitrary, faultsArbitrary, (policy, faults) => {
        const world = new World(policy);
        const controller = new Controller(world, policy);
        controller.run(world.now + 1000);
        for (const { fault, afterMs } of faults) {
          if (!isMendable(policy, fault)) continue;
          controller.run(world.now + afterMs);
          strike(fault, world, controller);
        }
        world.weather = { ...CALM };
        controller.run(world.now + patience(policy));
        expect(['healthy', 'completed', 'failed']).toContain(controller.last?.observed);

        // The record is gone after ten healthy minutes; a failure keeps its own.
        controller.run(world.now + RESET_AFTER_MS + 60_000);
        if (controller.last?.observed !== 'failed') expect(controller.record).toBeUndefined();
        const { writes } = world;
        const { recordWrites } = controller;
        controller.run(world.now + 300_000);
        expect([world.writes, controller.recordWrites]).toEqual([writes, recordWrites]);
      }),
      { numRuns: 100 },
    );
  });

  test('that fails for ever is tried for ever, at the longest backoff, and is degraded between', () => {
    fc.assert(
      fc.property(
        policyArbitrary.filter((policy) => policy.restart !== 'never'),
        (policy) => {
          const world = new World(policy);
          const controller = new Controller(world, policy);
          world.weather.crash = { afterMs: 200, exitCode: 1 };
          controller.run(world.now + 40 * policy.recovery.backoffMaxMs);
          const { writes } = world;
          const window = 10 * (policy.recovery.backoffMaxMs + 201);
          controller.run(world.now + window);
          // Recreate is two writes: the container, and its start.
          expect(world.writes - writes).toBeGreaterThanOrEqual(9);
          expect(world.writes - writes).toBeLessThanOrEqual(2 * 15);
          expect(controller.last?.repeatedlyFailed).toBe(true);
          expect(controller.last?.observed).toBe('degraded');
        },
      ),
      { numRuns: 30 },
    );
  });
});

describe('an instance that should not run', { timeout: TIMEOUT_MS }, () => {
  test.each(['stopped', 'absent'] as const)('ends %s, whatever it was before', (wanted) => {
    fc.assert(
      fc.property(policyArbitrary, faultsArbitrary, (policy, faults) => {
        const world = new World(policy);
        const before = new Controller(world, policy);
        for (const { fault, afterMs } of faults) {
          before.run(world.now + afterMs);
          strike(fault, world, before);
        }
        const after = new Controller(world, { ...policy, wanted });
        after.record = before.record;
        after.run(world.now + 5000);
        expect(world.container?.state).not.toBe('running');
        if (wanted === 'absent') expect(world.container).toBeUndefined();
        expect(after.record).toBeUndefined();
        const { writes } = world;
        after.run(world.now + 600_000);
        expect(world.writes).toBe(writes);
      }),
      { numRuns: 100 },
    );
  });
});
