import type { InstancePolicy } from '../lifecycle/policy.ts';
import { label } from '../model/labels.ts';
import type { Labels } from '../model/labels.ts';
import { isOwnLabel } from '../model/labels.ts';
import { API_VERSION } from '../model/status.ts';
import type { Condition, Phase, ServiceResource } from '../model/status.ts';
import type { InstanceContainers } from '../plan/ownership.ts';
import { renderRecovery } from '../render/template.ts';
import { rfc3339, viewInstance } from './instance-status.ts';
import type { InstanceView, StatusSources } from './instance-status.ts';

/** Without a manifest: it should do what it does, and its image's own check judges it. */
const policyOf = (project: string, group: InstanceContainers): InstancePolicy => ({
  project,
  service: group.service,
  instance: group.instance,
  wanted: group.current.state === 'exited' ? 'stopped' : 'running',
  restart: 'always',
  recovery: renderRecovery(undefined),
  healthTiming: null,
  activeCheck: false,
  ladder: 'once',
  requestedAt: null,
});

const ownLabelsLeftOut = (labels: Labels): Labels =>
  Object.fromEntries(Object.entries(labels).filter(([key]) => !isOwnLabel(key)));

/** What is told of a service that only its containers tell of. */
export interface UnrecordedRequest {
  readonly project: string;
  readonly service: string;
  /** Its instances' containers, by number. */
  readonly groups: readonly InstanceContainers[];
  readonly phase: Extract<Phase, 'Unrecorded' | 'Progressing'>;
  /** Why no manifest tells of it. */
  readonly why: { readonly reason: string; readonly message: string };
}

/** A service without a manifest, from its containers' labels and states. */
export const unrecordedService = (
  request: UnrecordedRequest,
  sources: StatusSources,
): ServiceResource => {
  const { project, service, groups, phase, why } = request;
  const instances: InstanceView[] = groups.map((group) =>
    viewInstance(
      {
        policy: policyOf(project, group),
        service: undefined,
        container: group.current,
        completion: undefined,
      },
      sources,
    ),
  );
  const [first] = groups;
  const ready = instances.filter(({ derived }) => derived.state === 'healthy').length;
  const conditions: Condition[] = [
    {
      type: 'Ready',
      status: phase === 'Unrecorded' && ready === instances.length ? 'True' : 'False',
      ...why,
      lastTransitionTime: null,
    },
  ];
  return {
    apiVersion: API_VERSION,
    kind: 'Service',
    metadata: {
      name: service,
      project,
      labels: ownLabelsLeftOut(first?.current.labels ?? {}),
      creationTimestamp: rfc3339(first?.current.createdAt),
    },
    spec: { image: first?.current.image ?? '' },
    status: {
      phase,
      conditions,
      instances: instances.map((instance) => instance.status),
      replicas: instances.length,
      ready,
      observedGeneration: Number(first?.current.labels[label.generation] ?? 0),
    },
  };
};
