import type { Cause, ContainerTarget } from '../model/action.ts';
import type { ObservedContainer } from '../model/observed.ts';
import { serviceSubject } from './context.ts';
import type { PlanContext } from './context.ts';

export const target = (container: ObservedContainer): ContainerTarget => ({
  name: container.name,
  id: container.id,
});

/** Whether it has a process, or will have one again without anybody's doing. */
export const isAlive = (container: ObservedContainer): boolean =>
  container.state === 'running' || container.state === 'paused' || container.state === 'restarting';

export interface ContainerRemoval {
  readonly service: string;
  readonly instance: number;
  readonly graceMs: number;
  readonly cause: Cause;
}

/** Stops and removes a container for good; returns the ids of both actions. */
export const stopAndRemove = (
  context: PlanContext,
  container: ObservedContainer,
  removal: ContainerRemoval,
): { readonly stopped: string | undefined; readonly removed: string } => {
  const { service, instance, graceMs, cause } = removal;
  const subject = serviceSubject(service, instance);
  const key = `${service}-${instance}/${container.id.slice(0, 12)}`;
  const stopped = isAlive(container)
    ? context.graph.add({
        id: `stop:${key}`,
        action: { type: 'stopContainer', container: target(container), graceMs },
        cause,
        subject,
      })
    : undefined;
  const removed = context.graph.add({
    id: `remove:${key}`,
    action: { type: 'removeContainer', container: target(container), force: false },
    cause,
    subject,
    after: [stopped],
  });
  return { stopped, removed };
};
