import { withProgress, printResults } from './converging.ts';
import type { Run } from './context.ts';
import { parseServices } from './input/names.ts';
import { usageError } from './input/usage.ts';

export const run: Run<'scale'> = async (context, { options, args }) => {
  const replicas = parseReplicas(args, options.replicas);
  const result = await withProgress(context, async (operations) => {
    const project = await operations.findProject(context.project);
    return operations.scale({ project, replicas, wait: options.wait, timeoutMs: options.timeout });
  });
  return printResults(context, [result]);
};

/** `web=3 api` with `--replicas 2` → { web: 3, api: 2 }. Throws `Usage`. */
export function parseReplicas(
  args: readonly string[],
  fallback: number | undefined,
): Record<string, number> {
  const replicas: Record<string, number> = {};
  for (const text of args) {
    const [, name = text, number] = /^([^=]*)=(.*)$/.exec(text) ?? [];
    const value =
      number === undefined ? fallback : /^\d{1,4}$/.test(number) ? Number(number) : undefined;
    if (value === undefined) {
      throw usageError(
        number === undefined ? `${text} has no number` : `${text} has no whole number`,
        `write ${name}=3, or --replicas 3`,
      );
    }
    const [service = name] = parseServices([name]);
    if (service in replicas)
      throw usageError(`${service} is given twice`, 'name each service once');
    replicas[service] = value;
  }
  return replicas;
}
