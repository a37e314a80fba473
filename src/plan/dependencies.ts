import type { ContainerTarget } from '../model/action.ts';
import type { DesiredDependency, DesiredService } from '../model/desired.ts';
import { label } from '../model/labels.ts';
import type { InstanceState } from '../model/lifecycle.ts';
import type { ContainerSummary } from '../model/observed.ts';
import { awaitContainer } from './await.ts';
import type { InstanceOutcome, PlanContext } from './context.ts';
import { instanceLabel } from './naming.ts';
import { isSameSpec } from './spec-hash.ts';

interface Awaited {
  readonly container: ContainerTarget;
  readonly key: string;
  readonly after: string | undefined;
  readonly satisfied: boolean;
}

const holds = (
  container: ContainerSummary,
  dependency: DesiredDependency,
  service: DesiredService | undefined,
): boolean => {
  switch (dependency.condition) {
    case 'started':
      return container.state === 'running';
    case 'healthy':
      return (
        container.state === 'running' &&
        (container.health === 'healthy' ||
          (container.health === 'none' && service?.activeCheck === undefined))
      );
    case 'completed':
      return container.state === 'exited' && container.exitCode === 0;
  }
};

const ownInstances = (
  context: PlanContext,
  dependency: DesiredDependency,
  service: DesiredService,
): Awaited[] => {
  const completion = context.input.completions?.get(service.name);
  const completed =
    dependency.condition === 'completed' &&
    completion !== undefined &&
    isSameSpec(completion.specHash, service.specHash) &&
    completion.exitCode === 0;
  const outcomes = context.outcomes.get(service.name) ?? new Map<number, InstanceOutcome>();
  return [...outcomes].map(([instance, outcome]) => {
    const current = context.index.ownById.get(outcome.container.id ?? '');
    return {
      container: outcome.container,
      key: instanceLabel(service.name, instance),
      after: outcome.started,
      satisfied:
        outcome.started === undefined &&
        (completed || (current !== undefined && holds(current, dependency, service))),
    };
  });
};

const foreignInstances = (context: PlanContext, dependency: DesiredDependency): Awaited[] =>
  context.observed.all
    .filter(
      (container) =>
        container.labels[label.managed] === 'true' &&
        container.labels[label.project] === dependency.project &&
        container.labels[label.service] === dependency.service,
    )
    .map((container) => ({
      container: { name: container.name, id: container.id },
      key: container.name,
      after: undefined,
      satisfied: holds(container, dependency, undefined),
    }));

/** What holds a service back, or what its start has to come after. */
export interface Gate {
  /** Ids of actions that must have succeeded before an instance may start. */
  readonly after: readonly string[];
  /** Set when it must not start now, with the reason. */
  readonly held: { readonly message: string; readonly forGood: boolean } | undefined;
}

/** States that waiting does not lead out of: a recovery, or a person, comes first. */
const STUCK: ReadonlySet<InstanceState> = new Set(['failed', 'degraded', 'stopped', 'absent']);

/** Why nothing may wait for this dependency now: it stands still, and nothing in this plan changes that. */
const heldBy = (context: PlanContext, dependency: DesiredDependency): Gate['held'] => {
  if (dependency.project !== context.project.name) return undefined;
  const outcomes = context.outcomes.get(dependency.service);
  for (const forecast of context.forecasts.get(dependency.service) ?? []) {
    const outcome = outcomes?.get(forecast.instance);
    const moves = outcome?.started !== undefined;
    if (moves || !(forecast.exhausted || STUCK.has(forecast.state))) continue;
    return {
      message: `${instanceLabel(forecast.service, forecast.instance)}, which it needs ${dependency.condition}, ${forecast.message}`,
      forGood: forecast.exhausted || forecast.state === 'failed',
    };
  }
  return undefined;
};

/** Waits on one dependency; returns the ids of the awaits that a start has to come after. */
const awaitDependency = (context: PlanContext, dependency: DesiredDependency): string[] => {
  const own = dependency.project === context.project.name;
  const service = own ? context.index.services.get(dependency.service) : undefined;
  const awaited =
    service === undefined
      ? foreignInstances(context, dependency)
      : ownInstances(context, dependency, service);
  return awaited
    .filter((one) => !one.satisfied)
    .map((one) =>
      awaitContainer(context, {
        service,
        container: one.container,
        key: one.key,
        condition: dependency.condition,
        message: 'others wait for it',
        after: [one.after],
      }),
    );
};

/** Everything that has to be ready before an instance of the service may start, or what holds it back. */
export const gateOf = (context: PlanContext, service: DesiredService): Gate => {
  for (const dependency of service.dependsOn) {
    const held = heldBy(context, dependency);
    if (held !== undefined) return { after: [], held };
  }
  const after = service.dependsOn.flatMap((dependency) => awaitDependency(context, dependency));
  if (service.networking.mode !== 'service') return { after, held: undefined };
  const owner = context.outcomes.get(service.networking.service)?.get(1);
  const runs =
    context.index.ownById.get(owner?.container.id ?? '')?.state === 'running' &&
    context.index.services.get(service.networking.service)?.stopped === false;
  if (owner?.started === undefined && !runs) {
    const name = instanceLabel(service.networking.service, 1);
    return {
      after: [],
      held: { message: `${name}, whose network it shares, does not run`, forGood: false },
    };
  }
  if (owner?.started !== undefined) after.push(owner.started);
  return { after, held: undefined };
};

/** Why a change of what the service depends on makes it start anew, if it does. */
export const dependencyRestart = (
  context: PlanContext,
  service: DesiredService,
): string | undefined => {
  if (service.networking.mode === 'service') {
    const owner = context.outcomes.get(service.networking.service)?.get(1);
    if (owner?.restarted === true) {
      return `it shares the network of ${service.networking.service}, which starts anew`;
    }
  }
  for (const dependency of service.dependsOn) {
    if (!dependency.restart || dependency.project !== context.project.name) continue;
    const outcomes = context.outcomes.get(dependency.service)?.values() ?? [];
    for (const outcome of outcomes) {
      if (outcome.restarted) return `${dependency.service}, which it depends on, starts anew`;
    }
  }
  return undefined;
};
