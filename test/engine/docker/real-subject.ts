import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { createServer } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import type { Engine } from '../../../src/engine/api.ts';
import { connectDocker } from '../../../src/engine/docker/connect.ts';
import type { Occupied, Subject } from '../../contract/subject.ts';

const IMAGE = 'l9.local/busybox:1';

const listen = async (port: number): Promise<Occupied> => {
  const server = createServer();
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    port: address.port,
    release: async () => {
      server.close();
      await once(server, 'close');
    },
  };
};

/** A process in another network namespace listens; it says so on its standard output. */
const listenIn = async (namespace: string): Promise<Occupied> => {
  const program =
    'const s=require("net").createServer().listen(0,"127.0.0.1",()=>console.log(s.address().port))';
  const child = spawn('nsenter', [`--net=${namespace}`, process.execPath, '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [chunk] = await once(child.stdout, 'data');
  return {
    port: Number(String(chunk).trim()),
    release: async () => {
      child.kill();
      await once(child, 'exit');
    },
  };
};

const setHealth = async (
  engine: Engine,
  id: string,
  health: 'healthy' | 'unhealthy',
): Promise<void> => {
  const word = health === 'healthy' ? 'good' : 'bad';
  const output = new PassThrough().resume();
  const command = ['sh', '-c', `echo ${word} > /tmp/health`];
  const code = await engine.exec(id, { command, stdout: output, stderr: output });
  if (code !== 0) throw new Error(`the health could not be set: ${code}`);
};

/** A real engine; `namespace` where its network is not the tests' own. */
export const realSubject = (place: {
  readonly name: string;
  readonly host?: string;
  readonly namespace?: string;
  readonly registry?: NonNullable<Subject['registry']>;
}): Subject => {
  const occupiedPort = () =>
    place.namespace === undefined ? listen(0) : listenIn(place.namespace);
  return {
    name: place.name,
    connect: () =>
      connectDocker({
        env: process.env,
        homedir: homedir(),
        ...(place.host === undefined ? {} : { host: place.host }),
      }),
    image: IMAGE,
    folder: mkdtempSync(join(tmpdir(), 't-contract-')),
    missing: '/no/such/folder',
    freePort: async () => {
      const occupied = await occupiedPort();
      await occupied.release();
      return occupied.port;
    },
    occupiedPort,
    setHealth,
    ...(place.registry === undefined ? {} : { registry: place.registry }),
  };
};
