import type { Revision } from '../../model/record.ts';
import { L9Error } from '../../model/errors.ts';
import { formatDocument, listOf } from '../../print/output-format.ts';
import { count, formatAge } from '../../print/quantity.ts';
import { formatTable } from '../../print/table.ts';
import type { Column } from '../../print/table.ts';
import type { Run } from '../context.ts';

export const run: Run<'rollout history'> = async (context, { options }) => {
  const { out, clock } = context;
  const { operations } = await context.connect();
  const project = await operations.findProject(context.project);
  const all = (await operations.history(project)).toSorted((a, b) => a.generation - b.generation);
  const chosen =
    options.generation === undefined ? all : [findGeneration(all, options.generation, project)];
  const { output } = options;
  if (output === 'json' || output === 'yaml') {
    const [only] = chosen;
    const single = options.generation !== undefined && only !== undefined;
    out.write(await formatDocument(single ? only : listOf(chosen), output));
    return 0;
  }
  if (options.generation !== undefined) {
    out.write(await formatDocument(chosen[0], 'yaml'));
    return 0;
  }
  const lines = formatTable(columns(clock.now()), chosen, { width: out.columns });
  lines.forEach((line) => out.write(`${line}\n`));
  return 0;
};

function findGeneration(all: readonly Revision[], wanted: number, project: string): Revision {
  const found = all.find(({ generation }) => generation === wanted);
  if (found !== undefined) return found;
  throw new L9Error('NoSuchResource', `project ${project} has no generation ${wanted}`, {
    hint: `Generations that are kept: ${all.map(({ generation }) => generation).join(', ')}`,
  });
}

const columns = (now: number): Column<Revision>[] => [
  { title: 'GENERATION', value: ({ generation }) => String(generation) },
  { title: 'AGE', value: ({ appliedAt }) => formatAge(now - appliedAt) },
  { title: 'CAUSE', value: ({ cause }) => cause, shrinks: true },
  {
    title: 'HOLDS',
    value: ({ documents }) =>
      count(documents.filter(({ kind }) => kind === 'Service').length, 'service'),
  },
];
