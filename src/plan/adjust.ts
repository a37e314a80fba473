import type { Cause } from '../model/action.ts';
import type { Limits } from '../model/container.ts';
import type { DesiredAttachment, DesiredService } from '../model/desired.ts';
import type { ObservedContainer } from '../model/observed.ts';
import { serviceSubject } from './context.ts';
import type { PlanContext } from './context.ts';
import { attachmentChanges, limitChanges } from './difference.ts';
import { hostnameOf, restartPolicyFor } from './instance-spec.ts';
import { containerName } from './naming.ts';
import { target } from './remove-container.ts';

export interface Adjustment {
  readonly service: DesiredService;
  readonly instance: number;
  readonly current: ObservedContainer;
  readonly attachments: readonly DesiredAttachment[];
}

const mebibytes = (bytes: number | undefined): string =>
  bytes === undefined ? 'none' : `${Math.round(bytes / 2 ** 20)}Mi`;

const cores = (nano: number | undefined): string =>
  nano === undefined ? 'none' : String(nano / 1e9);

/** `memory: 64Mi → 96Mi`, for every limit that differs. */
const describeLimits = (from: Limits, to: Limits): string[] => {
  const lines = [
    ['memory', mebibytes(from.memoryBytes), mebibytes(to.memoryBytes)],
    [
      'memoryReservation',
      mebibytes(from.memoryReservationBytes),
      mebibytes(to.memoryReservationBytes),
    ],
    ['cpus', cores(from.nanoCpus), cores(to.nanoCpus)],
    ['pids', String(from.pids ?? 'none'), String(to.pids ?? 'none')],
  ] as const;
  return lines.filter(([, a, b]) => a !== b).map(([name, a, b]) => `${name}: ${a} → ${b}`);
};

const list = (names: readonly string[]): string => names.join(', ');

const planUpdate = (context: PlanContext, adjustment: Adjustment): string | undefined => {
  const { service, instance, current } = adjustment;
  const limits = limitChanges(service.limits, current.limits);
  const policy = restartPolicyFor(context.project, service, context.input.guardian);
  const restartPolicy = policy === current.restartPolicy ? undefined : policy;
  if (limits === undefined && restartPolicy === undefined) return undefined;
  const parts: string[] = [];
  if (limits !== undefined) parts.push(...describeLimits(current.limits, limits));
  if (restartPolicy !== undefined) {
    parts.push(`restart policy: ${current.restartPolicy} → ${restartPolicy}`);
  }
  return context.graph.add({
    id: `update:${service.name}-${instance}`,
    action: {
      type: 'updateContainer',
      container: target(current),
      ...(limits === undefined ? {} : { limits }),
      ...(restartPolicy === undefined ? {} : { restartPolicy }),
    },
    cause: { reason: 'Drifted', message: list(parts) },
    subject: serviceSubject(service.name, instance),
  });
};

const planAttachments = (context: PlanContext, adjustment: Adjustment): string[] => {
  const { service, instance, current } = adjustment;
  if (service.networking.mode !== 'networks') return [];
  const changes = attachmentChanges(adjustment.attachments, current, hostnameOf(service, instance));
  const subject = serviceSubject(service.name, instance);
  const key = `${service.name}-${instance}`;
  const left = new Map<string, string>();
  for (const network of changes.disconnect) {
    const cause: Cause = { reason: 'Drifted', message: `leaves or rejoins network ${network}` };
    // A network that is made anew in this plan has already let go of its containers.
    const id = `disconnect:${current.name}:${network}`;
    if (context.graph.has(id)) continue;
    left.set(
      network,
      context.graph.add({
        id,
        action: { type: 'disconnectNetwork', container: target(current), network },
        cause,
        subject,
      }),
    );
  }
  const remade = adjustment.attachments.filter(
    (attachment) =>
      context.provided.has(`network/${attachment.network}`) &&
      !changes.connect.includes(attachment),
  );
  const joined = [...changes.connect, ...remade].filter(
    (attachment) => !context.obstructed.has(`network/${attachment.network}`),
  );
  return joined.map((attachment) =>
    context.graph.add({
      id: `connect:${key}:${attachment.network}`,
      action: { type: 'connectNetwork', container: target(current), ...attachment },
      cause: { reason: 'Drifted', message: `not connected to ${attachment.network} as wanted` },
      subject,
      after: [left.get(attachment.network), context.provided.get(`network/${attachment.network}`)],
    }),
  );
};

/** Changes what Docker can change without a new container; returns the ids that a start has to wait for. */
export const adjustContainer = (context: PlanContext, adjustment: Adjustment): string[] => {
  const { service, instance, current } = adjustment;
  const name = containerName(context.project.name, service.name, instance);
  const ids: (string | undefined)[] = [planUpdate(context, adjustment)];
  if (current.name !== name) {
    ids.push(
      context.graph.add({
        id: `rename:${service.name}-${instance}`,
        action: { type: 'renameContainer', container: target(current), name },
        cause: { reason: 'Drifted', message: `it was renamed to ${current.name}` },
        subject: serviceSubject(service.name, instance),
      }),
    );
  }
  ids.push(...planAttachments(context, adjustment));
  return ids.filter((id) => id !== undefined);
};
