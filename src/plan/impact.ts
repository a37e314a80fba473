import type { Plan, PlannedAction } from '../model/action.ts';
import type { DesiredProject, DesiredService } from '../model/desired.ts';
import { dependentsOf } from './order.ts';

/** What stopping takes where the process listens to its signal; one that does not takes its whole grace. */
const STOP_MS = 500;
/** From the start call to a running process: 190 to 300 ms on a user network. */
const START_MS = 300;
/** How soon l9 makes its first own check; Docker makes its own only after one interval. */
const FIRST_OWN_CHECK_MS = 500;

/** The actions of one service's instances. */
export interface ServiceActions {
  readonly all: readonly PlannedAction[];
  /** Instances that get a new container in place of one that is there. */
  readonly replaced: readonly PlannedAction[];
  /** Instances that get a container and had none. */
  readonly created: readonly PlannedAction[];
  readonly restarted: readonly PlannedAction[];
  readonly started: readonly PlannedAction[];
  readonly stopped: readonly PlannedAction[];
  readonly removed: readonly PlannedAction[];
  readonly updated: readonly PlannedAction[];
  readonly reconnected: readonly PlannedAction[];
  /** What is only put in order: a name, a pause, something left over. */
  readonly tidied: readonly PlannedAction[];
}

const instanceOf = (action: PlannedAction): number => action.subject.instance ?? 0;

/** Sorts a service's actions by what they mean for it. */
export const actionsOf = (plan: Plan, service: string): ServiceActions => {
  const all = plan.actions.filter(
    (action) => action.subject.kind === 'service' && action.subject.name === service,
  );
  const ofType = (...types: readonly string[]): PlannedAction[] =>
    all.filter((action) => types.includes(action.action.type));
  const creates = ofType('createContainer');
  const made = new Set(creates.map(instanceOf));
  const elsewhere = (action: PlannedAction): boolean => !made.has(instanceOf(action));
  const leaving = ofType('stopContainer', 'removeContainer').filter(
    (action) => action.cause.reason !== 'Leftover',
  );
  const gone = new Set(leaving.map(instanceOf));
  const removed = ofType('removeContainer').filter(elsewhere);
  const going = new Set(removed.map(instanceOf));
  return {
    all,
    replaced: creates.filter((action) => gone.has(instanceOf(action))),
    created: creates.filter((action) => !gone.has(instanceOf(action))),
    restarted: ofType('restartContainer'),
    started: ofType('startContainer').filter(elsewhere),
    stopped: ofType('stopContainer').filter(
      (action) => elsewhere(action) && !going.has(instanceOf(action)),
    ),
    removed: removed.filter((action) => action.cause.reason !== 'Leftover'),
    updated: ofType('updateContainer'),
    reconnected: ofType('connectNetwork', 'disconnectNetwork').filter(elsewhere),
    tidied: [
      ...ofType('renameContainer').filter(elsewhere),
      ...ofType('unpauseContainer'),
      ...ofType('removeContainer').filter((action) => action.cause.reason === 'Leftover'),
    ],
  };
};

/**
 * How long one instance serves nobody while it stops and starts, in ms: a process that heeds its signal,
 * a start, and the first check that can pass. An estimate: what a program needs to come up is not known.
 */
const downtimeMs = (service: DesiredService): number => {
  const grace = Math.min(service.stopGraceMs, STOP_MS);
  if (service.healthTiming === null) return grace + START_MS;
  const interval = service.healthTiming.intervalMs;
  const first =
    service.activeCheck === undefined ? interval : Math.min(interval, FIRST_OWN_CHECK_MS);
  return grace + START_MS + first;
};

const durationText = (ms: number): string => {
  const seconds = Math.max(1, Math.round(ms / 1000));
  return seconds <= 90 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
};

const joined = (names: readonly string[]): string =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}`;

const dependentsText = (project: DesiredProject, service: string): string => {
  const names = dependentsOf(project.services, service);
  if (names.length === 0) return '';
  return `; ${joined(names)} ${names.length === 1 ? 'depends' : 'depend'} on it`;
};

const names = (actions: readonly PlannedAction[]): string => {
  const labels = actions.map((action) => `${action.subject.name}-${instanceOf(action)}`);
  return joined([...new Set(labels)]);
};

const interruption = (
  project: DesiredProject,
  service: DesiredService,
  interrupted: readonly PlannedAction[],
): string => {
  const down = durationText(downtimeMs(service));
  const turns = service.update.strategy === 'rolling' ? service.update.maxUnavailable : Infinity;
  const others = service.replicas - Math.min(interrupted.length, turns);
  if (others > 0) {
    const whole = durationText(
      downtimeMs(service) * Math.ceil(interrupted.length / Math.min(turns, interrupted.length)),
    );
    return interrupted.length > turns
      ? `${turns} of ${service.replicas} at a time, about ${whole} in all; the others go on`
      : `about ${down} without ${names(interrupted)}; the others go on`;
  }
  return `about ${down} down${dependentsText(project, service.name)}`;
};

/**
 * What people notice of a plan's actions on one service, in words: "about 5 s down; indexer depends on
 * it", "no interruption", "web-3 goes". Empty where nothing that ran is touched. `service` is undefined
 * for one that is removed.
 */
export const impactOf = (
  project: DesiredProject,
  service: DesiredService | undefined,
  actions: ServiceActions,
): string => {
  if (service === undefined) return actions.removed.length === 0 ? '' : 'goes for good';
  const { replaced, restarted, stopped, removed } = actions;
  const startFirst = service.update.order === 'start-first' && restarted.length === 0;
  const parts: string[] = [];
  if (stopped.length > 0) parts.push(`stops${dependentsText(project, service.name)}`);
  if (replaced.length > 0 && startFirst) parts.push('no interruption');
  const interrupted = startFirst ? [] : [...replaced, ...restarted];
  if (interrupted.length > 0) parts.push(interruption(project, service, interrupted));
  if (removed.length > 0) parts.push(`${names(removed)} ${removed.length === 1 ? 'goes' : 'go'}`);
  const cut = actions.reconnected.filter(({ action }) => action.type === 'disconnectNetwork');
  if (cut.length > 0) parts.push('its connections over the network that it leaves break');
  const touched = actions.updated.length + actions.reconnected.length;
  return parts.length === 0 && touched > 0 ? 'no interruption' : parts.join('; ');
};
