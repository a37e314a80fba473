import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

export interface CliOptions {
  /** Added to a clean environment: that of the tests without L9_* and colours. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
  readonly stdin?: string;
  /** The program and everything it started in its process group are killed after this; 60 s when absent. */
  readonly timeoutMs?: number;
  /** Another program than the built dist/cli.js, with its first arguments. */
  readonly program?: readonly [string, ...string[]];
}

export interface CliResult {
  /** null when a signal ended it */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunningCli {
  readonly pid: number;
  readonly finished: Promise<CliResult>;
  /** What it has printed so far. */
  output(): { readonly stdout: string; readonly stderr: string };
  kill(signal: NodeJS.Signals): void;
}

export const builtCli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

/** Runs the built `l9` to its end. A timeout is an error that carries what was printed. */
export const l9 = (args: readonly string[], options: CliOptions = {}): Promise<CliResult> =>
  startL9(args, options).finished;

/** Starts the built `l9`; it is killed at the end of the test at the latest. */
export const startL9 = (args: readonly string[], options: CliOptions = {}): RunningCli => {
  const [program, ...first] = options.program ?? [process.execPath, builtCli];
  const child = spawn(program, [...first, ...args], {
    cwd: options.cwd,
    env: environment(options.env),
    stdio: ['pipe', 'pipe', 'pipe'],
    // A group of its own, so that a kill reaches children too.
    detached: true,
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  // A program that ends without reading its input is not our failure.
  child.stdin.on('error', ignoreBrokenPipe);
  child.stdin.end(options.stdin ?? '');

  const timeoutMs = options.timeoutMs ?? 60_000;
  const finished = new Promise<CliResult>((resolve, reject) => {
    const timer = setTimeout(() => {
      killGroup(child.pid, 'SIGKILL');
      reject(new Error(`l9 ${args.join(' ')} ran over ${timeoutMs} ms\n${stdout}\n${stderr}`));
    }, timeoutMs);
    child.on('error', reject);
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      resolve({ code, signal, stdout, stderr });
    });
  });
  // Who starts a program only to kill it need not look at its end.
  finished.catch(() => undefined);
  onTestFinished(() => killGroup(child.pid, 'SIGKILL'));
  return {
    pid: child.pid ?? 0,
    finished,
    output: () => ({ stdout, stderr }),
    kill: (signal) => killGroup(child.pid, signal),
  };
};

const environment = (added: CliOptions['env'] = {}): NodeJS.ProcessEnv => {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(L9_|VITEST|NODE_ENV$|FORCE_COLOR$)/.test(name),
  );
  return { ...Object.fromEntries(inherited), NO_COLOR: '1', ...added };
};

const killGroup = (pid: number | undefined, signal: NodeJS.Signals): void => {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if (!hasCode(error, 'ESRCH')) throw error;
  }
};

const ignoreBrokenPipe = (error: Error): void => {
  if (!hasCode(error, 'EPIPE')) throw error;
};

const hasCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code;
