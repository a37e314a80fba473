import { L9Error } from '../model/errors.ts';
import { suggest } from '../manifest/suggest.ts';
import type { ProjectView } from '../model/status.ts';
import type { Operations } from '../operations/contract.ts';
import { allOf, gather } from '../print/resources/set.ts';
import type { ResourceSet } from '../print/resources/set.ts';
import type { ResourceName, ResourceQuery } from './input/names.ts';
import { matchesSelector } from './input/selector.ts';
import type { Requirement } from './input/selector.ts';

export interface Selection extends ResourceQuery {
  readonly requirements: readonly Requirement[];
  readonly allProjects: boolean;
  /** Of `-p`. */
  readonly project: string | undefined;
}

/** How many projects are looked at side by side. */
const atOnce = 8;

/** The projects that a selection is about, as they stand. Projects themselves are found without being in their folder. */
export async function selectViews(
  operations: Operations,
  selection: Selection,
): Promise<ProjectView[]> {
  const names = await projectsOf(operations, selection);
  const views: ProjectView[] = [];
  for (let from = 0; from < names.length; from += atOnce) {
    const some = names.slice(from, from + atOnce).map((name) => operations.view(name));
    const settled = await Promise.allSettled(some);
    for (const result of settled) {
      if (result.status === 'fulfilled') views.push(result.value);
      // One of several that was deleted since they were listed is simply not there.
      else if (names.length === 1 || !isGone(result.reason)) throw result.reason;
    }
  }
  return views;
}

const isGone = (error: unknown): boolean =>
  error instanceof L9Error && error.code === 'NoSuchProject';

async function projectsOf(operations: Operations, selection: Selection): Promise<string[]> {
  const { kinds, names, allProjects, project } = selection;
  const onlyProjects = kinds.every((kind) => kind === 'project');
  if (onlyProjects && names.length > 0) return [...new Set(names.map(({ name }) => name))];
  if (allProjects || (onlyProjects && project === undefined)) return operations.projects();
  return [await operations.findProject(project)];
}

/** What is selected of these projects. Throws `NoSuchResource` for a name that none of them has. */
export function select(views: readonly ProjectView[], selection: Selection): ResourceSet {
  const { kinds, names, requirements } = selection;
  const found = gather(
    views,
    (kind, { metadata }) =>
      kinds.includes(kind) &&
      (names.length === 0 ||
        names.some((one) => one.kind === kind && one.name === metadata.name)) &&
      matchesSelector(requirements, metadata.labels),
  );
  const all = gather(views, (kind) => kinds.includes(kind));
  for (const name of names) requireName(all, name, views);
  return found;
}

function requireName(
  all: ResourceSet,
  { kind, name }: ResourceName,
  views: readonly ProjectView[],
): void {
  const known = all[kind].map(({ metadata }) => metadata.name);
  if (known.includes(name)) return;
  const [view] = views;
  const where =
    views.length === 1 && view !== undefined
      ? `project ${view.project.metadata.name}`
      : 'no project';
  const meant = suggest(name, known);
  throw new L9Error(
    'NoSuchResource',
    `${where} has ${views.length === 1 ? 'no' : 'a'} ${kind} ${name}`,
    {
      hint:
        meant === undefined
          ? `See l9 get ${kind}; with -A of all projects.`
          : `Did you mean ${kind}/${meant}?`,
    },
  );
}

export const isEmpty = (set: ResourceSet): boolean => allOf(set).length === 0;
