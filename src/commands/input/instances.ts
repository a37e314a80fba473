import type { InstanceStatus, ProjectView, ServiceResource } from '../../model/status.ts';
import { L9Error } from '../../model/errors.ts';
import { noService } from './services.ts';

export interface ChosenInstance {
  readonly service: ServiceResource;
  readonly instance: InstanceStatus;
  /** `redis-1`. */
  readonly label: string;
}

/** Every instance of a service, with the short name that people know it by. */
export const instancesOf = (service: ServiceResource): ChosenInstance[] =>
  service.status.instances.map((instance) => ({
    service,
    instance,
    label: `${service.metadata.name}-${numberOf(instance)}`,
  }));

/** Names end in `_n`, Compose's in `-n`. */
const numberOf = ({ name }: InstanceStatus): string => /\d+$/.exec(name)?.[0] ?? '1';

/**
 * What `redis` (all its instances), `redis-2` or `memory_redis_2` mean in a project; a service of the
 * very name goes first. Throws `NoSuchService`, or `NoSuchResource` for a number that is not there.
 */
export function findInstances(view: ProjectView, text: string): ChosenInstance[] {
  const name = text.replace(/^(?:service|services|svc)\//, '');
  const exact = view.services.find(({ metadata }) => metadata.name === name);
  if (exact !== undefined) return instancesOf(exact);
  const all = view.services.flatMap(instancesOf);
  const one = all.find(({ label, instance }) => label === name || instance.name === name);
  if (one !== undefined) return [one];
  const service = view.services.find(({ metadata }) => name.replace(/-\d+$/, '') === metadata.name);
  if (service === undefined) throw noService(view, name);
  const labels = instancesOf(service).map(({ label }) => label);
  throw new L9Error('NoSuchResource', `there is no instance ${name}`, {
    hint: `Instances of ${service.metadata.name}: ${labels.length === 0 ? 'none' : labels.join(', ')}`,
  });
}

/** The one instance to work in: the first that runs, else the first. Throws where a service has none. */
export function findInstance(view: ProjectView, text: string): ChosenInstance {
  const found = findInstances(view, text);
  const best = found.find(({ instance }) => instance.startedAt !== null) ?? found[0];
  if (best !== undefined) return best;
  throw new L9Error('ContainerNotRunning', `${text} has no container`, {
    hint: `See l9 describe ${text}, or start it with l9 start ${text}.`,
  });
}
