import { L9Error } from '../model/errors.ts';
import type { ProjectView } from '../model/status.ts';
import type { ConvergeResult, Operations } from '../operations/contract.ts';
import { formatResources, parseOutputFormat } from '../print/output-format.ts';
import type { OutputFormat } from '../print/output-format.ts';
import { resourceTables } from '../print/resources/tables.ts';
import { allOf, gather } from '../print/resources/set.ts';
import { adviceAfter, exitCodeOf, resultSummary } from '../print/results.ts';
import type { CommandContext } from './context.ts';
import { chooseServices } from './input/services.ts';

/** Runs what converges projects, showing its progress. */
export async function withProgress<T>(
  context: CommandContext,
  work: (operations: Operations) => Promise<T>,
): Promise<T> {
  const progress = await context.progress();
  try {
    const { operations } = await context.connect((event) => progress.take(event));
    return await work(operations);
  } finally {
    progress.end();
  }
}

/** Prints how projects ended and resolves to the exit code. Services are the result; the rest is told beside it. */
export async function printResults(
  context: CommandContext,
  results: readonly ConvergeResult[],
  format: OutputFormat = parseOutputFormat('table'),
): Promise<number> {
  const { out, err } = context;
  const views = results.map(({ view }) => view).filter((view) => view !== null);
  await printServices(context, views, format);
  const code = exitCodeOf(results);
  if (context.quiet && code === 0) return code;
  for (const line of resultSummary(results, { palette: err.palette, cwd: context.cwd })) {
    err.write(`${line}\n`);
  }
  const advise = !context.quiet && format.type === 'table' && out.interactive;
  if (advise) adviceAfter(results).forEach((line) => err.write(`${err.palette.dim(line)}\n`));
  return code;
}

async function printServices(
  context: CommandContext,
  views: readonly ProjectView[],
  format: OutputFormat,
): Promise<void> {
  const { out, clock } = context;
  const services = gather(views, (kind) => kind === 'service');
  if (format.type !== 'table') {
    out.write(await formatResources(allOf(services), format, false));
    return;
  }
  const lines = resourceTables(services, {
    palette: out.palette,
    width: out.columns,
    wide: format.wide,
    now: clock.now(),
    projects: views.length > 1,
  });
  lines.forEach((line) => out.write(`${line}\n`));
}

export interface ServiceChoice {
  readonly args: readonly string[];
  readonly selector?: string | undefined;
}

/**
 * For verbs on some services of one project: finds the project, chooses the services, works, prints.
 * With a selector that chooses nothing, nothing is done: an empty list would mean all of them.
 */
export async function operate(
  context: CommandContext,
  choice: ServiceChoice,
  work: (
    operations: Operations,
    target: { readonly project: string; readonly services: readonly string[] },
  ) => Promise<ConvergeResult>,
): Promise<number> {
  const result = await withProgress(context, async (operations) => {
    const project = await operations.findProject(context.project);
    if (choice.args.length === 0 && choice.selector === undefined) {
      return work(operations, { project, services: [] });
    }
    const chosen = chooseServices(await operations.view(project), choice);
    if (chosen.length === 0) {
      throw new L9Error('NoSuchService', `no service of ${project} has these labels`, {
        hint: `See l9 get -p ${project} -o yaml for the labels.`,
      });
    }
    return work(operations, { project, services: chosen.map(({ metadata }) => metadata.name) });
  });
  return printResults(context, [result]);
}
