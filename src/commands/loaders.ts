import type { Run } from './context.ts';
import type { CommandName, Invocation } from './table.ts';

type Loaders = {
  readonly [Name in CommandName]: () => Promise<{ readonly run: Run<Name> }>;
};

/** The code of every command, each loaded only when it runs. */
const loaders: Loaders = {
  apply: () => import('./apply.ts'),
  diff: () => import('./diff.ts'),
  plan: () => import('./plan.ts'),
  validate: () => import('./validate.ts'),
  explain: () => import('./explain.ts'),
  build: () => import('./build.ts'),
  get: () => import('./get.ts'),
  describe: () => import('./describe.ts'),
  logs: () => import('./logs.ts'),
  wait: () => import('./wait.ts'),
  port: () => import('./port.ts'),
  outputs: () => import('./outputs.ts'),
  top: () => import('./top.ts'),
  delete: () => import('./delete.ts'),
  restart: () => import('./restart.ts'),
  scale: () => import('./scale.ts'),
  stop: () => import('./stop.ts'),
  start: () => import('./start.ts'),
  pause: () => import('./pause.ts'),
  exec: () => import('./exec.ts'),
  'rollout status': () => import('./rollout/status.ts'),
  'rollout history': () => import('./rollout/history.ts'),
  'rollout undo': () => import('./rollout/undo.ts'),
  'rollout restart': () => import('./rollout/restart.ts'),
  completion: () => import('./completion.ts'),
  version: () => import('./version.ts'),
};

/** Loads a command's code and binds it to what the command line said. */
export async function loadCommand<Name extends CommandName>(
  invocation: Invocation<Name>,
): Promise<(context: Parameters<Run<Name>>[0]) => Promise<number>> {
  const { run } = await loaders[invocation.name]();
  return (context) => run(context, invocation);
}
