import type { CallOptions, Engine } from '../api.ts';
import { alreadyTrue, orUndefined } from './absent.ts';
import { decodeVolume } from './decode-objects.ts';
import { labelFilter, query } from './paths.ts';
import type { Transport } from './transport.ts';
import type { WireVolume } from './wire.ts';

type VolumeCalls = Pick<Engine, 'listVolumes' | 'findVolume' | 'createVolume' | 'removeVolume'>;

const volumePath = (name: string): string => `/volumes/${encodeURIComponent(name)}`;

/** Rejects with `NoSuchVolume`. */
export const inspectVolume = (
  transport: Transport,
  name: string,
  options?: CallOptions,
): Promise<WireVolume> =>
  transport.json<WireVolume>({
    operation: 'findVolume',
    subject: `volume ${name}`,
    method: 'GET',
    path: volumePath(name),
    idempotent: true,
    options,
  });

export const volumeCalls = (transport: Transport): VolumeCalls => ({
  async listVolumes(filter, options) {
    const { Volumes } = await transport.json<{ readonly Volumes: WireVolume[] | null }>({
      operation: 'listVolumes',
      subject: 'volumes',
      method: 'GET',
      path: `/volumes${query({ filters: labelFilter(filter) })}`,
      idempotent: true,
      options,
    });
    return (Volumes ?? []).map(decodeVolume).sort((a, b) => (a.name < b.name ? -1 : 1));
  },

  async findVolume(name, options) {
    const wire = await orUndefined(inspectVolume(transport, name, options), 'NoSuchVolume');
    return wire && decodeVolume(wire);
  },

  async createVolume(request, options) {
    const wire = await transport.json<WireVolume>({
      operation: 'createVolume',
      subject: `volume ${request.name}`,
      method: 'POST',
      path: '/volumes/create',
      body: {
        Name: request.name,
        Driver: request.driver,
        DriverOpts: request.driverOpts,
        Labels: request.labels,
      },
      // A second create of the same name answers with the first one's volume.
      idempotent: true,
      options,
    });
    return decodeVolume(wire);
  },

  async removeVolume(name, options) {
    const removed = transport.call({
      operation: 'removeVolume',
      subject: `volume ${name}`,
      method: 'DELETE',
      path: volumePath(name),
      idempotent: true,
      options,
    });
    await alreadyTrue(removed, 'NoSuchVolume');
  },
});
