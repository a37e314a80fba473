import { derive } from '../lifecycle/derive.ts';
import type { Derived } from '../lifecycle/derive.ts';
import { readHealth } from '../lifecycle/health.ts';
import type { InstancePolicy } from '../lifecycle/policy.ts';
import type { DesiredPort, DesiredService } from '../model/desired.ts';
import type { ProbeResult, RecoveryRecord } from '../model/lifecycle.ts';
import type { ObservedContainer } from '../model/observed.ts';
import type { InstanceStatus, PublishedPort } from '../model/status.ts';
import type { Completion } from '../plan/input.ts';
import { containerName, instanceLabel } from '../plan/naming.ts';

/** What the states of a project's instances follow from, besides their containers. */
export interface StatusSources {
  /** By instance, such as `web-1`. */
  readonly recovery: ReadonlyMap<string, RecoveryRecord>;
  /** Results of http and tcp checks, by container id, oldest first. */
  readonly probes: ReadonlyMap<string, readonly ProbeResult[]>;
  /** Unix ms. */
  readonly now: number;
}

/** One instance as it stands. */
export interface InstanceView {
  readonly derived: Derived;
  readonly container: ObservedContainer | undefined;
  readonly status: InstanceStatus;
}

export const rfc3339 = (at: number | null | undefined): string | null =>
  at === null || at === undefined ? null : new Date(at).toISOString();

const portName = (
  ports: readonly DesiredPort[],
  published: { readonly container: number; readonly protocol: string },
): string =>
  ports.find(
    (port) => port.container === published.container && port.protocol === published.protocol,
  )?.name ?? String(published.container);

/**
 * Ports under which an instance is reached from this machine, in the order of the manifest, also while it
 * stands still: they are its own until it is removed.
 */
const publishedPorts = (
  container: ObservedContainer,
  service: DesiredService | undefined,
): PublishedPort[] => {
  const ports = service?.ports ?? [];
  if (container.networkMode === 'host') {
    return ports.map(({ name, container: port, protocol }) => ({
      name,
      container: port,
      protocol,
      hostIP: '0.0.0.0',
      host: port,
    }));
  }
  const bindings = container.ports.length > 0 ? container.ports : container.bindings;
  const order = (name: string): number => {
    const index = ports.findIndex((port) => port.name === name);
    return index === -1 ? ports.length : index;
  };
  // Docker tells a port that is published on every address once for each family.
  const seen = new Map<string, PublishedPort>();
  for (const binding of bindings) {
    const name = portName(ports, binding);
    if (!seen.has(name)) seen.set(name, { name, ...binding });
  }
  return [...seen.values()].toSorted((a, b) => order(a.name) - order(b.name));
};

const healthOf = (
  container: ObservedContainer | undefined,
  policy: InstancePolicy,
  sources: StatusSources,
): string => {
  // What Docker says of a container that stands still is a memory of its last run.
  if (container?.state !== 'running') return 'none';
  return readHealth(container, sources.probes.get(container.id) ?? [], policy).health;
};

const imageOf = (
  container: ObservedContainer | undefined,
  service: DesiredService | undefined,
): string => {
  if (container === undefined) return service?.image.reference ?? '';
  const wanted = service?.image;
  return wanted !== undefined && wanted.id === container.imageId
    ? wanted.reference
    : container.image;
};

/** Tells how one instance stands. `service` is undefined for one that no manifest tells of. */
export const viewInstance = (
  request: {
    readonly policy: InstancePolicy;
    readonly service: DesiredService | undefined;
    readonly container: ObservedContainer | undefined;
    readonly completion: Completion | undefined;
  },
  sources: StatusSources,
): InstanceView => {
  const { policy, service, container, completion } = request;
  const recovery = sources.recovery.get(instanceLabel(policy.service, policy.instance));
  const derived = derive({
    container,
    probes: container === undefined ? [] : (sources.probes.get(container.id) ?? []),
    recovery,
    policy,
    now: sources.now,
    ...(completion === undefined ? {} : { completion }),
  });
  return {
    derived,
    container,
    status: {
      name: container?.name ?? containerName(policy.project, policy.service, policy.instance),
      containerId: container?.id ?? null,
      state: derived.state,
      health: healthOf(container, policy, sources),
      reason: derived.reason,
      message: derived.message,
      restarts: container?.restartCount ?? 0,
      recoveries: recovery?.attempts ?? 0,
      ports: container === undefined ? [] : publishedPorts(container, service),
      image: imageOf(container, service),
      startedAt: rfc3339(container?.startedAt),
    },
  };
};
