import { loadManifests } from '../manifest/load.ts';
import type { LoadedManifests } from '../manifest/load.ts';
import type { ManifestDocument, ServiceDocument } from '../model/documents.ts';
import { L9Error } from '../model/errors.ts';
import type { Context, ManifestSelection } from './contract.ts';

/** The part of what was loaded that belongs to one project. */
export interface LoadedProject {
  readonly name: string;
  /** Absolute. */
  readonly path: string;
  readonly documents: readonly ManifestDocument[];
  readonly secrets: ReadonlyMap<string, string>;
}

/** Reads and checks the manifests; rejects with InvalidManifests before anything is touched. */
export const load = async (
  context: Context,
  selection: ManifestSelection,
): Promise<LoadedManifests> =>
  loadManifests({
    paths: selection.files,
    cwd: context.cwd,
    env: context.env,
    ...(selection.stdin === undefined ? {} : { stdin: selection.stdin }),
    ...(selection.maxSizeBytes === undefined ? {} : { maxSize: selection.maxSizeBytes }),
    ...(selection.variant === undefined ? {} : { variant: selection.variant }),
    ...(selection.projectName === undefined ? {} : { projectName: selection.projectName }),
    ...(selection.envFiles === undefined ? {} : { envFiles: selection.envFiles }),
  });

export const servicesAmong = (documents: readonly ManifestDocument[]): ServiceDocument[] =>
  documents.filter((document) => document.kind === 'Service');

/** Projects that the services of `documents` depend on, other than their own. */
const neededProjects = (documents: readonly ManifestDocument[]): Set<string> =>
  new Set(
    servicesAmong(documents)
      .flatMap((document) => Object.keys(document.spec.dependsOn ?? {}))
      .filter((name) => name.includes('/'))
      .map((name) => name.slice(0, name.indexOf('/'))),
  );

/** What was loaded, by project; projects that others depend on come first. */
export const byProject = (loaded: LoadedManifests): LoadedProject[] => {
  const projects = new Map<string, LoadedProject>();
  for (const project of loaded.projects) {
    projects.set(project.name, {
      name: project.name,
      path: project.path,
      documents: loaded.documents.filter((document) => document.project === project.name),
      secrets: loaded.secrets.get(project.name) ?? new Map(),
    });
  }
  const ordered: LoadedProject[] = [];
  const visit = (project: LoadedProject, above: readonly string[]): void => {
    if (ordered.includes(project) || above.includes(project.name)) return;
    for (const name of neededProjects(project.documents)) {
      const needed = projects.get(name);
      if (needed !== undefined) visit(needed, [...above, project.name]);
    }
    ordered.push(project);
  };
  for (const project of projects.values()) visit(project, []);
  return ordered;
};

/** Refuses names of services that none of the manifests has. */
export const checkServiceNames = (loaded: LoadedManifests, named: readonly string[]): void => {
  const known = servicesAmong(loaded.documents).map((document) => document.name);
  const unknown = named.find((name) => !known.includes(name));
  if (unknown === undefined) return;
  throw new L9Error('NoSuchService', `no manifest has a service ${unknown}`, {
    hint: `Services: ${known.toSorted().join(', ')}.`,
  });
};
