import { suggest } from '../../manifest/suggest.ts';
import type { CommandName } from '../table.ts';
import { commands } from '../table.ts';
import { globalOptions, output } from '../table/options.ts';
import { findOption, tokenize } from './tokens.ts';
import { usageError } from './usage.ts';

export interface HelpTopic {
  readonly type: 'help';
  /** A command, a group such as `rollout`, or all of l9. */
  readonly topic: string | undefined;
}

export interface FoundCommand {
  readonly type: 'command';
  readonly name: CommandName;
  /** The arguments without the command's own words. */
  readonly rest: readonly string[];
}

/** Which command is meant. Throws `Usage` for none, with the nearest name. */
export function findCommand(argv: readonly string[]): FoundCommand | HelpTopic {
  // Only to find the command's words among what may stand before them; -o is common there.
  const tokens = tokenize(argv, { ...globalOptions, output });
  const words = tokens.filter((token) => token.kind === 'positional');
  const [first, second] = words;
  const flags = tokens.filter((token) => token.kind === 'option');
  if (first === undefined) {
    const version = flags.some((token) => token.rawName === '--version');
    if (version) return { type: 'command', name: 'version', rest: [] };
    const unknown = flags.find((token) => findOption(token.rawName, globalOptions) === undefined);
    if (unknown !== undefined)
      throw usageError(`l9 has no option ${unknown.rawName}`, 'see l9 --help');
    return { type: 'help', topic: undefined };
  }
  if (first.value === 'help') return helpTopic(words.slice(1).map((token) => token.value));
  const without = (indexes: readonly number[]): string[] =>
    argv.filter((_, index) => !indexes.includes(index));
  if (isCommand(first.value)) {
    return { type: 'command', name: first.value, rest: without([first.index]) };
  }
  const members = subcommands(first.value);
  if (members.length === 0) unknownCommand(first.value);
  const full = `${first.value} ${second?.value ?? ''}`;
  if (second !== undefined && isCommand(full)) {
    return { type: 'command', name: full, rest: without([first.index, second.index]) };
  }
  if (second === undefined) return { type: 'help', topic: first.value };
  return unknownCommand(full);
}

function helpTopic(words: readonly string[]): HelpTopic {
  if (words.length === 0) return { type: 'help', topic: undefined };
  const topic = words.join(' ');
  if (isCommand(topic) || subcommands(topic).length > 0) return { type: 'help', topic };
  return unknownCommand(topic);
}

export const isCommand = (name: string): name is CommandName => Object.hasOwn(commands, name);

/** `rollout` → `rollout status`, `rollout undo` … */
export const subcommands = (group: string): string[] =>
  Object.keys(commands).filter((name) => name.startsWith(`${group} `));

function unknownCommand(written: string): never {
  const group = written.split(' ')[0] ?? '';
  const members = subcommands(group);
  const names =
    members.length > 0 ? members : Object.keys(commands).map((name) => name.split(' ')[0] ?? '');
  const meant = suggest(written, [...new Set(names)]);
  const all = members.length > 0 ? `l9 ${group} --help` : 'l9 --help';
  throw usageError(
    `there is no command ${JSON.stringify(written)}`,
    meant === undefined ? `see ${all}` : `did you mean ${JSON.stringify(meant)}? All: ${all}`,
  );
}
