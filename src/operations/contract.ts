import type { Engine } from '../engine/api.ts';
import type { Plan } from '../model/action.ts';
import type { ServiceChange } from '../model/change.ts';
import type { Clock } from '../model/clock.ts';
import type { Problem } from '../model/errors.ts';
import type { Revision } from '../model/record.ts';
import type { ProjectView } from '../model/status.ts';
import type { Emit } from '../model/trace.ts';

/** What every operation is given; built once, in app.ts. */
export interface Context {
  readonly engine: Engine;
  readonly clock: Clock;
  readonly emit: Emit;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Absolute. */
  readonly cwd: string;
  readonly home: string;
  readonly version: string;
  readonly signal: AbortSignal;
}

/** Where manifests come from; the same options on apply, diff, plan, validate, build and delete. */
export interface ManifestSelection {
  /** Files, folders, or `-`; empty takes the default places. */
  readonly files: readonly string[];
  readonly variant?: string;
  readonly projectName?: string;
  readonly maxSizeBytes?: number;
  readonly envFiles?: readonly string[];
  /** Standard input, read by the caller when `-` is among the files; bytes let other encodings be told. */
  readonly stdin?: string | Uint8Array;
}

export interface ApplyRequest extends ManifestSelection {
  /** Only these services and what they depend on; empty means all. */
  readonly services: readonly string[];
  readonly dryRun: boolean;
  readonly wait: boolean;
  readonly timeoutMs: number;
  readonly prune: boolean;
  readonly forceRecreate: boolean;
  /** Resolve every image again. */
  readonly pull: boolean;
  readonly noCache: boolean;
  readonly takeOver: boolean;
}

/** What an apply of the manifests would do. */
export interface Preview {
  readonly project: string;
  readonly generation: { readonly from: number; readonly to: number };
  readonly plan: Plan;
  readonly changes: readonly ServiceChange[];
  readonly notes: readonly string[];
  readonly warnings: readonly Problem[];
}

export type Outcome = 'done' | 'unchanged' | 'notReady' | 'failed' | 'interrupted';

/** The end of an operation that converges a project. */
export interface ConvergeResult {
  readonly project: string;
  readonly outcome: Outcome;
  /** Null once the project is deleted. */
  readonly view: ProjectView | null;
  /** Sentences for services that failed or are not ready, with what to do. */
  readonly failures: readonly {
    readonly service: string;
    readonly message: string;
    readonly hint: string;
  }[];
  /** Actions carried out. */
  readonly actions: number;
  readonly durationMs: number;
  readonly warnings: readonly Problem[];
}

/** Everything that a person or program can ask for. Commands know only this. */
export interface Operations {
  apply(request: ApplyRequest): Promise<ConvergeResult[]>;
  /** Plans without touching anything; never pulls. One preview a project. */
  preview(request: ApplyRequest): Promise<Preview[]>;
  /** Builds images only; returns the tags by service. */
  build(
    request: ManifestSelection & {
      readonly services: readonly string[];
      readonly noCache: boolean;
      readonly pull: boolean;
    },
  ): Promise<Readonly<Record<string, string>>>;

  /** Names of all recorded projects, and of projects that only containers tell of, sorted. */
  projects(): Promise<string[]>;
  /** The project as it stands. Rejects with NoSuchProject. */
  view(project: string): Promise<ProjectView>;
  /** From `-p`, L9_PROJECT, or the folder: the recorded project with the nearest path at or above `cwd`. */
  findProject(named: string | undefined): Promise<string>;

  remove(request: {
    readonly project: string;
    /** `service/web`, `volume/data` …; empty deletes the whole project. */
    readonly resources: readonly { readonly kind: string; readonly name: string }[];
    /** Volumes with reclaimPolicy Delete go too: their data was consented to. */
    readonly withData: boolean;
    readonly timeoutMs: number;
  }): Promise<ConvergeResult>;
  restart(request: {
    readonly project: string;
    readonly services: readonly string[];
    readonly timeoutMs: number;
    readonly wait: boolean;
  }): Promise<ConvergeResult>;
  /** One after the other, each waiting for the one before. */
  rolloutRestart(request: {
    readonly project: string;
    readonly services: readonly string[];
    readonly timeoutMs: number;
  }): Promise<ConvergeResult>;
  scale(request: {
    readonly project: string;
    readonly replicas: Readonly<Record<string, number>>;
    readonly timeoutMs: number;
    readonly wait: boolean;
  }): Promise<ConvergeResult>;
  stop(request: {
    readonly project: string;
    readonly services: readonly string[];
    readonly timeoutMs: number;
  }): Promise<ConvergeResult>;
  start(request: {
    readonly project: string;
    readonly services: readonly string[];
    readonly timeoutMs: number;
    readonly wait: boolean;
  }): Promise<ConvergeResult>;
  pause(request: { readonly project: string; readonly forMs: number | null }): Promise<void>;
  history(project: string): Promise<readonly Revision[]>;
  undo(request: {
    readonly project: string;
    readonly toGeneration: number | null;
    readonly timeoutMs: number;
    readonly wait: boolean;
  }): Promise<ConvergeResult>;
}
