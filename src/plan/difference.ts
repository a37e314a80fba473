import type { Cause } from '../model/action.ts';
import type { Limits } from '../model/container.ts';
import type { DesiredAttachment, DesiredService } from '../model/desired.ts';
import { label, portLabel } from '../model/labels.ts';
import type { ObservedContainer, ObservedNetwork } from '../model/observed.ts';
import { compareSpecHashes } from './spec-hash.ts';

export interface InstanceTarget {
  readonly service: DesiredService;
  readonly current: ObservedContainer;
  readonly attachments: readonly DesiredAttachment[];
  readonly chosenPorts: ReadonlyMap<string, number>;
  readonly networks: readonly ObservedNetwork[];
  /** The container whose network is shared: its id, or null when it does not exist yet. */
  readonly networkOwner: string | null | undefined;
  readonly forced: boolean;
  readonly changes: readonly string[];
}

const specCause = (target: InstanceTarget): Cause | undefined => {
  const verdict = compareSpecHashes(target.current.labels[label.specHash], target.service.specHash);
  if (verdict === 'same') return undefined;
  // A hash that another version of l9 made says nothing; what changed is told field by field.
  if (verdict === 'unknown' && target.changes.length === 0) return undefined;
  return {
    reason: 'SpecChanged',
    message: target.changes.length > 0 ? target.changes.join('; ') : 'the manifest changed',
  };
};

const imageCause = (target: InstanceTarget): Cause | undefined => {
  const { image } = target.service;
  if (image.id === undefined || image.id === target.current.imageId) return undefined;
  return {
    reason: 'ImageChanged',
    message: `${image.reference} now means another image (${shortId(target.current.imageId)} → ${shortId(image.id)})`,
  };
};

const shortId = (id: string): string => id.replace('sha256:', '').slice(0, 12);

/** Taking a limit away is no update that Docker carries out. */
const limitsCause = (target: InstanceTarget): Cause | undefined => {
  const keys = ['memoryBytes', 'memoryReservationBytes', 'nanoCpus', 'pids'] as const;
  const gone = keys.filter(
    (key) => target.current.limits[key] !== undefined && target.service.limits[key] === undefined,
  );
  return gone.length === 0
    ? undefined
    : { reason: 'SpecChanged', message: `a limit was taken away (${gone.join(', ')})` };
};

const portCause = (target: InstanceTarget): Cause | undefined => {
  for (const [name, port] of target.chosenPorts) {
    const before = target.current.labels[portLabel(name)];
    if (before !== undefined && before !== String(port)) {
      return { reason: 'Drifted', message: `port ${name} moves from ${before} to ${port}` };
    }
  }
  return undefined;
};

const networkCause = (target: InstanceTarget): Cause | undefined => {
  const { current, networks } = target;
  if (target.networkOwner !== undefined) {
    const wanted = `container:${target.networkOwner ?? ''}`;
    return current.networkMode === wanted
      ? undefined
      : { reason: 'Dependency', message: 'the container whose network it shares was replaced' };
  }
  if (current.state === 'running') return undefined;
  const gone = current.attachments.find(
    (attachment) =>
      attachment.networkId !== '' &&
      !networks.some((network) => network.id === attachment.networkId),
  );
  return gone === undefined
    ? undefined
    : { reason: 'Drifted', message: `its network ${gone.network} was deleted` };
};

/** Why the container must be replaced, or undefined when it can stay. */
export const recreateCause = (target: InstanceTarget): Cause | undefined => {
  if (target.forced) return { reason: 'Requested', message: 'asked for' };
  return (
    specCause(target) ??
    imageCause(target) ??
    limitsCause(target) ??
    portCause(target) ??
    networkCause(target)
  );
};

/** Limits that an update can bring about, or undefined when they are as wanted. */
export const limitChanges = (wanted: Limits, current: Limits): Limits | undefined => {
  const changed =
    wanted.memoryBytes !== current.memoryBytes ||
    wanted.memoryReservationBytes !== current.memoryReservationBytes ||
    wanted.nanoCpus !== current.nanoCpus ||
    wanted.pids !== current.pids;
  return changed ? wanted : undefined;
};

export interface AttachmentChanges {
  readonly connect: readonly DesiredAttachment[];
  readonly disconnect: readonly string[];
}

/** Names that Docker gives a container on a network by itself, at its start: nobody asked for them. */
const ownNames = (current: ObservedContainer, hostname: string | undefined): Set<string> =>
  new Set([
    current.id.slice(0, 12),
    current.id,
    current.name,
    ...(hostname === undefined ? [] : [hostname, hostname.split('.')[0] ?? hostname]),
  ]);

const sameAliases = (
  wanted: readonly string[],
  present: readonly string[],
  own: ReadonlySet<string>,
): boolean => {
  const asked = present.filter((alias) => !own.has(alias));
  return (
    wanted.every((alias) => present.includes(alias)) &&
    asked.every((alias) => wanted.includes(alias))
  );
};

/** Which networks to leave and to join. An attachment whose names or address differ is made anew. */
export const attachmentChanges = (
  wanted: readonly DesiredAttachment[],
  current: ObservedContainer,
  hostname: string | undefined,
): AttachmentChanges => {
  const own = ownNames(current, hostname);
  const connect: DesiredAttachment[] = [];
  const disconnect: string[] = [];
  for (const attachment of wanted) {
    const present = current.attachments.find((one) => one.network === attachment.network);
    if (present === undefined) {
      connect.push(attachment);
      continue;
    }
    const sameNames = sameAliases(attachment.aliases, present.aliases, own);
    const sameAddress =
      attachment.ipv4 === undefined || present.ip === '' || present.ip === attachment.ipv4;
    if (!sameNames || !sameAddress) {
      disconnect.push(attachment.network);
      connect.push(attachment);
    }
  }
  for (const present of current.attachments) {
    if (!wanted.some((one) => one.network === present.network)) disconnect.push(present.network);
  }
  return { connect, disconnect };
};
