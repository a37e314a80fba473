import type { Run } from './container.ts';
import type { Store } from './store.ts';
import type { Task } from './timeline.ts';

/** Schedules what happens only while this run lives. */
export const after = (
  store: Store,
  run: Run,
  what: { readonly delayMs: number; readonly task: Task },
): void => {
  const scheduled = store.timeline.schedule(what.delayMs, (at) => {
    run.scheduled.delete(scheduled);
    what.task(at);
  });
  run.scheduled.add(scheduled);
};

export const cancelAll = (run: Run): void => {
  for (const scheduled of run.scheduled) scheduled.cancel();
  run.scheduled.clear();
};
