import type { AppRecord, ServiceOverride } from '../model/record.ts';
import { withDependencies, withDependents } from '../plan/order.ts';
import { converge } from './converge.ts';
import type { Context, Operations } from './contract.ts';
import { desiredOf } from './situation.ts';
import { changeRecord, chosenServices, noSuchProject } from './write.ts';
import { L9Error } from '../model/errors.ts';
import { readAppRecord } from '../records/app-records.ts';

const override = (
  record: AppRecord,
  services: readonly string[],
  change: (current: ServiceOverride) => ServiceOverride,
): AppRecord => {
  const overrides: Record<string, ServiceOverride> = { ...record.overrides };
  for (const service of services) {
    const next = change(overrides[service] ?? {});
    if (Object.keys(next).length === 0) delete overrides[service];
    else overrides[service] = next;
  }
  return { ...record, overrides };
};

const existing = async (context: Context, project: string): Promise<AppRecord> => {
  const record = await readAppRecord(context.engine, project, context.signal);
  if (record === undefined) throw noSuchProject(project);
  return record;
};

/** Restarts services; what shares their network or asks for it follows. */
export const restart =
  (context: Context): Operations['restart'] =>
  async ({ project, services, timeoutMs, wait }) => {
    const record = await existing(context, project);
    const chosen = chosenServices(record, services);
    return converge(context, {
      project,
      purpose: 'l9 restart',
      wait,
      timeoutMs,
      record,
      request: { restart: new Set(chosen), only: new Set(chosen) },
    });
  };

/** Replaces every instance, one after the other. */
export const rolloutRestart =
  (context: Context): Operations['rolloutRestart'] =>
  async ({ project, services, timeoutMs }) => {
    const record = await existing(context, project);
    const chosen = new Set(chosenServices(record, services));
    return converge(context, {
      project,
      purpose: 'l9 rollout restart',
      wait: true,
      timeoutMs,
      record,
      request: { forceRecreate: chosen, rolling: true, only: chosen },
    });
  };

/** Changes the number of instances; it holds until a manifest states `replicas`. */
export const scale =
  (context: Context): Operations['scale'] =>
  async ({ project, replicas, timeoutMs, wait }) => {
    const record = await changeRecord(context, project, (current) => {
      chosenServices(current, Object.keys(replicas));
      refuseFixedPorts(context, current, replicas);
      const changed = Object.entries(replicas).filter(
        ([service, count]) => effectiveReplicas(context, current, service) !== count,
      );
      if (changed.length === 0) return undefined;
      let next = current;
      for (const [service, count] of changed) {
        next = override(next, [service], (before) => ({ ...before, replicas: count }));
      }
      return next;
    });
    return converge(context, { project, purpose: 'l9 scale', wait, timeoutMs, record });
  };

const effectiveReplicas = (context: Context, record: AppRecord, service: string): number =>
  desiredOf(context, record).services.find((one) => one.name === service)?.replicas ?? 0;

/** Two instances cannot have one fixed host port. */
const refuseFixedPorts = (
  context: Context,
  record: AppRecord,
  replicas: Readonly<Record<string, number>>,
): void => {
  for (const service of desiredOf(context, record).services) {
    const fixed = service.ports.find((port) => typeof port.host === 'number');
    if (fixed === undefined || (replicas[service.name] ?? 0) < 2) continue;
    throw new L9Error(
      'FixedPortScaled',
      `${service.name} publishes the fixed host port ${String(fixed.host)}, which only one instance can have`,
      { hint: `Write host: auto for port ${fixed.name}, apply, and scale then.` },
    );
  }
};

/** Stops services and holds them down until `l9 start`. Containers and data stay. */
export const stop =
  (context: Context): Operations['stop'] =>
  async ({ project, services, timeoutMs }) => {
    const record = await changeRecord(context, project, (current) => {
      const chosen = withDependents(
        desiredOf(context, current).services,
        new Set(chosenServices(current, services)),
      );
      return override(current, [...chosen], (before) => ({ ...before, stopped: true }));
    });
    return converge(context, { project, purpose: 'l9 stop', wait: true, timeoutMs, record });
  };

/** The named services and what they need, without which they could not start. */
const withNeeded = (
  context: Context,
  record: AppRecord,
  services: readonly string[],
): ReadonlySet<string> =>
  withDependencies(desiredOf(context, record).services, new Set(chosenServices(record, services)));

/** Takes back `l9 stop` and `l9 pause`; what the services depend on is started too. */
export const start =
  (context: Context): Operations['start'] =>
  async ({ project, services, timeoutMs, wait }) => {
    const record = await changeRecord(context, project, (current) => ({
      ...override(
        current,
        [...withNeeded(context, current, services)],
        ({ stopped: _stopped, ...rest }) => rest,
      ),
      paused: false,
      pausedUntil: null,
    }));
    return converge(context, {
      project,
      purpose: 'l9 start',
      wait,
      timeoutMs,
      record,
      request: { start: withNeeded(context, record, services) },
    });
  };

/** Looks and does not touch, until `l9 start` or until the time is over. */
export const pause =
  (context: Context): Operations['pause'] =>
  async ({ project, forMs }) => {
    await changeRecord(context, project, (current) => ({
      ...current,
      paused: true,
      pausedUntil: forMs === null ? null : context.clock.now() + forMs,
    }));
  };
