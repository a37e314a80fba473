import type {
  ProjectResource,
  ProjectView,
  Resource,
  ServiceResource,
} from '../../model/status.ts';

/** Resources by kind, as reading commands gather them from the views of one or more projects. */
export interface ResourceSet {
  readonly project: readonly ProjectResource[];
  readonly service: readonly ServiceResource[];
  readonly network: ProjectView['networks'];
  readonly volume: ProjectView['volumes'];
  readonly config: ProjectView['configs'];
  readonly secret: ProjectView['secrets'];
}

/** Everything in some projects that the question is true of. */
export function gather(
  views: readonly ProjectView[],
  wanted: (kind: keyof ResourceSet, resource: Resource) => boolean,
): ResourceSet {
  const pick = <R extends Resource>(
    kind: keyof ResourceSet,
    list: (view: ProjectView) => readonly R[],
  ): R[] => views.flatMap((view) => list(view).filter((resource) => wanted(kind, resource)));
  return {
    project: pick('project', (view) => [view.project]),
    service: pick('service', (view) => view.services),
    network: pick('network', (view) => view.networks),
    volume: pick('volume', (view) => view.volumes),
    config: pick('config', (view) => view.configs),
    secret: pick('secret', (view) => view.secrets),
  };
}

export const filterSet = (
  set: ResourceSet,
  wanted: (resource: Resource) => boolean,
): ResourceSet => ({
  project: set.project.filter(wanted),
  service: set.service.filter(wanted),
  network: set.network.filter(wanted),
  volume: set.volume.filter(wanted),
  config: set.config.filter(wanted),
  secret: set.secret.filter(wanted),
});

/** All of them, kind after kind. */
export const allOf = (set: ResourceSet): Resource[] => [
  ...set.project,
  ...set.service,
  ...set.network,
  ...set.volume,
  ...set.config,
  ...set.secret,
];
