import { describe, expect, test } from 'vitest';
import { interleave, turned } from '../../../bench/rounds.mjs';

describe('the order of the sides', () => {
  test('gives every side every place equally often', () => {
    const places = new Map<string, number>();
    for (let turn = 0; turn < 6; turn += 1) {
      for (const [place, side] of turned(['a', 'b', 'c'], turn).entries()) {
        places.set(`${side}${place}`, (places.get(`${side}${place}`) ?? 0) + 1);
      }
    }
    expect([...places.values()]).toEqual(Array(9).fill(2));
  });

  test('does not let one side always follow the same other', () => {
    const followers = new Set<string>();
    for (let turn = 0; turn < 6; turn += 1) followers.add(turned(['a', 'b', 'c'], turn).join(''));
    expect([...followers].toSorted()).toEqual(['abc', 'acb', 'bac', 'bca', 'cab', 'cba']);
  });

  test('is whole for rounds before the first', () => {
    expect(turned(['a', 'b', 'c'], -1).toSorted()).toEqual(['a', 'b', 'c']);
  });
});

describe('interleaving', () => {
  test('takes one sample a side and round; warm-ups do not count', async () => {
    const log: string[] = [];
    const side = (name: string) => ({
      name,
      measure: async (round: number) => {
        log.push(`${name}${round}`);
        return round;
      },
      cleanUp: async () => void log.push(`-${name}`),
    });
    const samples = await interleave([side('a'), side('b')], { rounds: 3 });
    expect(Object.fromEntries(samples)).toEqual({ a: [0, 1, 2], b: [0, 1, 2] });
    expect(log.slice(4, 12)).toEqual(['a0', '-a', 'b0', '-b', 'b1', '-b', 'a1', '-a']);
    expect(log).toHaveLength(16);
  });

  test('cleans up after a side that failed, and ends', async () => {
    const cleaned: string[] = [];
    const failing = interleave(
      [
        {
          name: 'a',
          measure: () => Promise.reject(new Error('no engine')),
          cleanUp: async () => void cleaned.push('a'),
        },
        { name: 'b', measure: async () => 1, cleanUp: async () => void cleaned.push('b') },
      ],
      { rounds: 2, warmUps: 0 },
    );
    await expect(failing).rejects.toThrow('no engine');
    expect(cleaned).toEqual(['a']);
  });

  test('ends before the next sample when it is interrupted', async () => {
    const interrupt = new AbortController();
    let measured = 0;
    const side = {
      name: 'a',
      measure: async () => {
        measured += 1;
        if (measured === 2) interrupt.abort(new Error('interrupted'));
        return 1;
      },
    };
    const ended = interleave([side], { rounds: 9, signal: interrupt.signal });
    await expect(ended).rejects.toThrow('interrupted');
    expect(measured).toBe(2);
  });
});
