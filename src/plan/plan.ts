import type { Plan } from '../model/action.ts';
import type { DesiredService } from '../model/desired.ts';
import type { PlanContext } from './context.ts';
import { awaitContainer } from './await.ts';
import { indexSituation } from './context.ts';
import { dependencyRestart, gateOf } from './dependencies.ts';
import { PlanGraph } from './graph.ts';
import type { PlanInput } from './input.ts';
import { planInstance } from './instance.ts';
import { planNetworkRemovals, planNetworks } from './networks.ts';
import { dependentsOf, inDependencyOrder, withDependencies } from './order.ts';
import { groupInstances } from './ownership.ts';
import type { InstanceContainers } from './ownership.ts';
import { takenPorts } from './ports.ts';
import { removeDeleted, removeSurplus } from './removal.ts';
import { planVolumeRemovals, planVolumes } from './volumes.ts';

/** Plans every instance of a service, a few at a time where the manifest says so. */
const planService = (context: PlanContext, service: DesiredService): void => {
  const gate = gateOf(context, service);
  const outcomes = new Map<number, NonNullable<ReturnType<typeof planInstance>>>();
  const rolling =
    service.update.strategy === 'rolling' || (context.input.request?.rolling ?? false);
  const turns: string[] = [];
  const createAfter: string[] = [];
  if (service.networking.mode === 'service') {
    const owner = context.outcomes.get(service.networking.service)?.get(1);
    // Docker resolves the owner's name to its id when it creates the container that shares its network.
    if (owner?.replaced === true) createAfter.push(`create:${service.networking.service}-1`);
  }
  for (let instance = 1; instance <= service.replicas; instance += 1) {
    const turn = rolling ? turns[instance - 1 - service.update.maxUnavailable] : undefined;
    const outcome = planInstance(context, {
      service,
      instance,
      gate,
      stopAfter: turn === undefined ? [] : [turn],
      createAfter,
      dependencyCause: dependencyRestart(context, service),
    });
    if (outcome === undefined) continue;
    outcomes.set(instance, outcome);
    if (!rolling || outcome.started === undefined || instance === service.replicas) continue;
    turns[instance - 1] = awaitContainer(context, {
      service,
      container: outcome.container,
      key: `${service.name}-${instance}`,
      condition: 'healthy',
      message: 'rolling update: the next one waits for it',
      after: [outcome.started],
    });
  }
  context.outcomes.set(service.name, outcomes);
  removeSurplus(context, service);
};

/** Dependents stop before what they depend on. */
const orderStops = (context: PlanContext): void => {
  const { services } = context.project;
  for (const service of services.filter((one) => one.stopped)) {
    for (const dependent of dependentsOf(services, service.name)) {
      for (const before of context.outcomes.get(dependent)?.keys() ?? []) {
        for (const instance of context.outcomes.get(service.name)?.keys() ?? []) {
          context.graph.order(`stop:${service.name}-${instance}`, `stop:${dependent}-${before}`);
        }
      }
    }
  }
};

/**
 * A port that one service gives up and another takes: the taker starts after the giver has stopped,
 * even where the giver would rather wait until its successor may start.
 */
const orderPorts = (context: PlanContext): void => {
  const actions = context.graph.sorted();
  const stops = new Map<string, string>();
  for (const { id, action } of actions) {
    if (action.type === 'stopContainer' && action.container.id !== undefined) {
      stops.set(action.container.id, id);
    }
  }
  for (const { id, action } of actions) {
    if (action.type !== 'createContainer') continue;
    for (const binding of action.spec.ports) {
      for (const holder of context.index.portHolders.get(binding.host) ?? []) {
        const stop = stops.get(holder.id);
        if (stop !== undefined) context.graph.force(id.replace(/^create:/, 'start:'), stop);
      }
    }
  }
};

const byService = (groups: readonly InstanceContainers[]): PlanContext['groups'] => {
  const result = new Map<string, Map<number, InstanceContainers>>();
  for (const group of groups) {
    const instances = result.get(group.service) ?? new Map<number, InstanceContainers>();
    result.set(group.service, instances.set(group.instance, group));
  }
  return result;
};

/**
 * What takes observed to desired. Pure: the same input gives the same plan, action for action.
 * A paused project gets an empty plan and a note.
 */
export const plan = (input: PlanInput): Plan => {
  const { desired: project, observed } = input;
  const graph = new PlanGraph();
  const context: PlanContext = {
    input,
    project,
    observed,
    index: indexSituation(project, observed),
    graph,
    groups: byService(groupInstances(project.name, observed)),
    ports: takenPorts(observed.all),
    forecasts: new Map(),
    outcomes: new Map(),
    obstructed: new Set(),
    provided: new Map(),
  };
  if (project.paused) {
    graph.notes.push({
      subject: { kind: 'project', name: project.name },
      message: 'paused: nothing is touched until l9 start',
    });
    return { project: project.name, actions: [], blockers: [], notes: graph.notes, instances: [] };
  }
  planNetworks(context);
  planVolumes(context);
  const only = input.request?.only;
  const chosen = only === undefined ? undefined : withDependencies(project.services, only);
  for (const service of inDependencyOrder(project.services)) {
    if (chosen !== undefined && !chosen.has(service.name)) continue;
    planService(context, service);
  }
  graph.dropIdleWaits();
  orderStops(context);
  const removed = removeDeleted(context);
  orderPorts(context);
  planNetworkRemovals(context, removed);
  planVolumeRemovals(context, removed);
  return {
    project: project.name,
    actions: graph.sorted(),
    blockers: graph.blockers,
    notes: graph.notes,
    instances: [...context.forecasts.values()].flat(),
  };
};
