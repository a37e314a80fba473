import { createHash } from 'node:crypto';
import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { L9Error } from '../../model/errors.ts';
import { parseTrusted } from './json.ts';
import {
  type Connection,
  describeConnection,
  parseAddress,
  type TlsMaterial,
} from './connection.ts';

export interface FindOptions {
  /** The --host option. */
  readonly host?: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The user's home folder. */
  readonly homedir: string;
}

export interface FoundEngine {
  /** For people: the address and where it came from. */
  readonly description: string;
  readonly connection: Connection;
}

const readIfThere = (path: string): string | undefined => {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw new L9Error('EngineAddressInvalid', `${path} cannot be read`, {
      hint: 'Make the file readable, or name the engine with --host.',
      cause: error,
    });
  }
};

/** ca.pem, cert.pem and key.pem of a folder, whichever are there. */
const readCertificates = (folder: string, verify: boolean): TlsMaterial => {
  const ca = readIfThere(join(folder, 'ca.pem'));
  const cert = readIfThere(join(folder, 'cert.pem'));
  const key = readIfThere(join(folder, 'key.pem'));
  return {
    verify,
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
  };
};

/** Runs `parse` on what stood in the file `path`. */
const parseFile = <T>(path: string, parse: () => T): T => {
  try {
    return parse();
  } catch (error) {
    throw new L9Error('EngineAddressInvalid', `${path} is not JSON`, {
      hint: 'Correct the file, or name the engine with --host.',
      cause: error,
    });
  }
};

interface CliConfig {
  readonly currentContext?: unknown;
}

interface ContextMeta {
  readonly Endpoints?: {
    readonly docker?: { readonly Host?: string; readonly SkipTLSVerify?: boolean };
  };
}

const fromContext = (name: string, source: string, folder: string): FoundEngine => {
  const id = createHash('sha256').update(name).digest('hex');
  const path = join(folder, 'contexts', 'meta', id, 'meta.json');
  const text = readIfThere(path);
  const hint = 'See `docker context ls`, or name the engine with --host.';
  if (text === undefined) {
    throw new L9Error(
      'EngineAddressInvalid',
      `${source} names the context "${name}", which is not there`,
      { hint },
    );
  }
  const endpoint = parseFile(path, () => parseTrusted<ContextMeta | null>(text))?.Endpoints?.docker;
  if (typeof endpoint?.Host !== 'string' || endpoint.Host === '') {
    throw new L9Error('EngineAddressInvalid', `The context "${name}" has no docker endpoint`, {
      hint,
    });
  }
  const tlsFolder = join(folder, 'contexts', 'tls', id, 'docker');
  const tls = existsSync(tlsFolder)
    ? readCertificates(tlsFolder, endpoint.SkipTLSVerify !== true)
    : undefined;
  const connection = parseAddress(endpoint.Host, `The context "${name}"`, tls);
  return {
    description: `${describeConnection(connection)} (context ${name}, from ${source})`,
    connection,
  };
};

const canOpen = (path: string): boolean => {
  try {
    accessSync(path, constants.R_OK | constants.W_OK);
    return true;
  } catch {
    // Any reason is the same here: this socket is not the one to take.
    return false;
  }
};

/** Where an engine listens unless told otherwise: the system's, then the user's own (rootless, Desktop). */
const defaultSockets = (options: FindOptions): string[] => {
  const runtime = options.env['XDG_RUNTIME_DIR'];
  return [
    '/var/run/docker.sock',
    ...(runtime === undefined || runtime === '' ? [] : [join(runtime, 'docker.sock')]),
    join(options.homedir, '.docker', 'run', 'docker.sock'),
  ];
};

const fromDefaults = (options: FindOptions): FoundEngine => {
  const sockets = defaultSockets(options);
  const socketPath = sockets.find(canOpen) ?? sockets.find((path) => existsSync(path));
  if (socketPath === undefined) {
    throw new L9Error(
      'EngineUnreachable',
      `No Docker engine was found: there is no ${sockets.join(', no ')}, and no --host, DOCKER_HOST or DOCKER_CONTEXT was given`,
      {
        hint: 'Start Docker (`dockerd` or `systemctl start docker`), or name the engine with --host.',
      },
    );
  }
  return { description: `unix://${socketPath}`, connection: { type: 'unix', socketPath } };
};

/**
 * Finds the engine as the docker CLI does: --host, DOCKER_HOST, DOCKER_CONTEXT, the current context of
 * the CLI's configuration, the default socket, the rootless one. Contacts nobody.
 * Throws `EngineAddressInvalid`, `EngineAddressUnsupported` or `EngineUnreachable` (naming what was tried).
 */
export const findEngine = (options: FindOptions): FoundEngine => {
  const { env } = options;
  const folder = env['DOCKER_CONFIG'] || join(options.homedir, '.docker');
  const verify = (env['DOCKER_TLS_VERIFY'] ?? '') !== '';
  const wantsTls = verify || (env['DOCKER_TLS'] ?? '') !== '';
  const address = options.host || env['DOCKER_HOST'];
  if (address) {
    const source = options.host ? '--host' : 'DOCKER_HOST';
    const tls = wantsTls ? readCertificates(env['DOCKER_CERT_PATH'] || folder, verify) : undefined;
    const connection = parseAddress(address, source, tls);
    return { description: `${describeConnection(connection)} (from ${source})`, connection };
  }
  const asked = env['DOCKER_CONTEXT'];
  if (asked)
    return asked === 'default'
      ? fromDefaults(options)
      : fromContext(asked, 'DOCKER_CONTEXT', folder);
  const configPath = join(folder, 'config.json');
  const config = readIfThere(configPath);
  const current =
    config === undefined
      ? undefined
      : parseFile(configPath, () => parseTrusted<CliConfig | null>(config))?.currentContext;
  return typeof current === 'string' && current !== '' && current !== 'default'
    ? fromContext(current, configPath, folder)
    : fromDefaults(options);
};
