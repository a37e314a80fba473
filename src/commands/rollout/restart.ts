import type { Run } from '../context.ts';
import { operate } from '../converging.ts';

export const run: Run<'rollout restart'> = (context, { options, args }) =>
  operate(context, { args, selector: options.selector }, (operations, target) =>
    operations.rolloutRestart({ ...target, timeoutMs: options.timeout }),
  );
