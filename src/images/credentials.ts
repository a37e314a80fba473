import type { RegistryAuth } from '../engine/api.ts';
import { askHelper } from './credential-helper.ts';
import { type DockerConfig, readDockerConfig } from './docker-config.ts';
import { parseReference } from './reference.ts';

/** Knows how to log in to registries. The answers are secrets: they go to the engine and nowhere else. */
export interface Credentials {
  /**
   * The login for a registry's host (`docker.io`, `ghcr.io`, `127.0.0.1:5000`); undefined where there
   * is none. Rejects with `DockerConfigInvalid`, `CredentialHelperMissing` or `CredentialHelperFailed`.
   */
  forDomain(domain: string, signal?: AbortSignal): Promise<RegistryAuth | undefined>;
}

/** Docker Hub's name in config.json and in the engine's X-Registry-Config, for historical reasons. */
const dockerHubKey = 'https://index.docker.io/v1/';

/** The key under which `docker login` keeps a registry's login. */
export const registryKey = (domain: string): string =>
  domain === 'docker.io' || domain === 'index.docker.io' ? dockerHubKey : domain;

/** The registry host of a reference as it is written in a manifest. */
export const registryDomain = (reference: string): string => parseReference(reference).domain;

/** `https://ghcr.io/v2/` → `ghcr.io`: old logins were stored under addresses. */
const hostOf = (key: string): string => key.replace(/^https?:\/\//, '').split('/')[0] ?? '';

const storedAuth = (config: DockerConfig, key: string): RegistryAuth | undefined => {
  const exact = config.auths[key];
  if (exact !== undefined) return { ...exact, serverAddress: key };
  if (key === dockerHubKey) return undefined;
  const found = Object.entries(config.auths).find(([stored]) => hostOf(stored) === key);
  return found === undefined ? undefined : { ...found[1], serverAddress: key };
};

export interface CredentialSources {
  /** Docker's config.json, see `dockerConfigPath`. It is read at the first question. */
  readonly file: string;
  /** What helpers are run with; their PATH counts. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly helperTimeLimitMs?: number;
}

/**
 * Logins as the docker CLI finds them: a registry's own helper, else the helper for all, else the
 * file. Each registry is asked about once in the life of the object.
 */
export const dockerCredentials = (sources: CredentialSources): Credentials => {
  let config: Promise<DockerConfig> | undefined;
  const known = new Map<string, Promise<RegistryAuth | undefined>>();

  const lookUp = async (key: string, signal?: AbortSignal): Promise<RegistryAuth | undefined> => {
    config ??= readDockerConfig(sources.file);
    const read = await config;
    const helper = read.credHelpers[key] ?? read.credHelpers[hostOf(key)] ?? read.credsStore;
    if (helper === undefined) return storedAuth(read, key);
    return askHelper({
      name: helper,
      server: key,
      file: read.file,
      env: sources.env,
      ...(sources.helperTimeLimitMs !== undefined && { timeLimitMs: sources.helperTimeLimitMs }),
      ...(signal !== undefined && { signal }),
    });
  };

  return {
    async forDomain(domain, signal) {
      const key = registryKey(domain);
      const asked = known.get(key) ?? lookUp(key, signal);
      known.set(key, asked);
      try {
        return await asked;
      } catch (error) {
        // A failure may pass (a locked keychain, an interrupt): it is not what is known.
        if (known.get(key) === asked) known.delete(key);
        throw error;
      }
    },
  };
};

/** Knows no login: what the service uses, which never reads a client's credentials. */
export const noCredentials: Credentials = { forDomain: () => Promise.resolve(undefined) };
