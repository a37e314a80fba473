import type { Engine } from '../api.ts';
import { decodeInfo } from './decode-objects.ts';
import type { Transport } from './transport.ts';
import type { WireInfo } from './wire.ts';

export const systemCalls = (transport: Transport): Pick<Engine, 'info' | 'ping' | 'close'> => ({
  async info(options) {
    const call = { operation: 'info', subject: 'the engine', method: 'GET', options } as const;
    const wire = await transport.json<WireInfo>({ ...call, path: '/info', idempotent: true });
    return decodeInfo(wire, (await transport.prefix(options)).slice('/v'.length));
  },

  async ping(options) {
    const call = { operation: 'ping', subject: 'the engine', method: 'GET', options } as const;
    await transport.call({ ...call, path: '/_ping', idempotent: true });
  },

  close() {
    transport.close();
  },
});
