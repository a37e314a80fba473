import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { CommandDefinition, OptionDefinition } from '../../../src/commands/definition.ts';
import { environment } from '../../../src/commands/environment.ts';
import { helpText } from '../../../src/commands/help.ts';
import { parseCommandLine } from '../../../src/commands/input/parse.ts';
import { loadCommand } from '../../../src/commands/loaders.ts';
import { commands } from '../../../src/commands/table.ts';
import { globalOptions } from '../../../src/commands/table/options.ts';

const table: [string, CommandDefinition][] = Object.entries(commands);

/** The words of the l9 command in a line of shell, without what stands around it. */
function wordsOf(line: string): string[] {
  const own = /(?:^|[\s(|])l9 ((?:'[^']*'|"[^"]*"|[^|<>&)'"])*)/.exec(line)?.[1] ?? '';
  const words = own.match(/(?:'[^']*'|"[^"]*"|[^\s'"])+/g) ?? [];
  return words.map((word) => word.replaceAll(/'([^']*)'|"([^"]*)"/g, '$1$2'));
}

describe.each(table)('l9 %s', (name, definition) => {
  it('has two to four examples that parse as this command', () => {
    expect(definition.examples.length).toBeGreaterThanOrEqual(2);
    expect(definition.examples.length).toBeLessThanOrEqual(4);
    for (const { command } of definition.examples) {
      const line = parseCommandLine(wordsOf(command), {});
      expect(line.type, command).toBe('run');
      if (line.type === 'run') expect(line.invocation.name, command).toBe(name);
    }
  });

  it('gives no two options one letter or name', () => {
    const own = Object.entries(definition.options);
    const all: [string, OptionDefinition][] = [...own, ...Object.entries(globalOptions)];
    const letters = all.map(([, option]) => option.short).filter((short) => short !== undefined);
    expect(letters).toEqual([...new Set(letters)]);
    expect(own.map(([key]) => key).filter((key) => Object.hasOwn(globalOptions, key))).toEqual([]);
  });

  it('has a default of the right type for every option', () => {
    const words = definition.arguments
      .filter(({ required }) => required)
      .map(({ choices }) => choices?.[0] ?? 'x');
    expect(() => parseCommandLine([...name.split(' '), ...words], {})).not.toThrow();
  });

  it('has help that names every option', () => {
    const help = helpText(name);
    expect(help).toContain(`usage: l9 ${name} `);
    for (const line of help.split('\n')) expect(line.length, line).toBeLessThanOrEqual(100);
    for (const key of Object.keys(definition.options)) {
      expect(help).toContain(key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`));
    }
  });

  it('has code', async () => {
    const required = definition.arguments.filter((one) => one.required);
    const words = required.map(({ choices }) => choices?.[0] ?? 'x');
    const line = parseCommandLine([...name.split(' '), ...words], {});
    if (line.type !== 'run') throw new Error('help');
    expect(await loadCommand(line.invocation)).toBeTypeOf('function');
  });
});

it('the overview names every command', () => {
  const help = helpText(undefined);
  for (const [name] of table) expect(help).toContain(`  ${name} `);
});

it('help of a command, word for word', () => {
  expect(helpText('scale')).toBe(`l9 scale: change how many instances a service has.

usage: l9 scale [OPTION…] SERVICE[=N]…

Lasts until a manifest states replicas. A service whose manifest does not keeps the number.

Options:
      --replicas N         the number for services that are written without one
      --no-wait            do not wait until services are ready
      --timeout DURATION   how long to wait before giving up with exit code 3 (default 5m, variable
                           L9_TIMEOUT)

Options of every command:
  -p, --project PROJECT   project to work on, instead of the one of this folder (variable
                          L9_PROJECT)
      --host ADDRESS      address of the Docker engine, instead of the one that the docker CLI would
                          take (variable L9_HOST)
      --no-color          no colours on a terminal
  -v, --verbose           tell on stderr everything that is done
  -q, --quiet             no progress and no advice: only results and errors
  -h, --help              show this help

Examples:
  l9 scale indexer=3                  three instances
  l9 scale indexer=3 web=2            two services at once
  l9 scale indexer web --replicas 0   none of both
`);
});

it('help of a group, word for word', () => {
  expect(helpText('rollout')).toBe(`usage: l9 rollout COMMAND

  rollout status    wait until the current generation runs everywhere, and say so
  rollout history   list the generations of a project, or show one
  rollout undo      go back to an older generation, as a new one
  rollout restart   restart services one instance after the other, each waiting for the one before

l9 COMMAND --help shows arguments, options and examples.
`);
});

describe('variables', () => {
  const root = fileURLToPath(new URL('../../..', import.meta.url));

  const filesBelow = (folder: string): string[] =>
    readdirSync(folder).flatMap((name) => {
      const path = join(folder, name);
      if (statSync(path).isDirectory()) return name === 'unit' ? [] : filesBelow(path);
      return /\.(?:ts|mjs|cjs|sh)$/.test(name) ? [path] : [];
    });

  const used = new Set(
    ['src', 'scripts', 'test', 'bench']
      .flatMap((folder) => filesBelow(join(root, folder)))
      .filter((path) => !path.endsWith('src/commands/environment.ts'))
      .flatMap((path) => readFileSync(path, 'utf8').match(/\bL9_[A-Z][A-Z_]*[A-Z]\b/g) ?? []),
  );

  it('that the code knows are all in the table, and none is there for nothing', () => {
    expect([...used].toSorted()).toEqual(Object.keys(environment).toSorted());
  });
});
