import { layer } from '../setup/images.ts';
import { startRegistry } from '../setup/registry.ts';
import type { Registry } from './subject.ts';

const login = { scheme: 'bearer', username: 'somebody', password: 'hunter2' } as const;

/** A real registry on this machine, with what the suite pulls. */
export const pullable = async (): Promise<Registry> => {
  const [open, closed] = await Promise.all([startRegistry(), startRegistry(login)]);
  const image = {
    layers: [await layer({ 'file.txt': 'content' })],
    config: { Labels: { from: 'registry' }, Cmd: ['/file.txt'] },
  };
  open.publish('team/tool', '1', image);
  closed.publish('team/tool', '1', image);
  return {
    open: `${open.host}/team/tool:1`,
    closed: { ...login, reference: `${closed.host}/team/tool:1` },
    unknown: `${open.host}/team/tool:2`,
    stop: async () => {
      await Promise.all([open.close(), closed.close()]);
    },
  };
};
