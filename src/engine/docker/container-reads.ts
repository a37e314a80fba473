import type { CallOptions, Engine } from '../api.ts';
import { orUndefined } from './absent.ts';
import { decodeContainer, decodeSummary } from './decode-container.ts';
import { containerPath, containerSubject, labelFilter, query } from './paths.ts';
import type { Transport } from './transport.ts';
import type { WireContainer, WireSummary } from './wire.ts';

/** Inspect as the engine sends it. Rejects with `NoSuchContainer`. */
export const inspectContainer = (
  transport: Transport,
  id: string,
  options?: CallOptions,
): Promise<WireContainer> =>
  transport.json<WireContainer>({
    operation: 'findContainer',
    subject: containerSubject(id),
    method: 'GET',
    path: containerPath(id, '/json'),
    idempotent: true,
    options,
  });

export const containerReads = (
  transport: Transport,
): Pick<Engine, 'listContainers' | 'findContainer'> => ({
  async listContainers(filter, options) {
    const wires = await transport.json<WireSummary[]>({
      operation: 'listContainers',
      subject: 'containers',
      method: 'GET',
      path: `/containers/json${query({ all: 1, filters: labelFilter(filter) })}`,
      idempotent: true,
      options,
    });
    return wires.map(decodeSummary).sort((a, b) => (a.name < b.name ? -1 : 1));
  },

  async findContainer(idOrName, options) {
    const wire = await orUndefined(
      inspectContainer(transport, idOrName, options),
      'NoSuchContainer',
    );
    return wire && decodeContainer(wire);
  },
});
