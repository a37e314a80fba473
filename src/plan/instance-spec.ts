import type {
  ContainerSpec,
  EnvValue,
  Mount,
  NetworkAttachmentSpec,
  PortBinding,
  RestartPolicyName,
} from '../model/container.ts';
import type { DesiredAttachment, DesiredProject, DesiredService } from '../model/desired.ts';
import { label, portLabel } from '../model/labels.ts';
import type { Observed, ObservedContainer } from '../model/observed.ts';
import { containerName, imageVolumeName, instanceAliases } from './naming.ts';
import { shortHex } from './short-hash.ts';

/** Who restarts what dies: the service, or the engine while no service runs. */
export type Guardian = 'service' | 'engine';

const ENGINE_POLICY: Readonly<Record<DesiredService['restart'], RestartPolicyName>> = {
  always: 'unless-stopped',
  onFailure: 'on-failure',
  never: 'no',
};

/** The restart policy that a container should have now (the rule "somebody is always responsible"). */
export const restartPolicyFor = (
  project: DesiredProject,
  service: DesiredService,
  guardian: Guardian,
): RestartPolicyName =>
  guardian === 'service' || project.lifecycle === 'session' || service.stopped
    ? 'no'
    : ENGINE_POLICY[service.restart];

/**
 * Aliases and networks of one instance: the service's own, with the instance's names added. In another
 * project's network only the full name is its own: `graph` is that project's graph there.
 */
export const attachmentsOf = (service: DesiredService, instance: number): DesiredAttachment[] => {
  if (service.networking.mode !== 'networks') return [];
  const names = instanceAliases(service.project, service.name, instance);
  const full = names.filter((name) => name.endsWith(`.${service.project}`));
  return service.networking.attachments.map(({ shared, ...attachment }) => ({
    ...attachment,
    aliases: [...new Set([...(shared === true ? full : names), ...attachment.aliases])].toSorted(),
  }));
};

const networkSpec = (service: DesiredService, instance: number): NetworkAttachmentSpec => {
  const { networking } = service;
  switch (networking.mode) {
    case 'host':
      return { mode: 'host' };
    case 'none':
      return { mode: 'none' };
    case 'service':
      return {
        mode: 'container',
        container: containerName(service.project, networking.service, 1),
      };
    case 'networks': {
      const [first] = attachmentsOf(service, instance);
      return first === undefined ? { mode: 'none' } : { mode: 'network', ...first };
    }
  }
};

/** Volumes behind the image's own VOLUME paths, under names that a recreate finds again. */
const imageVolumes = (
  service: DesiredService,
  name: string,
  previous: ObservedContainer | undefined,
): Mount[] =>
  service.image.volumes
    .filter((path) => !service.mounts.some((mount) => mount.path === path))
    .map((path) => ({
      type: 'volume',
      volume:
        previous?.mounts.find((mount) => mount.path === path)?.volume ??
        imageVolumeName(name, shortHex(path)),
      path,
      readOnly: false,
    }));

const PLACEHOLDER = '${L9_INSTANCE}';

/** Puts the instance's number in place of `${L9_INSTANCE}` in every string of a JSON value. */
const forInstance = <T>(value: T, instance: number): T => {
  const text = JSON.stringify(value);
  if (text === undefined || !text.includes(PLACEHOLDER)) return value;
  const filled: T = JSON.parse(text.replaceAll(PLACEHOLDER, String(instance)));
  return filled;
};

/** The host name that the instance's container is given, if any. */
export const hostnameOf = (service: DesiredService, instance: number): string | undefined =>
  forInstance(service.template.hostname, instance);

export interface InstanceRequest {
  readonly project: DesiredProject;
  readonly service: DesiredService;
  readonly instance: number;
  readonly bindings: readonly PortBinding[];
  readonly chosen: ReadonlyMap<string, number>;
  readonly guardian: Guardian;
  /** The container that is replaced; its anonymous volumes are kept. */
  readonly previous: ObservedContainer | undefined;
  readonly images: Observed['images'];
  /** Unix ms, for the birth certificate. */
  readonly now: number;
}

const birthLabels = (request: InstanceRequest): Record<string, string> => {
  const { project, service, instance, chosen, now } = request;
  const labels: Record<string, string> = {
    ...service.labels,
    [label.managed]: 'true',
    [label.project]: project.name,
    [label.projectHash]: project.pathHash,
    [label.projectPath]: project.path,
    [label.service]: service.name,
    [label.instance]: String(instance),
    [label.specHash]: service.specHash,
    [label.generation]: String(project.generation),
    [label.created]: new Date(now).toISOString(),
    [label.critical]: String(service.critical),
    [label.recovery]: service.recovery.action,
  };
  if (project.environment !== undefined) labels[label.environment] = project.environment;
  let first = true;
  for (const [name, port] of chosen) {
    labels[portLabel(name)] = String(port);
    if (first) labels[label.port] = String(port);
    first = false;
  }
  return labels;
};

/**
 * The name that the container is made with: as written while it means the pinned image, so that people
 * recognise it in `docker ps`; else the image's id.
 */
const imageName = ({ service, images }: InstanceRequest): string => {
  const { id, reference } = service.image;
  if (id === undefined) return reference;
  const known = images[id]?.references ?? [];
  return known.includes(reference) || known.includes(`${reference}:latest`) ? reference : id;
};

/** What one instance's container is to be, complete. */
export const instanceSpec = (request: InstanceRequest): ContainerSpec => {
  const { project, service, instance, previous } = request;
  const name = containerName(project.name, service.name, instance);
  const files: Mount[] = service.files.map((file) => ({
    type: 'file',
    volume: file.volume,
    file: file.file,
    path: file.path,
  }));
  const env: Readonly<Record<string, EnvValue>> = service.env;
  return {
    ...forInstance(
      {
        ...service.template,
        env,
        ...(service.healthcheck === undefined ? {} : { healthcheck: service.healthcheck }),
      },
      instance,
    ),
    name,
    image: imageName(request),
    labels: birthLabels(request),
    ports: request.bindings,
    mounts: [
      ...forInstance(service.mounts, instance),
      ...files,
      ...imageVolumes(service, name, previous),
    ],
    network: networkSpec(service, instance),
    restartPolicy: restartPolicyFor(project, service, request.guardian),
    limits: service.limits,
    stopGraceMs: service.stopGraceMs,
  };
};
