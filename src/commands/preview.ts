import type { ApplyRequest, Preview } from '../operations/contract.ts';
import { formatDocument, listOf } from '../print/output-format.ts';
import { formatChanges } from '../print/changes.ts';
import { formatProblem } from '../print/problems.ts';
import { sanitise } from '../print/sanitise.ts';
import { formatPlan } from '../plan/format.ts';
import type { CommandContext } from './context.ts';
import { manifestSelection } from './input/manifests.ts';
import { parseServices } from './input/names.ts';
import type { Invocation } from './table.ts';

/** The previews that `plan` and `diff` ask for with their options. */
export async function askPreviews(
  context: CommandContext,
  { options, args }: Invocation<'plan' | 'diff'>,
): Promise<Preview[]> {
  const request: ApplyRequest = {
    ...(await manifestSelection(context, options)),
    services: parseServices(args),
    dryRun: true,
    wait: false,
    timeoutMs: 0,
    prune: options.prune,
    forceRecreate: options.forceRecreate,
    pull: false,
    noCache: false,
    takeOver: options.takeOver,
  };
  const { operations } = await context.connect();
  return operations.preview(request);
}

/** Every action with its cause. */
export async function printPlans(
  context: CommandContext,
  previews: readonly Preview[],
  json: boolean,
): Promise<number> {
  const { out } = context;
  if (json) {
    out.write(await formatDocument(listOf(previews), 'json'));
    return 0;
  }
  printWarnings(context, previews);
  const texts = previews.map((preview) => [
    formatPlan(preview.plan),
    ...preview.notes.map((note) => `  note: ${note}`),
  ]);
  out.write(
    `${texts.map((lines) => lines.join('\n').split('\n').map(sanitise).join('\n')).join('\n\n')}\n`,
  );
  return 0;
}

/** What differs and what that means. Resolves to `diff`'s exit code: 1 when anything does. */
export async function printChanges(
  context: CommandContext,
  previews: readonly Preview[],
  json: boolean,
): Promise<number> {
  const { out, quiet } = context;
  const differs = previews.some((preview) => isDifferent(preview));
  if (json) {
    const items = previews.map(({ project, generation, changes, notes, plan }) => ({
      project,
      generation,
      changes,
      notes,
      blockers: plan.blockers,
    }));
    out.write(await formatDocument(listOf(items), 'json'));
  } else if (!quiet) {
    printWarnings(context, previews);
    const blocks = previews.map((preview) => formatChanges(preview, out.palette).join('\n'));
    out.write(`${blocks.join('\n\n')}\n`);
  }
  return differs ? 1 : 0;
}

const isDifferent = ({ changes, plan, generation }: Preview): boolean =>
  plan.actions.length > 0 ||
  generation.from !== generation.to ||
  changes.some(({ kind }) => kind !== 'none');

function printWarnings({ err, cwd, quiet }: CommandContext, previews: readonly Preview[]): void {
  if (quiet) return;
  const warnings = new Set(previews.flatMap((preview) => preview.warnings));
  for (const problem of warnings) {
    formatProblem(problem, { palette: err.palette, cwd }).forEach((line) => err.write(`${line}\n`));
  }
}
