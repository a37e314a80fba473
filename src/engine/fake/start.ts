import type { Operation } from '../answers.ts';
import type { ObservedNetwork } from '../../model/observed.ts';
import { contains, parseCidr } from './addresses.ts';
import { type FakeAttachment, type FakeContainer, isUp } from './container.ts';
import { behaviourOf, beginRun, quiet } from './processes.ts';
import { refusal } from './refuse.ts';
import { changed, emit, lookUp, type Store } from './store.ts';

const checkPorts = (store: Store, container: FakeContainer): string | undefined => {
  for (const port of container.spec.ports) {
    const place = `${port.hostIP}:${port.host}`;
    const failed = `driver failed programming external connectivity on endpoint ${container.name}:`;
    if (store.hostPorts.has(`${port.host}/${port.protocol}`)) {
      return `${failed} Error starting userland proxy: listen ${port.protocol}4 ${place}: bind: address already in use`;
    }
    if (store.occupancy.isPortTaken(port)) {
      return `${failed} Bind for ${place} failed: port is already allocated`;
    }
  }
  return undefined;
};

/** By id where the container was on it before, else by name. */
const networkOf = (store: Store, attachment: FakeAttachment): ObservedNetwork | undefined => {
  if (attachment.networkId !== '') return store.networks.get(attachment.networkId);
  for (const network of store.networks.values()) {
    if (network.name === attachment.network) return network;
  }
  return undefined;
};

/** Gives a running container its address on a network. Throws what Docker answers when it cannot. */
export const plugIn = (
  store: Store,
  container: FakeContainer,
  what: { readonly attachment: FakeAttachment; readonly operation: Operation },
): void => {
  const { attachment, operation } = what;
  const subject = `container ${container.name}`;
  const network = networkOf(store, attachment);
  if (network === undefined) {
    const missing = attachment.networkId === '' ? attachment.network : attachment.networkId;
    throw refusal(operation, subject, { status: 404, message: `network ${missing} not found` });
  }
  const [subnet = ''] = network.subnets;
  const { ipv4 } = attachment;
  if (ipv4 !== undefined && store.occupancy.isAddressTaken(network.id, ipv4)) {
    throw refusal(operation, subject, { status: 403, message: 'Address already in use' });
  }
  const range = parseCidr(subnet);
  if (ipv4 !== undefined && (range === undefined || !contains(range, ipv4))) {
    const message = `Invalid address ${ipv4}: It does not belong to any of this network's subnets`;
    throw refusal(operation, subject, { status: 500, message });
  }
  const ip = store.occupancy.takeAddress(network.id, { subnet, ipv4 });
  if (ip === undefined) {
    const message = 'no available IPv4 addresses on this network';
    throw refusal(operation, subject, { status: 500, message });
  }
  attachment.networkId = network.id;
  attachment.ip = ip;
  emit(store, {
    kind: 'network',
    action: 'connect',
    id: network.id,
    name: network.name,
    attributes: { container: container.id, name: network.name, type: network.driver },
  });
};

/** A failed start leaves the container as it was, with a code and the engine's message. */
const fail = (
  store: Store,
  container: FakeContainer,
  failure: { readonly code: number; readonly message: string },
): void => {
  container.exitCode = failure.code;
  container.error = failure.message;
  store.occupancy.release(container);
  changed(container);
};

const checkSharedNetwork = (store: Store, container: FakeContainer, operation: Operation): void => {
  const [mode, target = ''] = container.networkMode.split(':');
  if (mode !== 'container') return;
  const subject = `container ${container.name}`;
  const host = lookUp(store, target);
  if (host === undefined) {
    throw refusal(operation, subject, { status: 404, message: `No such container: ${target}` });
  }
  if (!isUp(host)) {
    const message = `cannot join network of a non running container: ${host.id}`;
    throw refusal(operation, subject, { status: 409, message });
  }
};

/** Starts what does not run. */
export const start = (store: Store, container: FakeContainer, operation: Operation): void => {
  const subject = `container ${container.name}`;
  if (container.state === 'paused') {
    const message = 'cannot start a paused container, try unpause instead';
    throw refusal(operation, subject, { status: 409, message });
  }
  if (container.state === 'dead' || container.state === 'removing') {
    const message = 'container is marked for removal and cannot be started';
    throw refusal(operation, subject, { status: 409, message });
  }
  // What the engine is about to restart counts as started.
  if (container.state === 'running' || container.state === 'restarting') return;
  checkSharedNetwork(store, container, operation);
  try {
    for (const attachment of container.attachments)
      plugIn(store, container, { attachment, operation });
  } catch (error) {
    fail(store, container, { code: 128, message: error instanceof Error ? error.message : '' });
    throw error;
  }
  const portTaken = checkPorts(store, container);
  if (portTaken !== undefined) {
    fail(store, container, { code: 128, message: portTaken });
    throw refusal(operation, subject, { status: 500, message: portTaken });
  }
  const behaviour = behaviourOf(store, container);
  if (behaviour.missing === true) {
    const message = `failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: exec: "${container.command[0] ?? ''}": stat ${container.command[0] ?? ''}: no such file or directory: unknown`;
    fail(store, container, { code: 127, message });
    throw refusal(operation, subject, { status: 400, message });
  }
  store.occupancy.takePorts(container);
  quiet(container);
  container.restartCount = 0;
  beginRun(store, container, behaviour);
};
