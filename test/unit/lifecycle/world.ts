import type { LifecycleAction } from '../../../src/lifecycle/context.ts';
import type { InstancePolicy } from '../../../src/lifecycle/policy.ts';
import type { ProbeResult } from '../../../src/model/lifecycle.ts';
import type { ObservedContainer } from '../../../src/model/observed.ts';
import { START, containerOf } from './instance.ts';

/** What is wrong with the application, its host or its neighbours. A virtual Docker takes it from here. */
export interface Weather {
  /** Checks fail. */
  sick: boolean;
  /** Docker makes no checks at all. */
  silent: boolean;
  /** The process ends this long after its start, with this code. */
  crash: { readonly afterMs: number; readonly exitCode: number } | null;
  /** Starts fail with this message. */
  startError: string | null;
}

export const CALM: Weather = { sick: false, silent: false, crash: null, startError: null };

/** One container under a virtual engine with virtual time: what Docker does by itself, and what it is asked. */
export class World {
  now = START;
  container: ObservedContainer | undefined;
  /** Results of the checks that l9 makes; lost when it ends. */
  results: ProbeResult[] = [];
  weather: Weather = { ...CALM };
  /** What the process left in its own layer makes every later start of this container crash. */
  poisonedId: string | null = null;
  writes = 0;
  private readonly policy: InstancePolicy;
  private created = 0;
  private nextCheckAt: number | null = null;
  private crashAt: number | null = null;
  private passed = false;

  constructor(policy: InstancePolicy) {
    this.policy = policy;
  }

  private get docker(): boolean {
    return this.policy.healthTiming !== null && !this.policy.activeCheck;
  }

  /** Sets what Docker reports, for tests that lead the world by the hand. */
  patch(changes: Partial<ObservedContainer>): void {
    this.change(changes);
  }

  /** The start that just seemed to work did not. */
  failStart(error: string): void {
    const { container } = this;
    const isFirst = container?.state === 'created' || container?.finishedAt === null;
    this.exit(128);
    this.change(
      isFirst
        ? {
            state: 'created',
            startedAt: null,
            finishedAt: null,
            error,
            exitCode: 128,
            health: 'none',
          }
        : { error },
    );
    this.crashAt = null;
    this.nextCheckAt = null;
  }

  private change(changes: Partial<ObservedContainer>): void {
    if (this.container !== undefined) this.container = { ...this.container, ...changes };
  }

  /** When something happens without anybody doing anything. */
  nextChangeAt(): number | null {
    const times = [this.nextCheckAt, this.crashAt].filter((time) => time !== null);
    return times.length === 0 ? null : Math.min(...times);
  }

  /** Lets time pass up to `to`, at most to the next change; true when that is one the controller hears of. */
  advance(to: number): boolean {
    const next = this.nextChangeAt();
    if (next === null || next > to) {
      this.now = Math.max(this.now, to);
      return false;
    }
    this.now = Math.max(this.now, next);
    if (this.crashAt !== null && this.crashAt <= this.now) {
      this.exit(this.weather.crash?.exitCode ?? 1);
      return true;
    }
    const health = this.container?.health;
    const wasOk = this.results.at(-1)?.ok;
    this.check();
    const isOk = this.results.at(-1)?.ok;
    return this.container?.health !== health || isOk !== wasOk || isOk === false;
  }

  private check(): void {
    const timing = this.policy.healthTiming;
    if (timing === null) return;
    this.nextCheckAt = this.now + timing.intervalMs;
    if (this.container?.state !== 'running') return;
    const ok = !this.weather.sick;
    if (this.policy.activeCheck) {
      this.results = [...this.results, { at: this.now, ok, message: ok ? 'ok' : 'refused' }].slice(
        -20,
      );
      return;
    }
    if (this.weather.silent) return;
    const { container } = this;
    // The usual case, made cheap: nothing but the time of the last check would differ.
    if (ok && container.health === 'healthy' && container.failingStreak === 0) return;
    const grace = this.now < (container.startedAt ?? 0) + timing.startPeriodMs && !this.passed;
    const streak = ok ? 0 : container.failingStreak + (grace ? 0 : 1);
    this.passed ||= ok;
    const probe = { startedAt: this.now, endedAt: this.now, exitCode: ok ? 0 : 1, output: '' };
    const failed = streak >= timing.retries ? 'unhealthy' : container.health;
    this.change({
      probes: [...container.probes, probe].slice(-5),
      failingStreak: streak,
      health: ok ? 'healthy' : failed,
    });
  }

  exit(exitCode: number, oomKilled = false): void {
    if (this.container?.state !== 'running') return;
    this.change({ state: 'exited', exitCode, oomKilled, finishedAt: this.now, pid: 0 });
    this.crashAt = null;
    this.nextCheckAt = null;
  }

  pause(): void {
    if (this.container?.state === 'running') this.change({ state: 'paused' });
  }

  remove(): void {
    this.container = undefined;
    this.crashAt = null;
    this.nextCheckAt = null;
  }

  die(): void {
    this.exit(137);
    this.change({ state: 'dead' });
  }

  private create(): void {
    this.created += 1;
    this.container = containerOf({
      id: `c${this.created}`,
      state: 'created',
      health: this.docker ? 'starting' : 'none',
      createdAt: this.now,
      startedAt: null,
      pid: 0,
    });
  }

  start(): void {
    const { container, weather } = this;
    if (container === undefined || container.state === 'running') return;
    if (weather.startError !== null) {
      this.change({
        error: weather.startError,
        exitCode: container.state === 'created' ? 128 : container.exitCode,
      });
      return;
    }
    // A virtual start takes a millisecond: two of them never look the same.
    this.now += 1;
    this.passed = false;
    this.change({
      state: 'running',
      exitCode: 0,
      error: '',
      oomKilled: false,
      startedAt: this.now,
      failingStreak: 0,
      health: this.docker ? 'starting' : 'none',
      pid: 1,
    });
    const poisoned = container.id === this.poisonedId;
    const crash = poisoned ? { afterMs: 100 } : weather.crash;
    this.crashAt = crash === null ? null : this.now + crash.afterMs;
    this.nextCheckAt =
      this.now + (this.policy.healthTiming?.intervalMs ?? Number.POSITIVE_INFINITY);
    if (!Number.isFinite(this.nextCheckAt)) this.nextCheckAt = null;
  }

  /** Does what was decided, as the executor does: create and recreate are followed by a start. */
  perform(action: LifecycleAction): void {
    if (action !== 'none' && action !== 'wait') this.writes += 1;
    switch (action) {
      case 'none':
      case 'wait':
        return;
      case 'create':
        this.create();
        return;
      case 'start':
        this.start();
        return;
      case 'restart':
        this.exit(137);
        this.start();
        return;
      case 'recreate':
        this.remove();
        this.create();
        return;
      case 'unpause':
        this.change({ state: 'running' });
        return;
      case 'stop':
        if (this.container?.state === 'paused') this.change({ state: 'running' });
        this.exit(143);
        return;
      case 'remove':
        this.remove();
    }
  }
}
