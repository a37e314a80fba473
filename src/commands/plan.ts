import type { Run } from './context.ts';
import { askPreviews, printPlans } from './preview.ts';

export const run: Run<'plan'> = async (context, invocation) =>
  printPlans(context, await askPreviews(context, invocation), invocation.options.output === 'json');
