import type { LogLine, LogOptions } from '../engine/api.ts';
import { L9Error } from '../model/errors.ts';
import type { ProjectView } from '../model/status.ts';
import type { Run } from './context.ts';
import { findInstances, instancesOf } from './input/instances.ts';
import type { ChosenInstance } from './input/instances.ts';
import { chooseServices } from './input/services.ts';
import { followLogs } from './logs/follow.ts';
import { lineFormatter } from './logs/line.ts';
import { mergeByTime } from './logs/merge.ts';
import { parseTime } from './logs/time.ts';

export const run: Run<'logs'> = async (context, { options, args }) => {
  const { out, clock, signal } = context;
  const now = clock.now();
  const window: LogOptions = {
    signal,
    ...(options.tail === undefined ? {} : { tail: options.tail }),
    ...(options.since === undefined ? {} : { since: parseTime('--since', options.since, now) }),
    ...(options.until === undefined ? {} : { until: parseTime('--until', options.until, now) }),
  };
  const choose = (view: ProjectView): ChosenInstance[] =>
    chooseInstances(view, { args, selector: options.selector });
  const backend = await context.connect();
  const project = await backend.operations.findProject(context.project);
  const chosen = choose(await backend.operations.view(project));
  const format = lineFormatter({
    out,
    timestamps: options.timestamps,
    prefix: options.prefix && chosen.length > 1,
    labels: chosen.map(({ label }) => label),
  });
  const print = (label: string, line: LogLine): void => out.write(format(label, line));
  if (options.follow && options.until === undefined) {
    await followLogs(context, backend, { project, choose, window, print });
    return 0;
  }
  const sources = chosen.flatMap(({ instance, label }) =>
    instance.containerId === null
      ? []
      : [labelled(label, backend.engine.logs(instance.containerId, window))],
  );
  if (sources.length === 0 && !context.quiet) context.err.write('no container has a log\n');
  for await (const { label, line } of mergeByTime(sources)) print(label, line);
  return 0;
};

/** Named instances and services; all of the project, or those that the labels choose. */
function chooseInstances(
  view: ProjectView,
  wanted: { readonly args: readonly string[]; readonly selector: string | undefined },
): ChosenInstance[] {
  if (wanted.args.length === 0) {
    return chooseServices(view, { args: [], selector: wanted.selector }).flatMap(instancesOf);
  }
  const found = wanted.args.flatMap((text) => findInstances(view, text));
  return found.filter(
    (one, index) =>
      found.findIndex(({ instance }) => instance.name === one.instance.name) === index,
  );
}

interface Labelled {
  readonly label: string;
  readonly line: LogLine;
  readonly at: number | null;
}

/** A container that was removed meanwhile has no more lines. */
async function* labelled(label: string, lines: AsyncIterable<LogLine>): AsyncGenerator<Labelled> {
  try {
    for await (const line of lines) yield { label, line, at: line.at };
  } catch (error) {
    if (!(error instanceof L9Error) || error.code !== 'NoSuchContainer') throw error;
  }
}
