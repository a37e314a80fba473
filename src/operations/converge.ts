import { setMaxListeners } from 'node:events';
import { retryClass } from '../engine/errors.ts';
import { execute } from '../execute/execute.ts';
import type { InstanceForecast, Plan } from '../model/action.ts';
import { L9Error } from '../model/errors.ts';
import type { Problem } from '../model/errors.ts';
import type { InstanceState } from '../model/lifecycle.ts';
import type { AppRecord } from '../model/record.ts';
import type { ProjectView } from '../model/status.ts';
import { plan } from '../plan/plan.ts';
import type { PlanRequest } from '../plan/input.ts';
import { removeStaleCouriers } from '../records/courier.ts';
import { acquireLock, removeDeadLock } from '../records/lock.ts';
import type { Lock } from '../records/lock.ts';
import { recoveriesAmong } from '../records/recovery.ts';
import { readSecrets } from '../records/secret-store.ts';
import { runChecks } from './checks.ts';
import type { Context, ConvergeResult, Outcome } from './contract.ts';
import { finishRemovals, recordCompletions } from './finish.ts';
import { pullImage } from './pull.ts';
import { Obstacles } from './obstacles.ts';
import type { Failure } from './obstacles.ts';
import { completionsOf, emptyMemory, look } from './situation.ts';
import type { Memory, Situation } from './situation.ts';
import { viewOf } from './view-of.ts';

export interface ConvergeRequest {
  readonly project: string;
  /** What is done, for whoever waits for the lock: "l9 apply". */
  readonly purpose: string;
  /** False ends once nothing is left to do, without waiting for health. */
  readonly wait: boolean;
  readonly timeoutMs: number;
  readonly request?: PlanRequest;
  /** What changed in each service's manifest, in words. */
  readonly changes?: ReadonlyMap<string, readonly string[]>;
  readonly warnings?: readonly Problem[];
  /** The record that was just written: spares a look. */
  readonly record?: AppRecord;
}

const POLL_MS = 150;
const FINAL_LOOK_MS = 10_000;

/** Asked once nothing is left to do: what is unhealthy then has recovery.action none. */
const isBroken = (instance: InstanceForecast): boolean =>
  instance.exhausted || instance.state === 'failed' || instance.state === 'unhealthy';

/** States in which nothing more is expected to happen by itself. */
const isSettled = (instance: InstanceForecast): boolean =>
  isBroken(instance) || ['healthy', 'completed', 'stopped', 'absent'].includes(instance.state);

const planOf = (
  situation: Situation,
  parts: {
    readonly memory: Memory;
    readonly obstacles: Obstacles;
    readonly request: PlanRequest | undefined;
    readonly changes: ConvergeRequest['changes'];
    readonly requestedAt: number;
  },
): Plan =>
  plan({
    desired: situation.desired,
    observed: situation.observed,
    guardian: 'engine',
    ladder: 'once',
    requestedAt: parts.requestedAt,
    probes: parts.memory.probes,
    recovery: recoveriesAmong(situation.desired.name, situation.observed.volumes),
    completions: completionsOf(situation.record),
    excludedPorts: parts.obstacles.excludedPorts,
    excludedSubnets: parts.obstacles.excludedSubnets,
    ...(parts.changes === undefined ? {} : { changes: parts.changes }),
    ...(parts.request === undefined ? {} : { request: parts.request }),
  });

const failureOf = (instance: InstanceForecast): Failure => ({
  service: instance.service,
  message: `${instance.service}-${instance.instance}: ${instance.message}`,
  hint: `See l9 logs ${instance.service} and l9 describe ${instance.service}.`,
});

/** One converging run: looks, plans, acts, and looks again, until nothing is left to do. */
class Run {
  readonly #context: Context;
  readonly #request: ConvergeRequest;
  readonly #signal: AbortSignal;
  readonly #memory = emptyMemory();
  readonly #obstacles = new Obstacles();
  readonly #requestedAt: number;
  /** What was last told of each instance. */
  readonly #states = new Map<string, InstanceState>();
  #asked: PlanRequest | undefined;
  #record: AppRecord | undefined;
  #lock: Lock | undefined;
  #actions = 0;
  #parallelism = 0;
  #away = false;

  constructor(context: Context, request: ConvergeRequest, signal: AbortSignal) {
    this.#context = { ...context, signal };
    this.#request = request;
    this.#signal = signal;
    this.#requestedAt = context.clock.now();
    this.#asked = request.request;
    this.#record = request.record;
  }

  get actions(): number {
    return this.#actions;
  }

  /** What its own checks found: the last look tells it. */
  get memory(): Memory {
    return this.#memory;
  }

  /** Resolves to the failures that are left; an abort rejects. */
  async converge(): Promise<readonly Failure[]> {
    try {
      for (;;) {
        const end = await this.#round();
        if (end !== undefined) return end;
      }
    } finally {
      await this.#release();
    }
  }

  /** One look and what follows from it; undefined asks for another. */
  async #round(): Promise<readonly Failure[] | undefined> {
    const { clock } = this.#context;
    this.#signal.throwIfAborted();
    const situation = await this.#look();
    if (situation === undefined) return [];
    if (situation === 'away') {
      await clock.sleep(Math.max(this.#obstacles.pauseMs, 500), this.#signal);
      return undefined;
    }
    await runChecks(this.#context, situation, this.#memory);
    const next = planOf(situation, {
      memory: this.#memory,
      obstacles: this.#obstacles,
      request: this.#asked,
      changes: this.#request.changes,
      requestedAt: this.#requestedAt,
    });
    this.#tell(next.instances);
    if (next.actions.length > 0) return this.#act(next, situation);
    const finished = await this.#finish(situation);
    if (finished) return undefined;
    return this.#settle(next);
  }

  /** Says how instances change; what has come to rest before this run is no news. */
  #tell(instances: readonly InstanceForecast[]): void {
    const { project } = this.#request;
    for (const one of instances) {
      const { service, instance, state, message } = one;
      const key = `${service}-${instance}`;
      const before = this.#states.get(key);
      this.#states.set(key, state);
      const news = before === undefined ? !isSettled(one) : before !== state;
      if (!news) continue;
      const subject = { kind: 'service', name: service, instance } as const;
      this.#context.emit({ type: 'instanceChanged', project, subject, state, message });
    }
  }

  async #look(): Promise<Situation | 'away' | undefined> {
    try {
      const situation = await look(this.#context, this.#request.project, this.#record);
      if (this.#away) this.#context.emit({ type: 'engineBack' });
      this.#away = false;
      return situation;
    } catch (error) {
      const transport = error instanceof L9Error && retryClass(error) === 'transport';
      if (!transport || this.#actions === 0) throw error;
      if (!this.#away) this.#context.emit({ type: 'engineAway', message: error.message });
      this.#away = true;
      return 'away';
    }
  }

  async #act(next: Plan, situation: Situation): Promise<readonly Failure[] | undefined> {
    const { engine, clock, emit } = this.#context;
    const { project } = this.#request;
    if (this.#lock === undefined) {
      // Planned without the lock; under it the plan is made again, from a new look.
      this.#lock = await acquireLock({
        engine,
        clock,
        project,
        purpose: this.#request.purpose,
        signal: this.#signal,
        waitMs: this.#request.timeoutMs,
        onWait: (holder) => emit({ type: 'lockWaiting', project, holder }),
      });
      await removeStaleCouriers(engine, project, situation.observed.all);
      return undefined;
    }
    await this.#lock.check();
    if (this.#parallelism === 0) {
      const { cpus } = await engine.info({ signal: this.#signal });
      this.#parallelism = Math.max(4, Math.min(32, Math.round(cpus * 2.5)));
    }
    emit({ type: 'planReady', project, actions: next.actions });
    const secrets = async (): Promise<ReadonlyMap<string, string>> =>
      (await readSecrets(engine, project)).values;
    const result = await execute({
      plan: next,
      engine,
      clock,
      emit,
      signal: this.#signal,
      secrets,
      pull: pullImage(this.#context),
      parallelism: this.#parallelism,
      mayWrite: this.#checkNowAndThen(this.#lock),
    });
    this.#actions += result.done.length;
    // What was asked for once is done once; what is left of it follows from what is then observed.
    this.#asked = this.#asked?.only === undefined ? undefined : { only: this.#asked.only };
    this.#signal.throwIfAborted();
    const promising = this.#obstacles.learn(result, next, situation);
    if (!promising) return this.#obstacles.failures;
    await clock.sleep(this.#obstacles.pauseMs, this.#signal);
    return undefined;
  }

  /** A lock is taken away only after 30 s of silence: looking once a second is looking before every write. */
  #checkNowAndThen(lock: Lock): () => Promise<void> {
    let last = this.#context.clock.monotonic();
    return async () => {
      if (this.#context.clock.monotonic() - last < 1_000) return;
      last = this.#context.clock.monotonic();
      await lock.check();
    };
  }

  /** Writes down what is over: completed one-shots, finished removals. True when that changed something. */
  async #finish(situation: Situation): Promise<boolean> {
    if (this.#lock === undefined) {
      await removeDeadLock(this.#context.engine, situation.record.project, situation.observed);
    }
    const completed = await recordCompletions(this.#context, situation);
    const removed = await finishRemovals(this.#context, situation, () => this.#release());
    return completed || removed;
  }

  async #settle(next: Plan): Promise<readonly Failure[] | undefined> {
    await this.#release();
    const blocked = next.blockers.map((blocker) => ({
      service: blocker.subject.name,
      message: blocker.message,
      hint: blocker.hint,
    }));
    const held = new Set(next.blockers.map((blocker) => blocker.subject.name));
    const pending = next.instances.filter(
      (instance) => !isSettled(instance) && !held.has(instance.service),
    );
    if (!this.#request.wait || pending.length === 0) {
      for (const { message } of next.notes) {
        this.#context.emit({ type: 'remark', level: 'info', message });
      }
      const broken = next.instances.filter((instance) => isBroken(instance));
      return [...blocked, ...broken.map(failureOf)];
    }
    await this.#context.clock.sleep(POLL_MS, this.#signal);
    return undefined;
  }

  async #release(): Promise<void> {
    const lock = this.#lock;
    this.#lock = undefined;
    await lock?.release();
  }
}

/** How the project stands at the end, also after an abort; null when it is gone. */
const finalView = async (
  context: Context,
  project: string,
  memory: Memory,
): Promise<ProjectView | null> => {
  try {
    const signal = AbortSignal.timeout(FINAL_LOOK_MS);
    return await viewOf({ ...context, signal }, project, memory);
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
    view: await finalView(context, request.project, run.memory),
    durationMs: context.clock.monotonic() - started,
    warnings: request.warnings ?? [],
  };
};
