import type {
  ArgumentDefinition,
  CommandDefinition,
  OptionDefinition,
  OptionTable,
} from '../definition.ts';
import { kinds } from '../input/kinds.ts';
import { negatedFlag, optionFlag } from '../input/option-name.ts';
import { commands } from '../table.ts';
import { globalOptions } from '../table/options.ts';

/** What a shell offers for a value. */
export type Offer =
  | { readonly type: 'words'; readonly words: readonly string[] }
  | { readonly type: 'file' | 'project' | 'service' | 'resource' | 'nothing' };

export interface CompletedOption {
  /** `-f`, `--file`. */
  readonly flags: readonly string[];
  readonly summary: string;
  /** Undefined for flags. */
  readonly value: Offer | undefined;
}

export interface CompletedCommand {
  /** `rollout status`. */
  readonly name: string;
  readonly summary: string;
  readonly options: readonly CompletedOption[];
  /** For what is no option: the last one repeats. */
  readonly arguments: readonly Offer[];
}

/** All that the scripts are made from; every one of them reads this and nothing else. */
export interface CompletionModel {
  readonly commands: readonly CompletedCommand[];
  /** First words, with what they do; a group such as `rollout` is one word. */
  readonly words: readonly (readonly [word: string, summary: string])[];
  /** Second words of groups. */
  readonly groups: ReadonlyMap<string, readonly (readonly [word: string, summary: string])[]>;
  readonly globals: readonly CompletedOption[];
  /** What may stand before a slash: `service/`. */
  readonly kinds: readonly string[];
}

export function completionModel(): CompletionModel {
  const entries: [string, CommandDefinition][] = Object.entries(commands);
  const groups = new Map<string, (readonly [string, string])[]>();
  const words: (readonly [string, string])[] = [];
  for (const [name, { summary }] of entries) {
    const [first = '', second] = name.split(' ');
    if (second === undefined) words.push([name, summary]);
    else if (groups.has(first)) groups.get(first)?.push([second, summary]);
    else {
      groups.set(first, [[second, summary]]);
      words.push([first, `${first} commands`]);
    }
  }
  return {
    commands: entries.map(([name, definition]) => ({
      name,
      summary: definition.summary,
      options: optionsOf(definition.options),
      arguments: definition.arguments.map(offerOf),
    })),
    words: [...words, ['help', 'show help']],
    groups,
    globals: optionsOf(globalOptions),
    kinds: Object.keys(kinds),
  };
}

const optionsOf = (table: OptionTable): CompletedOption[] =>
  Object.entries(table).map(([key, option]) => ({
    flags: [...(option.short === undefined ? [] : [`-${option.short}`]), longFlag(key, option)],
    summary: option.summary,
    value: option.type === 'flag' ? undefined : offerOf(option),
  }));

const longFlag = (key: string, option: OptionDefinition): string =>
  option.type === 'flag' && option.default === true ? negatedFlag(key) : optionFlag(key);

function offerOf(value: Pick<ArgumentDefinition, 'choices' | 'completes'>): Offer {
  if (value.choices !== undefined) return { type: 'words', words: value.choices };
  return { type: value.completes ?? 'nothing' };
}
