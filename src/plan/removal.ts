import type { DesiredService } from '../model/desired.ts';
import type { PlanContext } from './context.ts';
import type { InstanceContainers } from './ownership.ts';
import { stopAndRemove } from './remove-container.ts';
import type { ContainerRemoval } from './remove-container.ts';

/** Removes every container of an instance; returns the ids of the removals. */
const removeInstance = (
  context: PlanContext,
  group: InstanceContainers,
  removal: Pick<ContainerRemoval, 'graceMs' | 'cause'>,
): string[] =>
  [group.current, ...group.leftovers].map(
    (container) =>
      stopAndRemove(context, container, {
        service: group.service,
        instance: group.instance,
        ...removal,
      }).removed,
  );

const stopOf = (removalId: string): string => removalId.replace(/^remove:/, 'stop:');

/** Removes instances beyond the wanted number. */
export const removeSurplus = (context: PlanContext, service: DesiredService): void => {
  for (const group of context.groups.get(service.name)?.values() ?? []) {
    if (group.instance <= service.replicas) continue;
    removeInstance(context, group, {
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
    for (const group of context.groups.get(service.name)?.values() ?? []) {
      ids.push(
        ...removeInstance(context, group, {
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
