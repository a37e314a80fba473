#!/usr/bin/env node
import { setMaxListeners } from 'node:events';
import { helpText } from './commands/help.ts';
import { parseCommandLine } from './commands/input/parse.ts';
import { loadCommand } from './commands/loaders.ts';
import { commands } from './commands/table.ts';
import type { Invocation } from './commands/table.ts';
import { L9Error } from './model/errors.ts';
import { version } from './version.ts';

// One signal ends everything, so everything listens to it: that is no leak.
setMaxListeners(0);

const argv = process.argv.slice(2);
const interrupted = 130;
const showCursor = `${String.fromCharCode(27)}[?25h`;

/** Aborted by the first Ctrl-C; the second one leaves at once. */
function interruption(): AbortController {
  const controller = new AbortController();
  const interrupt = (): void => {
    if (controller.signal.aborted) {
      if (process.stderr.isTTY) process.stderr.write(showCursor);
      process.exit(interrupted);
    }
    controller.abort(new Error('interrupted'));
  };
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  return controller;
}

async function run(invocation: Invocation): Promise<number> {
  const controller = interruption();
  const { signal } = controller;
  const { writes } = commands[invocation.name];
  let unread = false;
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    unread = true;
    // Nobody reads on: what only tells may end; what changes the engine goes through with it.
    if (!writes) controller.abort(error);
  });
  const [command, { createApp }] = await Promise.all([loadCommand(invocation), import('./app.ts')]);
  const app = createApp({ globals: invocation.globals, version, signal });
  try {
    const code = await command(app);
    if (code === interrupted && writes) sayInterrupted();
    return code;
  } catch (error) {
    if (unread) return 0;
    if (!signal.aborted) throw error;
    if (writes) sayInterrupted();
    return interrupted;
  } finally {
    app.close();
  }
}

const sayInterrupted = (): void =>
  void process.stderr.write(
    'interrupted: run the same command again to continue; nothing is lost\n',
  );

async function explainError(error: unknown): Promise<number> {
  const { openTerminal } = await import('./print/terminal.ts');
  const wanted = !argv.includes('--no-color');
  const err = openTerminal(process.stderr, { wanted, env: process.env });
  if (error instanceof L9Error) {
    const { formatError } = await import('./print/problems.ts');
    const lines = formatError(error, { palette: err.palette, cwd: process.cwd() });
    err.write(`${lines.join('\n')}\n`);
    return error.exitCode;
  }
  const verbose = argv.includes('-v') || argv.includes('--verbose');
  const known = error instanceof Error ? error : new Error(String(error));
  err.write(`${err.palette.red('error:')} ${verbose ? known.stack : known.message}\n`);
  err.write('This is a bug in l9. Please report it with the output of the same command with -v.\n');
  return 1;
}

async function main(): Promise<number> {
  try {
    const line = parseCommandLine(argv, process.env);
    if (line.type === 'run') return await run(line.invocation);
    process.stdout.write(helpText(line.topic));
    return 0;
  } catch (error) {
    return explainError(error);
  }
}

const code = await main();
// What is written must have left; what still runs in the background need not be waited for.
process.stderr.write('', () => process.stdout.write('', () => process.exit(code)));
