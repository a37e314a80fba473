import type { Run } from '../context.ts';
import { operate } from '../converging.ts';

export const run: Run<'rollout undo'> = (context, { options }) =>
  operate(context, { args: [] }, (operations, { project }) =>
    operations.undo({
      project,
      toGeneration: options.to ?? null,
      wait: options.wait,
      timeoutMs: options.timeout,
    }),
  );
