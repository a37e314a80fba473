import type { CommandDefinition, OptionDefinition, OptionTable } from '../definition.ts';
import type { Invocation } from '../table.ts';
import { commands } from '../table.ts';
import { globalOptions } from '../table/options.ts';
import { suggest } from '../../manifest/suggest.ts';
import { findCommand } from './find-command.ts';
import type { HelpTopic } from './find-command.ts';
import { negatedFlag, optionFlag } from './option-name.ts';
import { findOption, tokenize } from './tokens.ts';
import { usageError } from './usage.ts';
import { checkChoice, readValue } from './values.ts';

export type CommandLine = { readonly type: 'run'; readonly invocation: Invocation } | HelpTopic;

type Env = Readonly<Record<string, string | undefined>>;
type Values = Record<string, string | number | boolean | readonly string[] | undefined>;

/** Reads the arguments after `l9`. Throws `Usage` for what no command takes. */
export function parseCommandLine(argv: readonly string[], env: Env): CommandLine {
  const found = findCommand(argv);
  if (found.type === 'help') return found;
  const { name, rest } = found;
  // Wide on purpose: parsing reads every definition alike.
  const definition: CommandDefinition = commands[name];
  const table: OptionTable = { ...globalOptions, ...definition.options };
  const { own, passed } = split(rest, definition, table);
  const { values, args } = readTokens(own, table, `l9 ${name}`);
  if (values['help'] === true) return { type: 'help', topic: name };
  checkArguments(name, definition, args);
  const invocation: unknown = {
    name,
    options: complete(definition.options, values, env),
    // Their variables are read where they are used: L9_PROJECT must not rename what is applied.
    globals: complete(globalOptions, values, {}),
    args,
    rest: passed,
  };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- complete() fills the table of this very name
  return { type: 'run', invocation: invocation as Invocation };
}

/**
 * Takes off what is somebody else's command line: after `--`, or for `exec web ls -l` after its first
 * argument. With a `--` somewhere, options may also follow the argument, as people write for kubectl.
 */
function split(
  argv: readonly string[],
  definition: CommandDefinition,
  table: OptionTable,
): { readonly own: readonly string[]; readonly passed: readonly string[] } {
  if (definition.passesOn !== true) return { own: argv, passed: [] };
  const tokens = tokenize(argv, table);
  const end =
    tokens.find((token) => token.kind === 'option-terminator')?.index ??
    tokens.find((token) => token.kind === 'positional')?.index;
  if (end === undefined) return { own: argv, passed: [] };
  const terminated = argv[end] === '--';
  return { own: argv.slice(0, terminated ? end : end + 1), passed: argv.slice(end + 1) };
}

function readTokens(
  argv: readonly string[],
  table: OptionTable,
  command: string,
): { readonly values: Values; readonly args: readonly string[] } {
  const tokens = tokenize(argv, table);
  const values: Values = {};
  const args: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') args.push(token.value);
    if (token.kind !== 'option') continue;
    const found = findOption(token.rawName, table);
    if (found === undefined) unknownOption(token.rawName, table, command);
    const { key, option, negated } = found;
    if (option.type === 'flag') {
      values[key] = readFlag(token.rawName, token.value, negated);
      continue;
    }
    const { value } = token;
    const swallowed =
      value?.startsWith('-') === true && value !== '-' && token.inlineValue === false;
    if (value === undefined || swallowed) {
      throw usageError(
        `${token.rawName} needs a value`,
        `write ${token.rawName} ${option.value}; see ${command} --help`,
      );
    }
    const read = readValue(token.rawName, value, option);
    const earlier = values[key];
    values[key] =
      option.type === 'texts' ? [...(Array.isArray(earlier) ? earlier : []), String(read)] : read;
  }
  return { values, args };
}

function readFlag(rawName: string, value: string | undefined, negated: boolean): boolean {
  if (value === undefined) return !negated;
  if (value === 'true' || value === 'false') return (value === 'true') !== negated;
  throw usageError(`${rawName} is ${JSON.stringify(value)}`, 'it takes no value, or true or false');
}

function unknownOption(rawName: string, table: OptionTable, command: string): never {
  const names = Object.entries(table).flatMap(([key, option]) =>
    option.type === 'flag' && option.default === true
      ? [negatedFlag(key), optionFlag(key)]
      : [optionFlag(key)],
  );
  const meant = rawName.startsWith('--') ? suggest(rawName, names) : undefined;
  throw usageError(
    `${command} has no option ${rawName}`,
    meant === undefined ? `see ${command} --help` : `did you mean ${meant}? All: ${command} --help`,
  );
}

function checkArguments(
  name: string,
  definition: CommandDefinition,
  args: readonly string[],
): void {
  const see = `see l9 ${name} --help`;
  const missing = definition.arguments.find(
    (one, index) => one.required && args[index] === undefined,
  );
  if (missing !== undefined) throw usageError(`l9 ${name} needs ${missing.name}`, see);
  for (const [index, text] of args.entries()) {
    const argument = definition.arguments[Math.min(index, definition.arguments.length - 1)];
    if (argument === undefined || (index >= definition.arguments.length && !argument.several)) {
      throw usageError(`l9 ${name} does not take ${JSON.stringify(text)}`, see);
    }
    checkChoice(argument.name, text, argument.choices);
  }
}

/** Puts defaults where nothing was said: from the environment, else from the table. */
function complete(table: OptionTable, values: Values, env: Env): Values {
  return Object.fromEntries(
    Object.entries(table).map(([key, option]) => [key, values[key] ?? fallback(option, env)]),
  );
}

function fallback(option: OptionDefinition, env: Env): Values[string] {
  if (option.type === 'flag') return option.default === true;
  if (option.type === 'texts') return [];
  const fromEnv = option.environment === undefined ? undefined : env[option.environment];
  if (option.environment !== undefined && fromEnv !== undefined && fromEnv !== '') {
    return readValue(option.environment, fromEnv, option);
  }
  return option.default === undefined ? undefined : readValue('default', option.default, option);
}
