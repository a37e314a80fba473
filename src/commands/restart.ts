import { operate } from './converging.ts';
import type { Run } from './context.ts';

export const run: Run<'restart'> = (context, { options, args }) =>
  operate(context, { args, selector: options.selector }, (operations, target) =>
    operations.restart({ ...target, wait: options.wait, timeoutMs: options.timeout }),
  );
