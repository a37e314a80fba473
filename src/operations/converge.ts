import { setMaxListeners } from 'node:events';
import { L9Error } from '../model/errors.ts';
import type { ProjectView } from '../model/status.ts';
import type { Context, ConvergeResult, Outcome } from './contract.ts';
import type { Failure } from './obstacles.ts';
import { Run } from './run.ts';
import type { ConvergeRequest } from './run.ts';
import { viewOf } from './view-of.ts';
import type { Seen } from './view-of.ts';

const FINAL_LOOK_MS = 10_000;

/** How the project stands at the end, also after an abort; null when it is gone. */
const finalView = async (
  context: Context,
  project: string,
  seen: Seen,
): Promise<ProjectView | null> => {
  try {
    const signal = AbortSignal.timeout(FINAL_LOOK_MS);
    return await viewOf({ ...context, signal }, project, seen);
  } catch (error) {
    if (error instanceof L9Error && error.code === 'NoSuchProject') return null;
    throw error;
  }
};

const outcomeOf = (run: Run, failures: readonly Failure[]): Outcome => {
  if (failures.length > 0) return 'failed';
  return run.actions === 0 ? 'unchanged' : 'done';
};

/**
 * Brings a project to what its record asks for, under its lock, and waits until it is healthy.
 * Ends at the timeout with `notReady`, at an abort with `interrupted`; both leave a state from which
 * the next run goes on.
 */
export const converge = async (
  context: Context,
  request: ConvergeRequest,
): Promise<ConvergeResult> => {
  const started = context.clock.monotonic();
  const timeout = AbortSignal.timeout(request.timeoutMs);
  const signal = AbortSignal.any([context.signal, timeout]);
  // One listener for every call under way: many at once are no leak.
  setMaxListeners(0, signal);
  const run = new Run(context, request, signal);
  let outcome: Outcome;
  let failures: readonly Failure[] = [];
  try {
    failures = await run.converge();
    outcome = outcomeOf(run, failures);
  } catch (error) {
    if (context.signal.aborted) outcome = 'interrupted';
    else if (timeout.aborted) outcome = 'notReady';
    else throw error;
  }
  return {
    project: request.project,
    outcome,
    failures,
    actions: run.actions,
    view: await finalView(context, request.project, run.seen),
    durationMs: context.clock.monotonic() - started,
    warnings: request.warnings ?? [],
  };
};
