import { existsSync } from 'node:fs';
import { loadManifests } from '../manifest/load.ts';
import type { LoadedManifests } from '../manifest/load.ts';
import type { ManifestDocument, ServiceDocument } from '../model/documents.ts';
import { L9Error } from '../model/errors.ts';
import type { AppRecord } from '../model/record.ts';
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
  context: Pick<Context, 'cwd' | 'env'>,
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

/**
 * Whether something that was applied before is gone from where it came from: its root was read, and
 * its file was read or is no longer there. A file that was merely not named keeps its objects.
 */
export const isGone =
  (loaded: LoadedManifests) =>
  (document: ManifestDocument): boolean => {
    const roots = new Set(loaded.documents.map((one) => one.origin.root));
    const { file, root } = document.origin;
    return roots.has(root) && (loaded.files.includes(file) || !existsSync(file));
  };

/** Refuses references that neither the manifests nor the project's record knows. */
export const checkOutside = (
  loaded: LoadedManifests,
  project: string,
  record: AppRecord | undefined,
): void => {
  const known = new Set(record?.current.documents.map((one) => `${one.kind}/${one.name}`));
  const dangling = loaded.outside.filter(
    (reference) =>
      reference.project === project && !known.has(`${reference.kind}/${reference.name}`),
  );
  if (dangling.length === 0) return;
  throw new L9Error(
    'InvalidManifests',
    `${dangling.length} dangling references; nothing was touched`,
    {
      problems: dangling.map((reference) => reference.problem),
    },
  );
};

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
      secrets: new Map(
        loaded.secrets
          .filter((secret) => secret.project === project.name)
          .map((secret) => [secret.name, secret.value]),
      ),
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
