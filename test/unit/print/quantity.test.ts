import { describe, expect, it } from 'vitest';
import { formatAge, formatBytes, formatElapsed, formatSince } from '../../../src/print/quantity.ts';

const s = 1000;
const m = 60 * s;
const h = 60 * m;
const d = 24 * h;

describe('formatAge', () => {
  it.each([
    [0, '0s'],
    [999, '0s'],
    [45 * s, '45s'],
    [3 * m + 10 * s, '3m10s'],
    [3 * m, '3m'],
    [12 * m + 59 * s, '12m'],
    [2 * h + 5 * m, '2h5m'],
    [30 * h, '1d6h'],
    [4 * d + 3 * h, '4d3h'],
    [400 * d, '400d'],
  ])('%i ms is %s', (ms, text) => {
    expect(formatAge(ms)).toBe(text);
  });
});

describe('formatElapsed', () => {
  it.each([
    [0, '0ms'],
    [12.4, '12ms'],
    [300, '0.3s'],
    [9940, '9.9s'],
    [9960, '10s'],
    [125_000, '2m5s'],
  ])('%d ms is %s', (ms, text) => {
    expect(formatElapsed(ms)).toBe(text);
  });
});

describe('formatBytes', () => {
  it.each([
    [0, '0B'],
    [1023, '1023B'],
    [1024, '1KiB'],
    [4300, '4.2KiB'],
    [600 * 1024 ** 2, '600MiB'],
    [1.5 * 1024 ** 3, '1.5GiB'],
    [1024 ** 2 - 1, '1MiB'],
    [3 * 1024 ** 6, '3072PiB'],
  ])('%d is %s', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });
});

it('an age is none where nothing began, and never negative', () => {
  expect(formatSince(null, 0)).toBe('-');
  expect(formatSince('nonsense', 0)).toBe('-');
  expect(formatSince('1970-01-01T00:01:00Z', 100_000)).toBe('40s');
  expect(formatSince('1970-01-01T00:01:00Z', 0)).toBe('0s');
});
