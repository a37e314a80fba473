import { defaults } from '../model/defaults.ts';
import type {
  DesiredDependency,
  DesiredImage,
  DesiredPort,
  DesiredService,
} from '../model/desired.ts';
import type {
  DefaultsSpec,
  NetworkDocument,
  ServiceDocument,
  ServiceSpec,
  VolumeDocument,
} from '../model/documents.ts';
import type { ImagePin, ServiceOverride } from '../model/record.ts';
import { withProjectDefaults } from './effective.ts';
import { specHash } from './hash.ts';
import type { SecretHashes } from './hash.ts';
import { renderHealth } from './health.ts';
import { milliseconds } from './measures.ts';
import { renderNetworking } from './networks.ts';
import { dependencySpec, portNames } from './shapes.ts';
import { renderLimits, renderRecovery, renderTemplate } from './template.ts';
import { renderFiles, renderMounts, statedVolumeNames } from './volumes.ts';

/** What the services of one project are rendered from, besides their own documents. */
export interface ServiceScope {
  readonly project: string;
  readonly defaults: DefaultsSpec | undefined;
  readonly networks: readonly NetworkDocument[];
  readonly volumes: readonly VolumeDocument[];
  /** Content by name. */
  readonly configs: ReadonlyMap<string, string>;
  readonly secretHashes: SecretHashes;
}

/** A build that was not made yet has no tag; nothing can be started from it, and no image has this name. */
const unbuilt = (scope: ServiceScope, service: string): string =>
  `l9-unbuilt/${scope.project}-${service}`;

const renderImage = (
  document: ServiceDocument,
  scope: ServiceScope,
  pin: ImagePin | undefined,
): DesiredImage => {
  const { image, build, pullPolicy } = document.spec;
  const built = build !== undefined;
  // A pin of another reference says nothing about the one that is written now.
  const known = built || pin?.reference === image ? pin : undefined;
  return {
    reference: known?.reference ?? image ?? unbuilt(scope, document.name),
    ...(known === undefined ? {} : { id: known.id }),
    ...(known?.digest === undefined ? {} : { digest: known.digest }),
    pullPolicy: pullPolicy ?? defaults.ServiceSpec.pullPolicy,
    built,
    volumes: known?.volumes ?? [],
    hasHealthcheck: known?.hasHealthcheck ?? false,
    user: known?.user ?? '',
  };
};

/** Ports of a service that shares another's network, or the host's, are not published: they are there already. */
const renderPorts = (spec: ServiceSpec): DesiredPort[] => {
  const ports = spec.ports ?? [];
  const names = portNames(ports);
  return ports.map((port, index) => ({
    name: names[index] ?? String(port.container),
    container: port.container,
    protocol: port.protocol ?? defaults.PortSpec.protocol,
    hostIP: port.hostIP ?? defaults.PortSpec.hostIP,
    host: spec.networkMode === undefined ? (port.host ?? null) : null,
  }));
};

/** Sorted by project and service. */
export const renderDependencies = (project: string, spec: ServiceSpec): DesiredDependency[] =>
  Object.entries(spec.dependsOn ?? {})
    .map(([key, value]) => {
      const [first = '', second] = key.split('/');
      const { condition, restart } = dependencySpec(value);
      return second === undefined
        ? { project, service: first, condition, restart }
        : { project: first, service: second, condition, restart };
    })
    .toSorted((a, b) => {
      const [left, right] = [`${a.project}/${a.service}`, `${b.project}/${b.service}`];
      return left < right ? -1 : Number(left > right);
    });

/** How long an instance may take to stop. */
export const stopGraceMs = (spec: ServiceSpec): number =>
  milliseconds(spec.stop?.grace ?? defaults.StopSpec.grace);

/** One service, complete. */
export const renderService = (
  document: ServiceDocument,
  scope: ServiceScope,
  applied: { readonly pin: ImagePin | undefined; readonly override: ServiceOverride | undefined },
): DesiredService => {
  const spec = withProjectDefaults(document.spec, scope.defaults);
  const image = renderImage(document, scope, applied.pin);
  const { project } = scope;
  const { name } = document;
  return {
    project,
    name,
    specHash: specHash({
      labels: document.labels,
      spec,
      buildTag: image.built && image.id !== undefined ? image.reference : undefined,
      configs: scope.configs,
      volumeNames: statedVolumeNames(project, scope.volumes),
      secretHashes: scope.secretHashes,
    }),
    image,
    replicas: applied.override?.replicas ?? spec.replicas ?? defaults.ServiceSpec.replicas,
    stopped: applied.override?.stopped ?? false,
    restart: spec.restart ?? defaults.ServiceSpec.restart,
    critical: spec.critical ?? defaults.ServiceSpec.critical,
    labels: document.labels,
    env: spec.env ?? {},
    ports: renderPorts(spec),
    mounts: renderMounts(project, spec, scope.volumes),
    files: renderFiles(spec, {
      project,
      service: name,
      configs: scope.configs,
      secretHashes: scope.secretHashes,
    }),
    networking: renderNetworking(project, spec, scope.networks),
    ...renderHealth(spec, image.hasHealthcheck),
    recovery: renderRecovery(spec.recovery),
    dependsOn: renderDependencies(project, spec),
    limits: renderLimits(spec.resources),
    update: { ...defaults.UpdateSpec, ...spec.update },
    stopGraceMs: stopGraceMs(spec),
    template: renderTemplate(spec),
  };
};
