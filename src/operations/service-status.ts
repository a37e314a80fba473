import { isAvailable } from '../lifecycle/context.ts';
import type { DesiredService } from '../model/desired.ts';
import { label } from '../model/labels.ts';
import type { InstanceState } from '../model/lifecycle.ts';
import type { Condition, ConditionType, Phase, ServiceStatus } from '../model/status.ts';
import { compareSpecHashes } from '../plan/spec-hash.ts';
import { rfc3339 } from './instance-status.ts';
import type { InstanceView } from './instance-status.ts';

/** What a service's phase and conditions follow from. */
export interface ServiceSituation {
  readonly service: DesiredService;
  /** The wanted ones, by number. */
  readonly instances: readonly InstanceView[];
  /** Containers of the service beyond those. */
  readonly surplus: readonly InstanceView[];
  readonly paused: boolean;
  readonly generation: number;
  readonly imageMissing: boolean;
  /** Secrets that it uses and whose value is not in the store, sorted. */
  readonly missingSecrets: readonly string[];
}

const stateOf = (instance: InstanceView): InstanceState => instance.derived.state;

/** The grave ones first: what one instance is in decides for the service. */
const GRAVE: readonly (readonly [InstanceState, Phase])[] = [
  ['failed', 'Failed'],
  ['degraded', 'Degraded'],
  ['unhealthy', 'Degraded'],
];

const phaseOf = ({ service, instances, surplus }: ServiceSituation): Phase => {
  const states = instances.map(stateOf);
  const all = (...wanted: readonly InstanceState[]): boolean =>
    states.every((state) => wanted.includes(state));
  if (service.stopped || service.replicas === 0) {
    const still = all('stopped', 'absent', 'completed') && surplus.length === 0;
    return still ? 'Stopped' : 'Progressing';
  }
  const grave = GRAVE.find(([state]) => states.includes(state));
  if (grave !== undefined) return grave[1];
  if (all('completed')) return 'Completed';
  if (states.every(isAvailable)) return surplus.length === 0 ? 'Ready' : 'Progressing';
  return all('absent') ? 'Pending' : 'Progressing';
};

interface Finding {
  readonly holds: boolean;
  readonly reason: string;
  readonly message: string;
  readonly since?: number | null;
}

const condition = (type: ConditionType, finding: Finding): Condition => ({
  type,
  status: finding.holds ? 'True' : 'False',
  reason: finding.reason,
  message: finding.message,
  lastTransitionTime: rfc3339(finding.since),
});

/** The instance that a message about the service is best told of: the first that is not well. */
const culprit = (instances: readonly InstanceView[]): InstanceView | undefined =>
  instances.find((instance) => !isAvailable(stateOf(instance)));

const told = (instance: InstanceView): string =>
  `${instance.status.name}: ${instance.status.message}`;

const latest = (times: readonly (number | null | undefined)[]): number | null => {
  const known = times.filter((time) => time !== null && time !== undefined);
  return known.length === 0 ? null : Math.max(...known);
};

const readyFinding = ({ service, instances }: ServiceSituation): Finding => {
  if (service.stopped) {
    return { holds: false, reason: 'Stopped', message: 'stopped until l9 start' };
  }
  if (service.replicas === 0) {
    return { holds: true, reason: 'ScaledToZero', message: 'no instance is wanted' };
  }
  const bad = culprit(instances);
  if (bad !== undefined) {
    return {
      holds: false,
      reason: bad.derived.reason,
      message: told(bad),
      since: bad.container?.state === 'exited' ? bad.container.finishedAt : null,
    };
  }
  return {
    holds: true,
    reason: instances[0]?.derived.reason ?? 'Ready',
    message: `${instances.length} of ${service.replicas} ready`,
    since: latest(instances.map((instance) => instance.container?.startedAt)),
  };
};

const ILL: ReadonlySet<InstanceState> = new Set(['unhealthy', 'recovering', 'degraded', 'failed']);

const healthyFinding = ({ instances }: ServiceSituation): Finding => {
  const ill = instances.find((instance) => ILL.has(stateOf(instance)));
  if (ill !== undefined) return { holds: false, reason: ill.derived.reason, message: told(ill) };
  const bad = culprit(instances);
  if (bad !== undefined) return { holds: false, reason: bad.derived.reason, message: told(bad) };
  const unchecked = instances.some((instance) => instance.derived.reason === 'NoHealthCheck');
  return unchecked
    ? { holds: true, reason: 'NoHealthCheck', message: 'runs; it has no health check' }
    : { holds: true, reason: 'ChecksPass', message: 'every instance is well' };
};

const UNDER_WAY: ReadonlySet<InstanceState> = new Set([
  'creating',
  'starting',
  'recovering',
  'recreated',
  'stopping',
]);

const progressFinding = ({ instances, surplus }: ServiceSituation): Finding => {
  const moving = [...instances, ...surplus].find((instance) => UNDER_WAY.has(stateOf(instance)));
  return moving === undefined
    ? { holds: false, reason: 'Settled', message: 'nothing is under way' }
    : { holds: true, reason: moving.derived.reason, message: told(moving) };
};

/** Why an instance's container is not the one that the manifest asks for now. */
const divergence = (service: DesiredService, instance: InstanceView): string | undefined => {
  const { container } = instance;
  if (container === undefined) return undefined;
  if (compareSpecHashes(container.labels[label.specHash], service.specHash) === 'different') {
    const born = container.labels[label.generation] ?? 'an earlier one';
    return `${container.name} was made from generation ${born}`;
  }
  const { id } = service.image;
  return id !== undefined && id !== container.imageId
    ? `${container.name} runs another image than ${service.image.reference} means now`
    : undefined;
};

const divergedFinding = ({ service, instances, surplus }: ServiceSituation): Finding => {
  const diverged = instances
    .map((instance) => divergence(service, instance))
    .find((message) => message !== undefined);
  if (diverged !== undefined) return { holds: true, reason: 'SpecChanged', message: diverged };
  const extra = surplus[0];
  return extra === undefined
    ? { holds: false, reason: 'AsApplied', message: 'its containers are as applied' }
    : { holds: true, reason: 'Surplus', message: `${extra.status.name} is not wanted any more` };
};

/** The conditions that only stand there when they hold. */
const exceptional = (situation: ServiceSituation): Condition[] => {
  const { service, paused, imageMissing, missingSecrets } = situation;
  const result: Condition[] = [];
  if (paused) {
    const message = 'l9 leaves the project alone until l9 start';
    result.push(condition('Paused', { holds: true, reason: 'Asked', message }));
  }
  if (imageMissing) {
    const way = service.image.built
      ? `l9 build ${service.name}`
      : `l9 apply --pull ${service.name}`;
    const message = `the engine does not have ${service.image.reference}; get it with: ${way} -p ${service.project}`;
    result.push(condition('ImageMissing', { holds: true, reason: 'NotOnEngine', message }));
  }
  if (missingSecrets.length > 0) {
    const message = `no value is stored for ${missingSecrets.join(', ')}; apply the manifests where the value can be read`;
    result.push(condition('SecretMissing', { holds: true, reason: 'NotInStore', message }));
  }
  return result;
};

/** The newest generation that all of the service's containers stand for. */
const observedGeneration = ({ service, instances, generation }: ServiceSituation): number => {
  const old = instances
    .filter((instance) => divergence(service, instance) !== undefined)
    .map((instance) => Number(instance.container?.labels[label.generation] ?? 0));
  return Math.min(generation, ...old.map((one) => (Number.isInteger(one) ? one : 0)));
};

/** How a service stands, from how its instances stand. */
export const serviceStatus = (situation: ServiceSituation): ServiceStatus => ({
  phase: phaseOf(situation),
  conditions: [
    condition('Ready', readyFinding(situation)),
    condition('Progressing', progressFinding(situation)),
    condition('Healthy', healthyFinding(situation)),
    condition('Diverged', divergedFinding(situation)),
    ...exceptional(situation),
  ],
  instances: [...situation.instances, ...situation.surplus].map((instance) => instance.status),
  replicas: situation.service.replicas,
  ready: situation.instances.filter((instance) => isAvailable(stateOf(instance))).length,
  observedGeneration: observedGeneration(situation),
});
