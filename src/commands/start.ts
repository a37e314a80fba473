import { operate } from './converging.ts';
import type { Run } from './context.ts';

export const run: Run<'start'> = (context, { options, args }) =>
  operate(context, { args, selector: options.selector }, (operations, target) =>
    operations.start({ ...target, wait: options.wait, timeoutMs: options.timeout }),
  );
