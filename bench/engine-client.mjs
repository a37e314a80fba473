// @ts-check
// The shortest way to the engine: node:http with kept-alive connections and nothing in between. It is the floor that
// l9 is measured against.
import { Agent, request } from 'node:http';
import { Failure } from '../scripts/console.mjs';

/** @typedef {import('../scripts/docker-endpoint.mjs').Endpoint} Endpoint */

export class EngineClient {
  /** @type {Endpoint['connection']} */
  #connection;
  #agent = new Agent({ keepAlive: true });

  /** @param {Endpoint} endpoint */
  constructor(endpoint) {
    if (endpoint.secure) throw new Failure(`The bench needs a local engine, not ${endpoint.url}.`);
    this.#connection = endpoint.connection;
  }

  /**
   * One call; resolves to the parsed answer. An answer of 400 and above rejects, unless its status is in `allow`.
   * @param {string} method
   * @param {string} path with its query, as it is sent
   * @param {{ body?: string, allow?: readonly number[] }} [options] body: JSON
   * @returns {Promise<any>} undefined where there is no body
   */
  call(method, path, { body, allow = [] } = {}) {
    const headers = {
      Host: 'docker',
      ...(body === undefined
        ? {}
        : { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) }),
    };
    return new Promise((resolve, reject) => {
      const options = { ...this.#connection, agent: this.#agent, method, path, headers };
      const sent = request(options, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk) => (text += chunk));
        response.on('error', reject);
        response.on('end', () => {
          const status = response.statusCode ?? 0;
          if (status >= 400 && !allow.includes(status)) {
            reject(new Failure(`${method} ${path}: ${status} ${text.trim()}`));
          } else resolve(text === '' || status >= 400 ? undefined : JSON.parse(text));
        });
      });
      sent.on('error', reject);
      sent.end(body);
    });
  }

  close() {
    this.#agent.destroy();
  }
}

/**
 * Does `work` for every item, `parallel` of them at once.
 * @template T
 * @param {readonly T[]} items
 * @param {number} parallel
 * @param {(item: T) => Promise<unknown>} work
 */
export async function inParallel(items, parallel, work) {
  const left = [...items];
  const worker = async () => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: parallel }, worker));
}
