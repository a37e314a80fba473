import { createHash, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { gzipSync } from 'node:zlib';

/** What an image is made of: layers as tar archives, bottom first, and the parts of its configuration. */
export interface RegistryImage {
  readonly layers: readonly Uint8Array[];
  /** As in Docker's image configuration: Env, Cmd, User, Volumes, Healthcheck, Labels … */
  readonly config?: Readonly<Record<string, unknown>>;
}

export interface RegistryLogin {
  /** `bearer` sends the engine to a token service, as Docker Hub does. */
  readonly scheme: 'basic' | 'bearer';
  readonly username: string;
  readonly password: string;
  /** Accepted by the token service in place of the password. */
  readonly identityToken?: string;
}

/** What goes wrong, for requests whose path fits. */
export interface RegistryFault {
  readonly path: RegExp;
  /** The answer; without one the connection is cut. */
  readonly status?: number;
  /** Milliseconds to wait before answering as usual. */
  readonly delayMs?: number;
  /** Times that it happens; always when absent. */
  times?: number;
}

/** A registry of the Docker Registry HTTP API V2 on 127.0.0.1, which every engine trusts without TLS. */
export interface Registry {
  /** `127.0.0.1:<port>`, the first part of its images' references. */
  readonly host: string;
  /** `METHOD path` of every request, in order. */
  readonly requests: string[];
  /** Puts an image there; resolves to its digest, `sha256:…`. A tag that is there moves. */
  publish(name: string, tag: string, image: RegistryImage): string;
  fail(fault: RegistryFault): void;
  /** Ends all faults. */
  recover(): void;
  close(): Promise<void>;
}

const digestOf = (content: Uint8Array): string =>
  `sha256:${createHash('sha256').update(content).digest('hex')}`;

const manifestType = 'application/vnd.docker.distribution.manifest.v2+json';

interface Store {
  readonly blobs: Map<string, Buffer>;
  /** By `name/reference`, where the reference is a tag or a digest. */
  readonly manifests: Map<string, Buffer>;
}

const architecture = process.arch === 'arm64' ? 'arm64' : 'amd64';

const publish = (
  store: Store,
  place: { readonly name: string; readonly tag: string },
  image: RegistryImage,
): string => {
  const keep = (content: Buffer, mediaType: string) => {
    const digest = digestOf(content);
    store.blobs.set(digest, content);
    return { mediaType, size: content.byteLength, digest };
  };
  const layers = image.layers.map((layer) =>
    keep(gzipSync(layer), 'application/vnd.docker.image.rootfs.diff.tar.gzip'),
  );
  const configuration = {
    architecture,
    os: 'linux',
    config: image.config ?? {},
    rootfs: { type: 'layers', diff_ids: image.layers.map(digestOf) },
    history: image.layers.map(() => ({ created: '2026-01-01T00:00:00Z' })),
  };
  const config = keep(
    Buffer.from(JSON.stringify(configuration)),
    'application/vnd.docker.container.image.v1+json',
  );
  const manifest = Buffer.from(
    JSON.stringify({ schemaVersion: 2, mediaType: manifestType, config, layers }),
  );
  const digest = digestOf(manifest);
  store.manifests.set(`${place.name}/${place.tag}`, manifest);
  store.manifests.set(`${place.name}/${digest}`, manifest);
  return digest;
};

const refuse = (response: ServerResponse, status: number, code: string): void => {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ errors: [{ code, message: code.toLowerCase() }] }));
};

const send = (
  request: IncomingMessage,
  response: ServerResponse,
  answer: { readonly content: Buffer | undefined; readonly type: string; readonly unknown: string },
): void => {
  const { content, type, unknown } = answer;
  if (content === undefined) return refuse(response, 404, unknown);
  response.writeHead(200, {
    'content-type': type,
    'content-length': content.byteLength,
    'docker-content-digest': digestOf(content),
  });
  response.end(request.method === 'HEAD' ? undefined : content);
};

/** The Docker Registry's answers to somebody who is let in. */
const serve = (store: Store, request: IncomingMessage, response: ServerResponse): void => {
  const { pathname } = new URL(request.url ?? '', 'http://registry');
  if (pathname === '/v2/') {
    response.writeHead(200, { 'docker-distribution-api-version': 'registry/2.0' });
    response.end('{}');
    return;
  }
  const [, name = '', kind = '', reference = ''] =
    /^\/v2\/(.+)\/(manifests|blobs)\/([^/]+)$/.exec(pathname) ?? [];
  if (kind === 'manifests')
    return send(request, response, {
      content: store.manifests.get(`${name}/${reference}`),
      type: manifestType,
      unknown: 'MANIFEST_UNKNOWN',
    });
  return send(request, response, {
    content: kind === 'blobs' ? store.blobs.get(reference) : undefined,
    type: 'application/octet-stream',
    unknown: 'BLOB_UNKNOWN',
  });
};

const basic = ({ username, password }: RegistryLogin): string =>
  `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;

const bodyOf = async (request: IncomingMessage): Promise<string> => {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) text += String(chunk);
  return text;
};

/** The token service: a password or an identity token for a bearer token. */
const giveToken = async (
  login: RegistryLogin & { readonly token: string },
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> => {
  const form = new URLSearchParams(request.method === 'POST' ? await bodyOf(request) : '');
  const refresh = form.get('refresh_token');
  const known =
    refresh === null
      ? request.headers.authorization === basic(login)
      : refresh === login.identityToken;
  if (!known) return refuse(response, 401, 'UNAUTHORIZED');
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ token: login.token, access_token: login.token, expires_in: 300 }));
};

/** Starts a registry; with a login, nobody else gets in. Close it when the test ends. */
export const startRegistry = async (login?: RegistryLogin): Promise<Registry> => {
  const store: Store = { blobs: new Map(), manifests: new Map() };
  const token = randomBytes(16).toString('hex');
  const requests: string[] = [];
  const sockets = new Set<Socket>();
  let faults: RegistryFault[] = [];
  let host = '';

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = request.url ?? '';
    requests.push(`${request.method ?? ''} ${url}`);
    const fault = faults.find(({ path, times }) => path.test(url) && times !== 0);
    if (fault !== undefined) {
      if (fault.times !== undefined) fault.times -= 1;
      if (fault.delayMs === undefined) {
        if (fault.status === undefined) request.socket.destroy();
        else refuse(response, fault.status, fault.status === 401 ? 'UNAUTHORIZED' : 'UNAVAILABLE');
        return;
      }
      await new Promise((resolve) => {
        const timer = setTimeout(resolve, fault.delayMs);
        request.socket.once('close', () => {
          clearTimeout(timer);
          resolve(undefined);
        });
      });
    }
    if (login === undefined) return serve(store, request, response);
    if (url.startsWith('/token')) return giveToken({ ...login, token }, request, response);
    const wanted = login.scheme === 'basic' ? basic(login) : `Bearer ${token}`;
    if (request.headers.authorization === wanted) return serve(store, request, response);
    response.setHeader(
      'www-authenticate',
      login.scheme === 'basic'
        ? 'Basic realm="test"'
        : `Bearer realm="http://${host}/token",service="test"`,
    );
    return refuse(response, 401, 'UNAUTHORIZED');
  };

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      response.destroy(error instanceof Error ? error : new Error(String(error)));
    });
  });
  // The engine tries TLS first: what is no HTTP is hung up on.
  server.on('clientError', (_error, socket) => socket.destroy());
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the registry has no port');
  host = `127.0.0.1:${(address satisfies AddressInfo).port}`;

  return {
    host,
    requests,
    publish: (name, tag, image) => publish(store, { name, tag }, image),
    fail: (fault) => {
      faults.push({ ...fault });
    },
    recover: () => {
      faults = [];
    },
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
};
