import { defaults } from '../model/defaults.ts';
import type { DesiredAttachment, DesiredNetwork, DesiredNetworking } from '../model/desired.ts';
import type { NetworkDocument, ServiceSpec } from '../model/documents.ts';
import { networkName } from '../plan/naming.ts';
import { attachmentSpec } from './shapes.ts';

const DEFAULT_NETWORK = 'default';

/** The name on the engine: the one that is stated, that of an external network as it is, or `{project}_{name}`. */
export const engineNetworkName = (
  project: string,
  name: string,
  document: NetworkDocument | undefined,
): string => {
  if (document?.spec.name !== undefined) return document.spec.name;
  return document?.spec.external === true ? name : networkName(project, name);
};

const byName = (networks: readonly NetworkDocument[], name: string): NetworkDocument | undefined =>
  networks.find((network) => network.name === name);

/** The names of the project's networks that a service joins; none with a networkMode. */
export const joinedNetworks = (spec: ServiceSpec): string[] =>
  spec.networkMode === undefined
    ? (spec.networks ?? defaults.ServiceSpec.networks).map((one) => attachmentSpec(one).name)
    : [];

/** Other projects whose services this one depends on, sorted. */
const sharedProjects = (project: string, spec: ServiceSpec): string[] => {
  const others = Object.keys(spec.dependsOn ?? {})
    .filter((key) => key.includes('/'))
    .map((key) => key.slice(0, key.indexOf('/')))
    .filter((other) => other !== project);
  return [...new Set(others)].toSorted();
};

/** How a service's instances meet the network; those of other projects that it depends on come last. */
export const renderNetworking = (
  project: string,
  spec: ServiceSpec,
  networks: readonly NetworkDocument[],
): DesiredNetworking => {
  const mode = spec.networkMode;
  if (mode === 'host' || mode === 'none') return { mode };
  if (mode !== undefined) return { mode: 'service', service: mode.replace(/^service:/, '') };
  const own = (spec.networks ?? defaults.ServiceSpec.networks).map((one): DesiredAttachment => {
    const { name, aliases, ipv4 } = attachmentSpec(one);
    return {
      network: engineNetworkName(project, name, byName(networks, name)),
      aliases: aliases ?? defaults.AttachmentSpec.aliases,
      ...(ipv4 === undefined ? {} : { ipv4 }),
    };
  });
  const shared = sharedProjects(project, spec).map((other): DesiredAttachment => ({
    network: networkName(other, DEFAULT_NETWORK),
    aliases: [],
    shared: true,
  }));
  return { mode: 'networks', attachments: [...own, ...shared] };
};

/** The networks that have a manifest, and those that services join without one (such as `default`). */
export const renderNetworks = (
  project: string,
  networks: readonly NetworkDocument[],
  specs: readonly ServiceSpec[],
): DesiredNetwork[] => {
  const names = new Set([
    ...networks.map((network) => network.name),
    ...specs.flatMap((spec) => joinedNetworks(spec)),
  ]);
  return [...names].toSorted().map((name) => {
    const document = byName(networks, name);
    const set = { ...defaults.NetworkSpec, ...document?.spec };
    return {
      name,
      engineName: engineNetworkName(project, name, document),
      driver: set.driver,
      ...(document?.spec.subnet === undefined ? {} : { subnet: document.spec.subnet }),
      internal: set.internal,
      external: set.external,
      labels: document?.labels ?? {},
    };
  });
};
