import type { Blocker } from '../model/action.ts';
import type { PortBinding } from '../model/container.ts';
import type { DesiredAttachment, DesiredService } from '../model/desired.ts';
import { label } from '../model/labels.ts';
import type { PlanContext } from './context.ts';
import type { InstanceContainers } from './ownership.ts';
import { describeOwner } from './owner.ts';

/** What stands in the way of one instance. */
export type InstanceBlocker = Omit<Blocker, 'subject'>;

/** A container that is not of this instance but has its name. */
export const nameBlocker = (
  context: PlanContext,
  name: string,
  group: InstanceContainers | undefined,
): InstanceBlocker | undefined => {
  const own = new Set([group?.current.id, ...(group?.leftovers ?? []).map((one) => one.id)]);
  const holder = context.index.byName.get(name);
  if (holder === undefined || own.has(holder.id)) return undefined;
  return {
    code: 'NameTaken',
    message: `the name ${name} is taken by container ${holder.id.slice(0, 12)} (${holder.image}, ${holder.status || holder.state}): ${describeOwner(holder.labels)}`,
    hint: `Rename or remove it: docker rename ${name} NEW, docker rm ${name}. l9 never takes what is not its own.`,
  };
};

const EVERY_ADDRESS: ReadonlySet<string> = new Set(['', '0.0.0.0', '::']);

const collide = (a: PortBinding, b: PortBinding): boolean =>
  a.host === b.host &&
  a.protocol === b.protocol &&
  (a.hostIP === b.hostIP || EVERY_ADDRESS.has(a.hostIP) || EVERY_ADDRESS.has(b.hostIP));

/** Somebody outside the project who runs on a port that is fixed in the manifest. */
export const portBlocker = (
  context: PlanContext,
  bindings: readonly PortBinding[],
): InstanceBlocker | undefined => {
  for (const wanted of bindings) {
    const holder = context.index.portHolders
      .get(wanted.host)
      ?.find((one) => one.ports.some((binding) => collide(binding, wanted)));
    if (holder === undefined || holder.labels[label.project] === context.project.name) continue;
    return {
      code: 'PortTaken',
      message: `host port ${wanted.host} is held by container ${holder.name} (${holder.image}): ${describeOwner(holder.labels)}`,
      hint: 'Stop that container, or write another port; host: auto takes a free one from the project’s range.',
    };
  }
  return undefined;
};

/** The range of the project has no port left. */
export const rangeBlocker = (
  context: PlanContext,
  exhausted: readonly string[],
): InstanceBlocker | undefined => {
  const [missing] = exhausted;
  const { from, to } = context.project.portRange;
  return missing === undefined
    ? undefined
    : {
        code: 'PortRangeExhausted',
        message: `no free port is left for ${missing} in ${from}-${to}`,
        hint: 'Widen spec.ports.range of the Project.',
      };
};

/** Whether something that a container of the service needs belongs to somebody else, or is not there; a blocker says so. */
export const isObstructed = (
  context: PlanContext,
  service: DesiredService,
  attachments: readonly DesiredAttachment[],
): boolean =>
  attachments.some(({ network }) => context.obstructed.has(`network/${network}`)) ||
  service.mounts.some(
    (mount) => mount.type === 'volume' && context.obstructed.has(`volume/${mount.volume}`),
  );
