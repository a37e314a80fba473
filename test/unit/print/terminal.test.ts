import { describe, expect, it } from 'vitest';
import { Block } from '../../../src/print/block.ts';
import { openTerminal, usesColours } from '../../../src/print/terminal.ts';

describe('colours', () => {
  it.each([
    ['on a terminal', { interactive: true, wanted: true, env: {} }, true],
    ['in a pipe', { interactive: false, wanted: true, env: {} }, false],
    ['after --no-color', { interactive: true, wanted: false, env: { FORCE_COLOR: '1' } }, false],
    [
      'with NO_COLOR',
      { interactive: true, wanted: true, env: { NO_COLOR: '1', FORCE_COLOR: '1' } },
      false,
    ],
    ['with an empty NO_COLOR', { interactive: true, wanted: true, env: { NO_COLOR: '' } }, true],
    ['forced into a pipe', { interactive: false, wanted: true, env: { FORCE_COLOR: '1' } }, true],
    ['forced away', { interactive: true, wanted: true, env: { FORCE_COLOR: '0' } }, false],
    ['on a dumb terminal', { interactive: true, wanted: true, env: { TERM: 'dumb' } }, false],
  ])('%s: %j', (_, wishes, expected) => {
    expect(usesColours(wishes)).toBe(expected);
  });
});

it('a pipe has no width, and a terminal of unknown size the classic one', () => {
  const colours = { wanted: true, env: {} };
  const write = (): void => {};
  expect(openTerminal({ write }, colours).columns).toBe(Number.POSITIVE_INFINITY);
  expect(openTerminal({ write, isTTY: true, columns: 0 }, colours).columns).toBe(80);
  const resized = { write, isTTY: true, columns: 100, rows: 30 };
  const terminal = openTerminal(resized, colours);
  resized.columns = 60;
  expect(terminal.columns).toBe(60);
});

/** What a terminal shows after what was written: enough of one for a block. */
function screen(written: string): string[] {
  const lines: string[] = [''];
  let row = 0;
  const escape = String.fromCharCode(27);
  for (const [token] of written.matchAll(
    new RegExp(`${escape}\\[(\\d+)([AJ])|\\n|\\r|[^${escape}\\n\\r]+`, 'g'),
  )) {
    const up = new RegExp(`^${escape}\\[(\\d+)A$`).exec(token);
    if (token === '\n') {
      row += 1;
      lines[row] ??= '';
    } else if (up !== null) row -= Number(up[1]);
    else if (token.endsWith('J')) lines.splice(row, lines.length, '');
    else if (token !== '\r') lines[row] = token;
  }
  return lines.slice(0, -1);
}

it('a block is drawn over itself, also when it shrinks, below the lines that stay', () => {
  let written = '';
  const terminal = openTerminal(
    { isTTY: true, columns: 80, write: (text) => (written += text) },
    { wanted: true, env: {} },
  );
  const block = new Block(terminal);
  terminal.write('before\n');
  block.draw(['a 1', 'b 1', 'c 1']);
  expect(screen(written)).toEqual(['before', 'a 1', 'b 1', 'c 1']);
  block.draw(['a 2']);
  expect(screen(written)).toEqual(['before', 'a 2']);
  block.above(['a warning']);
  block.draw(['a 3', 'b 3']);
  expect(screen(written)).toEqual(['before', 'a warning', 'a 3', 'b 3']);
  block.leave();
  block.draw(['next']);
  expect(screen(written)).toEqual(['before', 'a warning', 'a 3', 'b 3', 'next']);
});
