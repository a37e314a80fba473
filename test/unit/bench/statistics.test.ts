import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  bootstrap,
  differenceOfMedians,
  median,
  medianWithInterval,
  quantile,
  randomFrom,
  ratioOfMedians,
  verdictOf,
} from '../../../bench/statistics.mjs';

const positive = fc.double({ min: 0.001, max: 1e6, noNaN: true });
const samples = fc.array(positive, { minLength: 1, maxLength: 12 });

/** Normal noise from uniform numbers (Box and Muller). */
const normalFrom = (random: () => number) => (): number =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

describe('quantiles', () => {
  test.each([
    [[3, 1, 2], 0.5, 2],
    [[4, 1, 3, 2], 0.5, 2.5],
    [[10, 20], 0.95, 19.5],
    [[5], 0.95, 5],
    [[1, 2, 3, 4, 5], 0, 1],
    [[1, 2, 3, 4, 5], 1, 5],
  ])('of %j at %d is %d', (values, q, expected) => {
    expect(quantile(values, q)).toBeCloseTo(expected, 10);
  });

  test('the order of the samples makes no difference, and the samples stay as they were', () => {
    const values = [9, 1, 5, 3];
    expect(median(values)).toBe(median(values.toReversed()));
    expect(values).toEqual([9, 1, 5, 3]);
  });

  test('of nothing is an error', () => {
    expect(() => median([])).toThrow(RangeError);
  });
});

test('random numbers are spread evenly and the same in every run', () => {
  const random = randomFrom(7);
  const drawn = Array.from({ length: 10_000 }, random);
  expect(drawn.every((value) => value >= 0 && value < 1)).toBe(true);
  for (let tenth = 0; tenth < 10; tenth += 1) {
    const inside = drawn.filter((value) => Math.floor(value * 10) === tenth);
    expect(inside.length).toBeGreaterThan(900);
  }
  const again = randomFrom(7);
  expect(drawn.slice(0, 100)).toEqual(Array.from({ length: 100 }, again));
});

describe('intervals', () => {
  test('hold the value, and lie among the samples', () => {
    fc.assert(
      fc.property(samples, (values) => {
        const { value, interval } = medianWithInterval(values);
        expect(interval.low).toBeLessThanOrEqual(value);
        expect(interval.high).toBeGreaterThanOrEqual(value);
        expect(interval.low).toBeGreaterThanOrEqual(Math.min(...values));
        expect(interval.high).toBeLessThanOrEqual(Math.max(...values));
      }),
      { numRuns: 30 },
    );
  });

  test('of the same samples are the same', () => {
    const ours = [12, 15, 11, 14, 13, 19, 12, 13, 14];
    const peer = [10, 11, 10, 12, 10, 15, 11, 10, 12];
    expect(ratioOfMedians(ours, peer)).toEqual(ratioOfMedians(ours, peer));
  });

  test('what slows a whole round down says nothing about the ratio', () => {
    const peer = [10, 40, 11, 90, 12, 10, 30, 11, 10];
    const { value, interval } = ratioOfMedians(
      peer.map((sample) => sample * 1.2),
      peer,
    );
    expect(value).toBeCloseTo(1.2, 10);
    expect(interval.low).toBeCloseTo(1.2, 10);
    expect(interval.high).toBeCloseTo(1.2, 10);
  });

  test('a difference is one of medians, not a ratio', () => {
    const { value, interval } = differenceOfMedians([80, 81, 82], [50, 51, 52]);
    expect(value).toBe(30);
    expect(interval).toEqual({ low: 30, high: 30 });
  });

  test('hold the true ratio about nineteen times in twenty', () => {
    const normal = normalFrom(randomFrom(1));
    const experiments = 120;
    let held = 0;
    for (let experiment = 0; experiment < experiments; experiment += 1) {
      const noisy = (center: number) =>
        Array.from({ length: 9 }, () => center * Math.exp(0.1 * normal()));
      const { interval } = ratioOfMedians(noisy(110), noisy(100));
      if (interval.low <= 1.1 && interval.high >= 1.1) held += 1;
    }
    expect(held / experiments).toBeGreaterThan(0.9);
    // An interval that held always would tell nothing.
    expect(held / experiments).toBeLessThan(1);
  });

  test('more rounds give a narrower one', () => {
    const normal = normalFrom(randomFrom(2));
    const widthOf = (rounds: number): number => {
      const values = Array.from({ length: rounds }, () => 100 + 10 * normal());
      const { interval } = medianWithInterval(values);
      return interval.high - interval.low;
    };
    expect(widthOf(200)).toBeLessThan(widthOf(9) / 2);
  });

  test.each([
    ['no rounds', [[], []]],
    ['sides of different length', [[1, 2], [1]]],
  ])('of %s are an error', (_, sides) => {
    expect(() => bootstrap(sides, (a = 0) => a)).toThrow(RangeError);
  });
});

describe('verdicts', () => {
  test.each([
    ['the whole interval is within the bar', { low: 1.0, high: 1.1 }, 'met'],
    ['it ends at the bar', { low: 1.0, high: 1.15 }, 'met'],
    ['the bar lies inside', { low: 1.1, high: 1.2 }, 'unclear'],
    ['it begins at the bar', { low: 1.15, high: 1.3 }, 'unclear'],
    ['all of it is beyond', { low: 1.16, high: 1.3 }, 'short'],
  ])('%s', (_, interval, verdict) => {
    expect(verdictOf({ value: interval.low, interval }, 1.15)).toBe(verdict);
  });
});
