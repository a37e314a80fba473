import { parseArgs } from 'node:util';
import type { OptionDefinition, OptionTable } from '../definition.ts';
import { negatedFlag, optionFlag } from './option-name.ts';

export type Token =
  | { readonly kind: 'positional'; readonly index: number; readonly value: string }
  | { readonly kind: 'option-terminator'; readonly index: number }
  | {
      readonly kind: 'option';
      readonly index: number;
      /** As written: `-f`, `--file`. */
      readonly rawName: string;
      readonly value: string | undefined;
      /** `--file=x` and `-fx`; undefined without a value. */
      readonly inlineValue: boolean | undefined;
    };

/** Cuts arguments up as POSIX and GNU do; unknown options are kept, as flags. */
export function tokenize(argv: readonly string[], table: OptionTable): readonly Token[] {
  return parseArgs({
    args: [...argv],
    options: nodeOptions(table),
    strict: false,
    tokens: true,
    allowPositionals: true,
  }).tokens;
}

const nodeOptions = (
  table: OptionTable,
): Record<string, { type: 'boolean' | 'string'; short?: string; multiple: true }> =>
  Object.fromEntries(
    Object.entries(table).map(([key, option]) => [
      optionFlag(key).slice(2),
      {
        type: option.type === 'flag' ? ('boolean' as const) : ('string' as const),
        multiple: true as const,
        ...(option.short === undefined ? {} : { short: option.short }),
      },
    ]),
  );

interface FoundOption {
  readonly key: string;
  readonly option: OptionDefinition;
  readonly negated: boolean;
}

/** The option that a name on the command line means. */
export function findOption(rawName: string, table: OptionTable): FoundOption | undefined {
  for (const [key, option] of Object.entries(table)) {
    if (rawName === optionFlag(key) || rawName === `-${option.short}`) {
      return { key, option, negated: false };
    }
    const negatable = option.type === 'flag' && option.default === true;
    if (negatable && rawName === negatedFlag(key)) return { key, option, negated: true };
  }
  return undefined;
}
