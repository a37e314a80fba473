import { decide } from '../lifecycle/decide.ts';
import type { Decision } from '../lifecycle/decide.ts';
import { instancePolicy } from '../lifecycle/policy.ts';
import type { Cause } from '../model/action.ts';
import type { DesiredService } from '../model/desired.ts';
import type { ObservedContainer } from '../model/observed.ts';
import { serviceSubject } from './context.ts';
import type { PlanContext } from './context.ts';
import { instanceLabel } from './naming.ts';
import { target } from './remove-container.ts';
import { isSameSpec } from './spec-hash.ts';

/** What is done to an instance's process, whatever happens to its container. */
export interface RunDecision {
  readonly action: Decision['action'];
  readonly cause: Cause;
  readonly decision: Decision;
}

export interface RunRequest {
  readonly service: DesiredService;
  readonly instance: number;
  /** Why it has to start anew because of what it depends on. */
  readonly dependencyCause: string | undefined;
}

/** A start that was asked for is no recovery: there is nothing to keep and nothing to count. */
const FORGOTTEN = { recordChanged: false, keepEvidence: false } as const;

const NOTHING: Cause = { reason: 'Requested', message: '' };

const lifecycleDecision = (
  context: PlanContext,
  request: RunRequest,
  container: ObservedContainer | undefined,
): Decision => {
  const { service, instance } = request;
  const { input, observed } = context;
  const completion = input.completions?.get(service.name);
  const completed = completion !== undefined && isSameSpec(completion.specHash, service.specHash);
  return decide({
    container,
    probes: container === undefined ? [] : (input.probes?.get(container.id) ?? []),
    recovery: input.recovery?.get(instanceLabel(service.name, instance)),
    policy: instancePolicy(service, instance, {
      wanted: service.stopped ? 'stopped' : 'running',
      ladder: input.ladder,
      requestedAt: input.requestedAt,
    }),
    now: observed.at,
    ...(completed
      ? { completion: { exitCode: completion.exitCode, finishedAt: completion.finishedAt } }
      : {}),
  });
};

/** What a person asked for, or a dependency asks for, of a process that the lifecycle would leave alone. */
const requestedRestart = (context: PlanContext, request: RunRequest): Cause | undefined => {
  const { service, dependencyCause } = request;
  if (context.input.request?.restart?.has(service.name) === true) {
    return { reason: 'Requested', message: 'a restart was asked for' };
  }
  return dependencyCause === undefined
    ? undefined
    : { reason: 'Dependency', message: dependencyCause };
};

/** Decides about one instance's process, and notes its state for whoever waits. */
export const decideRun = (
  context: PlanContext,
  request: RunRequest,
  container: ObservedContainer | undefined,
): RunDecision => {
  const { service, instance } = request;
  const decision = lifecycleDecision(context, request, container);
  const forecasts = context.forecasts.get(service.name) ?? [];
  forecasts.push({
    service: service.name,
    instance,
    state: decision.observed,
    reason: decision.reason,
    message: decision.message,
    deadline: decision.deadline,
    exhausted: decision.exhausted,
  });
  context.forecasts.set(service.name, forecasts);
  const standsStill = container?.state === 'exited' || container?.state === 'created';
  if (standsStill && context.input.request?.start?.has(service.name) === true) {
    const cause: Cause = { reason: 'Requested', message: 'it was held down, and is started again' };
    return { action: 'start', cause, decision: { ...decision, ...FORGOTTEN } };
  }
  if (service.stopped) {
    return {
      action: decision.action,
      cause: { reason: 'Requested', message: 'l9 stop holds it down' },
      decision,
    };
  }
  const asked = requestedRestart(context, request);
  if (asked !== undefined && container?.state === 'running' && decision.action !== 'recreate') {
    return { action: 'restart', cause: asked, decision };
  }
  return { action: decision.action, cause: decision.cause ?? NOTHING, decision };
};

/** What has to be written down before the decision is carried out: evidence, and the recovery's next step. */
export const planMemory = (
  context: PlanContext,
  request: RunRequest,
  step: { readonly run: RunDecision; readonly container: ObservedContainer | undefined },
): string[] => {
  const { service, instance } = request;
  const { run, container } = step;
  const { decision } = run;
  const key = instanceLabel(service.name, instance);
  const subject = serviceSubject(service.name, instance);
  const cause = decision.cause ?? {
    reason: 'Requested',
    message: 'its recovery is remembered or forgotten',
  };
  const ids: string[] = [];
  if (decision.keepEvidence && container !== undefined) {
    ids.push(
      context.graph.add({
        id: `evidence:${key}`,
        action: {
          type: 'keepEvidence',
          project: context.project.name,
          service: service.name,
          container: target(container),
          cause: cause.message,
        },
        cause,
        subject,
      }),
    );
  }
  if (decision.recordChanged) {
    ids.push(
      context.graph.add({
        id: `recovery:${key}`,
        action:
          decision.recovery === null
            ? { type: 'removeRecovery', project: context.project.name, instance: key }
            : { type: 'writeRecovery', record: decision.recovery },
        cause,
        subject,
        after: ids,
      }),
    );
  }
  return ids;
};
