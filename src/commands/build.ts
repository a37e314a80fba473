import { formatDocument } from '../print/output-format.ts';
import { formatTable } from '../print/table.ts';
import { withProgress } from './converging.ts';
import type { Run } from './context.ts';
import { manifestSelection } from './input/manifests.ts';
import { parseServices } from './input/names.ts';

export const run: Run<'build'> = async (context, { options, args }) => {
  const { out, err, quiet } = context;
  const selection = await manifestSelection(context, options);
  const tags = await withProgress(context, (operations) =>
    operations.build({
      ...selection,
      services: parseServices(args),
      noCache: options.noCache,
      pull: options.pull,
    }),
  );
  if (options.output === 'json') {
    out.write(await formatDocument(tags, 'json'));
    return 0;
  }
  const rows = Object.entries(tags);
  if (rows.length === 0 && !quiet) err.write('no service has a build section\n');
  if (rows.length === 0) return 0;
  const columns = [
    { title: 'SERVICE', value: ([service]: readonly [string, string]) => service },
    { title: 'IMAGE', value: ([, tag]: readonly [string, string]) => tag },
  ];
  formatTable(columns, rows, { width: out.columns }).forEach((line) => out.write(`${line}\n`));
  return 0;
};
