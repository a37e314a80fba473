import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Engine } from '../../../src/engine/api.ts';
import { openDocker } from '../../../src/engine/docker/connect.ts';
import { retryClass } from '../../../src/engine/errors.ts';
import { L9Error } from '../../../src/model/errors.ts';

/** Serves on a socket of its own until the test ends. */
const listen = async (server: Server): Promise<string> => {
  const folder = mkdtempSync(join(tmpdir(), 't-faults-'));
  const path = join(folder, 'docker.sock');
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
  });
  server.listen(path);
  await once(server, 'listening');
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
    rmSync(folder, { recursive: true });
  });
  return path;
};

const engineAt = (socketPath: string): Engine => {
  const engine = openDocker({ description: socketPath, connection: { type: 'unix', socketPath } });
  onTestFinished(() => engine.close());
  return engine;
};

/** An engine that answers pings, and everything else as `answer` does. */
const engineThat = async (answer: RequestListener, apiVersion = '1.41'): Promise<Engine> => {
  const server = createHttpServer((request, response) => {
    if (request.url === '/_ping') {
      response.writeHead(200, { 'api-version': apiVersion });
      response.end('OK');
      return;
    }
    answer(request, response);
  });
  return engineAt(await listen(server));
};

const failure = async (call: Promise<unknown>): Promise<L9Error> => {
  try {
    await call;
  } catch (error) {
    if (error instanceof L9Error) return error;
    throw error;
  }
  throw new Error('it did not fail');
};

const next = (stream: AsyncIterable<unknown>): Promise<unknown> =>
  stream[Symbol.asyncIterator]().next();

describe('an engine that is not there', () => {
  it('is unreachable where there is no socket', async () => {
    const error = await failure(engineAt('/no/such/docker.sock').ping());
    expect(error).toMatchObject({ code: 'EngineUnreachable', exitCode: 5 });
    expect(error.message).toContain('/no/such/docker.sock');
    expect(retryClass(error)).toBe('transport');
  });

  it('is unreachable where nobody listens, also for dockerode', async () => {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    server.close();
    await once(server, 'close');
    const connection = { type: 'tcp', host: '127.0.0.1', port: address.port } as const;
    const engine = openDocker({ description: 'tcp', connection });
    expect((await failure(engine.listContainers())).code).toBe('EngineUnreachable');
    expect((await failure(engine.pullImage('x:1'))).code).toBe('EngineUnreachable');
    expect((await failure(next(engine.events()))).code).toBe('EngineUnreachable');
  });

  it('is found again when it comes back, in the version that it has then', async () => {
    const folder = mkdtempSync(join(tmpdir(), 't-faults-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const path = join(folder, 'docker.sock');
    const engine = engineAt(path);
    expect((await failure(engine.listNetworks())).code).toBe('EngineUnreachable');
    for (const version of ['1.41', '1.51']) {
      const asked: string[] = [];
      const server = createHttpServer((request, response) => {
        asked.push(request.url ?? '');
        response.writeHead(200, { 'api-version': version, connection: 'close' });
        response.end('[]');
      });
      server.listen(path);
      await once(server, 'listening');
      expect(await engine.listNetworks()).toEqual([]);
      expect(asked).toContain(`/v${version}/networks`);
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
      expect((await failure(engine.listNetworks())).code).toBe('EngineUnreachable');
    }
  });
});

describe('an engine of another time', () => {
  it('is refused when it is too old', async () => {
    const engine = await engineThat((_request, response) => response.end('[]'), '1.40');
    const error = await failure(engine.listContainers());
    expect(error).toMatchObject({ code: 'EngineTooOld', exitCode: 5 });
    expect(error.message).toContain('1.40');
  });

  it('is spoken to in the newest version that was tested', async () => {
    const asked: string[] = [];
    const engine = await engineThat((request, response) => {
      asked.push(request.url ?? '');
      response.end('[]');
    }, '1.99');
    await engine.listNetworks();
    expect(asked).toEqual(['/v1.51/networks']);
  });

  it('says when it no longer understands us', async () => {
    const message =
      'client version 1.51 is too old. Minimum supported API version is 1.60, please upgrade';
    const engine = await engineThat((_request, response) => {
      response.writeHead(400);
      response.end(JSON.stringify({ message }));
    }, '1.99');
    expect((await failure(engine.listNetworks())).code).toBe('EngineTooNew');
  });
});

describe('a connection that breaks', () => {
  it('is broken when it dies before the answer', async () => {
    const engine = await engineThat((request) => request.socket.destroy());
    const error = await failure(engine.startContainer('x'));
    expect(error.code).toBe('EngineBroken');
    expect(retryClass(error)).toBe('transport');
  });

  it('is broken when it dies in the middle of the answer', async () => {
    const engine = await engineThat((_request, response) => {
      response.writeHead(200, { 'content-length': 1000 });
      response.write('[{"Id":');
      setImmediate(() => response.destroy());
    });
    expect((await failure(engine.listContainers())).code).toBe('EngineBroken');
  });

  it('is broken when a chunked answer dies, which has no length to miss', async () => {
    const engine = await engineThat((_request, response) => {
      response.write('[');
      setImmediate(() => response.socket?.destroy());
    });
    expect((await failure(engine.listContainers())).code).toBe('EngineBroken');
  });

  it('breaks streams: events, logs, pulls, builds', async () => {
    const engine = await engineThat((request, response) => {
      if (request.url?.endsWith('/json') === true) {
        response.end(JSON.stringify({ Config: { Tty: false } }));
        return;
      }
      // A build's context is taken first.
      request.resume();
      request.on('end', () => {
        response.write('{"status":"one"}\n');
        setImmediate(() => response.socket?.destroy());
      });
    });
    const build = engine.buildImage(Readable.from(['context']), {
      tag: 't:1',
      dockerfile: 'Dockerfile',
    });
    expect((await failure(build)).code).toBe('EngineBroken');
    expect((await failure(engine.pullImage('x:1'))).code).toBe('EngineBroken');
    expect((await failure(next(engine.logs('x', { follow: true })))).code).toBe('EngineBroken');
    expect((await failure(next(engine.events()))).code).toBe('EngineBroken');
  });

  it('breaks the events when the engine ends them in good order', async () => {
    const engine = await engineThat((_request, response) => response.end());
    expect((await failure(next(engine.events()))).code).toBe('EngineBroken');
  });

  it('is repaired where a kept socket was stale and the call may be repeated', async () => {
    let served = 0;
    const engine = await engineThat((request, response) => {
      served += 1;
      // Answers one call on each socket, and hangs up on the second without a word.
      if ('used' in request.socket) {
        request.socket.destroy();
        return;
      }
      Object.assign(request.socket, { used: true });
      response.end('[]');
    });
    for (let call = 1; call <= 5; call += 1) expect(await engine.listNetworks()).toEqual([]);
    expect(served).toBeGreaterThan(5);
    // What is not the same twice is not done twice.
    const create = engine.createNetwork({
      name: 'n',
      driver: 'bridge',
      internal: false,
      labels: {},
    });
    expect((await failure(create)).code).toBe('EngineBroken');
  });
});

describe('an engine that hangs', () => {
  it('is given up at the deadline of the call', async () => {
    const engine = await engineThat(() => undefined);
    const error = await failure(engine.startContainer('x', { deadlineMs: 50 }));
    expect(error.code).toBe('EngineTimeout');
    expect(retryClass(error)).toBe('transport');
    const removal = engine.removeContainer('x', true, { deadlineMs: 50 });
    expect((await failure(removal)).code).toBe('EngineTimeout');
  });

  it('is given up in the middle of an answer, too', async () => {
    const engine = await engineThat((_request, response) => void response.write('[{"Id":'));
    const error = await failure(engine.listContainers({}, { deadlineMs: 50 }));
    expect(error.code).toBe('EngineTimeout');
  });

  it('is given up when a pull or a log falls silent', async () => {
    const engine = await engineThat((request, response) => {
      if (request.url?.endsWith('/json') === true) response.end('{"Config":{"Tty":false}}');
      else response.write('{"status":"one"}\n');
    });
    expect((await failure(engine.pullImage('x:1', { deadlineMs: 50 }))).code).toBe('EngineTimeout');
    expect((await failure(next(engine.logs('x', { deadlineMs: 50 })))).code).toBe('EngineTimeout');
  });

  it('is left at once when the signal aborts, with its reason', async () => {
    const engine = await engineThat(() => undefined);
    const reason = new Error('no longer wanted');
    for (const call of [
      (signal: AbortSignal) => engine.startContainer('x', { signal }),
      (signal: AbortSignal) => engine.pullImage('x:1', { signal }),
      (signal: AbortSignal) => {
        const output = new PassThrough();
        return engine.exec('x', { command: ['x'], stdout: output, stderr: output, signal });
      },
    ]) {
      const abort = new AbortController();
      const ended = expect(call(abort.signal)).rejects.toBe(reason);
      setTimeout(() => abort.abort(reason), 30);
      await ended;
    }
  });

  it('does not wait for ever for a removal that somebody else began', async () => {
    const engine = await engineThat((request, response) => {
      response.writeHead(request.method === 'DELETE' ? 409 : 200);
      response.end(
        request.method === 'DELETE'
          ? '{"message":"removal of container x is already in progress"}'
          : '{"Id":"x","State":{"Status":"removing"}}',
      );
    });
    const error = await failure(engine.removeContainer('x', true, { deadlineMs: 200 }));
    expect(error.code).toBe('EngineTimeout');
  });
});

describe('an answer that is no answer', () => {
  it('is a failure of the engine when it is no JSON', async () => {
    const engine = await engineThat((_request, response) => {
      response.writeHead(502, { 'content-type': 'text/html' });
      response.end('<h1>Bad gateway</h1>');
    });
    const error = await failure(engine.listContainers());
    expect(error.code).toBe('EngineFailed');
    expect(error.message).toContain('Bad gateway');
  });

  it('is broken when it should be JSON and is not', async () => {
    const engine = await engineThat((_request, response) => response.end('<html>'));
    expect((await failure(engine.listContainers())).code).toBe('EngineBroken');
  });
});
