import { operate } from './converging.ts';
import type { Run } from './context.ts';

export const run: Run<'stop'> = (context, { options, args }) =>
  operate(context, { args, selector: options.selector }, (operations, target) =>
    operations.stop({ ...target, timeoutMs: options.timeout }),
  );
