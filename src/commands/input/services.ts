import type { ProjectView, ServiceResource } from '../../model/status.ts';
import { L9Error } from '../../model/errors.ts';
import { suggest } from '../../manifest/suggest.ts';
import { parseServices } from './names.ts';
import { matchesSelector, parseSelector } from './selector.ts';

/**
 * The services of a project that were named, in that order, or that the labels choose; all of them
 * when nothing was said. Throws `NoSuchService` with the nearest name.
 */
export function chooseServices(
  view: ProjectView,
  wanted: { readonly args: readonly string[]; readonly selector?: string | undefined },
): ServiceResource[] {
  const requirements = wanted.selector === undefined ? [] : parseSelector(wanted.selector);
  const named = parseServices(wanted.args);
  const chosen =
    named.length === 0
      ? [...view.services]
      : [...new Set(named)].map((name) => findService(view, name));
  return chosen.filter(({ metadata }) => matchesSelector(requirements, metadata.labels));
}

export function findService(view: ProjectView, name: string): ServiceResource {
  const found = view.services.find(({ metadata }) => metadata.name === name);
  if (found === undefined) throw noService(view, name);
  return found;
}

export function noService(view: ProjectView, name: string): L9Error {
  const names = view.services.map(({ metadata }) => metadata.name);
  const meant = suggest(name, names);
  return new L9Error(
    'NoSuchService',
    `project ${view.project.metadata.name} has no service ${name}`,
    {
      hint:
        meant === undefined
          ? `Its services: ${names.length === 0 ? 'none' : names.join(', ')}`
          : `Did you mean ${meant}?`,
    },
  );
}
