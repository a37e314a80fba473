import { formatResources, parseOutputFormat } from '../print/output-format.ts';
import type { OutputFormat } from '../print/output-format.ts';
import { resourceTables } from '../print/resources/tables.ts';
import { allOf } from '../print/resources/set.ts';
import type { ResourceSet } from '../print/resources/set.ts';
import type { CommandContext, Run } from './context.ts';
import { parseResources } from './input/names.ts';
import { parseSelector } from './input/selector.ts';
import { isEmpty, select, selectViews } from './select.ts';
import type { Selection } from './select.ts';
import { watch } from './watch.ts';

interface Shown extends Selection {
  readonly format: OutputFormat;
  readonly headers: boolean;
}

export const run: Run<'get'> = async (context, { options, args }) => {
  const shown: Shown = {
    ...parseResources(args),
    requirements: options.selector === undefined ? [] : parseSelector(options.selector),
    allProjects: options.allProjects,
    project: context.project,
    format: parseOutputFormat(options.output),
    headers: options.headers,
  };
  const backend = await context.connect();
  if (options.watch) {
    return watch(context, backend, {
      selection: shown,
      redraw:
        shown.format.type === 'table' ? (found) => tableLines(context, found, shown) : undefined,
      print: (found, first) => print(context, found, { ...shown, headers: shown.headers && first }),
    });
  }
  const found = select(await selectViews(backend.operations, shown), shown);
  await print(context, found, shown);
  if (isEmpty(found) && !context.quiet) context.err.write(`${nothing(shown)}\n`);
  return 0;
};

const nothing = ({ kinds, requirements }: Shown): string =>
  `no ${kinds.length > 1 ? 'such resources' : `${kinds.join('')}s`}${requirements.length > 0 ? ' with these labels' : ''}`;

/** One resource that was asked for by its name is printed alone; everything else is a List. */
const isSingle = ({ names, allProjects }: Shown): boolean => names.length === 1 && !allProjects;

async function print(context: CommandContext, found: ResourceSet, shown: Shown): Promise<void> {
  const { format } = shown;
  if (format.type === 'table') {
    tableLines(context, found, shown).forEach((line) => context.out.write(`${line}\n`));
    return;
  }
  context.out.write(await formatResources(allOf(found), format, isSingle(shown)));
}

function tableLines({ out, clock }: CommandContext, found: ResourceSet, shown: Shown): string[] {
  const { format, headers, allProjects, kinds } = shown;
  return resourceTables(found, {
    palette: out.palette,
    width: out.columns,
    wide: format.type === 'table' && format.wide,
    headers,
    now: clock.now(),
    projects: allProjects && kinds.some((kind) => kind !== 'project'),
  });
}
