import type { AnswerRule } from '../answers.ts';
import { words } from './words.ts';

/** Where no words fit: the status says whose fault it is. The last fits everything. */
export const fallbacks: readonly AnswerRule[] = [
  {
    code: 'EngineForbidden',
    status: [401, 403],
    words: /authoriz|forbidden|denied/i,
    read: (answer) => ({
      message: `The engine does not allow it: ${words(answer)}`,
      hint: 'Ask whoever set up the authorization plugin of this engine.',
    }),
  },
  {
    code: 'BadRequest',
    status: [400, 403, 404, 405, 406, 409, 413, 501],
    words: /^/,
    read: (answer) => ({
      message: `The engine refused (${answer.status}) the ${answer.subject}: ${words(answer)}`,
      hint: 'Correct what it names, then apply again.',
    }),
  },
  {
    // Docker answers 500 to some plain mistakes.
    code: 'BadRequest',
    words:
      /invalid (?:subnet|address|reference|argument|json)|invalid character|unexpected end of JSON/i,
    read: (answer) => ({
      message: `The engine refused the ${answer.subject}: ${words(answer)}`,
      hint: 'Correct what it names, then apply again.',
    }),
  },
  {
    code: 'EngineFailed',
    words: /^/,
    read: (answer) => ({
      message: `The engine failed (${answer.status}) with the ${answer.subject}: ${words(answer)}`,
      hint: 'The log of dockerd may say more.',
    }),
  },
];
