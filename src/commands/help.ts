import type { CommandDefinition, OptionDefinition, OptionTable } from './definition.ts';
import { groups } from './definition.ts';
import { isCommand, subcommands } from './input/find-command.ts';
import { negatedFlag, optionFlag } from './input/option-name.ts';
import { commands } from './table.ts';
import { globalOptions } from './table/options.ts';

/** The text of `--help`, ending in a newline: of a command, of a group such as `rollout`, or of l9. */
export function helpText(topic: string | undefined): string {
  if (topic === undefined) return overview();
  return isCommand(topic) ? commandHelp(topic, commands[topic]) : groupHelp(topic);
}

const repeated = 'l9 COMMAND --help shows arguments, options and examples.';

function overview(): string {
  const sections = Object.entries(groups).map(([group, title]) => {
    const rows = Object.entries(commands)
      .filter(([, definition]) => definition.group === group)
      .map(([name, definition]): Row => [name, definition.summary]);
    return titled(title, rows);
  });
  return [
    'l9 makes what runs on Docker equal to what manifests say.',
    'usage: l9 COMMAND [ARGUMENT…] [OPTION…]',
    ...sections,
    globalReference(),
    `Exit codes: 0 done, 1 failed, 2 bad input, 3 not ready in time, 4 a service failed, 5 no engine,
130 interrupted.`,
    `${repeated}\n`,
  ].join('\n\n');
}

function groupHelp(group: string): string {
  const rows = subcommands(group)
    .filter(isCommand)
    .map((name): Row => [name, commands[name].summary]);
  return [`usage: l9 ${group} COMMAND`, columns(rows).join('\n'), `${repeated}\n`].join('\n\n');
}

function commandHelp(name: string, definition: CommandDefinition): string {
  return [
    `l9 ${name}: ${definition.summary}.`,
    commandReference(name, definition),
    globalReference(),
    `${exampleReference(definition)}\n`,
  ].join('\n\n');
}

/** Usage, details and options of a command: what is its own. */
export function commandReference(name: string, definition: CommandDefinition): string {
  const options = optionRows(definition.options);
  return [
    `usage: ${usageLine(name, definition)}`,
    ...(definition.details === undefined ? [] : [definition.details]),
    ...(options.length === 0 ? [] : [titled('Options', options)]),
  ].join('\n\n');
}

export const globalReference = (): string =>
  titled('Options of every command', optionRows(globalOptions));

export const exampleReference = ({ examples }: CommandDefinition): string =>
  titled(
    'Examples',
    examples.map(({ command, does }): Row => [command, does]),
  );

const titled = (title: string, rows: readonly Row[]): string =>
  [`${title}:`, ...columns(rows)].join('\n');

/** `l9 apply [SERVICE…] [OPTION…]`. */
function usageLine(name: string, definition: CommandDefinition): string {
  const words = definition.arguments.map((argument) => {
    const title = argument.choices?.join('|') ?? argument.name;
    const several = argument.several ? `${title.includes(' ') ? `(${title})` : title}…` : title;
    return argument.required ? several : `[${several}]`;
  });
  const tail = definition.passesOn === true ? ['--', 'COMMAND…'] : [];
  return ['l9', name, '[OPTION…]', ...words, ...tail].join(' ');
}

type Row = readonly [left: string, right: string];

/** `-f, --file FILE` and what it does, for each option that people need to know. */
function optionRows(table: OptionTable): Row[] {
  return Object.entries(table).map(([key, option]) => {
    const short = option.short === undefined ? '    ' : `-${option.short}, `;
    const flag =
      option.type === 'flag' && option.default === true ? negatedFlag(key) : optionFlag(key);
    const value = option.type === 'flag' ? '' : ` ${option.value}`;
    return [`${short}${flag}${value}`, `${option.summary}${notes(option)}`];
  });
}

function notes(option: OptionDefinition): string {
  if (option.type === 'flag') return '';
  const facts = [
    ...(option.default === undefined ? [] : [`default ${option.default}`]),
    ...(option.environment === undefined ? [] : [`variable ${option.environment}`]),
    ...(option.type === 'texts' ? ['may be repeated'] : []),
  ];
  return facts.length === 0 ? '' : ` (${facts.join(', ')})`;
}

const widest = 34;
const lineWidth = 100;

/** Two columns, wrapped; what stands right of a long left side goes on the next line. */
function columns(rows: readonly Row[]): string[] {
  const width = Math.min(widest, Math.max(...rows.map(([left]) => left.length)));
  const indent = ' '.repeat(width + 5);
  return rows.map(([left, right]) => {
    const text = wrap(right, lineWidth - indent.length).join(`\n${indent}`);
    return left.length > width
      ? `  ${left}\n${indent}${text}`
      : `  ${left.padEnd(width)}   ${text}`;
  });
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}
