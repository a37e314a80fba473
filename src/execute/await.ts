import type { Engine } from '../engine/api.ts';
import type { Action } from '../model/action.ts';
import type { Clock } from '../model/clock.ts';
import { L9Error } from '../model/errors.ts';
import type { ObservedContainer } from '../model/observed.ts';
import { probe } from '../probe/probe.ts';

export type AwaitAction = Extract<Action, { type: 'awaitContainer' }>;

type Progress = 'reached' | 'pending' | 'impossible';

const lastProbe = (container: ObservedContainer): string =>
  container.probes.at(-1)?.output.trim().split('\n').at(-1) ?? '';

const exited = (container: ObservedContainer): boolean =>
  container.state === 'exited' || container.state === 'dead';

/** Whether Docker's own account of the container settles the matter. */
const dockerProgress = (action: AwaitAction, container: ObservedContainer): Progress => {
  if (action.condition === 'completed') {
    if (!exited(container)) return 'pending';
    return container.exitCode === 0 ? 'reached' : 'impossible';
  }
  if (exited(container)) {
    return action.oneShot && container.exitCode === 0 && action.condition === 'started'
      ? 'reached'
      : 'impossible';
  }
  if (container.state !== 'running') return 'pending';
  if (action.condition === 'started') return 'reached';
  if (container.health === 'unhealthy') return 'impossible';
  return container.health === 'starting' ? 'pending' : 'reached';
};

const explain = (container: ObservedContainer): string => {
  if (exited(container)) {
    const oom = container.oomKilled ? ', out of memory' : '';
    return `${container.name} exited with code ${container.exitCode}${oom}`;
  }
  const output = lastProbe(container);
  return `${container.name} is unhealthy${output === '' ? '' : `: ${output}`}`;
};

/** Counts the answers of l9's own check as Docker counts those of its own. */
class CheckCount {
  #failures = 0;
  #nextAt = 0;
  readonly #action: AwaitAction;
  readonly #clock: Clock;

  constructor(action: AwaitAction, clock: Clock) {
    this.#action = action;
    this.#clock = clock;
  }

  async look(container: ObservedContainer): Promise<Progress> {
    const { check, timing } = this.#action;
    if (check === undefined) return 'reached';
    const now = this.#clock.now();
    if (now < this.#nextAt) return 'pending';
    const answer = await probe(check, container, timing?.timeoutMs ?? 3_000);
    if (answer.ok) return 'reached';
    // While starting, checks come faster than the interval: nobody gains from a service that waits.
    this.#nextAt = now + Math.min(timing?.intervalMs ?? 1_000, 500);
    const inStartPeriod = now - (container.startedAt ?? now) < (timing?.startPeriodMs ?? 0);
    if (inStartPeriod) return 'pending';
    this.#failures += 1;
    const budgetMs =
      (timing?.retries ?? 3) * ((timing?.intervalMs ?? 1_000) + (timing?.timeoutMs ?? 0));
    return this.#failures * 500 > budgetMs ? 'impossible' : 'pending';
  }
}

const pause = (waitedMs: number): number => (waitedMs < 2_000 ? 50 : 200);

/**
 * Resolves when the container is as the action wants it; rejects with DependencyFailed when it no
 * longer can be without help, and with ContainerGone when it was removed meanwhile.
 */
export const awaitContainer = async (
  action: AwaitAction,
  deps: {
    readonly engine: Engine;
    readonly clock: Clock;
    readonly id: string;
    readonly signal: AbortSignal;
  },
): Promise<void> => {
  const { engine, clock, id, signal } = deps;
  const started = clock.monotonic();
  const checks = new CheckCount(action, clock);
  for (;;) {
    signal.throwIfAborted();
    const container = await engine.findContainer(id, { signal });
    if (container === undefined) {
      throw new L9Error(
        'ContainerGone',
        `${action.container.name} was removed while it was waited for`,
      );
    }
    let progress = dockerProgress(action, container);
    if (progress === 'reached' && action.condition === 'healthy') {
      progress = await checks.look(container);
    }
    if (progress === 'reached') return;
    if (progress === 'impossible') {
      throw new L9Error('DependencyFailed', explain(container), {
        hint: `See l9 logs ${action.container.name}.`,
      });
    }
    await clock.sleep(pause(clock.monotonic() - started), signal);
  }
};
