import http from 'node:http';
import https from 'node:https';
import type { CallOptions } from '../api.ts';
import type { Operation } from '../answers.ts';
import { classifyAnswer, hasCode } from '../errors.ts';
import { type Connection, describeConnection } from './connection.ts';
import { exchange, type Exchanged, Fault, isStaleSocket } from './exchange.ts';
import { transportError } from './faults.ts';
import { parseTrusted } from './json.ts';
import { pinVersion } from './version.ts';

export const DEFAULT_DEADLINE_MS = 30_000;

/** Calls at once; more only stretches each of them, and the rest wait here rather than in the engine. */
const CALL_SOCKETS = 32;

export interface Call {
  readonly operation: Operation;
  /** For people, in messages: `container shop_web_1`. */
  readonly subject: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Without the version: `/containers/json?all=1`. */
  readonly path: string;
  /** An object becomes JSON, bytes a tar. */
  readonly body?: object | Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
  /** Whether doing it twice is the same as once; then a stale socket is no failure. */
  readonly idempotent?: boolean;
  readonly deadlineMs?: number;
  readonly options?: CallOptions | undefined;
}

/** A complete answer whose status is below 400. */
export interface Reply {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: Buffer;
}

const JSON_TYPE = 'application/json';
const TAR_TYPE = 'application/x-tar';

const encodeBody = (body: Call['body']): Uint8Array | undefined => {
  if (body === undefined || body instanceof Uint8Array) return body;
  return Buffer.from(JSON.stringify(body));
};

const messageOf = (body: Buffer): string => {
  const text = body.toString('utf8').trim();
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed === 'object' && parsed !== null && 'message' in parsed) {
      return String(parsed.message);
    }
  } catch {
    // Proxies answer in plain text.
  }
  return text;
};

const headersOf = (call: Call): Record<string, string | number> => ({
  ...(call.body === undefined
    ? {}
    : { 'content-type': call.body instanceof Uint8Array ? TAR_TYPE : JSON_TYPE }),
  ...call.headers,
});

const targetOf = (connection: Connection): https.RequestOptions => {
  if (connection.type === 'unix') return { socketPath: connection.socketPath };
  const { host, port, tls } = connection;
  if (tls === undefined) return { host, port };
  return {
    host,
    port,
    rejectUnauthorized: tls.verify,
    ...(tls.ca === undefined ? {} : { ca: tls.ca }),
    ...(tls.cert === undefined ? {} : { cert: tls.cert }),
    ...(tls.key === undefined ? {} : { key: tls.key }),
  };
};

const pingCall: Call = {
  operation: 'ping',
  subject: 'the engine',
  method: 'GET',
  path: '/_ping',
  idempotent: true,
};

/** What a call needs to reach this engine, apart from the call itself. */
interface Route {
  readonly prefix: string;
  readonly agent: http.Agent | false;
  readonly streaming: boolean;
}

/** HTTP to one engine: calls over kept sockets, streams over sockets of their own. */
export class Transport {
  readonly #description: string;
  readonly #agent: http.Agent;
  readonly #target: http.RequestOptions;
  readonly #send: typeof http.request;
  #prefix: string | undefined;
  #pinning: Promise<string> | undefined;

  constructor(connection: Connection, description = describeConnection(connection)) {
    this.#description = description;
    const tls = connection.type === 'tcp' ? connection.tls : undefined;
    const pool = { keepAlive: true, maxSockets: CALL_SOCKETS };
    this.#agent = tls === undefined ? new http.Agent(pool) : new https.Agent(pool);
    this.#send = tls === undefined ? http.request : https.request;
    this.#target = targetOf(connection);
  }

  /** `/v1.41`: the version that all calls are made in. Asked for once, and again after the engine was away. */
  async prefix(options?: CallOptions): Promise<string> {
    if (this.#prefix !== undefined) return this.#prefix;
    // Shared by all who wait: no single caller's signal may end it.
    this.#pinning ??= this.#pin(options?.deadlineMs).finally(() => {
      this.#pinning = undefined;
    });
    return await this.#pinning;
  }

  async #pin(deadlineMs = DEFAULT_DEADLINE_MS): Promise<string> {
    const call: Call = { ...pingCall, deadlineMs };
    const { response } = await this.#deliver(call, {
      prefix: '',
      agent: this.#agent,
      streaming: false,
    });
    this.#prefix = pinVersion(response.headers['api-version']);
    return this.#prefix;
  }

  /** Sends and reads the whole answer. Rejects with the classified `L9Error` from status 400 on. */
  async call(call: Call): Promise<Reply> {
    const prefix = this.#prefix ?? (await this.prefix(call.options));
    const { response, body } = await this.#deliver(call, {
      prefix,
      agent: this.#agent,
      streaming: false,
    });
    return { status: response.statusCode ?? 0, headers: response.headers, body };
  }

  /** The answer's JSON, trusted to have the shape that the API documents. */
  async json<T>(call: Call): Promise<T> {
    const { body } = await this.call(call);
    try {
      return parseTrusted<T>(body.toString('utf8'));
    } catch (error) {
      throw this.explain(new Fault(error, false), {
        what: `${call.operation} of ${call.subject}`,
        deadlineMs: 0,
      });
    }
  }

  /** Sends over a socket of its own and resolves at the headers; the deadline is for these only. */
  async stream(call: Call): Promise<http.IncomingMessage> {
    const prefix = this.#prefix ?? (await this.prefix(call.options));
    return (await this.#deliver(call, { prefix, agent: false, streaming: true })).response;
  }

  async #deliver(call: Call, route: Route): Promise<Exchanged> {
    const deadlineMs = call.options?.deadlineMs ?? call.deadlineMs ?? DEFAULT_DEADLINE_MS;
    const answer = await this.#attempt(call, route, deadlineMs).catch((error: unknown) => {
      throw this.explain(error, { what: `${call.operation} of ${call.subject}`, deadlineMs });
    });
    const status = answer.response.statusCode ?? 0;
    if (status < 400) return answer;
    const { operation, subject } = call;
    const error = classifyAnswer({ operation, subject, status, message: messageOf(answer.body) });
    if (hasCode(error, 'EngineTooOld') || hasCode(error, 'EngineTooNew')) this.#prefix = undefined;
    throw error;
  }

  async #attempt(call: Call, route: Route, deadlineMs: number): Promise<Exchanged> {
    const order = {
      send: this.#send,
      target: {
        ...this.#target,
        agent: route.agent,
        method: call.method,
        path: route.prefix + call.path,
        headers: headersOf(call),
      },
      body: encodeBody(call.body),
      deadlineMs,
      signal: call.options?.signal,
      streaming: route.streaming,
    };
    try {
      return await exchange(order);
    } catch (error) {
      if (call.idempotent !== true || !isStaleSocket(error)) throw error;
      return await exchange({ ...order, target: { ...order.target, agent: false } });
    }
  }

  /** What a failed connection means, as an `L9Error`; the signal's reason passes through. */
  explain(error: unknown, during: { readonly what: string; readonly deadlineMs: number }): unknown {
    const explained = transportError(error, { engine: this.#description, ...during });
    // Who comes back may be another version.
    if (hasCode(explained, 'EngineUnreachable') || hasCode(explained, 'EngineBroken')) {
      this.#prefix = undefined;
    }
    return explained;
  }

  /** Closes the kept sockets. */
  close(): void {
    this.#agent.destroy();
  }
}
