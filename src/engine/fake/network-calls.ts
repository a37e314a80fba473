import type { ObservedNetwork } from '../../model/observed.ts';
import type { Engine, NetworkRequest } from '../api.ts';
import type { Operation } from '../answers.ts';
import { defaultPool, overlaps, parseCidr, type Range } from './addresses.ts';
import { needContainer } from './container-calls.ts';
import { isUp } from './container.ts';
import { refusal } from './refuse.ts';
import { plugIn } from './start.ts';
import { changed, emit, lookUp, newId, type Store } from './store.ts';

type NetworkCalls = Pick<
  Engine,
  'listNetworks' | 'createNetwork' | 'removeNetwork' | 'connectNetwork' | 'disconnectNetwork'
>;

const DRIVERS: ReadonlySet<string> = new Set([
  'bridge',
  'overlay',
  'macvlan',
  'ipvlan',
  'host',
  'null',
]);

/** By id, or by a name that only one has. */
const find = (
  store: Store,
  idOrName: string,
  operation: Operation,
): ObservedNetwork | undefined => {
  const byId = store.networks.get(idOrName);
  if (byId !== undefined) return byId;
  const named = [...store.networks.values()].filter(({ name }) => name === idOrName);
  if (named.length <= 1) return named[0];
  const message = `network ${idOrName} is ambiguous (${named.length} matches found on name)`;
  throw refusal(operation, `network ${idOrName}`, { status: 400, message });
};

const usedRanges = (store: Store): Range[] =>
  [...store.networks.values()].flatMap(({ subnets }) =>
    subnets.flatMap((subnet) => parseCidr(subnet) ?? []),
  );

const chooseSubnet = (store: Store, { name, subnet }: NetworkRequest): string => {
  const refuse = (status: number, message: string) =>
    refusal('createNetwork', `network ${name}`, { status, message });
  const used = usedRanges(store);
  const isFree = (cidr: string): boolean => {
    const range = parseCidr(cidr);
    return range !== undefined && !used.some((other) => overlaps(range, other));
  };
  if (subnet !== undefined) {
    if (subnet.includes(':')) return subnet;
    if (parseCidr(subnet) === undefined) {
      throw refuse(500, `Invalid subnet ${subnet} : invalid CIDR address: ${subnet}`);
    }
    if (!isFree(subnet)) throw refuse(403, 'Pool overlaps with other one on this address space');
    return subnet;
  }
  const free = defaultPool.find(isFree);
  if (free !== undefined) return free;
  throw refuse(
    404,
    'could not find an available, non-overlapping IPv4 address pool among the defaults to assign to the network',
  );
};

/** Puts a network into the store whatever others are called, as parallel creates below API 1.44 do. */
export const addNetwork = (store: Store, request: NetworkRequest): string => {
  const id = newId(store);
  const { name, driver, labels, internal } = request;
  store.networks.set(id, {
    id,
    name,
    driver,
    labels,
    internal,
    subnets: [chooseSubnet(store, request)],
  });
  emit(store, { kind: 'network', action: 'create', id, name, attributes: { name, type: driver } });
  return id;
};

export const networkCalls = (store: Store): NetworkCalls => ({
  async listNetworks() {
    return [...store.networks.values()].sort((a, b) =>
      a.name === b.name ? (a.id < b.id ? -1 : 1) : a.name < b.name ? -1 : 1,
    );
  },

  async createNetwork(request) {
    const { name, driver } = request;
    const refuse = (status: number, message: string) =>
      refusal('createNetwork', `network ${name}`, { status, message });
    if (!DRIVERS.has(driver)) throw refuse(404, `plugin "${driver}" not found`);
    if ([...store.networks.values()].some((network) => network.name === name)) {
      throw refuse(409, `network with name ${name} already exists`);
    }
    return addNetwork(store, request);
  },

  async removeNetwork(id) {
    const network = find(store, id, 'removeNetwork');
    if (network === undefined) return;
    for (const container of store.containers.values()) {
      if (!isUp(container)) continue;
      if (!container.attachments.some(({ networkId }) => networkId === network.id)) continue;
      const message = `error while removing network: network ${network.name} id ${network.id} has active endpoints`;
      throw refusal('removeNetwork', `network ${id}`, { status: 403, message });
    }
    store.networks.delete(network.id);
    const attributes = { name: network.name, type: network.driver };
    emit(store, {
      kind: 'network',
      action: 'destroy',
      id: network.id,
      name: network.name,
      attributes,
    });
  },

  async connectNetwork(idOrName, { container: id, aliases, ipv4 }) {
    const subject = `network ${idOrName}`;
    const network = find(store, idOrName, 'connectNetwork');
    if (network === undefined) {
      const message = `network ${idOrName} not found`;
      throw refusal('connectNetwork', subject, { status: 404, message });
    }
    const container = needContainer(store, id, 'connectNetwork');
    const there = container.attachments.find((one) => one.network === network.name);
    if (there !== undefined) {
      const same =
        there.ipv4 === ipv4 && there.aliases.toSorted().join() === aliases.toSorted().join();
      if (same) return;
      const message = `endpoint with name ${container.name} already exists in network ${network.name}`;
      throw refusal('connectNetwork', subject, { status: 403, message });
    }
    const attachment = { network: network.name, networkId: '', aliases, ipv4, ip: '' };
    if (isUp(container)) plugIn(store, container, { attachment, operation: 'connectNetwork' });
    container.attachments.push(attachment);
    changed(container);
  },

  async disconnectNetwork(idOrName, id) {
    const network = find(store, idOrName, 'disconnectNetwork');
    const container = lookUp(store, id);
    if (network === undefined || container === undefined) return;
    const there = container.attachments.find((one) => one.network === network.name);
    if (there === undefined) return;
    store.occupancy.releaseAddress(there.networkId, there.ip);
    container.attachments = container.attachments.filter((one) => one !== there);
    changed(container);
    if (!isUp(container)) return;
    const attributes = { container: container.id, name: network.name, type: network.driver };
    emit(store, {
      kind: 'network',
      action: 'disconnect',
      id: network.id,
      name: network.name,
      attributes,
    });
  },
});
