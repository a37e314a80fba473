import type { ApplyRequest } from '../operations/contract.ts';
import { parseOutputFormat } from '../print/output-format.ts';
import { printResults, withProgress } from './converging.ts';
import type { Run } from './context.ts';
import { manifestSelection } from './input/manifests.ts';
import { parseServices } from './input/names.ts';
import { printPlans } from './preview.ts';

export const run: Run<'apply'> = async (context, { options, args }) => {
  const format = parseOutputFormat(options.output);
  const {
    dryRun,
    wait,
    timeout: timeoutMs,
    prune,
    forceRecreate,
    pull,
    noCache,
    takeOver,
  } = options;
  const request: ApplyRequest = {
    ...(await manifestSelection(context, options)),
    services: parseServices(args),
    dryRun,
    wait,
    timeoutMs,
    prune,
    forceRecreate,
    pull,
    noCache,
    takeOver,
  };
  if (dryRun) {
    const { operations } = await context.connect();
    return printPlans(context, await operations.preview(request), format.type === 'json');
  }
  const results = await withProgress(context, (operations) => operations.apply(request));
  return printResults(context, results, format);
};
