import { describe, expect, it } from 'vitest';
import { sanitise } from '../../../src/print/sanitise.ts';
import { createPalette } from '../../../src/print/terminal.ts';
import { displayWidth, fit, pad } from '../../../src/print/width.ts';

const colours = createPalette(true);

describe('displayWidth', () => {
  it.each([
    ['', 0],
    ['redis', 5],
    ['é', 1],
    // An e and a combining accent: two characters, one column.
    ['e\u0301', 1],
    ['日本', 4],
    ['한', 2],
    ['ｆ', 2],
    ['🚀', 2],
    // A family is one picture of seven code points.
    ['👨‍👩‍👧', 2],
    ['→ ✔', 3],
    [colours.red('redis'), 5],
    [colours.bold(colours.green('日')), 2],
  ])('%j takes %i columns', (text, columns) => {
    expect(displayWidth(text)).toBe(columns);
  });
});

describe('fit', () => {
  it.each([
    ['redis-cache', 11, 'redis-cache'],
    ['redis-cache', 6, 'redis…'],
    ['redis', 1, '…'],
    ['redis', 0, ''],
    // Half of a wide character does not exist: one column stays empty.
    ['日本語', 4, '日…'],
  ])('%j in %i columns is %j', (text, columns, expected) => {
    expect(fit(text, columns)).toBe(expected);
  });

  it('never makes text wider than it may be', () => {
    for (const text of ['日本語 redis 🚀🚀🚀', 'e\u0301e\u0301e\u0301', colours.red('redis')]) {
      for (let columns = 0; columns < 20; columns += 1) {
        expect(displayWidth(fit(text, columns))).toBeLessThanOrEqual(columns);
      }
    }
  });
});

it('pad counts columns, not characters', () => {
  expect(pad('日', 4)).toBe('日  ');
  expect(pad(colours.red('ab'), 4)).toBe(`${colours.red('ab')}  `);
  expect(pad('abcdef', 4)).toBe('abcdef');
});

describe('sanitise', () => {
  it.each([
    ['plain\ttext', 'plain\ttext'],
    ['\u001b[2J', '^[[2J'],
    ['\u0007\r\n', '^G^M^J'],
    ['\u007f', '^?'],
    // The one-character CSI of C1, and a mark that turns what follows around.
    ['\u009b31m', '\\u009b31m'],
    ['\u202egnp.exe', '\\u202egnp.exe'],
    ['grüße 日本 🚀', 'grüße 日本 🚀'],
  ])('%j becomes %j', (text, expected) => {
    expect(sanitise(text)).toBe(expected);
  });

  it('leaves nothing that a terminal obeys', () => {
    for (let code = 0; code < 0x2100; code += 1) {
      const safe = sanitise(String.fromCharCode(code));
      expect(safe.match(/(?!\t)\p{Cc}/gu), `code ${code}`).toBeNull();
    }
  });
});
