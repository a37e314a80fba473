import { explain } from '../manifest/explain.ts';
import type { Run } from './context.ts';

export const run: Run<'explain'> = (context, { options, args }) => {
  context.out.write(explain(args[0] ?? '', { recursive: options.recursive }));
  return Promise.resolve(0);
};
