import type { Cause } from '../model/action.ts';
import type { ContainerSpec } from '../model/container.ts';
import type { DesiredAttachment, DesiredService } from '../model/desired.ts';
import { label } from '../model/labels.ts';
import type { ObservedContainer } from '../model/observed.ts';
import { awaitContainer } from './await.ts';
import { serviceSubject } from './context.ts';
import type { InstanceOutcome, PlanContext } from './context.ts';
import { retiredName } from './naming.ts';
import { provideFiles } from './prerequisites.ts';
import { isAlive, stopAndRemove, target } from './remove-container.ts';
import { createVolume } from './volumes.ts';

export interface Replacement {
  readonly service: DesiredService;
  readonly instance: number;
  readonly spec: ContainerSpec;
  readonly attachments: readonly DesiredAttachment[];
  readonly cause: Cause;
  /** The container that is replaced, if there is one. */
  readonly previous: ObservedContainer | undefined;
  /** Other containers of the same instance, left by an interrupted change. */
  readonly leftovers: readonly ObservedContainer[];
  /** Must have happened before the new container may start (dependencies are ready). */
  readonly startAfter: readonly string[];
  /** Must have happened before the old container may stop (the turn of a rolling update). */
  readonly stopAfter: readonly string[];
  /** Must have happened before the new container may be created. */
  readonly createAfter: readonly string[];
  /** The new one is healthy before the old one stops. */
  readonly startFirst: boolean;
}

/** What the container needs on the engine first: its networks, volumes, files and image. */
const prerequisites = (context: PlanContext, replacement: Replacement): string[] => {
  const { spec, service, attachments } = replacement;
  const needed: string[] = [];
  const provided = (key: string): void => {
    const id = context.provided.get(key);
    if (id !== undefined) needed.push(id);
  };
  for (const attachment of attachments) provided(`network/${attachment.network}`);
  for (const mount of spec.mounts) {
    if (mount.type === 'volume') {
      if (
        !context.index.volumes.has(mount.volume) &&
        !context.provided.has(`volume/${mount.volume}`)
      ) {
        createVolume(context, {
          subject: serviceSubject(service.name, replacement.instance),
          name: mount.volume,
          kind: 'volume',
          driver: 'local',
          driverOpts: {},
          labels: { [label.service]: service.name, [label.instance]: String(replacement.instance) },
        });
      }
      provided(`volume/${mount.volume}`);
    }
  }
  provideFiles(context, service);
  provided(`files/${service.name}`);
  provided(`image/${service.name}`);
  return needed;
};

/** Removes what an interrupted change left behind; returns the ids of the stops, before which nothing may start. */
export const removeLeftovers = (
  context: PlanContext,
  replacement: Pick<Replacement, 'service' | 'instance' | 'leftovers'>,
): string[] =>
  replacement.leftovers
    .map((leftover) =>
      stopAndRemove(context, leftover, {
        service: replacement.service.name,
        instance: replacement.instance,
        graceMs: replacement.service.stopGraceMs,
        cause: { reason: 'Leftover', message: 'left over from a change that was interrupted' },
      }),
    )
    .map(({ stopped }) => stopped)
    .filter((id) => id !== undefined);

/**
 * Creates an instance's container, or replaces it: the old one steps aside by name first, so that the
 * new one exists, with everything it needs, before the old one stops. Interrupted anywhere, the next
 * plan finds one container that has the name and the rest as leftovers. Volumes are attached by name,
 * so they are never without a container that refers to them.
 */
export const replaceContainer = (
  context: PlanContext,
  replacement: Replacement,
): InstanceOutcome => {
  const { service, instance, spec, cause, previous } = replacement;
  const { graph } = context;
  const subject = serviceSubject(service.name, instance);
  const key = `${service.name}-${instance}`;
  const needed = prerequisites(context, replacement);

  const stop = (after: readonly string[]): string | undefined =>
    previous === undefined || !isAlive(previous)
      ? undefined
      : graph.add({
          id: `stop:${key}`,
          action: {
            type: 'stopContainer',
            container: target(previous),
            graceMs: service.stopGraceMs,
          },
          cause,
          subject,
          after: [...after, ...replacement.stopAfter],
        });
  const before = [...needed, ...replacement.createAfter];
  // Docker cannot rename what it restarts over and over, and there is no uptime to protect.
  const early =
    previous?.state === 'restarting' ? stop([...before, ...replacement.startAfter]) : undefined;

  const renamed =
    previous !== undefined && previous.name === spec.name
      ? graph.add({
          id: `rename:${key}`,
          action: {
            type: 'renameContainer',
            container: target(previous),
            name: retiredName(spec.name, previous.id),
          },
          cause,
          subject,
          after: [...before, ...replacement.stopAfter, early],
        })
      : undefined;

  const created = graph.add({
    id: `create:${key}`,
    action: { type: 'createContainer', spec },
    cause,
    subject,
    after: [...before, renamed],
  });

  const connected = replacement.attachments.slice(1).map((attachment) =>
    graph.add({
      id: `connect:${key}:${attachment.network}`,
      action: { type: 'connectNetwork', container: { name: spec.name }, ...attachment },
      cause,
      subject,
      after: [created, context.provided.get(`network/${attachment.network}`)],
    }),
  );

  const leftoverStops = removeLeftovers(context, replacement);
  const ready = [created, ...connected, ...replacement.startAfter];
  const start = (after: readonly (string | undefined)[]): string =>
    graph.add({
      id: `start:${key}`,
      action: { type: 'startContainer', container: { name: spec.name } },
      cause,
      subject,
      after: [...ready, ...leftoverStops, ...after],
    });
  let started: string;
  let stopped = early;
  if (replacement.startFirst && early === undefined) {
    started = start([]);
    stopped = stop([
      awaitContainer(context, {
        service,
        container: { name: spec.name },
        key,
        condition: 'healthy',
        message: 'the old one stops once the new one is healthy',
        after: [started],
      }),
    ]);
  } else {
    stopped ??= stop(ready);
    started = start([stopped]);
  }
  if (previous !== undefined) {
    graph.add({
      id: `remove:${key}/${previous.id.slice(0, 12)}`,
      action: { type: 'removeContainer', container: target(previous), force: false },
      cause,
      subject,
      after: [started, stopped],
    });
  }
  return { container: { name: spec.name }, started, restarted: true, replaced: true };
};
