import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { RegistryAuth } from '../engine/api.ts';
import { L9Error } from '../model/errors.ts';
import { systemErrorCode } from '../model/guards.ts';

/** The parts of Docker's config.json that say how to log in. Values are secrets: never print them. */
export interface DockerConfig {
  /** Where it was read from, for messages. */
  readonly file: string;
  /** By registry, as `docker login` wrote it: a host, or an address with a scheme. */
  readonly auths: Readonly<Record<string, StoredAuth>>;
  /** Helper names by registry host. */
  readonly credHelpers: Readonly<Record<string, string>>;
  /** The helper for every other registry. */
  readonly credsStore?: string;
}

type StoredAuth = Omit<RegistryAuth, 'serverAddress'>;

/** `$DOCKER_CONFIG/config.json`, else `~/.docker/config.json`. */
export const dockerConfigPath = (
  env: Readonly<Record<string, string | undefined>>,
  home: string,
): string => path.join(env['DOCKER_CONFIG'] || path.join(home, '.docker'), 'config.json');

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

/** `auth` is base64 of `user:password`; it wins over the plain fields, as in the docker CLI. */
const decodeAuth = (entry: Record<string, unknown>): StoredAuth | undefined => {
  const encoded = text(entry['auth']);
  const decoded = encoded === undefined ? '' : Buffer.from(encoded, 'base64').toString('utf8');
  const colon = decoded.indexOf(':');
  if (encoded !== undefined && colon < 1) return undefined;
  const username = encoded === undefined ? text(entry['username']) : decoded.slice(0, colon);
  const password =
    encoded === undefined
      ? text(entry['password'])
      : // Old versions of `docker login` padded the password with NULs.
        decoded.slice(colon + 1).replace(/^\0+|\0+$/g, '');
  const identityToken = text(entry['identitytoken']);
  return {
    ...(username !== undefined && { username }),
    ...(password !== undefined && password !== '' && { password }),
    ...(identityToken !== undefined && { identityToken }),
  };
};

/**
 * Parses config.json. Rejects with `DockerConfigInvalid`, whose message never holds any of the
 * file's text, since that is where the passwords are.
 */
export const parseDockerConfig = (content: string, file: string): DockerConfig => {
  const invalid = (why: string): L9Error =>
    new L9Error('DockerConfigInvalid', `cannot use the registry logins in ${file}: ${why}`, {
      hint: `mend ${file}, or set DOCKER_CONFIG to a folder with a good config.json`,
    });
  let root: unknown;
  try {
    root = JSON.parse(content);
  } catch (error) {
    if (error instanceof SyntaxError) throw invalid('it is no JSON');
    throw error;
  }
  if (!isRecord(root)) throw invalid('it is no JSON object');
  const section = (key: string): [string, unknown][] => {
    const value = root[key];
    if (value === undefined || value === null) return [];
    if (!isRecord(value)) throw invalid(`"${key}" is no object`);
    return Object.entries(value);
  };
  const auths = section('auths').flatMap(([registry, entry]): [string, StoredAuth][] => {
    if (!isRecord(entry)) return [];
    const auth = decodeAuth(entry);
    if (auth === undefined)
      throw invalid(`the "auth" of ${registry} is not base64 of user:password`);
    // `{}` says only that a helper has the secret.
    return Object.keys(auth).length === 0 ? [] : [[registry, auth]];
  });
  const helpers = section('credHelpers').flatMap(([registry, name]): [string, string][] =>
    typeof name === 'string' && name !== '' ? [[registry, name]] : [],
  );
  const credsStore = text(root['credsStore']);
  return {
    file,
    auths: Object.fromEntries(auths),
    credHelpers: Object.fromEntries(helpers),
    ...(credsStore !== undefined && { credsStore }),
  };
};

/** Reads config.json; a file that is not there is a configuration without logins. */
export const readDockerConfig = async (file: string): Promise<DockerConfig> => {
  try {
    return parseDockerConfig(await readFile(file, 'utf8'), file);
  } catch (error) {
    if (error instanceof L9Error) throw error;
    const code = systemErrorCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return { file, auths: {}, credHelpers: {} };
    throw new L9Error('DockerConfigInvalid', `cannot read ${file}: ${code ?? String(error)}`, {
      hint: 'make it readable for the user that runs l9, or set DOCKER_CONFIG to another folder',
      cause: error,
    });
  }
};
