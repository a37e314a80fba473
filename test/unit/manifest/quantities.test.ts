import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseCpus, parseDuration, parseSize } from '../../../src/manifest/quantities.ts';

test.each([
  ['0', 0],
  ['10s', 10_000],
  ['1m30s', 90_000],
  ['1.5h', 5_400_000],
  ['500ms', 500],
  ['2h45m10s', 9_910_000],
  ['250us', 0.25],
  ['250µs', 0.25],
  ['1000000ns', 1],
  ['1ms1s', 1_001],
])('the duration %s is %d ms', (text, expected) => {
  expect(parseDuration(text)).toBe(expected);
});

test.each(['', '10', 's', '1d', '-1s', '1 s', '1s ', '1S', '1.s', '.5s', '1e3s', '10sec'])(
  '%o is no duration',
  (text) => {
    expect(parseDuration(text)).toBeUndefined();
  },
);

test.each([
  [0, 0],
  [1024, 1024],
  ['1024', 1024],
  ['512b', 512],
  ['512m', 512 * 1024 ** 2],
  ['512M', 512 * 1024 ** 2],
  ['512mb', 512 * 1024 ** 2],
  ['512Mi', 512 * 1024 ** 2],
  ['512MiB', 512 * 1024 ** 2],
  ['1.5g', 1.5 * 1024 ** 3],
  ['2Ti', 2 * 1024 ** 4],
  ['1Pi', 1024 ** 5],
  ['1k', 1024],
])('the size %o is %d bytes', (text, expected) => {
  expect(parseSize(text)).toBe(expected);
});

test.each(['', 'm', '-1m', '1 m', '1x', '1mm', '1.m', 'ten'])('%o is no size', (text) => {
  expect(parseSize(text)).toBeUndefined();
});

test.each([
  [0.5, 5e8],
  ['0.5', 5e8],
  ['500m', 5e8],
  [2, 2e9],
  ['1500m', 15e8],
])('%o CPUs are %d billionths', (value, expected) => {
  expect(parseCpus(value)).toBe(expected);
});

test.each(['', 'm', '1.5x', '-1'])('%o is no number of CPUs', (text) => {
  expect(parseCpus(text)).toBeUndefined();
});

test('any duration of whole units is the sum of its parts', () => {
  const part = fc.record({
    amount: fc.nat({ max: 10_000 }),
    unit: fc.constantFrom(['h', 3_600_000], ['m', 60_000], ['s', 1_000], ['ms', 1]),
  });
  fc.assert(
    fc.property(fc.array(part, { minLength: 1, maxLength: 4 }), (parts) => {
      const text = parts.map(({ amount, unit }) => `${amount}${unit[0]}`).join('');
      const sum = parts.reduce((total, { amount, unit }) => total + amount * unit[1], 0);
      expect(parseDuration(text)).toBe(sum);
    }),
  );
});
