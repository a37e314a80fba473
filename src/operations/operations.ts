import { apply } from './apply.ts';
import { build } from './build.ts';
import type { Context, Operations } from './contract.ts';
import { preview } from './preview.ts';
import { findProject, projects } from './projects.ts';
import { remove } from './remove.ts';
import { history, undo } from './rollout.ts';
import { pause, restart, rolloutRestart, scale, start, stop } from './verbs.ts';
import { viewOf } from './view-of.ts';

/** Everything that a person or program can ask for, bound to its context. */
export const createOperations = (context: Context): Operations => ({
  apply: apply(context),
  preview: preview(context),
  build: build(context),
  projects: projects(context),
  view: (project) => viewOf(context, project),
  findProject: findProject(context),
  remove: remove(context),
  restart: restart(context),
  rolloutRestart: rolloutRestart(context),
  scale: scale(context),
  stop: stop(context),
  start: start(context),
  pause: pause(context),
  history: history(context),
  undo: undo(context),
});
