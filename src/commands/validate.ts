import type { OutsideReference } from '../manifest/load.ts';
import { L9Error } from '../model/errors.ts';
import type { Problem } from '../model/errors.ts';
import type { ManifestSelection } from '../operations/contract.ts';
import { load } from '../operations/load.ts';
import { formatDocument, listOf } from '../print/output-format.ts';
import { formatProblem, problemTotals } from '../print/problems.ts';
import { count } from '../print/quantity.ts';
import type { CommandContext, Run } from './context.ts';
import { manifestSelection } from './input/manifests.ts';

export const run: Run<'validate'> = async (context, { options }) => {
  const { out, err, cwd } = context;
  const { problems, found } = await check(context, await manifestSelection(context, options));
  const failed = problems.some(({ severity }) => options.strict || severity === 'error');
  if (options.output === 'json') {
    out.write(await formatDocument({ ...listOf(problems), valid: !failed }, 'json'));
    return failed ? 2 : 0;
  }
  for (const problem of problems) {
    formatProblem(problem, { palette: err.palette, cwd }).forEach((line) => err.write(`${line}\n`));
  }
  if (failed)
    err.write(`${err.palette.red('✖')} ${problemTotals(problems)}; nothing was touched\n`);
  else if (!context.quiet) {
    const total = problemTotals(problems);
    out.write(`${out.palette.green('✔')} valid: ${found}${total === '' ? '' : `, ${total}`}\n`);
  }
  return failed ? 2 : 0;
};

interface Checked {
  readonly problems: readonly Problem[];
  /** `3 services in 1 project`. */
  readonly found: string;
}

/** What only the project's record knows is checked by apply; without an engine it can only be told. */
const asWarning = ({ problem }: OutsideReference): Problem => ({
  ...problem,
  severity: 'warning',
  message: `${problem.message} among these manifests; apply looks for it in what was applied before`,
});

/** What is wrong is the result here, not an accident; what was not even found is one. */
async function check(context: CommandContext, selection: ManifestSelection): Promise<Checked> {
  try {
    const { documents, projects, warnings, outside } = await load(context, selection);
    const services = documents.filter(({ kind }) => kind === 'Service').length;
    return {
      problems: [...warnings, ...outside.map(asWarning)],
      found: `${count(services, 'service')} in ${count(projects.length, 'project')}`,
    };
  } catch (error) {
    if (!(error instanceof L9Error) || error.problems.length === 0) throw error;
    return { problems: error.problems, found: '' };
  }
}
