import type { ProjectView } from '../model/status.ts';
import { count } from '../print/quantity.ts';

/** One project's part of a `delete`. */
export interface Deletion {
  readonly view: ProjectView;
  /** Empty: the whole project. */
  readonly resources: readonly { readonly kind: string; readonly name: string }[];
  /** Volumes that say reclaimPolicy: Delete go, too. */
  readonly withData: boolean;
}

type Volume = ProjectView['volumes'][number];

/** The volumes that are touched at all. */
const volumesOf = ({ view, resources }: Deletion): readonly Volume[] =>
  view.volumes.filter(
    ({ metadata }) =>
      resources.length === 0 ||
      resources.some(({ kind, name }) => kind === 'volume' && name === metadata.name),
  );

const loses = ({ withData }: Deletion, { status }: Volume): boolean =>
  withData && status.exists && status.reclaimPolicy === 'Delete';

/** Whether a deletion takes more than an apply brings back: a whole project, or data. */
export const destroys = (deletion: Deletion): boolean =>
  deletion.resources.length === 0 || volumesOf(deletion).some((volume) => loses(deletion, volume));

/** What goes and what stays, for people, before anything is touched. */
export function describeDeletion(deletion: Deletion): string[] {
  const { view, resources } = deletion;
  const project = view.project.metadata.name;
  const volumes = volumesOf(deletion);
  const lost = volumes.filter((volume) => loses(deletion, volume));
  const kept = volumes.filter((volume) => volume.status.exists && !loses(deletion, volume));
  return [
    resources.length === 0
      ? `Deletes project ${project} with ${count(view.services.length, 'service')}${listed(view)}.`
      : `Deletes from project ${project}: ${resources.map(({ kind, name }) => `${kind}/${name}`).join(', ')}.`,
    ...(lost.length === 0
      ? []
      : [`DATA IS LOST in ${engineNames(lost)} (reclaimPolicy: Delete; --keep-volumes keeps it).`]),
    ...(kept.length === 0
      ? []
      : [
          `Stays: ${count(kept.length, 'volume')} with ${kept.length === 1 ? 'its' : 'their'} data: ${engineNames(kept)}.`,
        ]),
  ];
}

const listed = ({ services }: ProjectView): string =>
  services.length === 0 ? '' : ` (${services.map(({ metadata }) => metadata.name).join(', ')})`;

const engineNames = (volumes: readonly Volume[]): string =>
  volumes.map(({ status }) => status.engineName).join(', ');
