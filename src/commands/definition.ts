import type { EnvironmentName } from './environment.ts';

/** What a shell offers at a place; dynamic ones ask `l9 get`. */
export type Completes = 'project' | 'service' | 'resource' | 'file' | 'nothing';

interface OptionBase {
  /** One letter. */
  readonly short?: string;
  /** One line, without a full stop. */
  readonly summary: string;
}

interface ValueOption extends OptionBase {
  /** What stands for the value in help: FILE, DURATION. */
  readonly value: string;
  /** As a person would write it. */
  readonly default?: string;
  readonly choices?: readonly string[];
  readonly completes?: Completes;
  /** The variable that sets the default. */
  readonly environment?: EnvironmentName;
}

export type OptionDefinition =
  /** `--name`; one that is on by default is taken back by `--no-name`, which its summary tells of. */
  | (OptionBase & { readonly type: 'flag'; readonly default?: true })
  | (ValueOption & { readonly type: 'text' })
  /** May be given several times. */
  | (ValueOption & { readonly type: 'texts' })
  | (ValueOption & { readonly type: 'integer' })
  /** Go style, read as milliseconds. */
  | (ValueOption & { readonly type: 'duration' })
  /** Read as bytes. */
  | (ValueOption & { readonly type: 'size' });

/** Keys in camel case; `dryRun` is `--dry-run` on the command line. */
export type OptionTable = Readonly<Record<string, OptionDefinition>>;

export interface ArgumentDefinition {
  readonly name: string;
  readonly required: boolean;
  readonly several: boolean;
  readonly choices?: readonly string[];
  readonly completes?: Completes;
}

export const groups = {
  manifests: 'From manifests',
  look: 'Look',
  operate: 'Operate',
  other: 'Other',
} as const;

/** All that is known of a command before its code is loaded: help, docs, completion and parsing read it. */
export interface CommandDefinition {
  readonly group: keyof typeof groups;
  /** One line, without a full stop. */
  readonly summary: string;
  /** Paragraphs for the command's own help. */
  readonly details?: string;
  readonly arguments: readonly ArgumentDefinition[];
  readonly options: OptionTable;
  readonly examples: readonly { readonly command: string; readonly does: string }[];
  /** Changes the engine: an interrupted one says that it can be run again. */
  readonly writes: boolean;
  /** What follows the first argument is somebody else's command line. */
  readonly passesOn?: true;
}

/** Keeps names and types of the options for the command's own code. */
export const defineCommand = <const T extends CommandDefinition>(definition: T): T => definition;

type Scalar<O extends OptionDefinition> = O['type'] extends 'text' ? string : number;

export type OptionValue<O extends OptionDefinition> = O['type'] extends 'flag'
  ? boolean
  : O['type'] extends 'texts'
    ? readonly string[]
    : O extends { readonly default: string }
      ? Scalar<O>
      : Scalar<O> | undefined;

/** What a command's code gets for its table of options. */
export type OptionValues<T extends OptionTable> = { readonly [K in keyof T]: OptionValue<T[K]> };
