import type { Engine } from '../api.ts';
import { orUndefined } from './absent.ts';
import { containerPath, containerSubject, query } from './paths.ts';
import type { Transport } from './transport.ts';

export const archiveCalls = (transport: Transport): Pick<Engine, 'putArchive' | 'getArchive'> => ({
  // oxlint-disable-next-line max-params -- the interface's
  async putArchive(id, path, tar, options) {
    await transport.call({
      operation: 'putArchive',
      subject: containerSubject(id),
      method: 'PUT',
      path: containerPath(id, `/archive${query({ path })}`),
      body: tar,
      idempotent: true,
      options,
    });
  },

  async getArchive(id, path, options) {
    const reply = transport.call({
      operation: 'getArchive',
      subject: containerSubject(id),
      method: 'GET',
      path: containerPath(id, `/archive${query({ path })}`),
      idempotent: true,
      options,
    });
    return (await orUndefined(reply, 'PathNotFound'))?.body;
  },
});
