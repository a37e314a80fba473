import type { ContainerTarget } from '../model/action.ts';
import type { DependencyCondition, DesiredService } from '../model/desired.ts';
import { serviceSubject } from './context.ts';
import type { PlanContext } from './context.ts';

export interface Await {
  /** Undefined when the service is another project's. */
  readonly service: DesiredService | undefined;
  readonly container: ContainerTarget;
  /** The instance, such as `web-1`. */
  readonly key: string;
  readonly condition: DependencyCondition;
  readonly message: string;
  readonly after: readonly (string | undefined)[];
}

/** Adds an action that holds back what comes after it until the container is as wanted; returns its id. */
export const awaitContainer = (context: PlanContext, wait: Await): string => {
  const { service } = wait;
  return context.graph.add({
    id: `await:${wait.key}:${wait.condition}`,
    action: {
      type: 'awaitContainer',
      container: wait.container,
      condition: wait.condition,
      ...(service?.activeCheck === undefined ? {} : { check: service.activeCheck }),
      timing: service?.healthTiming ?? null,
      oneShot: service?.restart === 'never',
    },
    cause: { reason: 'Dependency', message: wait.message },
    subject: serviceSubject(service?.name ?? wait.key),
    after: wait.after,
  });
};
