import type { Resource } from '../../model/status.ts';
import { formatTable } from '../table.ts';
import type { Column, TableOptions } from '../table.ts';
import type { Palette } from '../terminal.ts';
import { paintPhase, serviceColumns } from './service-row.ts';
import type { ResourceSet } from './set.ts';

export interface ResourceTableOptions extends TableOptions {
  readonly palette: Palette;
  /** Unix ms. */
  readonly now: number;
  /** A column for the project, where resources of several may stand. */
  readonly projects: boolean;
}

type Columns = {
  readonly [Kind in keyof ResourceSet]: (
    options: ResourceTableOptions,
  ) => readonly Column<ResourceSet[Kind][number]>[];
};

const name = { title: 'NAME', value: ({ metadata }: Resource) => metadata.name };
const yesNo = (value: boolean): string => (value ? 'yes' : 'no');

const columns: Columns = {
  project: ({ palette }) => [
    name,
    {
      title: 'PHASE',
      value: ({ status }) => status.phase,
      paint: (text, { status }) => paintPhase(palette, status.phase)(text),
    },
    { title: 'READY', value: ({ status }) => `${status.ready}/${status.services}` },
    { title: 'GENERATION', value: ({ status }) => String(status.generation) },
    { title: 'GUARDIAN', value: ({ status }) => status.guardian },
    { title: 'PATH', value: ({ status }) => status.path, shrinks: true },
  ],
  service: ({ palette, now }) => serviceColumns(palette, now),
  network: () => [
    name,
    { title: 'ON THE ENGINE', value: ({ status }) => status.engineName },
    { title: 'SUBNETS', value: ({ status }) => status.subnets.join(', ') },
    { title: 'EXISTS', value: ({ status }) => yesNo(status.exists) },
  ],
  volume: () => [
    name,
    { title: 'ON THE ENGINE', value: ({ status }) => status.engineName },
    { title: 'DRIVER', value: ({ status }) => status.driver },
    { title: 'RECLAIM', value: ({ status }) => status.reclaimPolicy },
    { title: 'EXISTS', value: ({ status }) => yesNo(status.exists) },
  ],
  config: () => [name, { title: 'USED BY', value: ({ status }) => status.usedBy.join(', ') }],
  secret: () => [name, { title: 'USED BY', value: ({ status }) => status.usedBy.join(', ') }],
};

/** One table a kind that has something, with an empty line and the kind between them when there are several. */
export function resourceTables(set: ResourceSet, options: ResourceTableOptions): string[] {
  const table = <R extends Resource>(rows: readonly R[], own: readonly Column<R>[]): string[] =>
    rows.length === 0 ? [] : formatTable(withProject(own, options), rows, options);
  const tables = [
    ['Projects', table(set.project, columns.project(options))],
    ['Services', table(set.service, columns.service(options))],
    ['Networks', table(set.network, columns.network(options))],
    ['Volumes', table(set.volume, columns.volume(options))],
    ['Configs', table(set.config, columns.config(options))],
    ['Secrets', table(set.secret, columns.secret(options))],
  ] as const;
  const filled = tables.filter(([, lines]) => lines.length > 0);
  if (filled.length < 2) return filled.flatMap(([, lines]) => lines);
  return filled.flatMap(([title, lines], index) => [
    ...(index > 0 ? [''] : []),
    options.palette.bold(title),
    ...lines,
  ]);
}

const withProject = <R extends Resource>(
  own: readonly Column<R>[],
  { projects }: ResourceTableOptions,
): readonly Column<R>[] =>
  projects ? [{ title: 'PROJECT', value: ({ metadata }) => metadata.project }, ...own] : own;
