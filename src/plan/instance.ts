import type { Action, Cause } from '../model/action.ts';
import type { DesiredService } from '../model/desired.ts';
import type { ObservedContainer } from '../model/observed.ts';
import { adjustContainer } from './adjust.ts';
import { serviceSubject } from './context.ts';
import type { InstanceOutcome, PlanContext } from './context.ts';
import type { Gate } from './dependencies.ts';
import { decideRun, planMemory } from './decision.ts';
import type { RunDecision } from './decision.ts';
import { recreateCause } from './difference.ts';
import { attachmentsOf, instanceSpec } from './instance-spec.ts';
import { containerName } from './naming.ts';
import { isObstructed, nameBlocker, portBlocker, rangeBlocker } from './obstacles.ts';
import type { InstanceBlocker } from './obstacles.ts';
import { allocatePorts } from './ports.ts';
import { provideImage } from './prerequisites.ts';
import { isAlive, target } from './remove-container.ts';
import { removeLeftovers, replaceContainer } from './replace.ts';

export interface InstanceRequest {
  readonly service: DesiredService;
  readonly instance: number;
  readonly gate: Gate;
  readonly stopAfter: readonly string[];
  readonly createAfter: readonly string[];
  /** Set when what it depends on starts anew, and it has to as well. */
  readonly dependencyCause: string | undefined;
}

/** Notes what stands in an instance's way; it is left as it is. */
const blocked = (
  context: PlanContext,
  { service, instance }: InstanceRequest,
  blocker: InstanceBlocker,
): undefined => {
  context.graph.blockers.push({ ...blocker, subject: serviceSubject(service.name, instance) });
};

const networkOwner = (context: PlanContext, service: DesiredService): string | null | undefined => {
  if (service.networking.mode !== 'service') return undefined;
  const outcome = context.outcomes.get(service.networking.service)?.get(1);
  return outcome === undefined || outcome.replaced ? null : (outcome.container.id ?? null);
};

/** What happens to the process of a container that stays. */
const runAction = (
  context: PlanContext,
  request: InstanceRequest,
  step: {
    readonly current: ObservedContainer;
    readonly run: RunDecision;
    readonly after: readonly string[];
  },
): InstanceOutcome => {
  const { service, instance } = request;
  const { current, run, after } = step;
  const container = target(current);
  const add = (verb: string, action: Action, wait: readonly string[]): string =>
    context.graph.add({
      id: `${verb}:${service.name}-${instance}`,
      action,
      cause: run.cause,
      subject: serviceSubject(service.name, instance),
      after: wait,
    });
  const ready = [...after, ...request.gate.after, ...request.stopAfter];
  const graceMs = service.stopGraceMs;
  const idle: InstanceOutcome = {
    container,
    started: undefined,
    restarted: false,
    replaced: false,
  };
  const outcomes: Readonly<Record<RunDecision['action'], () => InstanceOutcome>> = {
    none: () => idle,
    wait: () => idle,
    create: () => idle,
    recreate: () => idle,
    remove: () => idle,
    start: () => ({
      ...idle,
      started: add('start', { type: 'startContainer', container }, ready),
      restarted: true,
    }),
    restart: () => ({
      ...idle,
      started: add('restart', { type: 'restartContainer', container, graceMs }, ready),
      restarted: true,
    }),
    unpause: () => ({
      ...idle,
      started: add('unpause', { type: 'unpauseContainer', container }, after),
    }),
    stop: () => {
      add('stop', { type: 'stopContainer', container, graceMs }, after);
      return idle;
    },
  };
  return outcomes[run.action]();
};

const NEEDS_START: ReadonlySet<RunDecision['action']> = new Set(['create', 'start', 'recreate']);

/** Leaves an instance as it is, because what it depends on is not there; says so where that is for good. */
const holdBack = (
  context: PlanContext,
  { service, instance, gate }: InstanceRequest,
  current: ObservedContainer | undefined,
): InstanceOutcome | undefined => {
  const { held } = gate;
  if (held?.forGood === true) {
    context.graph.blockers.push({
      code: 'DependencyFailed',
      subject: serviceSubject(service.name, instance),
      message: `it is not started: ${held.message}`,
      hint: 'Mend that service first; this one follows by itself.',
    });
  }
  return current === undefined
    ? undefined
    : { container: target(current), started: undefined, restarted: false, replaced: false };
};

/** Plans one instance: nothing, a change in place, or a new container. Undefined when something stands in the way. */
export const planInstance = (
  context: PlanContext,
  request: InstanceRequest,
): InstanceOutcome | undefined => {
  const { service, instance } = request;
  const name = containerName(context.project.name, service.name, instance);
  const group = context.groups.get(service.name)?.get(instance);
  const current = group?.current;
  const run = decideRun(context, request, current);

  if (current === undefined && run.action !== 'create' && run.action !== 'recreate')
    return undefined;
  if (request.gate.held !== undefined && NEEDS_START.has(run.action)) {
    return holdBack(context, request, current);
  }
  // What is held down is left as it is; a change waits until it is started.
  if (service.stopped && current !== undefined) {
    return runAction(context, request, { current, run, after: [] });
  }
  const startFirst =
    service.update.order === 'start-first' && current !== undefined && isAlive(current);
  const portsFor = (own: ReadonlySet<string>): ReturnType<typeof allocatePorts> =>
    allocatePorts({
      ports: service.ports,
      range: context.project.portRange,
      previous: current?.labels,
      taken: context.ports,
      own,
      excluded: context.input.excludedPorts ?? new Set(),
      key: name,
    });
  const containers = [current, ...(group?.leftovers ?? [])].map((one) => one?.name ?? name);
  let ports = portsFor(new Set([name, ...containers]));
  const blocker =
    nameBlocker(context, name, group) ??
    rangeBlocker(context, ports.exhausted) ??
    portBlocker(context, ports.bindings);
  if (blocker !== undefined) return blocked(context, request, blocker);
  for (const binding of ports.bindings) context.ports.set(binding.host, name);

  const attachments = attachmentsOf(service, instance);
  const forced = context.input.request?.forceRecreate?.has(service.name) ?? false;
  const replaceCause: Cause | undefined =
    current === undefined
      ? run.cause
      : (recreateCause({
          service,
          current,
          attachments,
          chosenPorts: ports.chosen,
          networks: context.observed.networks,
          networkOwner: networkOwner(context, service),
          forced,
          changes: context.input.changes?.get(service.name) ?? [],
        }) ?? (run.action === 'recreate' ? run.cause : undefined));

  if (replaceCause !== undefined) {
    // What runs goes on as it is until its successor can start.
    if (request.gate.held !== undefined) return holdBack(context, request, current);
    if (isObstructed(context, service, attachments) || !provideImage(context, service)) {
      return undefined;
    }
    // Both run for a while, so the new one cannot have the ports of the old one.
    if (startFirst) {
      ports = portsFor(new Set());
      const full = rangeBlocker(context, ports.exhausted);
      if (full !== undefined) return blocked(context, request, full);
      for (const binding of ports.bindings) context.ports.set(binding.host, name);
    }
    const heals = run.action === 'recreate' && replaceCause === run.cause;
    const remembered = heals ? planMemory(context, request, { run, container: current }) : [];
    return replaceContainer(context, {
      service,
      instance,
      spec: instanceSpec({
        project: context.project,
        service,
        instance,
        bindings: ports.bindings,
        chosen: ports.chosen,
        guardian: context.input.guardian,
        previous: current,
        images: context.observed.images,
        now: context.observed.at,
      }),
      attachments,
      cause: replaceCause,
      previous: current,
      leftovers: group?.leftovers ?? [],
      startAfter: request.gate.after,
      stopAfter: request.stopAfter,
      createAfter: [...request.createAfter, ...remembered],
      startFirst,
    });
  }
  if (current === undefined || group === undefined) return undefined;
  const adjusted = adjustContainer(context, { service, instance, current, attachments });
  const stops = removeLeftovers(context, { service, instance, leftovers: group.leftovers });
  const remembered = planMemory(context, request, { run, container: current });
  return runAction(context, request, {
    current,
    run,
    after: [...adjusted, ...stops, ...remembered],
  });
};
