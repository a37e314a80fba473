import type { ExecOptions } from '../engine/api.ts';
import type { CommandContext, Run } from './context.ts';
import { findInstance } from './input/instances.ts';
import { usageError } from './input/usage.ts';

export const run: Run<'exec'> = async (context, { options, args, rest }) => {
  const [target = ''] = args;
  if (rest.length === 0) {
    throw usageError('there is no command to run', `write l9 exec ${target} -- COMMAND`);
  }
  const { stdin } = context.streams;
  // As in docker: keys can only be passed on from a terminal.
  if (options.tty && options.stdin && !stdin.isTTY) {
    throw usageError('-it needs a terminal, and standard input is none', 'use -i alone');
  }
  const env = parseEnv(options.env);
  const { engine, operations } = await context.connect();
  const view = await operations.view(await operations.findProject(context.project));
  const { instance } = findInstance(view, target);
  const { signal, streams } = context;
  return withTerminal(context, options, (terminal) =>
    engine.exec(instance.containerId ?? instance.name, {
      command: rest,
      env,
      signal,
      stdout: streams.stdout,
      stderr: streams.stderr,
      ...(options.stdin ? { stdin } : {}),
      ...(options.user === undefined ? {} : { user: options.user }),
      ...(options.workdir === undefined ? {} : { workingDir: options.workdir }),
      ...terminal,
    }),
  );
};

function parseEnv(assignments: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    assignments.map((text) => {
      const [, name, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
      if (name === undefined || value === undefined) {
        throw usageError(`-e is ${JSON.stringify(text)}`, 'it takes NAME=VALUE');
      }
      return [name, value];
    }),
  );
}

type TerminalOptions = Pick<ExecOptions, 'tty' | 'size' | 'onResize'>;

/** Hands the terminal over, key by key, while the command runs, and takes it back whatever happens. */
async function withTerminal(
  { streams }: CommandContext,
  options: { readonly tty: boolean; readonly stdin: boolean },
  work: (options: TerminalOptions) => Promise<number>,
): Promise<number> {
  const { stdin, stdout } = streams;
  const raw = options.tty && options.stdin;
  const listeners: (() => void)[] = [];
  try {
    if (!options.tty) return await work({});
    // Without -i nothing reads the keys, and Ctrl-C has to stay a signal.
    if (raw) stdin.setRawMode(true);
    return await work({
      tty: true,
      size: { columns: stdout.columns, rows: stdout.rows },
      onResize: (listener) => {
        const tell = (): void => listener({ columns: stdout.columns, rows: stdout.rows });
        listeners.push(tell);
        stdout.on('resize', tell);
      },
    });
  } finally {
    for (const listener of listeners) stdout.off('resize', listener);
    if (raw) stdin.setRawMode(false);
  }
}
