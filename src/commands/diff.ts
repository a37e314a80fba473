import type { Run } from './context.ts';
import { askPreviews, printChanges } from './preview.ts';

export const run: Run<'diff'> = async (context, invocation) =>
  printChanges(
    context,
    await askPreviews(context, invocation),
    invocation.options.output === 'json',
  );
