// @ts-check
// The few engine calls that scripts and test set-up need, straight over the socket: no dependency, and
// independent of the code under test, so that tests check l9 against Docker and not against itself.
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { Failure } from './console.mjs';

/**
 * @typedef {import('./docker-endpoint.mjs').Endpoint} Endpoint
 *
 * @typedef {object} ApiRequest
 * @property {string} [method] GET when absent
 * @property {string} path with its query, without an API version
 * @property {unknown} [json] sent as the body
 * @property {import('node:stream').Readable} [stream] sent as the body, as a tar archive
 * @property {BufferEncoding} [encoding] of the answer's text; utf8 when absent, latin1 for bytes
 * @property {number} [timeoutMs] to the end of the answer; 30 s when absent
 *
 * @typedef {{ status: number, text: string }} ApiAnswer
 */

/**
 * One call, whatever its status.
 * @param {Endpoint} endpoint
 * @param {ApiRequest} call
 * @returns {Promise<ApiAnswer>}
 */
export function callEngine(endpoint, call) {
  const body = call.json === undefined ? undefined : JSON.stringify(call.json);
  const headers = {
    Host: 'docker',
    ...(body === undefined
      ? {}
      : { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) }),
    ...(call.stream === undefined ? {} : { 'Content-Type': 'application/x-tar' }),
  };
  return new Promise((resolve, reject) => {
    const send = endpoint.secure ? httpsRequest : httpRequest;
    const options = {
      ...endpoint.connection,
      method: call.method ?? 'GET',
      path: call.path,
      headers,
      agent: false,
      signal: AbortSignal.timeout(call.timeoutMs ?? 30_000),
    };
    const request = send(options, (response) => {
      let text = '';
      response.setEncoding(call.encoding ?? 'utf8').on('data', (chunk) => (text += chunk));
      response.on('error', reject);
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
    });
    request.on('error', reject);
    if (call.stream === undefined) {
      request.end(body);
      return;
    }
    call.stream.on('error', (error) => request.destroy(error));
    call.stream.pipe(request);
  });
}

/** What the engine said when it refused. */
export class EngineRefusal extends Failure {
  /**
   * @param {ApiRequest} call
   * @param {ApiAnswer} answer
   */
  constructor(call, answer) {
    super(`${call.method ?? 'GET'} ${call.path}: ${answer.status} ${messageOf(answer.text)}`);
    this.status = answer.status;
  }
}

/** @param {string} text */
function messageOf(text) {
  try {
    return String(JSON.parse(text).message ?? text);
  } catch {
    return text.trim();
  }
}

/**
 * One call that must succeed, and the JSON that it is answered with.
 * @template T
 * @param {Endpoint} endpoint
 * @param {ApiRequest} call
 * @returns {Promise<T>}
 */
export async function callEngineJson(endpoint, call) {
  const answer = await callEngine(endpoint, call);
  if (answer.status >= 300) throw new EngineRefusal(call, answer);
  return JSON.parse(answer.text);
}

/**
 * A list filter as the engine wants it in a query.
 * @param {Record<string, readonly string[]>} filters
 */
export function filtersQuery(filters) {
  return `filters=${encodeURIComponent(JSON.stringify(filters))}`;
}

/**
 * Whether an engine answers; the reason when it does not.
 * @param {Endpoint} endpoint
 * @param {number} [timeoutMs]
 * @returns {Promise<{ answers: true } | { answers: false, reason: string, code: string | undefined }>}
 */
export async function ping(endpoint, timeoutMs = 5000) {
  try {
    const { status, text } = await callEngine(endpoint, { path: '/_ping', timeoutMs });
    if (status === 200) return { answers: true };
    return { answers: false, reason: `it answers ${status} ${text.trim()}`, code: undefined };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const code = 'code' in error ? String(error.code) : undefined;
    return { answers: false, reason: error.message, code };
  }
}
