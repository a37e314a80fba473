import { instancePolicy } from '../lifecycle/policy.ts';
import type { DesiredProject, DesiredService } from '../model/desired.ts';
import type { ManifestDocument, ManifestKind, ServiceDocument } from '../model/documents.ts';
import { label } from '../model/labels.ts';
import type { Observed } from '../model/observed.ts';
import type { AppRecord } from '../model/record.ts';
import { API_VERSION } from '../model/status.ts';
import type { ObjectMeta, ProjectView, ServiceResource } from '../model/status.ts';
import { secretsOf } from '../plan/contents.ts';
import type { Guardian } from '../plan/instance-spec.ts';
import { containerName } from '../plan/naming.ts';
import { groupInstances } from '../plan/ownership.ts';
import type { InstanceContainers } from '../plan/ownership.ts';
import { isSameSpec } from '../plan/spec-hash.ts';
import { rfc3339, viewInstance } from './instance-status.ts';
import type { StatusSources } from './instance-status.ts';
import { fillOutputs } from './outputs.ts';
import { projectStatus } from './project-status.ts';
import { serviceStatus } from './service-status.ts';
import { unrecordedService } from './unrecorded.ts';

/** All that a project's view is made from. */
export interface ViewInput extends StatusSources {
  readonly project: string;
  /** Undefined where only containers tell of the project. */
  readonly record: AppRecord | undefined;
  /** What the record asks for; undefined exactly where it is. */
  readonly desired: DesiredProject | undefined;
  /** With the images that the record's services are made from. */
  readonly observed: Observed;
  readonly guardian: Guardian;
}

interface Recorded {
  readonly input: ViewInput;
  readonly record: AppRecord;
  readonly desired: DesiredProject;
  /** By the name that the instance's container should have. */
  readonly groups: ReadonlyMap<string, InstanceContainers>;
}

const documentsOf = <K extends ManifestKind>(
  record: AppRecord,
  kind: K,
): Extract<ManifestDocument, { kind: K }>[] =>
  record.current.documents
    .filter((one): one is Extract<ManifestDocument, { kind: K }> => one.kind === kind)
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));

const metaOf = (
  document: ManifestDocument,
  generation: number,
  createdAt: number | undefined,
): ObjectMeta => ({
  name: document.name,
  project: document.project,
  labels: document.labels,
  generation,
  creationTimestamp: rfc3339(createdAt),
});

const completionFor = (record: AppRecord, service: DesiredService) => {
  const completion = record.completions[service.name];
  return completion !== undefined && isSameSpec(completion.specHash, service.specHash)
    ? completion
    : undefined;
};

const viewService = (
  recorded: Recorded,
  service: DesiredService,
  document: ServiceDocument,
): ServiceResource => {
  const { input, record, desired, groups } = recorded;
  const completion = completionFor(record, service);
  const view = (instance: number, wanted: 'running' | 'stopped' | 'absent') =>
    viewInstance(
      {
        policy: instancePolicy(service, instance, {
          wanted,
          ladder: 'continuous',
          requestedAt: null,
        }),
        service,
        container: groups.get(containerName(desired.name, service.name, instance))?.current,
        completion,
      },
      input,
    );
  const own = [...groups.values()].filter((group) => group.service === service.name);
  const numbers = Array.from({ length: service.replicas }, (_, index) => index + 1);
  const { image } = service;
  const created = own.map((group) => group.current.createdAt);
  return {
    apiVersion: API_VERSION,
    kind: 'Service',
    metadata: metaOf(
      document,
      record.current.generation,
      created.length === 0 ? undefined : Math.min(...created),
    ),
    spec: document.spec,
    status: serviceStatus({
      service,
      instances: numbers.map((instance) => view(instance, service.stopped ? 'stopped' : 'running')),
      surplus: own
        .filter((group) => group.instance > service.replicas)
        .map((group) => view(group.instance, 'absent')),
      paused: desired.paused,
      generation: record.current.generation,
      imageMissing:
        image.id !== undefined &&
        input.observed.images[image.id] === undefined &&
        input.observed.images[image.reference] === undefined,
      missingSecrets: secretsOf(document.spec).filter(
        (name) => record.current.secretHashes[name] === undefined,
      ),
    }),
  };
};

const LEAVING = { reason: 'Removing', message: 'deleted; its containers are on their way out' };
const NO_RECORD = {
  reason: 'Unrecorded',
  message: 'containers of it run, and no record tells what should; apply its manifests again',
};

/** Services that only containers tell of: all of an unrecorded project, or what is being deleted. */
const leftServices = (
  input: ViewInput,
  groups: readonly InstanceContainers[],
  known: ReadonlySet<string>,
): ServiceResource[] => {
  const names = new Set(groups.map((group) => group.service).filter((name) => !known.has(name)));
  return [...names].toSorted().map((service) =>
    unrecordedService(
      {
        project: input.project,
        service,
        groups: groups.filter((group) => group.service === service),
        phase: input.record === undefined ? 'Unrecorded' : 'Progressing',
        why: input.record === undefined ? NO_RECORD : LEAVING,
      },
      input,
    ),
  );
};

const networksOf = ({ input, record, desired }: Recorded): ProjectView['networks'] =>
  desired.networks.map((network) => {
    const present = input.observed.networks.find((one) => one.name === network.engineName);
    const document = documentsOf(record, 'Network').find((one) => one.name === network.name);
    return {
      apiVersion: API_VERSION,
      kind: 'Network',
      metadata: { name: network.name, project: desired.name, labels: network.labels },
      spec: document?.spec ?? {},
      status: {
        engineName: network.engineName,
        subnets: present?.subnets ?? [],
        exists: present !== undefined,
      },
    };
  });

const volumesOf = ({ input, record, desired }: Recorded): ProjectView['volumes'] =>
  desired.volumes.map((volume) => {
    const present = input.observed.volumes.find((one) => one.name === volume.engineName);
    const document = documentsOf(record, 'Volume').find((one) => one.name === volume.name);
    return {
      apiVersion: API_VERSION,
      kind: 'Volume',
      metadata: { name: volume.name, project: desired.name, labels: volume.labels },
      spec: document?.spec ?? {},
      status: {
        engineName: volume.engineName,
        driver: present?.driver ?? volume.driver,
        exists: present !== undefined,
        reclaimPolicy: volume.reclaimPolicy,
      },
    };
  });

const usersOf = (record: AppRecord, uses: (service: ServiceDocument) => boolean): string[] =>
  documentsOf(record, 'Service')
    .filter(uses)
    .map((service) => service.name);

const configsOf = ({ record }: Recorded): ProjectView['configs'] =>
  documentsOf(record, 'Config').map((config) => ({
    apiVersion: API_VERSION,
    kind: 'Config',
    metadata: metaOf(config, record.current.generation, undefined),
    spec: config.spec,
    status: {
      usedBy: usersOf(record, ({ spec }) =>
        (spec.volumes ?? []).some((mount) => mount.config === config.name),
      ),
    },
  }));

const secretsIn = ({ record }: Recorded): ProjectView['secrets'] =>
  documentsOf(record, 'Secret').map((secret) => ({
    apiVersion: API_VERSION,
    kind: 'Secret',
    metadata: metaOf(secret, record.current.generation, undefined),
    spec: secret.spec,
    status: { usedBy: usersOf(record, ({ spec }) => secretsOf(spec).includes(secret.name)) },
  }));

const viewRecorded = (recorded: Recorded): ProjectView => {
  const { input, record, desired, groups } = recorded;
  const documents = documentsOf(record, 'Service');
  const wanted = desired.services.flatMap((service) => {
    const document = documents.find((one) => one.name === service.name);
    return document === undefined ? [] : [viewService(recorded, service, document)];
  });
  const known = new Set(wanted.map((service) => service.metadata.name));
  const services = [...wanted, ...leftServices(input, [...groups.values()], known)].toSorted(
    (a, b) => (a.metadata.name < b.metadata.name ? -1 : 1),
  );
  const [document] = documentsOf(record, 'Project');
  const oldest = record.history.at(-1) ?? record.current;
  return {
    project: {
      apiVersion: API_VERSION,
      kind: 'Project',
      metadata: {
        name: record.project,
        project: record.project,
        labels: document?.labels ?? {},
        generation: record.current.generation,
        creationTimestamp: rfc3339(oldest.appliedAt),
      },
      spec: document?.spec ?? {},
      status: projectStatus(services, { record, desired, guardian: input.guardian }),
    },
    services,
    networks: networksOf(recorded),
    volumes: volumesOf(recorded),
    configs: configsOf(recorded),
    secrets: secretsIn(recorded),
    outputs: fillOutputs(
      desired.outputs,
      (name) => services.find((one) => one.metadata.name === name)?.status.instances ?? [],
    ),
    documents: record.current.documents,
  };
};

/** What containers alone tell: it is kept as it is until the next apply. */
const viewUnrecorded = (input: ViewInput, groups: readonly InstanceContainers[]): ProjectView => {
  const services = leftServices(input, groups, new Set());
  const labels = groups[0]?.current.labels ?? {};
  const generation = Number(labels[label.generation] ?? 0);
  return {
    project: {
      apiVersion: API_VERSION,
      kind: 'Project',
      metadata: { name: input.project, project: input.project, labels: {}, generation },
      spec: {},
      status: {
        phase: 'Unrecorded',
        conditions: [{ type: 'Ready', status: 'Unknown', ...NO_RECORD, lastTransitionTime: null }],
        services: services.length,
        ready: services.filter(({ status }) => status.ready === status.replicas).length,
        generation,
        path: labels[label.projectPath] ?? '',
        guardian: input.guardian,
      },
    },
    services,
    networks: [],
    volumes: [],
    configs: [],
    secrets: [],
    outputs: {},
    documents: [],
  };
};

/**
 * A project as it stands: everything that reading commands show. Pure. Without a record the project is
 * `Unrecorded`, told from its containers' labels. Values of secrets are nowhere in it.
 */
export const buildView = (input: ViewInput): ProjectView => {
  const groups = groupInstances(input.project, input.observed);
  if (input.record === undefined || input.desired === undefined)
    return viewUnrecorded(input, groups);
  return viewRecorded({
    input,
    record: input.record,
    desired: input.desired,
    groups: new Map(
      groups.map((group) => [containerName(input.project, group.service, group.instance), group]),
    ),
  });
};
