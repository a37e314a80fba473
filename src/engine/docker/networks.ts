import { L9Error } from '../../model/errors.ts';
import type { ObservedAttachment } from '../../model/observed.ts';
import type { Engine, NetworkRequest } from '../api.ts';
import { alreadyTrue } from './absent.ts';
import { inspectContainer } from './container-reads.ts';
import { decodeContainer } from './decode-container.ts';
import { decodeNetwork } from './decode-objects.ts';
import { encodeEndpoint } from './encode-container.ts';
import { containerSubject } from './paths.ts';
import type { Transport } from './transport.ts';
import type { WireNetwork } from './wire.ts';

type NetworkCalls = Pick<
  Engine,
  'listNetworks' | 'createNetwork' | 'removeNetwork' | 'connectNetwork' | 'disconnectNetwork'
>;
type Endpoint = Parameters<Engine['connectNetwork']>[1];

const networkPath = (id: string, rest = ''): string => `/networks/${encodeURIComponent(id)}${rest}`;

const encodeNetwork = (request: NetworkRequest): object => ({
  Name: request.name,
  Driver: request.driver,
  Internal: request.internal,
  Labels: request.labels,
  // Best effort below API 1.44, where two creates at once still give two networks of one name.
  CheckDuplicate: true,
  ...(request.subnet === undefined
    ? {}
    : {
        IPAM: { Driver: 'default', Config: [{ Subnet: request.subnet }] },
        EnableIPv6: request.subnet.includes(':'),
      }),
});

/** Whether the container is on the network in just this way. */
const isConnected = (
  attachments: readonly ObservedAttachment[],
  network: string,
  wanted: Endpoint,
): boolean => {
  const there = attachments.find(
    ({ network: name, networkId }) => name === network || networkId === network,
  );
  return (
    there !== undefined &&
    there.ipv4 === wanted.ipv4 &&
    there.aliases.toSorted().join() === wanted.aliases.toSorted().join()
  );
};

export const networkCalls = (transport: Transport): NetworkCalls => ({
  async listNetworks(options) {
    const wires = await transport.json<WireNetwork[]>({
      operation: 'listNetworks',
      subject: 'networks',
      method: 'GET',
      path: '/networks',
      idempotent: true,
      options,
    });
    return wires
      .map(decodeNetwork)
      .sort((a, b) => (a.name === b.name ? (a.id < b.id ? -1 : 1) : a.name < b.name ? -1 : 1));
  },

  async createNetwork(request, options) {
    const { Id } = await transport.json<{ readonly Id: string }>({
      operation: 'createNetwork',
      subject: `network ${request.name}`,
      method: 'POST',
      path: '/networks/create',
      body: encodeNetwork(request),
      options,
    });
    return Id;
  },

  async removeNetwork(id, options) {
    const removed = transport.call({
      operation: 'removeNetwork',
      subject: `network ${id}`,
      method: 'DELETE',
      path: networkPath(id),
      idempotent: true,
      options,
    });
    await alreadyTrue(removed, 'NoSuchNetwork');
  },

  async connectNetwork(network, endpoint, options) {
    const connected = transport.call({
      operation: 'connectNetwork',
      subject: `network ${network}`,
      method: 'POST',
      path: networkPath(network, '/connect'),
      body: {
        Container: endpoint.container,
        EndpointConfig: encodeEndpoint(endpoint.aliases, endpoint.ipv4),
      },
      options,
    });
    await alreadyTrue(connected, 'AlreadyConnected');
    // A container that is on the network already and does not run is answered with 200, and left as it was.
    const wire = await inspectContainer(transport, endpoint.container, options);
    if (isConnected(decodeContainer(wire).attachments, network, endpoint)) return;
    throw new L9Error(
      'AlreadyConnected',
      `The ${containerSubject(endpoint.container)} is on the network ${network} with other aliases or another address`,
      { hint: 'Disconnect it first, or apply again: l9 does that.' },
    );
  },

  async disconnectNetwork(network, container, options) {
    const disconnected = transport.call({
      operation: 'disconnectNetwork',
      subject: `network ${network}`,
      method: 'POST',
      path: networkPath(network, '/disconnect'),
      body: { Container: container, Force: true },
      idempotent: true,
      options,
    });
    await alreadyTrue(disconnected, 'NotConnected', 'NoSuchNetwork', 'NoSuchContainer');
  },
});
