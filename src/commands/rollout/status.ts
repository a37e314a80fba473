import type { Phase, ProjectView, ServiceResource } from '../../model/status.ts';
import { formatResources, parseOutputFormat } from '../../print/output-format.ts';
import { messageOf } from '../../print/resources/service-row.ts';
import { resourceTables } from '../../print/resources/tables.ts';
import { allOf, gather } from '../../print/resources/set.ts';
import type { CommandContext, Run } from '../context.ts';
import { chooseServices } from '../input/services.ts';
import { until } from '../until.ts';

const everyMs = 1000;

export const run: Run<'rollout status'> = async (context, { options, args }) => {
  const format = parseOutputFormat(options.output);
  const backend = await context.connect();
  const project = await backend.operations.findProject(context.project);
  const say = speaker(context);
  let open: readonly string[] = [];
  const { view, services } = await until(context, backend, {
    timeoutMs: options.timeout,
    everyMs,
    missing: () => open.join('; '),
    look: async () => {
      const view = await backend.operations.view(project);
      const services = chooseServices(view, { args });
      open = services.filter((one) => !isOver(one, view)).map((one) => standing(one, view));
      open.forEach(say);
      return open.length === 0 ? { view, services } : undefined;
    },
  });
  const names = new Set(services.map(({ metadata }) => metadata.name));
  const found = gather(
    [view],
    (kind, { metadata }) => kind === 'service' && names.has(metadata.name),
  );
  await print(context, found, format);
  return services.some(({ status }) => status.phase === 'Failed') ? 4 : 0;
};

async function print(
  { out, clock }: CommandContext,
  found: ReturnType<typeof gather>,
  format: ReturnType<typeof parseOutputFormat>,
): Promise<void> {
  if (format.type !== 'table') {
    out.write(await formatResources(allOf(found), format, false));
    return;
  }
  const { palette, columns: width } = out;
  const { wide } = format;
  resourceTables(found, { palette, width, wide, now: clock.now(), projects: false }).forEach(
    (line) => out.write(`${line}\n`),
  );
}

/** Phases from which nothing more comes by itself. */
const final: Readonly<Partial<Record<Phase, true>>> = {
  Ready: true,
  Completed: true,
  Stopped: true,
  Failed: true,
};

function isOver({ status }: ServiceResource, { project }: ProjectView): boolean {
  // What a generation holds is never newer than the generation itself; a failure is one at any.
  if (status.phase === 'Failed') return true;
  return final[status.phase] === true && status.observedGeneration >= project.status.generation;
}

function standing(service: ServiceResource, { project }: ProjectView): string {
  const { status, metadata } = service;
  const { generation } = project.status;
  const behind =
    status.observedGeneration < generation
      ? `generation ${status.observedGeneration} of ${generation}, `
      : '';
  const message = messageOf(service);
  return `${metadata.name}: ${behind}${status.ready} of ${status.replicas} ready${message === '' ? '' : ` (${message})`}`;
}

/** Says each thing once, until something else was said of the same service. */
function speaker({ err, quiet }: CommandContext): (text: string) => void {
  const told = new Map<string, string>();
  return (text) => {
    const [service = ''] = text.split(':', 1);
    if (quiet || told.get(service) === text) return;
    told.set(service, text);
    err.write(`${text}\n`);
  };
}
