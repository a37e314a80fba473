import type { ObservedContainer } from '../model/observed.ts';
import type { ServiceResource } from '../model/status.ts';
import { withoutSecrets } from '../operations/redact.ts';
import { describeProject, describeResource } from '../print/describe/other.ts';
import { describeService } from '../print/describe/service.ts';
import { allOf } from '../print/resources/set.ts';
import type { ResourceSet } from '../print/resources/set.ts';
import type { Backend, CommandContext, Run } from './context.ts';
import { parseResources } from './input/names.ts';
import { select, selectViews } from './select.ts';
import type { Selection } from './select.ts';

export const run: Run<'describe'> = async (context, { args }) => {
  const { out, clock } = context;
  const backend = await context.connect();
  const query =
    args.length === 0
      ? { kinds: ['project'] as const, names: [await projectName(context, backend)] }
      : parseResources(args);
  const selection: Selection = {
    ...query,
    requirements: [],
    allProjects: false,
    project: context.project,
  };
  const views = await selectViews(backend.operations, selection);
  const found = select(views, selection);
  const containers = await inspect(context, backend, found);
  const style = { palette: out.palette, width: out.columns, now: clock.now() };
  const sheets = allOf(found).map((resource) => {
    const view = views.find(({ project }) => project.metadata.name === resource.metadata.project);
    const service = found.service.find((one) => one === resource);
    if (view === undefined) return describeResource(resource, style);
    if (service !== undefined) return describeService(service, view, { ...style, containers });
    return found.project.some((one) => one === resource)
      ? describeProject(view, style)
      : describeResource(resource, style);
  });
  out.write(`${sheets.map((lines) => lines.join('\n')).join('\n\n\n')}\n`);
  return 0;
};

const projectName = async (
  { project }: CommandContext,
  { operations }: Backend,
): Promise<{ readonly kind: 'project'; readonly name: string }> => ({
  kind: 'project',
  name: await operations.findProject(project),
});

/** By id: what only an inspect tells, such as the output of health checks. */
async function inspect(
  { signal }: CommandContext,
  { engine }: Backend,
  found: ResourceSet,
): Promise<ReadonlyMap<string, ObservedContainer>> {
  const inspected = await Promise.all(
    found.service.map(async (service) => {
      const own = await Promise.all(
        idsOf(service).map((id) => engine.findContainer(id, { signal })),
      );
      const there = own.filter((one) => one !== undefined);
      return withoutSecrets(engine, service.metadata.project, there);
    }),
  );
  return new Map(inspected.flat().map((container) => [container.id, container]));
}

const idsOf = ({ status }: ServiceResource): string[] =>
  status.instances.map(({ containerId }) => containerId).filter((id) => id !== null);
