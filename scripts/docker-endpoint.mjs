// @ts-check
// Where the Docker engine is, found as the docker CLI finds it: DOCKER_HOST, DOCKER_CONTEXT, the current
// context of ~/.docker/config.json, then the default and the rootless socket. The product has its own,
// typed version; this one stands alone because it runs before anything is installed.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { Failure } from './console.mjs';

/**
 * @typedef {object} Endpoint
 * @property {string} url `unix:///path` or `tcp://host:port`
 * @property {string} chosenBy what made us look there, in words
 * @property {boolean} explicit somebody named it: then nothing else is tried, and nothing is installed
 * @property {import('node:http').RequestOptions & import('node:https').RequestOptions} connection
 * @property {boolean} secure over TLS
 */

export const defaultSocket = '/var/run/docker.sock';

/**
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {Endpoint}
 */
export function findEndpoint(env = process.env) {
  if (env['DOCKER_HOST']) return endpoint(env['DOCKER_HOST'], 'DOCKER_HOST', env);
  const folder = env['DOCKER_CONFIG'] ?? join(homedir(), '.docker');
  const context = env['DOCKER_CONTEXT'] ?? currentContext(folder);
  if (context !== undefined && context !== 'default') {
    return endpoint(contextHost(folder, context), `the docker context "${context}"`, env);
  }
  const rootless = env['XDG_RUNTIME_DIR'] && join(env['XDG_RUNTIME_DIR'], 'docker.sock');
  const socket =
    !existsSync(defaultSocket) && rootless && existsSync(rootless) ? rootless : defaultSocket;
  return { ...endpoint(`unix://${socket}`, 'default', env), explicit: false };
}

/** @param {string} folder */
function currentContext(folder) {
  const file = join(folder, 'config.json');
  if (!existsSync(file)) return undefined;
  /** @type {{ currentContext?: string }} */
  const config = readJson(file);
  return config.currentContext;
}

/** @param {string} file */
function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new Failure(`${file} cannot be read: ${String(error)}`, 5);
  }
}

/**
 * The CLI keeps a context in a folder named after the sha256 of its name.
 * @param {string} folder
 * @param {string} name
 */
function contextHost(folder, name) {
  const id = createHash('sha256').update(name).digest('hex');
  const file = join(folder, 'contexts', 'meta', id, 'meta.json');
  if (!existsSync(file))
    throw new Failure(`There is no docker context "${name}" (looked at ${file}).`, 5);
  /** @type {{ Endpoints?: { docker?: { Host?: string } } }} */
  const meta = readJson(file);
  const host = meta.Endpoints?.docker?.Host;
  if (!host) throw new Failure(`The docker context "${name}" names no engine (${file}).`, 5);
  return host;
}

/**
 * @param {string} url
 * @param {string} chosenBy
 * @param {NodeJS.ProcessEnv} env
 * @returns {Endpoint}
 */
function endpoint(url, chosenBy, env) {
  const known = { url, chosenBy, explicit: true };
  if (url.startsWith('unix://')) {
    return { ...known, secure: false, connection: { socketPath: url.slice('unix://'.length) } };
  }
  const parsed = /^(?:tcp|http):\/\//.test(url)
    ? new URL(url.replace(/^tcp:/, 'http:'))
    : undefined;
  if (!parsed) {
    throw new Failure(
      `${chosenBy} names the engine "${url}", which these scripts cannot reach: only unix:// and tcp:// work.`,
      5,
    );
  }
  const secure = Boolean(env['DOCKER_TLS_VERIFY']);
  const port = Number(parsed.port) || (secure ? 2376 : 2375);
  /** @type {Endpoint['connection']} */
  const connection = { host: parsed.hostname, port };
  if (secure) {
    const certificates = env['DOCKER_CERT_PATH'] ?? join(homedir(), '.docker');
    connection.ca = readFileSync(join(certificates, 'ca.pem'));
    connection.cert = readFileSync(join(certificates, 'cert.pem'));
    connection.key = readFileSync(join(certificates, 'key.pem'));
  }
  return { ...known, secure, connection };
}
