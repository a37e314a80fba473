import { L9Error } from '../model/errors.ts';
import type { CommandContext } from './context.ts';

/**
 * Asks a yes-or-no question on the terminal. Resolves to true for yes. Where nobody can be asked, it
 * throws `ConfirmationNeeded` and nothing was touched.
 */
export async function confirm(
  { streams, err, signal }: CommandContext,
  question: string,
): Promise<boolean> {
  if (!streams.stdin.isTTY || !err.interactive) {
    throw new L9Error(
      'ConfirmationNeeded',
      'this needs a yes, and there is no terminal to ask on',
      {
        hint: 'Add --yes when you are sure.',
      },
    );
  }
  const { createInterface } = await import('node:readline/promises');
  const lines = createInterface({ input: streams.stdin, output: streams.stderr });
  try {
    const answer = await lines.question(`${question} [y/N] `, { signal });
    return /^y(?:es)?$/i.test(answer.trim());
  } finally {
    lines.close();
  }
}
