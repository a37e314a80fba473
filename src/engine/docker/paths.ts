import type { ContainerFilter } from '../api.ts';

/** `?a=1&b=2` of the parameters that have a value, or nothing. */
export const query = (
  parameters: Readonly<Record<string, string | number | boolean | undefined>>,
): string => {
  const pairs: string[] = [];
  for (const [key, value] of Object.entries(parameters)) {
    if (value !== undefined) pairs.push(`${key}=${encodeURIComponent(value)}`);
  }
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`;
};

export const containerPath = (id: string, rest = ''): string =>
  `/containers/${encodeURIComponent(id)}${rest}`;

/** Docker's filter parameter, or undefined where nothing is filtered. */
export const labelFilter = (filter: ContainerFilter | undefined): string | undefined =>
  filter?.labels === undefined || filter.labels.length === 0
    ? undefined
    : JSON.stringify({ label: filter.labels });

/** How messages name a container: ids are shortened as Docker does it. */
export const containerSubject = (idOrName: string): string =>
  `container ${/^[0-9a-f]{64}$/.test(idOrName) ? idOrName.slice(0, 12) : idOrName}`;
