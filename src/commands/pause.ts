import { formatAge } from '../print/quantity.ts';
import type { Run } from './context.ts';

export const run: Run<'pause'> = async (context, { options }) => {
  const { operations } = await context.connect();
  const project = await operations.findProject(context.project);
  await operations.pause({ project, forMs: options.for ?? null });
  if (!context.quiet) {
    const until =
      options.for === undefined
        ? 'until l9 start'
        : `for ${formatAge(options.for)}, or until l9 start`;
    context.err.write(
      `${project} is paused ${until}: l9 changes nothing in it; what runs goes on\n`,
    );
  }
  return 0;
};
