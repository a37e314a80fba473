// @ts-check
// Stands before the engine's socket and writes down what is asked of it: proof of "zero writes", and the source of the
// calls that the floor repeats. Never between the engine and something that is timed.
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, createServer, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * @typedef {object} SeenCall
 * @property {string} method
 * @property {string} path with its query
 * @property {string} body as text
 * @property {boolean} write whether it may change something: not a GET or HEAD
 *
 * @typedef {object} CountingProxy
 * @property {string} host for DOCKER_HOST
 * @property {SeenCall[]} calls in the order of their arrival
 * @property {() => Promise<void>} close
 */

/**
 * @param {import('../scripts/docker-endpoint.mjs').Endpoint} endpoint
 * @returns {Promise<CountingProxy>}
 */
export async function startCountingProxy(endpoint) {
  const folder = mkdtempSync(join(tmpdir(), 'l9-bench-'));
  const socketPath = join(folder, 'docker.sock');
  const agent = new Agent({ keepAlive: true });
  /** @type {SeenCall[]} */
  const calls = [];

  const server = createServer((incoming, answer) => {
    const { method = 'GET', url: path = '/', headers } = incoming;
    const call = { method, path, body: '', write: method !== 'GET' && method !== 'HEAD' };
    calls.push(call);
    const outgoing = request(
      { ...endpoint.connection, agent, method, path, headers },
      (response) => {
        answer.writeHead(response.statusCode ?? 502, response.headers);
        // An open stream that has nothing to say yet must still be seen to have begun.
        answer.flushHeaders();
        response.pipe(answer);
      },
    );
    outgoing.on('error', () => answer.destroy());
    answer.on('close', () => outgoing.destroy());
    incoming.on('data', (chunk) => (call.body += chunk));
    incoming.pipe(outgoing);
  });
  await new Promise((resolve, reject) => {
    server.once('error', reject).listen(socketPath, () => resolve(undefined));
  });
  return {
    host: `unix://${socketPath}`,
    calls,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      agent.destroy();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
