import type { ContainerStats, Engine } from '../engine/api.ts';
import { L9Error } from '../model/errors.ts';
import type { ProjectView, ServiceResource } from '../model/status.ts';
import { Block } from '../print/block.ts';
import { formatDocument, listOf } from '../print/output-format.ts';
import { formatBytes } from '../print/quantity.ts';
import { formatTable } from '../print/table.ts';
import type { Column } from '../print/table.ts';
import { fit } from '../print/width.ts';
import type { Backend, CommandContext, Run } from './context.ts';
import { instancesOf } from './input/instances.ts';
import { parseServices } from './input/names.ts';
import { chooseServices } from './input/services.ts';
import { selectViews } from './select.ts';

/** What one instance uses, as `-o json` prints it. */
interface Usage {
  readonly project: string;
  readonly service: string;
  readonly instance: string;
  /** 1 is one whole core. */
  readonly cpuCores: number;
  /** Null without a limit. */
  readonly cpuLimitCores: number | null;
  readonly memoryBytes: number;
  readonly memoryLimitBytes: number | null;
  readonly pids: number;
}

export const run: Run<'top'> = async (context, { options, args }) => {
  const { out } = context;
  const backend = await context.connect();
  const ask = (): Promise<Usage[]> =>
    measure(context, backend, { args, allProjects: options.allProjects });
  if (options.output === 'json') {
    out.write(await formatDocument(listOf(await ask()), 'json'));
    return 0;
  }
  const block = new Block(out);
  do {
    const usages = await ask();
    const lines = formatTable(columns(options.allProjects), usages, { width: out.columns });
    if (options.watch && out.interactive) block.draw(lines.map((line) => fit(line, out.columns)));
    else lines.forEach((line) => out.write(`${line}\n`));
    if (usages.length === 0 && !context.quiet && !options.watch)
      context.err.write('nothing runs\n');
    // A measurement takes the engine a second or two: that is the pace.
    if (options.watch) await context.clock.sleep(500, context.signal);
  } while (options.watch);
  return 0;
};

const columns = (projects: boolean): Column<Usage>[] => [
  ...(projects ? [{ title: 'PROJECT', value: ({ project }: Usage) => project }] : []),
  { title: 'INSTANCE', value: ({ instance }) => instance },
  { title: 'CPU', value: ({ cpuCores }) => cpuCores.toFixed(2), align: 'right' },
  {
    title: 'OF LIMIT',
    value: ({ cpuCores, cpuLimitCores }) => share(cpuCores, cpuLimitCores),
    align: 'right',
  },
  { title: 'MEMORY', value: ({ memoryBytes }) => formatBytes(memoryBytes), align: 'right' },
  {
    title: 'OF LIMIT',
    value: ({ memoryBytes, memoryLimitBytes }) => share(memoryBytes, memoryLimitBytes),
    align: 'right',
  },
  { title: 'PROCESSES', value: ({ pids }) => String(pids), align: 'right' },
];

const share = (used: number, limit: number | null): string =>
  limit === null ? '' : `${Math.round((100 * used) / limit)}%`;

async function measure(
  { project, signal }: CommandContext,
  { engine, operations }: Backend,
  wanted: { readonly args: readonly string[]; readonly allProjects: boolean },
): Promise<Usage[]> {
  const views = await selectViews(operations, {
    kinds: ['service'],
    names: [],
    requirements: [],
    allProjects: wanted.allProjects,
    project,
  });
  const running = views
    .flatMap((view) => servicesIn(view, wanted))
    .flatMap(instancesOf)
    .filter(({ instance }) => instance.containerId !== null);
  const measured = await Promise.all(
    running.map(async ({ service, instance, label }) => {
      const found = await measureOne(engine, instance.containerId ?? '', signal);
      const { name, project } = service.metadata;
      return found === undefined ? [] : [{ project, service: name, instance: label, ...found }];
    }),
  );
  return measured.flat();
}

/** Of all projects, those that have a service of the name; of one, it has to. */
function servicesIn(
  view: ProjectView,
  { args, allProjects }: { readonly args: readonly string[]; readonly allProjects: boolean },
): readonly ServiceResource[] {
  if (!allProjects || args.length === 0) return chooseServices(view, { args });
  const names = parseServices(args);
  return view.services.filter(({ metadata }) => names.includes(metadata.name));
}

/** Undefined for what does not run. */
async function measureOne(
  engine: Engine,
  id: string,
  signal: AbortSignal,
): Promise<Omit<Usage, 'project' | 'service' | 'instance'> | undefined> {
  const container = await engine.findContainer(id, { signal });
  if (container?.state !== 'running') return undefined;
  const stats = await statsIfThere(engine, id, signal);
  if (stats === undefined) return undefined;
  const { nanoCpus } = container.limits;
  return {
    cpuCores: Number(stats.cpuCores.toFixed(3)),
    cpuLimitCores: nanoCpus === undefined ? null : nanoCpus / 1e9,
    memoryBytes: stats.memoryBytes,
    memoryLimitBytes: stats.memoryLimitBytes === 0 ? null : stats.memoryLimitBytes,
    pids: stats.pids,
  };
}

async function statsIfThere(
  engine: Engine,
  id: string,
  signal: AbortSignal,
): Promise<ContainerStats | undefined> {
  try {
    return await engine.stats(id, { signal });
  } catch (error) {
    if (error instanceof L9Error && error.code === 'NoSuchContainer') return undefined;
    throw error;
  }
}
