import { homedir } from 'node:os';
import { afterAll } from 'vitest';
import type { Engine } from '../../src/engine/api.ts';
import { connectDocker } from '../../src/engine/docker/connect.ts';

/** A connection of this file's own to the real engine; closed when its tests are over. */
export const realEngine = async (): Promise<Engine> => {
  const engine = await connectDocker({ env: process.env, homedir: homedir() });
  afterAll(() => engine.close());
  return engine;
};
