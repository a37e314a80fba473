import { describe, expect, it } from 'vitest';
import type { LogLine } from '../../../src/engine/api.ts';
import { lineFormatter } from '../../../src/commands/logs/line.ts';
import { mergeByTime } from '../../../src/commands/logs/merge.ts';
import type { Timed } from '../../../src/commands/logs/merge.ts';
import { openTerminal } from '../../../src/print/terminal.ts';

async function* source<T extends Timed>(...items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}

const at = (time: number | null, text = String(time)) => ({ at: time, text });

describe('mergeByTime', () => {
  const merged = async (...sources: AsyncIterable<ReturnType<typeof at>>[]): Promise<string> => {
    const texts: string[] = [];
    for await (const { text } of mergeByTime(sources)) texts.push(text);
    return texts.join(' ');
  };

  it('brings streams into one order', async () => {
    expect(
      await merged(source(at(1), at(4), at(9)), source(at(2), at(3)), source(), source(at(5))),
    ).toBe('1 2 3 4 5 9');
  });

  it('keeps the order of each stream, and of the streams at one time', async () => {
    expect(await merged(source(at(5, 'a'), at(1, 'b')), source(at(5, 'c')))).toBe('a b c');
  });

  it('lets go at once what has no time', async () => {
    expect(await merged(source(at(3)), source(at(null, 'now'), at(4)))).toBe('now 3 4');
  });

  it('ends every stream when the reader stops', async () => {
    const ended: string[] = [];
    async function* endless(name: string): AsyncGenerator<Timed> {
      try {
        for (let time = 0; ; time += 1) yield { at: time };
      } finally {
        ended.push(name);
      }
    }
    for await (const one of mergeByTime([endless('a'), endless('b')])) if (one.at === 3) break;
    expect(ended.toSorted()).toEqual(['a', 'b']);
  });
});

describe('a line', () => {
  const line: LogLine = {
    stream: 'stdout',
    at: Date.parse('2025-06-01T12:00:00.5Z'),
    text: '\u001b[32mready\u001b[0m\u001b]0;owned\u0007',
  };
  const shown = (interactive: boolean, more: { prefix?: boolean; timestamps?: boolean } = {}) =>
    lineFormatter({
      out: openTerminal({ isTTY: interactive, write: () => {} }, { wanted: false, env: {} }),
      prefix: false,
      timestamps: false,
      labels: ['web-1', 'redis-1'],
      ...more,
    })('web-1', line);

  it('cannot speak to a terminal; its colours are left out', () => {
    expect(shown(true)).toBe('ready^[]0;owned^G\n');
  });

  it('goes into a pipe as it came', () => {
    expect(shown(false)).toBe(`${line.text}\n`);
  });

  it('has its name and time where they are wanted, aligned', () => {
    expect(shown(true, { prefix: true, timestamps: true })).toBe(
      'web-1   | 2025-06-01T12:00:00.500Z ready^[]0;owned^G\n',
    );
  });
});
