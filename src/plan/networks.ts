import type { Blocker, Cause, Subject } from '../model/action.ts';
import type { DesiredNetwork } from '../model/desired.ts';
import { label } from '../model/labels.ts';
import type { ObservedContainer, ObservedNetwork } from '../model/observed.ts';
import type { PlanContext } from './context.ts';
import { describeOwner } from './owner.ts';
import { allocateSubnet } from './subnets.ts';

const isProjectNetwork = (context: PlanContext, network: ObservedNetwork): boolean =>
  network.labels[label.managed] === 'true' &&
  network.labels[label.project] === context.project.name;

const differences = (wanted: DesiredNetwork, present: ObservedNetwork): string[] => {
  const result: string[] = [];
  if (wanted.driver !== present.driver) result.push(`driver: ${present.driver} → ${wanted.driver}`);
  if (wanted.internal !== present.internal) {
    result.push(`internal: ${present.internal} → ${wanted.internal}`);
  }
  if (wanted.subnet !== undefined && !present.subnets.includes(wanted.subnet)) {
    result.push(`subnet: ${present.subnets.join(', ')} → ${wanted.subnet}`);
  }
  return result;
};

/** Subnets that are in use or were found to overlap with a route of the host. */
const usedSubnets = (context: PlanContext): string[] => [
  ...context.observed.networks.flatMap((network) => network.subnets),
  ...(context.input.excludedSubnets ?? []),
];

/** Says why a network cannot be used; no container is made that would join it. */
const obstruct = (context: PlanContext, wanted: DesiredNetwork, blocker: Blocker): void => {
  context.obstructed.add(`network/${wanted.engineName}`);
  context.graph.blockers.push(blocker);
};

interface Creation {
  readonly wanted: DesiredNetwork;
  readonly cause: Cause;
  readonly after: readonly string[];
  /** Subnets given to networks of this plan. */
  readonly given: string[];
}

const createNetwork = (context: PlanContext, creation: Creation): string | undefined => {
  const { wanted, given } = creation;
  const subject: Subject = { kind: 'network', name: wanted.name };
  const pool = context.project.subnetPool;
  const bridge = wanted.driver === 'bridge';
  const subnet =
    wanted.subnet ??
    (bridge
      ? allocateSubnet(pool, wanted.engineName, [...usedSubnets(context), ...given])
      : undefined);
  if (subnet === undefined && bridge) {
    obstruct(context, wanted, {
      code: 'PoolExhausted',
      subject,
      message: `no subnet is left for network ${wanted.engineName} in the pool ${pool.cidr}`,
      hint: 'Remove networks that are not needed (docker network prune), or name a larger pool: L9_SUBNET_POOL=10.64.0.0/12.',
    });
    return undefined;
  }
  if (subnet !== undefined) given.push(subnet);
  return context.graph.add({
    id: `create:network/${wanted.name}`,
    action: {
      type: 'createNetwork',
      name: wanted.engineName,
      driver: wanted.driver,
      ...(subnet === undefined ? {} : { subnet }),
      internal: wanted.internal,
      labels: {
        ...wanted.labels,
        [label.managed]: 'true',
        [label.project]: context.project.name,
        [label.kind]: 'network',
        ...(context.project.environment === undefined
          ? {}
          : { [label.environment]: context.project.environment }),
      },
    },
    cause: creation.cause,
    subject,
    after: creation.after,
  });
};

const attachedTo = (context: PlanContext, network: ObservedNetwork): ObservedContainer[] =>
  context.observed.containers.filter((container) =>
    container.attachments.some((attachment) => attachment.network === network.name),
  );

const removeNetwork = (
  context: PlanContext,
  network: ObservedNetwork,
  step: { readonly cause: Cause; readonly after: readonly string[] },
): string => {
  const name = network.name.slice(context.project.name.length + 1);
  return context.graph.add({
    id: `remove:network/${name}`,
    action: { type: 'removeNetwork', id: network.id, name: network.name },
    cause: step.cause,
    subject: { kind: 'network', name },
    after: step.after,
  });
};

/** Takes every container of the project off the network and removes it; returns the removal's id. */
const detachAndRemove = (context: PlanContext, network: ObservedNetwork, cause: Cause): string => {
  const name = network.name.slice(context.project.name.length + 1);
  const detached = attachedTo(context, network).map((container) =>
    context.graph.add({
      id: `disconnect:${container.name}:${network.name}`,
      action: {
        type: 'disconnectNetwork',
        container: { name: container.name, id: container.id },
        network: network.name,
      },
      cause,
      subject: { kind: 'network', name },
    }),
  );
  return removeNetwork(context, network, { cause, after: detached });
};

const planNetwork = (context: PlanContext, wanted: DesiredNetwork, given: string[]): void => {
  const subject: Subject = { kind: 'network', name: wanted.name };
  const [present] = context.observed.networks
    .filter((network) => network.name === wanted.engineName)
    .toSorted((a, b) => (a.id < b.id ? -1 : 1));
  if (wanted.external) {
    if (present !== undefined) return;
    obstruct(context, wanted, {
      code: 'ExternalMissing',
      subject,
      message: `network ${wanted.engineName} is external and does not exist`,
      hint: `Create it (docker network create ${wanted.engineName}), or leave external out to have l9 make it.`,
    });
    return;
  }
  const provide = (id: string | undefined): void => {
    if (id !== undefined) context.provided.set(`network/${wanted.engineName}`, id);
  };
  if (present === undefined) {
    const cause: Cause = { reason: 'Missing', message: 'it does not exist' };
    provide(createNetwork(context, { wanted, cause, after: [], given }));
    return;
  }
  if (!isProjectNetwork(context, present)) {
    obstruct(context, wanted, {
      code: 'NameTaken',
      subject,
      message: `a network named ${present.name} exists and is not this project's: ${describeOwner(present.labels)}`,
      hint: `Use it as it is with external: true, or remove it: docker network rm ${present.name}.`,
    });
    return;
  }
  const changes = differences(wanted, present);
  if (changes.length === 0) return;
  const cause: Cause = { reason: 'SpecChanged', message: changes.join('; ') };
  const removed = detachAndRemove(context, present, cause);
  provide(createNetwork(context, { wanted, cause, after: [removed], given }));
};

/** Networks that have to be made, or made anew because what Docker cannot change has changed. */
export const planNetworks = (context: PlanContext): void => {
  const given: string[] = [];
  for (const wanted of context.project.networks) planNetwork(context, wanted, given);
};

/** Removes the networks that were deleted or pruned, after the containers in `after`. */
export const planNetworkRemovals = (context: PlanContext, after: readonly string[]): void => {
  for (const name of context.project.removing.networks) {
    const cause: Cause = { reason: 'Removed', message: 'no longer in the manifests' };
    for (const network of context.observed.networks) {
      if (network.name !== name || !isProjectNetwork(context, network)) continue;
      // Containers that go take their attachment with them; those that stay leave by themselves.
      const left = context.graph
        .idsOf('disconnect:')
        .filter((id) => id.endsWith(`:${network.name}`));
      removeNetwork(context, network, { cause, after: [...after, ...left] });
    }
  }
};
