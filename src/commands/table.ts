import type { CommandDefinition, OptionValues } from './definition.ts';
import { describe, get, logs, outputs, port, top, wait } from './table/look.ts';
import { apply, build, diff, explain, plan, validate } from './table/manifests.ts';
import {
  exec,
  pause,
  remove,
  restart,
  rolloutHistory,
  rolloutRestart,
  rolloutStatus,
  rolloutUndo,
  scale,
  start,
  stop,
} from './table/operate.ts';
import type { globalOptions } from './table/options.ts';
import { completion, version } from './table/other.ts';

/** Every command, in the order of the help. Its code is in commands/loaders.ts. */
export const commands = {
  apply,
  diff,
  plan,
  validate,
  explain,
  build,
  get,
  describe,
  logs,
  wait,
  port,
  outputs,
  top,
  delete: remove,
  restart,
  scale,
  stop,
  start,
  pause,
  exec,
  'rollout status': rolloutStatus,
  'rollout history': rolloutHistory,
  'rollout undo': rolloutUndo,
  'rollout restart': rolloutRestart,
  completion,
  version,
} as const satisfies Readonly<Record<string, CommandDefinition>>;

export type CommandName = keyof typeof commands;

/** What the command line said to one command, read and checked against its definition. */
export interface Invocation<Name extends CommandName = CommandName> {
  readonly name: Name;
  readonly options: OptionValues<(typeof commands)[Name]['options']>;
  readonly globals: OptionValues<typeof globalOptions>;
  readonly args: readonly string[];
  /** What stood after `--`, or after the argument of a command that passes it on. */
  readonly rest: readonly string[];
}
