import type { Clock } from '../model/clock.ts';
import type { L9Error } from '../model/errors.ts';
import type { Plan, PlannedAction } from '../model/action.ts';
import type { Emit } from '../model/trace.ts';
import { toL9Error } from './failure.ts';
import { perform } from './perform.ts';
import type { PerformContext } from './perform.ts';
import { retryInPlace } from './retry.ts';

export interface ExecuteRequest extends Omit<PerformContext, 'created'> {
  readonly plan: Plan;
  /** Engine calls under way at once; waiting does not count. */
  readonly parallelism: number;
  /** Called before every write; rejects when the right to write is lost. */
  readonly mayWrite: () => Promise<void>;
  readonly clock: Clock;
  readonly emit: Emit;
}

export interface FailedAction {
  readonly action: PlannedAction;
  readonly error: L9Error;
}

export interface ExecuteResult {
  readonly done: readonly PlannedAction[];
  readonly failed: readonly FailedAction[];
  /** Not tried, because what they need failed. */
  readonly skipped: readonly PlannedAction[];
}

const isWait = (action: PlannedAction): boolean => action.action.type === 'awaitContainer';

/** The walk over one plan: which actions are ready, running, done. */
class Walk {
  readonly #waiting: Map<string, Set<string>>;
  readonly #dependents = new Map<string, PlannedAction[]>();
  readonly ready: PlannedAction[] = [];
  readonly waits: PlannedAction[] = [];
  readonly done: PlannedAction[] = [];
  readonly failed: FailedAction[] = [];
  readonly skipped: PlannedAction[] = [];

  constructor(plan: Plan) {
    this.#waiting = new Map(plan.actions.map((action) => [action.id, new Set(action.after)]));
    for (const action of plan.actions) {
      for (const id of action.after) {
        const list = this.#dependents.get(id) ?? [];
        list.push(action);
        this.#dependents.set(id, list);
      }
      if (action.after.length === 0) this.#enqueue(action);
    }
  }

  #enqueue(action: PlannedAction): void {
    (isWait(action) ? this.waits : this.ready).push(action);
  }

  succeed(action: PlannedAction): void {
    this.done.push(action);
    for (const dependent of this.#dependents.get(action.id) ?? []) {
      const waiting = this.#waiting.get(dependent.id);
      if (waiting?.delete(action.id) === true && waiting.size === 0) this.#enqueue(dependent);
    }
  }

  /** Skips everything that needs `action`, once; returns what was skipped. */
  fail(action: PlannedAction, error: L9Error): PlannedAction[] {
    this.failed.push({ action, error });
    const skipped: PlannedAction[] = [];
    const visit = (id: string): void => {
      for (const dependent of this.#dependents.get(id) ?? []) {
        if (!this.#waiting.delete(dependent.id)) continue;
        skipped.push(dependent);
        visit(dependent.id);
      }
    };
    visit(action.id);
    this.skipped.push(...skipped);
    return skipped;
  }
}

/**
 * Carries out a plan: every action after those it needs, as many at once as `parallelism` allows.
 * What depends on a failed action is skipped; the rest goes on. Never rejects because of an action;
 * after an abort it starts nothing new and waits for what is under way.
 */
export const execute = async (request: ExecuteRequest): Promise<ExecuteResult> => {
  const { plan, clock, emit, signal, parallelism } = request;
  const walk = new Walk(plan);
  const context: PerformContext = { ...request, created: new Map() };
  const { project } = plan;

  const run = async (action: PlannedAction): Promise<void> => {
    const started = clock.monotonic();
    emit({ type: 'actionStarted', project, action });
    try {
      if (!isWait(action)) await request.mayWrite();
      await retryInPlace(() => perform(action.action, context), { clock, signal });
      emit({
        type: 'actionFinished',
        project,
        action,
        durationMs: clock.monotonic() - started,
      });
      walk.succeed(action);
    } catch (cause) {
      const error = toL9Error(cause);
      emit({
        type: 'actionFailed',
        project,
        action,
        code: error.code,
        message: error.message,
        willRetry: error.retryable,
      });
      for (const skipped of walk.fail(action, error)) {
        emit({ type: 'actionSkipped', project, action: skipped, because: error.message });
      }
    }
  };

  const running = new Set<Promise<void>>();
  const slots = { free: parallelism };
  const launch = (action: PlannedAction, counts: boolean): void => {
    if (counts) slots.free -= 1;
    const promise = run(action).finally(() => {
      if (counts) slots.free += 1;
      running.delete(promise);
    });
    running.add(promise);
  };
  for (;;) {
    if (!signal.aborted) {
      for (const action of walk.waits.splice(0)) launch(action, false);
      while (slots.free > 0) {
        const action = walk.ready.shift();
        if (action === undefined) break;
        launch(action, true);
      }
    }
    if (running.size === 0) break;
    await Promise.race(running);
  }
  return { done: walk.done, failed: walk.failed, skipped: walk.skipped };
};
