import type { LogLine } from '../api.ts';
import type { Behaviour, Utterance } from './behaviour.ts';
import { type FakeContainer, isUp, type Run } from './container.ts';
import { scheduleProbe } from './health.ts';
import { after, cancelAll } from './runs.ts';
import { changed, emit, type Store } from './store.ts';

const FIRST_RESTART_MS = 100;
const LONGEST_RESTART_MS = 60_000;
/** A run of this length makes the engine forget how often it restarted. */
const STEADY_MS = 10_000;

export const announce = (
  store: Store,
  container: FakeContainer,
  event: {
    readonly action: string;
    readonly at?: number;
    readonly attributes?: Readonly<Record<string, string>>;
  },
): void =>
  emit(store, {
    kind: 'container',
    action: event.action,
    id: container.id,
    name: container.name,
    attributes: {
      ...container.labels,
      ...event.attributes,
      image: container.spec.image,
      name: container.name,
    },
    ...(event.at === undefined ? {} : { at: event.at }),
  });

export const say = (container: FakeContainer, line: LogLine): void => {
  container.log.push(line);
  for (const listener of container.listeners) listener();
};

const speak = (store: Store, container: FakeContainer, run: Run): void => {
  const { output = [], chatter } = run.behaviour;
  const stream = (wanted: Utterance['stream']) => (container.spec.tty === true ? 'stdout' : wanted);
  for (const { afterMs, stream: wanted, text } of output) {
    const task = (at: number): void => say(container, { stream: stream(wanted), at, text });
    if (afterMs <= 0) task(store.clock.now());
    else after(store, run, { delayMs: afterMs, task });
  }
  if (chatter === undefined) return;
  const talk = (n: number): void =>
    after(store, run, {
      delayMs: chatter.everyMs,
      task: (at) => {
        say(container, { stream: 'stdout', at, text: chatter.line(n) });
        talk(n + 1);
      },
    });
  talk(1);
};

/** The process is there: it speaks, is probed, and ends when its behaviour says so. */
export const beginRun = (store: Store, container: FakeContainer, behaviour: Behaviour): void => {
  const now = store.clock.now();
  const run: Run = { behaviour, scheduled: new Set(), startedAt: now, everHealthy: false };
  const { healthcheck } = container;
  container.run = run;
  container.state = 'running';
  container.exitCode = 0;
  container.oomKilled = false;
  container.error = '';
  // A restart within the same millisecond would look like none.
  container.startedAt = Math.max(now, (container.startedAt ?? 0) + 1);
  container.pid = 1000 + (store.nextId += 1);
  container.failingStreak = 0;
  container.probes = [];
  container.health = healthcheck === undefined || 'disable' in healthcheck ? 'none' : 'starting';
  changed(container);
  announce(store, container, { action: 'start' });
  speak(store, container, run);
  scheduleProbe(store, container, run);
  if (behaviour.exitsAfterMs !== undefined) {
    const { exitCode = 0, oom = false } = behaviour;
    const end = (at: number): void =>
      exit(store, container, { exitCode: oom ? 137 : exitCode, oom, at });
    after(store, run, { delayMs: behaviour.exitsAfterMs, task: end });
  }
};

export interface Exit {
  readonly exitCode: number;
  readonly oom?: boolean;
  readonly at?: number;
  /** Asked for by API: no restart policy brings it back. */
  readonly onRequest?: boolean;
  /** The daemon died with it: nobody hears of it. */
  readonly silent?: boolean;
}

const wantsRestart = (container: FakeContainer, { exitCode, onRequest, silent }: Exit): boolean => {
  if (onRequest === true || silent === true) return false;
  const policy = container.restartPolicy;
  return (
    policy === 'always' ||
    policy === 'unless-stopped' ||
    (policy === 'on-failure' && exitCode !== 0)
  );
};

/** The process ended. */
export const exit = (store: Store, container: FakeContainer, how: Exit): void => {
  const { run } = container;
  if (run === undefined) return;
  const at = Math.max(how.at ?? store.clock.now(), container.startedAt ?? 0);
  cancelAll(run);
  container.run = undefined;
  container.pid = 0;
  container.exitCode = how.exitCode;
  container.oomKilled = how.oom === true;
  container.finishedAt = at;
  container.state = 'exited';
  store.occupancy.release(container);
  if (how.oom === true) announce(store, container, { action: 'oom', at });
  if (how.silent !== true) {
    announce(store, container, {
      action: 'die',
      at,
      attributes: { exitCode: String(how.exitCode) },
    });
  }
  changed(container);
  if (wantsRestart(container, how)) planRestart(store, container, at - run.startedAt);
  for (const listener of container.listeners) listener();
};

const planRestart = (store: Store, container: FakeContainer, ranMs: number): void => {
  const delayMs =
    ranMs >= STEADY_MS || container.restartDelayMs === 0
      ? FIRST_RESTART_MS
      : Math.min(container.restartDelayMs * 2, LONGEST_RESTART_MS);
  container.restartDelayMs = delayMs;
  container.state = 'restarting';
  container.pendingRestart = store.timeline.schedule(delayMs, () => {
    container.pendingRestart = undefined;
    container.restartCount += 1;
    beginRun(store, container, behaviourOf(store, container));
  });
};

export const behaviourOf = (store: Store, container: FakeContainer): Behaviour =>
  store.program(container.command, container.spec);

/** Ends whatever goes on with a container, so that nothing happens to it on its own any more. */
export const quiet = (container: FakeContainer): void => {
  container.pendingRestart?.cancel();
  container.pendingRestart = undefined;
  if (container.state === 'restarting') {
    container.state = 'exited';
    changed(container);
  }
};

/** Asks to stop: a command that listens ends at once, another one is killed after the grace. */
export const stop = async (
  store: Store,
  container: FakeContainer,
  graceMs: number,
): Promise<void> => {
  quiet(container);
  container.restartDelayMs = 0;
  if (!isUp(container)) return;
  const { run } = container;
  const deaf = run?.behaviour.ignoresStop === true || container.state === 'paused';
  if (deaf && graceMs > 0) {
    await store.clock.sleep(graceMs);
    store.timeline.advance();
    // Somebody else may have ended it meanwhile, or even started it again.
    if (container.run !== run) return;
  }
  const exitCode = deaf || graceMs === 0 ? 137 : (run?.behaviour.exitCode ?? 143);
  exit(store, container, { exitCode, onRequest: true });
  announce(store, container, { action: 'stop' });
};
