import { get, listContainers, listNetworks, listVolumes } from '../../setup/engine.ts';

/** Labels that must be the same however often a run was interrupted. */
const comparedLabels = [
  'com.l9.service',
  'com.l9.instance',
  'com.l9.spec_hash',
  'com.l9.generation',
  'com.l9.kind',
];

const recordSequence = /^(l9-(?:app|recovery|evidence)\..+)\.\d+$/;

/**
 * Everything of a project on the engine, as sorted lines that are the same in every undisturbed run: no
 * ids, no times, no chosen ports, P for the project's name.
 */
export const stateOf = async (project: string): Promise<string[]> => {
  const name = (text: string): string => text.replaceAll(project, 'P');
  const labels = (all: Readonly<Record<string, string>> | null): string =>
    comparedLabels
      .filter((label) => all?.[label] !== undefined)
      .map((label) => `${label.slice('com.l9.'.length)}=${all?.[label]}`)
      .join(' ');
  const ours = { label: [`com.l9.project=${project}`] };
  const containers = await listContainers(ours);
  const details = await Promise.all(
    containers.map(({ Id }) => get<Inspected>(`/containers/${Id}/json`)),
  );
  return [
    ...details.map((one) => {
      const networks = Object.keys(one.NetworkSettings.Networks).toSorted().map(name).join(',');
      const mounts = one.Mounts.map(
        (mount) => `${name(mount.Name ?? mount.Source)}:${mount.Destination}`,
      );
      const with_ = mounts.toSorted().join(',') || 'nothing';
      return `container ${name(one.Name.slice(1))} ${one.State.Status} ${one.Config.Image} on ${networks} with ${with_} ${labels(one.Config.Labels)}`;
    }),
    ...(await listVolumes(ours)).map(
      (one) => `volume ${name(one.Name.replace(recordSequence, '$1.N'))} ${labels(one.Labels)}`,
    ),
    ...(await listNetworks(ours)).map((one) => `network ${name(one.Name)} ${labels(one.Labels)}`),
  ].toSorted();
};

interface Inspected {
  readonly Name: string;
  readonly Config: { readonly Image: string; readonly Labels: Readonly<Record<string, string>> };
  readonly State: { readonly Status: string };
  readonly Mounts: readonly {
    readonly Name?: string;
    readonly Source: string;
    readonly Destination: string;
  }[];
  readonly NetworkSettings: { readonly Networks: Readonly<Record<string, unknown>> };
}
