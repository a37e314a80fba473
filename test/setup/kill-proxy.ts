import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { CallLabels } from './call-label.ts';
import type { Replacements } from './call-label.ts';
import { CallLog } from './call-log.ts';
import type { EngineCall, Fault } from './call-log.ts';
import { endpoint } from './engine.ts';
import type { Finish } from './project.ts';
import { serveConnection } from './proxy-connection.ts';

/** A proxy before the real engine that sees every call and can break any of them. */
export interface KillProxy {
  /** For DOCKER_HOST. */
  readonly host: string;
  readonly socketPath: string;
  calls(): readonly EngineCall[];
  /** Adds a fault; call the result to take it away. */
  inject(fault: Fault): () => void;
  /** Forgets the calls, so that counting starts again at 1. */
  forget(): void;
  /** The engine goes away: the socket is gone and every open connection breaks. */
  away(): Promise<void>;
  /** The engine is there again, at the same address. */
  back(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Starts a proxy; it is closed at the end of the test at the latest.
 * @param replacements what to replace in labels: `[[project.name, 'P']]`
 */
export const startKillProxy = async (
  replacements: Replacements = [],
  finished: Finish = onTestFinished,
): Promise<KillProxy> => {
  if (!endpoint.connection.socketPath) throw new Error(`${endpoint.url} is no local socket`);
  const engineSocket = endpoint.connection.socketPath;
  const folder = mkdtempSync(join(tmpdir(), 'l9-proxy-'));
  const socketPath = join(folder, 'docker.sock');
  const labels = new CallLabels(replacements);
  const log = new CallLog(labels);
  const open = new Set<Socket>();
  const broken: unknown[] = [];

  const accept = (client: Socket): void => {
    const engine = connect({ path: engineSocket, allowHalfOpen: true });
    for (const socket of [client, engine]) {
      open.add(socket);
      socket.on('close', () => open.delete(socket));
    }
    const connection = { client, engine, labels, log };
    // Both ends may vanish at any time: that is what this is for. Anything else fails the test at close().
    serveConnection(connection).catch((error: unknown) => {
      if (!isConnectionError(error)) broken.push(error);
      client.destroy();
      engine.destroy();
    });
  };

  let server: Server | undefined;
  const back = async (): Promise<void> => {
    const next = createServer({ allowHalfOpen: true }, accept);
    await new Promise<void>((resolve, reject) => {
      next.once('error', reject).listen(socketPath, resolve);
    });
    server = next;
  };
  const away = async (): Promise<void> => {
    const gone = server;
    server = undefined;
    const closed = new Promise<void>((resolve) => (gone ? gone.close(() => resolve()) : resolve()));
    for (const socket of open) socket.destroy();
    await closed;
  };
  const close = async (): Promise<void> => {
    await away();
    rmSync(folder, { recursive: true, force: true });
    const [error] = broken.splice(0);
    if (error !== undefined) throw error;
  };
  await back();
  finished(close);
  return {
    host: `unix://${socketPath}`,
    socketPath,
    calls: () => log.calls(),
    inject: (fault) => log.inject(fault),
    forget: () => log.forget(),
    away,
    back,
    close,
  };
};

const isConnectionError = (error: unknown): boolean =>
  error instanceof Error &&
  'code' in error &&
  ['ECONNRESET', 'EPIPE', 'ERR_STREAM_DESTROYED', 'ERR_STREAM_WRITE_AFTER_END'].includes(
    String(error.code),
  );
