import type { Engine } from '../engine/api.ts';
import type { Clock } from '../model/clock.ts';
import type { Emit } from '../model/trace.ts';
import type { Operations } from '../operations/contract.ts';
import type { ProgressPrinter } from '../print/progress/printer.ts';
import type { Terminal } from '../print/terminal.ts';
import type { CommandName, Invocation } from './table.ts';

/** What needs an engine; commands that need none never ask for it. */
export interface Backend {
  readonly engine: Engine;
  readonly operations: Operations;
}

/** What every command is given; built in app.ts. */
export interface CommandContext {
  /** Results, and nothing else. */
  readonly out: Terminal;
  /** Progress, advice, questions and errors. */
  readonly err: Terminal;
  /** The bare streams, for commands that pass bytes on. */
  readonly streams: {
    readonly stdin: NodeJS.ReadStream;
    readonly stdout: NodeJS.WriteStream;
    readonly stderr: NodeJS.WriteStream;
  };
  readonly clock: Clock;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Absolute. */
  readonly cwd: string;
  readonly version: string;
  readonly signal: AbortSignal;
  /** Of `-p`; L9_PROJECT and the folder are asked by `operations.findProject`. */
  readonly project: string | undefined;
  readonly quiet: boolean;
  /** Finds the engine and binds the operations to it. `emit` gets what they tell. */
  connect(emit?: Emit): Promise<Backend>;
  /** Shows on `err` what is being done, as fits the terminal and the options. */
  progress(): Promise<ProgressPrinter>;
}

/** A command's code: resolves to the exit code. */
export type Run<Name extends CommandName> = (
  context: CommandContext,
  invocation: Invocation<Name>,
) => Promise<number>;
