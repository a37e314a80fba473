import type { Engine, RegistryAuth } from '../engine/api.ts';
import type { Clock } from '../model/clock.ts';
import { L9Error } from '../model/errors.ts';
import type { Emit } from '../model/trace.ts';
import type { Credentials } from './credentials.ts';
import { localDomain, parseReference } from './reference.ts';

export interface PullTools {
  readonly engine: Engine;
  readonly clock: Clock;
  readonly credentials: Credentials;
  readonly emit: Emit;
  /**
   * `command`: three quick tries while somebody waits. `service`: one, for the service comes back
   * after `pullBackoffMs`.
   */
  readonly mode: 'command' | 'service';
  readonly signal?: AbortSignal;
}

const quickWaitsMs = [500, 1500];
const firstBackoffMs = 10_000;
const lastBackoffMs = 5 * 60_000;

/** Milliseconds until the service asks a registry again after so many failures in a row: 10 s doubling to 5 min. */
export const pullBackoffMs = (failures: number): number =>
  Math.min(firstBackoffMs * 2 ** Math.max(0, failures - 1), lastBackoffMs);

interface Login {
  readonly auth?: RegistryAuth;
  /** Why there may be a login that could not be read. */
  readonly problem?: L9Error;
}

/**
 * A helper that is missing or broken is no reason not to try: most images are public. It is told, and
 * becomes the explanation when the registry refuses.
 */
export const logIn = async (
  tools: Pick<PullTools, 'credentials' | 'emit' | 'signal'>,
  domain: string,
): Promise<Login> => {
  try {
    const auth = await tools.credentials.forDomain(domain, tools.signal);
    return auth === undefined ? {} : { auth };
  } catch (error) {
    const helper =
      error instanceof L9Error &&
      (error.code === 'CredentialHelperMissing' || error.code === 'CredentialHelperFailed');
    if (!helper) throw error;
    tools.emit({
      type: 'remark',
      level: 'warning',
      message: `${error.message}; asking ${domain} without a login`,
    });
    return { problem: error };
  }
};

const refused = (error: L9Error, domain: string, { auth, problem }: Login): L9Error => {
  if (problem !== undefined)
    return new L9Error(problem.code, `${error.message}; and ${problem.message}`, {
      ...(problem.hint !== undefined && { hint: problem.hint }),
      cause: error,
    });
  const server = domain === 'docker.io' ? '' : ` ${domain}`;
  return new L9Error(error.code, error.message, {
    hint:
      auth === undefined
        ? `if it is private: docker login${server}; else correct the reference`
        : `the login in Docker's config.json was refused: docker login${server} again, or ask for access`,
    cause: error,
  });
};

/** For an image of this machine's own that is not on the engine. */
export const noRegistry = (reference: string): L9Error =>
  new L9Error(
    'ImageMissing',
    `the engine does not have ${reference}, and ${localDomain} is no registry: its images are made on the machine`,
    {
      hint: 'make or load it (l9 build, docker build -t, docker load), or name an image of a registry',
    },
  );

/** The others stay as they are until somebody changes something. */
const mayPass = ({ code }: L9Error): boolean =>
  code === 'RegistryUnreachable' || code === 'PullFailed';

/**
 * Pulls an image, telling its progress. Rejects with `RegistryDenied`, `ImageUnknown`,
 * `RegistryUnreachable`, `PullFailed` or what else engine calls reject with, and with
 * `CredentialHelper…` where the registry refuses and the helper for its login does not work.
 */
export const pullImage = async (
  tools: PullTools,
  reference: string,
  platform?: string,
): Promise<void> => {
  const { engine, clock, emit, signal } = tools;
  const { domain } = parseReference(reference);
  if (domain === localDomain) throw noRegistry(reference);
  const login = await logIn(tools, domain);
  const waits = tools.mode === 'command' ? quickWaitsMs : [];
  for (let attempt = 0; ; attempt += 1) {
    try {
      emit({ type: 'imageProgress', reference, status: 'pulling' });
      await engine.pullImage(reference, {
        ...(login.auth !== undefined && { auth: login.auth }),
        ...(platform !== undefined && { platform }),
        ...(signal !== undefined && { signal }),
        onProgress: ({ layer, status, currentBytes, totalBytes }) =>
          emit({
            type: 'imageProgress',
            reference,
            ...(layer !== '' && { layer }),
            status,
            ...(currentBytes !== undefined && { currentBytes }),
            ...(totalBytes !== undefined && { totalBytes }),
          }),
      });
      return;
    } catch (error) {
      if (!(error instanceof L9Error)) throw error;
      if (error.code === 'RegistryDenied') throw refused(error, domain, login);
      const wait = waits[attempt];
      if (wait === undefined || !mayPass(error)) throw error;
      emit({ type: 'imageProgress', reference, status: `trying again: ${error.message}` });
      await clock.sleep(wait, signal);
    }
  }
};
