import { retryClass } from '../engine/errors.ts';
import { execute } from '../execute/execute.ts';
import type { InstanceForecast, Plan } from '../model/action.ts';
import { L9Error } from '../model/errors.ts';
import type { Observed } from '../model/observed.ts';
import type { Problem } from '../model/errors.ts';
import type { InstanceState } from '../model/lifecycle.ts';
import type { AppRecord } from '../model/record.ts';
import { plan } from '../plan/plan.ts';
import type { PlanRequest } from '../plan/input.ts';
import { removeStaleCouriers } from '../records/courier.ts';
import { acquireLock, removeDeadLock } from '../records/lock.ts';
import type { Lock } from '../records/lock.ts';
import { recoveriesAmong } from '../records/recovery.ts';
import { readSecrets } from '../records/secret-store.ts';
import { runChecks } from './checks.ts';
import type { Context } from './contract.ts';
import { finishRemovals, recordCompletions } from './finish.ts';
import { pullImage } from './pull.ts';
import { Obstacles } from './obstacles.ts';
import type { Failure } from './obstacles.ts';
import { completionsOf, emptyMemory, look } from './situation.ts';
import type { Memory, Situation } from './situation.ts';
import type { Seen } from './view-of.ts';

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
/** A process that cannot run at all has ended by then. */
const STEADY_MS = 200;

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
export class Run {
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
  #steadied = false;
  /** The look that found nothing left to do. */
  #rest: Observed | undefined;

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

  /** What the last look found, for the view at the end. */
  get seen(): Seen {
    return {
      memory: this.#memory,
      ...(this.#rest === undefined ? {} : { observed: this.#rest }),
    };
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
    return this.#settle(next, situation);
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
      // Docker is busy with its processors from 2–3 calls a core on; a few more hide the way to it and back.
      this.#parallelism = Math.max(4, Math.min(32, cpus * 4));
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

  async #settle(next: Plan, situation: Situation): Promise<readonly Failure[] | undefined> {
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
    if (pending.length === 0 && (await this.#steady(situation.observed))) return undefined;
    if (!this.#request.wait || pending.length === 0) {
      this.#rest = situation.observed;
      for (const { message } of next.notes) {
        this.#context.emit({ type: 'remark', level: 'info', message });
      }
      const broken = next.instances.filter((instance) => isBroken(instance));
      return [...blocked, ...broken.map(failureOf)];
    }
    await this.#context.clock.sleep(POLL_MS, this.#signal);
    return undefined;
  }

  /**
   * What has no health check counts as healthy while it runs, also in the moment before it crashes: once,
   * before a run that started something ends, it is given that moment.
   */
  async #steady({ at, containers }: Observed): Promise<boolean> {
    if (this.#steadied || this.#actions === 0 || !this.#request.wait) return false;
    this.#steadied = true;
    const ages = containers
      .filter((one) => one.state === 'running' && one.health === 'none' && one.startedAt !== null)
      .map((one) => at - (one.startedAt ?? at));
    const youngest = Math.min(...ages);
    if (youngest >= STEADY_MS) return false;
    await this.#context.clock.sleep(STEADY_MS - Math.max(0, youngest), this.#signal);
    return true;
  }

  async #release(): Promise<void> {
    const lock = this.#lock;
    this.#lock = undefined;
    await lock?.release();
  }
}
