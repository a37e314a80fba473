import { homedir } from 'node:os';
import { systemClock } from './clock.ts';
import type { Backend, CommandContext } from './commands/context.ts';
import type { Invocation } from './commands/table.ts';
import type { Engine } from './engine/api.ts';
import type { Emit } from './model/trace.ts';
import type { Log } from './print/log.ts';
import { openTerminal } from './print/terminal.ts';

export interface AppOptions {
  readonly globals: Invocation['globals'];
  readonly version: string;
  readonly signal: AbortSignal;
}

export interface App extends CommandContext {
  /** Lets go of what would keep the process alive. */
  close(): void;
}

/** Builds everything that a command may use: the only place where things are constructed. */
export function createApp({ globals, version, signal }: AppOptions): App {
  const { stdin, stdout, stderr, env } = process;
  const colours = { wanted: globals.color, env };
  const err = openTerminal(stderr, colours);
  const cwd = process.cwd();
  let engine: Engine | undefined;

  // Not contacted before its first call: bad input is told without an engine.
  const openEngine = async (): Promise<Engine> => {
    const [{ openDocker }, { findEngine }] = await Promise.all([
      import('./engine/docker/connect.ts'),
      import('./engine/docker/find.ts'),
    ]);
    const host = globals.host ?? env['L9_HOST'];
    const found = findEngine({
      ...(host === undefined || host === '' ? {} : { host }),
      env,
      homedir: homedir(),
    });
    return openDocker(found);
  };

  const openLog = async (): Promise<Log> => {
    const { openLog: open } = await import('./print/log.ts');
    return open(err);
  };

  return {
    out: openTerminal(stdout, colours),
    err,
    streams: { stdin, stdout, stderr },
    clock: systemClock,
    env,
    cwd,
    version,
    signal,
    project: globals.project,
    quiet: globals.quiet,
    async progress() {
      const { progressPrinter } = await import('./print/progress/printer.ts');
      return progressPrinter({
        terminal: err,
        now: () => systemClock.monotonic(),
        quiet: globals.quiet,
        logged: globals.verbose,
      });
    },
    async connect(listener = () => {}): Promise<Backend> {
      const { createOperations } = await import('./operations/operations.ts');
      const log = globals.verbose ? await openLog() : undefined;
      engine ??= await openEngine();
      if (log !== undefined) {
        const { name, version: engineVersion, apiVersion } = await engine.info({ signal });
        log.info({ engine: name, version: engineVersion, api: apiVersion }, 'engine found');
      }
      const emit: Emit = (event) => {
        log?.emit(event);
        listener(event);
      };
      const operations = createOperations({
        engine,
        clock: systemClock,
        emit,
        env,
        cwd,
        home: homedir(),
        version,
        signal,
      });
      return { engine, operations };
    },
    close() {
      engine?.close();
    },
  };
}
