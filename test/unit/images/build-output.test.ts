import { expect, it } from 'vitest';
import { outputTail } from '../../../src/images/build-output.ts';

const tailOf = (...texts: string[]): string[] => {
  const tail = outputTail();
  for (const text of texts) tail.add(text);
  return tail.lines();
};

it('joins pieces to lines and keeps the last forty', () => {
  expect(tailOf('Step 1', ' : FROM x\nSte', 'p 2')).toEqual(['Step 1 : FROM x', 'Step 2']);
  const many = tailOf(Array.from({ length: 100 }, (_, index) => `${index}\n`).join(''));
  expect(many).toHaveLength(40);
  expect(many.at(-1)).toBe('99');
});

it('leaves out terminal codes, rewritten progress and empty lines', () => {
  expect(
    tailOf('\u001B[31mred\u001B[0m\n\n10%\r50%\r100%\r\n\u001B]0;title\u0007x\u0000y\tz\n'),
  ).toEqual(['red', '100%', 'xy\tz']);
});

it('cuts a line without end', () => {
  const tail = outputTail();
  for (let index = 0; index < 1000; index += 1) tail.add('x'.repeat(1000));
  expect(tail.lines().join('').length).toBeLessThan(500);
});
