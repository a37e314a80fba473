import { parseDuration, parseSize } from '../../manifest/quantities.ts';
import type { OptionDefinition } from '../definition.ts';
import { usageError } from './usage.ts';

type ValueType = Exclude<OptionDefinition['type'], 'flag'>;

interface Reader {
  readonly read: (text: string) => string | number | undefined;
  readonly expected: string;
}

const readers: Readonly<Record<ValueType, Reader>> = {
  text: { read: (text) => text, expected: 'text' },
  texts: { read: (text) => text, expected: 'text' },
  integer: {
    read: (text) => (/^\d{1,9}$/.test(text) ? Number(text) : undefined),
    expected: 'a whole number such as 3',
  },
  duration: { read: parseDuration, expected: 'a duration such as 90s, 5m or 1h30m' },
  size: { read: parseSize, expected: 'a size such as 512Ki, 2Mi or 1g' },
};

/** One value of an option as its type says. `source` names where it was written: `--timeout` or `L9_TIMEOUT`. */
export function readValue(
  source: string,
  text: string,
  option: Exclude<OptionDefinition, { type: 'flag' }>,
): string | number {
  const reader = readers[option.type];
  const value = reader.read(text);
  if (value === undefined) {
    throw usageError(`${source} is ${JSON.stringify(text)}`, `it takes ${reader.expected}`);
  }
  checkChoice(source, text, option.choices);
  return value;
}

/** A choice that ends in `=` takes any text after it. */
export function checkChoice(
  source: string,
  text: string,
  choices: readonly string[] | undefined,
): void {
  const known = choices?.some((choice) =>
    choice.endsWith('=') ? text.startsWith(choice) : text === choice,
  );
  if (known !== false) return;
  throw usageError(
    `${source} is ${JSON.stringify(text)}`,
    `it takes ${(choices ?? []).map((one) => (one.endsWith('=') ? `${one}…` : one)).join(', ')}`,
  );
}
