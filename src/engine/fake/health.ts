import type { HealthState } from '../../model/observed.ts';
import { changed, emit, type Store } from './store.ts';
import type { FakeContainer, Run } from './container.ts';
import { after } from './runs.ts';

/** Docker keeps as many. */
const PROBES_KEPT = 5;

export const announceHealth = (
  store: Store,
  container: FakeContainer,
  change: { readonly health: HealthState; readonly at: number },
): void => {
  if (container.health === change.health) return;
  container.health = change.health;
  changed(container);
  emit(store, {
    kind: 'container',
    action: 'health_status',
    id: container.id,
    name: container.name,
    attributes: { ...container.labels, name: container.name, detail: change.health },
    at: change.at,
  });
};

interface Finding {
  readonly startedAt: number;
  readonly endedAt: number;
  readonly exitCode: number;
  readonly output: string;
}

const record = (store: Store, container: FakeContainer, finding: Finding): void => {
  const { run, healthcheck } = container;
  if (run === undefined || healthcheck === undefined || 'disable' in healthcheck) return;
  container.probes = [...container.probes, finding].slice(-PROBES_KEPT);
  changed(container);
  if (finding.exitCode === 0) {
    run.everHealthy = true;
    container.failingStreak = 0;
    announceHealth(store, container, { health: 'healthy', at: finding.endedAt });
    return;
  }
  // Nothing counts inside the start period until the first success; from then on everything does.
  const inStartPeriod = finding.startedAt - run.startedAt < healthcheck.startPeriodMs;
  if (inStartPeriod && !run.everHealthy) return;
  container.failingStreak += 1;
  if (container.failingStreak >= healthcheck.retries) {
    announceHealth(store, container, { health: 'unhealthy', at: finding.endedAt });
  }
};

/** The first probe comes one interval after the start, each further one an interval after the end of the last. */
export const scheduleProbe = (store: Store, container: FakeContainer, run: Run): void => {
  const { healthcheck } = container;
  if (healthcheck === undefined || 'disable' in healthcheck) return;
  after(store, run, {
    delayMs: healthcheck.intervalMs,
    task: (startedAt) => {
      // The engine runs nothing in a container that is paused.
      const verdict = container.verdict ?? run.behaviour.health ?? 'good';
      const finish = (exitCode: number, output: string) => (endedAt: number) => {
        record(store, container, { startedAt, endedAt, exitCode, output });
        scheduleProbe(store, container, run);
      };
      if (container.state !== 'running') scheduleProbe(store, container, run);
      else if (verdict === 'good') finish(0, 'good\n')(startedAt);
      else if (verdict === 'bad') finish(1, 'bad\n')(startedAt);
      else {
        const task = finish(-1, `Health check exceeded timeout (${healthcheck.timeoutMs}ms)`);
        after(store, run, { delayMs: healthcheck.timeoutMs, task });
      }
    },
  });
};
