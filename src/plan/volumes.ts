import type { Blocker, Subject } from '../model/action.ts';
import type { DesiredVolume } from '../model/desired.ts';
import { label } from '../model/labels.ts';
import type { ObjectKind } from '../model/labels.ts';
import type { PlanContext } from './context.ts';
import { describeOwner } from './owner.ts';

interface VolumeCreation {
  readonly subject: Subject;
  readonly name: string;
  readonly kind: ObjectKind;
  readonly driver: string;
  readonly driverOpts: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
}

/** Adds the creation of a volume and remembers it as provided; returns the action's id. */
export const createVolume = (context: PlanContext, creation: VolumeCreation): string => {
  const { environment, name: project } = context.project;
  const id = context.graph.add({
    id: `create:volume/${creation.name}`,
    action: {
      type: 'createVolume',
      name: creation.name,
      driver: creation.driver,
      driverOpts: creation.driverOpts,
      labels: {
        ...creation.labels,
        [label.managed]: 'true',
        [label.project]: project,
        [label.kind]: creation.kind,
        ...(environment === undefined ? {} : { [label.environment]: environment }),
      },
    },
    cause: { reason: 'Missing', message: 'it does not exist' },
    subject: creation.subject,
  });
  context.provided.set(`volume/${creation.name}`, id);
  return id;
};

/** Says why a volume cannot be used; no container is made that would mount it, or an empty one in its place. */
const obstruct = (context: PlanContext, wanted: DesiredVolume, blocker: Blocker): void => {
  context.obstructed.add(`volume/${wanted.engineName}`);
  context.graph.blockers.push(blocker);
};

const planVolume = (context: PlanContext, wanted: DesiredVolume): void => {
  const subject: Subject = { kind: 'volume', name: wanted.name };
  const present = context.index.volumes.get(wanted.engineName);
  if (wanted.external) {
    if (present !== undefined) return;
    obstruct(context, wanted, {
      code: 'ExternalMissing',
      subject,
      message: `volume ${wanted.engineName} is external and does not exist`,
      hint: `Create it (docker volume create ${wanted.engineName}), or leave external out to have l9 make it.`,
    });
    return;
  }
  if (present === undefined) {
    createVolume(context, {
      subject,
      name: wanted.engineName,
      kind: 'volume',
      driver: wanted.driver,
      driverOpts: wanted.driverOpts,
      labels: wanted.labels,
    });
    return;
  }
  const ours =
    present.labels[label.managed] === 'true' &&
    present.labels[label.project] === context.project.name;
  if (!ours) {
    obstruct(context, wanted, {
      code: 'NameTaken',
      subject,
      message: `a volume named ${present.name} exists and is not this project's: ${describeOwner(present.labels)}`,
      hint: `To use its data write external: true and name: ${present.name} in the Volume; otherwise give yours another name.`,
    });
    return;
  }
  if (present.driver !== wanted.driver) {
    context.graph.notes.push({
      subject,
      message: `volume ${present.name} keeps its driver ${present.driver}: changing it to ${wanted.driver} would lose its data; copy the data to a new volume instead`,
    });
  }
};

export const planVolumes = (context: PlanContext): void => {
  for (const wanted of context.project.volumes) planVolume(context, wanted);
};

/** Removes the volumes whose owner consented (reclaimPolicy Delete), after the containers in `after`. */
export const planVolumeRemovals = (context: PlanContext, after: readonly string[]): void => {
  for (const name of context.project.removing.volumes) {
    const present = context.index.volumes.get(name);
    if (present?.labels[label.managed] !== 'true') continue;
    if (present.labels[label.project] !== context.project.name) continue;
    context.graph.add({
      id: `remove:volume/${name}`,
      action: { type: 'removeVolume', name },
      cause: {
        reason: 'Removed',
        message:
          present.labels[label.kind] === 'files'
            ? 'copies of configs and secrets of a service that is gone'
            : 'deleted with its manifest (reclaimPolicy: Delete)',
      },
      subject: { kind: 'volume', name },
      after,
    });
  }
};
