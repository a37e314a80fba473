import type { LogLine, LogOptions } from '../../engine/api.ts';
import { L9Error } from '../../model/errors.ts';
import type { ProjectView } from '../../model/status.ts';
import type { Backend, CommandContext } from '../context.ts';
import type { ChosenInstance } from '../input/instances.ts';
import { looks } from '../looks.ts';

export interface FollowOptions {
  readonly project: string;
  readonly choose: (view: ProjectView) => readonly ChosenInstance[];
  /** What to show of the past. */
  readonly window: LogOptions;
  readonly print: (label: string, line: LogLine) => void;
}

/** One container's log: whether somebody reads it, and how far. */
interface Reading {
  active: boolean;
  /** Unix ms of the last line that was printed. */
  last: number | undefined;
  /** The start of the container that was read to its end; a log goes on only after another one. */
  read: string | null | undefined;
}

const everyMs = 2000;

/**
 * Prints lines as they come, also of containers that start or are replaced later. Ends when everything
 * that is followed has come to its end (one-shots) or was stopped; else by the signal, whose reason it throws.
 */
export async function followLogs(
  context: CommandContext,
  backend: Backend,
  options: FollowOptions,
): Promise<void> {
  const follower = new Follower(context, backend, options);
  await follower.run();
}

class Follower {
  readonly #context: CommandContext;
  readonly #backend: Backend;
  readonly #options: FollowOptions;
  readonly #readings = new Map<string, Reading>();
  readonly #stop = new AbortController();
  readonly #signal: AbortSignal;

  constructor(context: CommandContext, backend: Backend, options: FollowOptions) {
    this.#context = context;
    this.#backend = backend;
    this.#options = options;
    this.#signal = AbortSignal.any([context.signal, this.#stop.signal]);
  }

  async run(): Promise<void> {
    const { engine } = this.#backend;
    const { clock } = this.#context;
    try {
      for await (const _ of looks({ engine, clock, signal: this.#signal, everyMs })) {
        const view = await this.#view();
        if (view === undefined) continue;
        const chosen = this.#options.choose(view);
        for (const instance of chosen) this.#attach(instance);
        if (this.#isOver(chosen)) return;
      }
    } finally {
      this.#stop.abort();
    }
  }

  /** Undefined while the engine is away. */
  async #view(): Promise<ProjectView | undefined> {
    try {
      return await this.#backend.operations.view(this.#options.project);
    } catch (error) {
      if (error instanceof L9Error && error.exitCode === 5) return undefined;
      throw error;
    }
  }

  #isOver(chosen: readonly ChosenInstance[]): boolean {
    const reading = [...this.#readings.values()].some(({ active }) => active);
    return (
      !reading &&
      chosen.every(
        ({ service: { status } }) => status.phase === 'Completed' || status.phase === 'Stopped',
      )
    );
  }

  #attach({ instance, label }: ChosenInstance): void {
    const { containerId: id, startedAt } = instance;
    if (id === null) return;
    const reading = this.#readings.get(id) ?? { active: false, last: undefined, read: undefined };
    if (reading.active || reading.read === startedAt) return;
    this.#readings.set(id, reading);
    reading.active = true;
    reading.read = startedAt;
    // What fails for no known reason ends the whole command: the looks throw the abort's reason.
    this.#read(id, label, reading).catch((error: unknown) => this.#stop.abort(error));
  }

  async #read(id: string, label: string, reading: Reading): Promise<void> {
    const { window, print } = this.#options;
    const from = reading.last === undefined ? window : { since: reading.last + 1 };
    try {
      const lines = this.#backend.engine.logs(id, { ...from, follow: true, signal: this.#signal });
      for await (const line of lines) {
        print(label, line);
        reading.last = line.at ?? reading.last;
      }
    } catch (error) {
      if (this.#signal.aborted) return;
      if (!(error instanceof L9Error)) throw error;
      // The engine went away or the container was removed: the next look tells whether there is more.
      reading.read = undefined;
    } finally {
      reading.active = false;
    }
  }
}
