import { label } from '../model/labels.ts';
import type { ContainerSummary, Observed, ObservedContainer } from '../model/observed.ts';
import { containerName } from './naming.ts';

/**
 * A container is ours when it says so and its image did not put the words in its mouth: an image
 * committed from one of our containers hands its labels to every container made from it.
 */
const isOurs = (container: ContainerSummary, observed: Pick<Observed, 'images'>): boolean => {
  if (container.labels[label.managed] !== 'true') return false;
  const hash = container.labels[label.specHash];
  if (hash === undefined) return false;
  const inherited = observed.images[container.imageId]?.labels[label.created];
  return inherited === undefined || inherited !== container.labels[label.created];
};

export interface InstanceContainers {
  readonly service: string;
  readonly instance: number;
  /** The one that stands for the instance. */
  readonly current: ObservedContainer;
  /** Left over from a change that was interrupted. */
  readonly leftovers: readonly ObservedContainer[];
}

const RANK = { running: 0, paused: 1, restarting: 2, exited: 3, created: 4, dead: 5, removing: 6 };

/**
 * Which of several containers stands for an instance: the one that has the name, because a recreate
 * frees the name before it makes the successor; else the one that is most alive, then the newest.
 */
const chooseCurrent = (
  name: string,
  candidates: readonly ObservedContainer[],
): ObservedContainer | undefined =>
  candidates.toSorted(
    (a, b) =>
      Number(b.name === name) - Number(a.name === name) ||
      RANK[a.state] - RANK[b.state] ||
      b.createdAt - a.createdAt ||
      (a.id < b.id ? -1 : 1),
  )[0];

/** The project's own containers, grouped by instance, sorted by service and number. */
export const groupInstances = (project: string, observed: Observed): InstanceContainers[] => {
  const groups = new Map<string, { service: string; instance: number; all: ObservedContainer[] }>();
  for (const container of observed.containers) {
    const service = container.labels[label.service];
    const instance = Number(container.labels[label.instance]);
    if (service === undefined || !(instance >= 1) || !isOurs(container, observed)) continue;
    const key = containerName(project, service, instance);
    const group = groups.get(key) ?? { service, instance, all: [] };
    group.all.push(container);
    groups.set(key, group);
  }
  const result: InstanceContainers[] = [];
  for (const [name, { service, instance, all }] of groups) {
    const current = chooseCurrent(name, all);
    if (current === undefined) continue;
    result.push({
      service,
      instance,
      current,
      leftovers: all.filter((container) => container !== current),
    });
  }
  return result.toSorted((a, b) =>
    a.service === b.service ? a.instance - b.instance : a.service < b.service ? -1 : 1,
  );
};
