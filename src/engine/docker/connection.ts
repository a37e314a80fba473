import { L9Error } from '../../model/errors.ts';

/** Certificates for an encrypted connection, PEM. */
export interface TlsMaterial {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  /** False where the context says SkipTLSVerify, or only encryption was asked for. */
  readonly verify: boolean;
}

/** How to reach an engine. */
export type Connection =
  | { readonly type: 'unix'; readonly socketPath: string }
  | {
      readonly type: 'tcp';
      readonly host: string;
      readonly port: number;
      readonly tls?: TlsMaterial;
    };

const PLAIN_PORT = 2375;
const TLS_PORT = 2376;

const invalid = (address: string, source: string, why: string): L9Error =>
  new L9Error('EngineAddressInvalid', `${source} is "${address}": ${why}`, {
    hint: 'Write unix:///var/run/docker.sock or tcp://host:2376.',
  });

const unsupported = (address: string, source: string, hint: string): L9Error =>
  new L9Error(
    'EngineAddressUnsupported',
    `${source} is "${address}": l9 speaks unix:// and tcp:// only`,
    { hint },
  );

const sshHint = (address: string): string => {
  const target = address.slice('ssh://'.length) || 'user@host';
  return `Forward the socket: \`ssh -nNT -L /tmp/docker.sock:/var/run/docker.sock ${target}\`, then use --host unix:///tmp/docker.sock.`;
};

/**
 * Reads an engine's address as the docker CLI writes it. `source` says where it stood, for messages.
 * Throws `EngineAddressInvalid` or, for ssh and named pipes, `EngineAddressUnsupported`.
 */
export const parseAddress = (
  address: string,
  source: string,
  tls: TlsMaterial | undefined,
): Connection => {
  if (address.startsWith('unix://')) {
    const socketPath = address.slice('unix://'.length);
    if (!socketPath.startsWith('/')) throw invalid(address, source, 'the path must be absolute');
    return { type: 'unix', socketPath };
  }
  if (address.startsWith('ssh://')) throw unsupported(address, source, sshHint(address));
  if (/^(npipe|fd):/.test(address)) {
    throw unsupported(
      address,
      source,
      'Run l9 inside WSL or Linux, where the engine has a socket.',
    );
  }
  const match = /^(?:tcp|https?):\/\/(\[[^\]]+\]|[^/:[\]]+)(?::(\d{1,5}))?\/?$/.exec(address);
  if (match?.[1] === undefined) throw invalid(address, source, 'this is no address of an engine');
  const secure = tls ?? (address.startsWith('https:') ? { verify: true } : undefined);
  const port = match[2] === undefined ? (secure ? TLS_PORT : PLAIN_PORT) : Number(match[2]);
  if (port < 1 || port > 65_535) throw invalid(address, source, 'there is no such port');
  const host = match[1].replace(/^\[|\]$/g, '');
  return { type: 'tcp', host, port, ...(secure === undefined ? {} : { tls: secure }) };
};

/** For people: `unix:///var/run/docker.sock`. */
export const describeConnection = (connection: Connection): string =>
  connection.type === 'unix'
    ? `unix://${connection.socketPath}`
    : `tcp://${connection.host.includes(':') ? `[${connection.host}]` : connection.host}:${connection.port}`;
