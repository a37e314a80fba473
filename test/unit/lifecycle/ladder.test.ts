import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  backoffMs,
  delayMs,
  isExhausted,
  isRepeated,
  ladderLength,
  nextRung,
} from '../../../src/lifecycle/ladder.ts';
import type { InstancePolicy } from '../../../src/lifecycle/policy.ts';
import { silenceMs, verdictMs } from '../../../src/lifecycle/timing.ts';
import { policyOf } from './instance.ts';

const policyWith = (
  recovery: Partial<InstancePolicy['recovery']>,
  changes: Partial<InstancePolicy> = {},
): InstancePolicy => policyOf({ recovery: { ...policyOf().recovery, ...recovery }, ...changes });

const rungs = (policy: InstancePolicy, ailment: 'checks' | 'exit', count: number): string =>
  Array.from({ length: count }, (_, attempts) => nextRung(policy, ailment, attempts)).join(' ');

describe('rungs', () => {
  test.each([
    [{}, 'checks', 'restart recreate recreate recreate'],
    [{ restarts: 2 }, 'checks', 'restart restart recreate recreate'],
    [{ restarts: 0 }, 'checks', 'recreate recreate recreate recreate'],
    [{ action: 'restart' }, 'checks', 'restart restart restart restart'],
    [{}, 'exit', 'start start start start start recreate recreate'],
    [{ action: 'restart' }, 'exit', 'start start start start start start'],
    [{ action: 'none' }, 'exit', 'start start start start start start'],
  ] as const)('%j, %s: %s', (recovery, ailment, expected) => {
    expect(rungs(policyWith(recovery), ailment, expected.split(' ').length)).toBe(expected);
  });

  test('a container that cannot run any more is recreated whatever the manifest says', () => {
    expect(nextRung(policyWith({ action: 'none' }), 'broken', 0)).toBe('recreate');
  });
});

describe('delays', () => {
  /** The delay before each attempt, jitter rounded away upwards to the full backoff. */
  const full = (policy: InstancePolicy, ailment: 'checks' | 'exit', count: number): number[] =>
    Array.from({ length: count }, (_, attempts) => {
      const delay = delayMs(policy, ailment, attempts);
      return (
        [0, 1000, 2000, 4000, 8000, 16_000, 32_000, 60_000].find((step) => step >= delay) ?? -1
      );
    });

  test('failing checks: the ladder at once, then doubling to the longest', () => {
    expect(full(policyWith({}), 'checks', 11)).toEqual([
      0, 0, 1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000, 60_000,
    ]);
  });

  test('a crash: the first at once, then the same backoff', () => {
    expect(full(policyWith({}), 'exit', 5)).toEqual([0, 1000, 2000, 4000, 8000]);
  });

  test('jitter takes at most a quarter, is steady, and spreads instances', () => {
    fc.assert(
      fc.property(fc.nat(60), fc.integer({ min: 1, max: 500 }), (step, instance) => {
        const policy = policyWith({}, { instance });
        const delay = backoffMs(policy, step);
        const longest = Math.min(60_000, 1000 * 2 ** step);
        expect(delay).toBeGreaterThanOrEqual(Math.floor(longest * 0.75));
        expect(delay).toBeLessThanOrEqual(longest);
        expect(backoffMs(policy, step)).toBe(delay);
      }),
    );
    const delays = Array.from({ length: 100 }, (_, index) =>
      backoffMs(policyWith({}, { instance: index + 1 }), 9),
    );
    expect(new Set(delays).size).toBeGreaterThan(90);
    expect(Math.max(...delays) - Math.min(...delays)).toBeGreaterThan(12_000);
  });
});

test('three attempts beyond the ladder are repeated failure', () => {
  const policy = policyWith({ restarts: 2 });
  expect(ladderLength(policy)).toBe(3);
  expect(isRepeated(policy, 5)).toBe(false);
  expect(isRepeated(policy, 6)).toBe(true);
});

test('only a command’s ladder ends', () => {
  expect(isExhausted(policyWith({}), 100)).toBe(false);
  expect(isExhausted(policyWith({}, { ladder: 'once' }), 1)).toBe(false);
  expect(isExhausted(policyWith({}, { ladder: 'once' }), 2)).toBe(true);
  expect(ladderLength(policyWith({ action: 'none', restarts: 0 }))).toBe(1);
});

test('the verdict leaves time for startPeriod and one round of checks', () => {
  expect(verdictMs(policyOf(), true)).toBe(10_000);
  expect(verdictMs(policyWith({ verifyAfterMs: 1000 }), true)).toBe(7000);
  expect(verdictMs(policyWith({ verifyAfterMs: 1000 }), false)).toBe(1000);
  expect(silenceMs(policyOf())).toBe(9000);
  // An image's own check, with Docker's defaults.
  expect(verdictMs(policyOf({ healthTiming: null }), true)).toBe(60_000);
  expect(silenceMs(policyOf({ healthTiming: null }))).toBe(120_000);
});
