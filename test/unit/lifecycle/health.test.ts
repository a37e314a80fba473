import { describe, expect, test } from 'vitest';
import { readHealth } from '../../../src/lifecycle/health.ts';
import { unhealthyWords } from '../../../src/lifecycle/words.ts';
import { START, containerOf, policyOf } from './instance.ts';

/** startPeriod 5 s, three retries. */
const policy = policyOf({ activeCheck: true });

/** Results one second apart from START + 1 s on: "+" passed, "-" failed. */
const results = (text: string) =>
  text.split('').map((sign, index) => ({
    at: START + (index + 1) * 1000,
    ok: sign === '+',
    message: sign === '+' ? '200' : `refused ${index + 1}`,
  }));

const health = (text: string): string => {
  const read = readHealth(containerOf({ health: 'none' }), results(text), policy);
  return `${read.health} ${read.streak}`;
};

describe('checks that l9 makes', () => {
  test.each([
    ['', 'starting 0', 'no result yet'],
    ['----', 'starting 0', 'failures inside startPeriod do not count'],
    ['------', 'starting 2', 'they count from its end on'],
    ['-------', 'unhealthy 3', 'as many as retries in a row are unhealthy'],
    ['+', 'healthy 0', 'one success is enough'],
    ['+--', 'healthy 2', 'fewer failures than retries change nothing'],
    ['+---', 'unhealthy 3', 'after the first success failures count inside startPeriod too'],
    ['+--+--', 'healthy 2', 'a success begins the count anew'],
    ['+----+', 'healthy 0', 'a success makes it healthy again'],
    ['+------', 'unhealthy 6', 'the streak counts on'],
  ])('%j is %s: %s', (text, expected) => {
    expect(health(text)).toBe(expected);
  });

  test('results from before the start do not count', () => {
    const container = containerOf({ health: 'none', startedAt: START + 2500 });
    expect(readHealth(container, results('++---'), policy).health).toBe('starting');
  });
});

describe('checks that Docker makes', () => {
  const probe = (second: number, exitCode: number, output = '') => ({
    startedAt: START + second * 1000,
    endedAt: START + second * 1000 + 100,
    exitCode,
    output,
  });
  const container = containerOf({
    health: 'unhealthy',
    failingStreak: 3,
    probes: [
      probe(-5, 1, 'from before'),
      probe(1, 0),
      probe(2, 1),
      probe(3, 1),
      probe(4, 1, 'connection\trefused\n\u001b[31m!\n'),
    ],
  });

  test('keeps when they began to fail, and what the last one said', () => {
    const read = readHealth(container, [], policyOf());
    expect(read).toMatchObject({
      health: 'unhealthy',
      streak: 3,
      seen: true,
      failingSince: START + 2100,
    });
  });

  test('is told in words, without control characters', () => {
    const read = readHealth(container, [], policyOf());
    expect(unhealthyWords(read, 3, START + 14_100)).toBe(
      'unhealthy for 12s: 3 of 3 checks failed: connection refused [31m!',
    );
    expect(unhealthyWords({ ...read, streak: 17, output: '' }, 3, START + 212_100)).toBe(
      'unhealthy for 3m30s: 17 checks in a row failed',
    );
  });
});
