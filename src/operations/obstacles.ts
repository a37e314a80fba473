import { retryClass } from '../engine/errors.ts';
import type { RetryClass } from '../engine/errors.ts';
import type { ExecuteResult, FailedAction } from '../execute/execute.ts';
import type { Plan, PlannedAction } from '../model/action.ts';
import type { L9Error } from '../model/errors.ts';
import type { Situation } from './situation.ts';

/** How often the same action may fail for a reason that a new plan can get round. */
const REPLANS = 5;
const TRANSPORT_FIRST_MS = 100;
const TRANSPORT_LONGEST_MS = 5_000;

export interface Failure {
  readonly service: string;
  readonly message: string;
  readonly hint: string;
}

/** Whether the same project may get further if it is looked at and planned again. */
const PROMISING: Readonly<Record<RetryClass, boolean>> = {
  done: true,
  transport: true,
  replan: true,
  waitFor: true,
  capacity: false,
  specChange: false,
  pull: false,
};

/** What one converging run has learnt from failures: what to avoid, how long to pause, when to give up. */
export class Obstacles {
  readonly excludedPorts = new Set<number>();
  readonly excludedSubnets: string[] = [];
  readonly #failures = new Map<string, number>();
  readonly #last = new Map<string, Failure>();
  /** Actions that succeeded before: while others fail, doing them again is no progress. */
  readonly #done = new Set<string>();
  #pauseMs = 0;

  /** Milliseconds to wait before the next look, because the engine did not answer. */
  get pauseMs(): number {
    return this.#pauseMs;
  }

  /** The last failure of each subject, in the order in which they first failed. */
  get failures(): readonly Failure[] {
    return [...this.#last.values()];
  }

  /** Takes in what an execution ran into; false when planning again would only repeat it. */
  learn(result: ExecuteResult, plan: Plan, situation: Situation): boolean {
    const again = result.failed.length > 0 ? this.#done : new Set<string>();
    let promising = result.done.some((action) => !again.has(action.id));
    this.#pauseMs = 0;
    for (const action of result.done) {
      this.#done.add(action.id);
      this.#last.delete(action.subject.name);
    }
    // After what succeeded: a service of which one part failed has failed.
    for (const failure of result.failed) {
      promising = this.#learnOne(failure, plan, situation) || promising;
    }
    return promising;
  }

  #learnOne({ action, error }: FailedAction, plan: Plan, situation: Situation): boolean {
    const count = (this.#failures.get(action.id) ?? 0) + 1;
    this.#failures.set(action.id, count);
    this.note(action.subject.name, error);
    if (error.code === 'DependencyFailed' || error.code === 'ContainerGone')
      return count <= REPLANS;
    const kind = retryClass(error);
    if (kind === 'transport') {
      this.#pauseMs = Math.min(TRANSPORT_FIRST_MS * 2 ** (count - 1), TRANSPORT_LONGEST_MS);
      return true;
    }
    if (error.code === 'PortTaken') return this.#avoidPorts(action, plan, situation);
    if (error.code === 'PoolOverlap' && action.action.type === 'createNetwork') {
      const { subnet } = action.action;
      if (subnet !== undefined) this.excludedSubnets.push(subnet);
    }
    return PROMISING[kind] && count <= REPLANS;
  }

  note(service: string, error: L9Error): void {
    this.#last.set(service, { service, message: error.message, hint: error.hint ?? '' });
  }

  /** Ports that a stranger holds are passed over the next time; false where none of them is ours to choose. */
  #avoidPorts({ action, subject }: PlannedAction, plan: Plan, situation: Situation): boolean {
    if (action.type !== 'startContainer' && action.type !== 'restartContainer') return false;
    const { container } = action;
    const planned = plan.actions
      .map((other) => other.action)
      .find((other) => other.type === 'createContainer' && other.spec.name === container.name);
    const bindings =
      planned?.type === 'createContainer'
        ? planned.spec.ports
        : situation.observed.containers.find((one) => one.id === container.id)?.bindings;
    const service = situation.desired.services.find((one) => one.name === subject.name);
    const chosen = (bindings ?? []).filter((binding) =>
      service?.ports.some((port) => port.host === 'auto' && port.container === binding.container),
    );
    for (const binding of chosen) this.excludedPorts.add(binding.host);
    return chosen.length > 0;
  }
}
