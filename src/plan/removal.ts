import type { Cause } from '../model/action.ts';
import type { DesiredService } from '../model/desired.ts';
import type { PlanContext } from './context.ts';
import { serviceSubject } from './context.ts';
import type { InstanceContainers } from './ownership.ts';
import { isAlive, target } from './replace.ts';

interface Removal {
  readonly group: InstanceContainers;
  readonly graceMs: number;
  readonly cause: Cause;
}

const removeInstance = (context: PlanContext, removal: Removal): string[] => {
  const { group, graceMs, cause } = removal;
  const subject = serviceSubject(group.service, group.instance);
  return [group.current, ...group.leftovers].map((container) => {
    const key = `${group.service}-${group.instance}/${container.id.slice(0, 12)}`;
    const stopped = isAlive(container)
      ? context.graph.add({
          id: `stop:${key}`,
          action: { type: 'stopContainer', container: target(container), graceMs },
          cause,
          subject,
        })
      : undefined;
    return context.graph.add({
      id: `remove:${key}`,
      action: { type: 'removeContainer', container: target(container), force: false },
      cause,
      subject,
      after: [stopped],
    });
  });
};

const stopOf = (removalId: string): string => removalId.replace(/^remove:/, 'stop:');

/** Removes instances beyond the wanted number. */
export const removeSurplus = (context: PlanContext, service: DesiredService): void => {
  for (const group of context.instances.values()) {
    if (group.service !== service.name || group.instance <= service.replicas) continue;
    removeInstance(context, {
      group,
      graceMs: service.stopGraceMs,
      cause: { reason: 'Scaled', message: `scaled to ${service.replicas}` },
    });
  }
};

/**
 * Removes what was deleted or pruned, dependents before what they depend on. Returns the ids of all
 * removals, after which networks and volumes may go.
 */
export const removeDeleted = (context: PlanContext): string[] => {
  const removals = new Map<string, string[]>();
  for (const service of context.project.removing.services) {
    const ids: string[] = [];
    for (const group of context.instances.values()) {
      if (group.service !== service.name) continue;
      ids.push(
        ...removeInstance(context, {
          group,
          graceMs: service.stopGraceMs,
          cause: { reason: 'Removed', message: 'no longer in the manifests' },
        }),
      );
    }
    removals.set(service.name, ids);
  }
  for (const service of context.project.removing.services) {
    for (const dependency of service.dependsOn) {
      for (const before of removals.get(service.name) ?? []) {
        for (const id of removals.get(dependency) ?? []) {
          context.graph.order(stopOf(id), stopOf(before));
          context.graph.order(id, before);
        }
      }
    }
  }
  return [...removals.values()].flat();
};
