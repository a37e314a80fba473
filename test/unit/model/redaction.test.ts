import { expect, test } from 'vitest';
import { redactWords, secretWords } from '../../../src/model/redaction.ts';

const without = (text: string, ...secrets: string[]): string =>
  redactWords(text, secretWords(secrets));

test.each([
  ['a value anywhere', 'login bob:hunter22!', ['hunter22'], 'login bob:***!'],
  ['a value whose file ends with a newline', 'pw hunter22', ['hunter22\n'], 'pw ***'],
  ['each line of a key', 'line: MIIBOgIBAA', ['-----\nMIIBOgIBAA\r\n-----\n'], 'line: ***'],
  ['a whole before its part', 'it is secret-and-more', ['secret', 'secret-and-more'], 'it is ***'],
  ['nothing that is too short to be one', 'a b c', ['a', '', 'b\n'], 'a b c'],
])('takes out %s', (...row) => {
  const [, text, secrets, expected] = row;
  expect(without(text, ...secrets)).toBe(expected);
});
