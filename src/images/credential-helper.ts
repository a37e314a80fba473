import { spawn } from 'node:child_process';
import type { RegistryAuth } from '../engine/api.ts';
import { L9Error } from '../model/errors.ts';

export interface HelperCall {
  /** `pass` for the program `docker-credential-pass`. */
  readonly name: string;
  /** The registry as the helper knows it. */
  readonly server: string;
  /** Where the helper was named, for messages. */
  readonly file: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Milliseconds; 30,000 unless said (cloud helpers ask a server). */
  readonly timeLimitMs?: number;
  readonly signal?: AbortSignal;
}

const defaultTimeLimitMs = 30_000;
/** An answer is a line of JSON; what is longer is not one. */
const maxAnswerBytes = 1024 * 1024;
/** What helpers say, on stdout, when they know no login: the registry is then asked without one. */
const notFound = /credentials not found|no credentials (?:found|server URL|username)/i;

interface HelperResult {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const failed = (call: HelperCall, why: string, cause?: unknown): L9Error =>
  new L9Error(
    'CredentialHelperFailed',
    `docker-credential-${call.name} gave no login for ${call.server}: ${why}`,
    {
      hint: `try: echo ${call.server} | docker-credential-${call.name} get; or log in again: docker login ${call.server}`,
      cause,
    },
  );

const missing = (call: HelperCall, cause?: unknown): L9Error =>
  new L9Error(
    'CredentialHelperMissing',
    `docker-credential-${call.name} is not on the PATH, but ${call.file} names it for ${call.server}`,
    {
      hint: `install docker-credential-${call.name}, or take "${call.name}" out of credsStore and credHelpers in ${call.file} and run docker login`,
      cause,
    },
  );

const run = (call: HelperCall): Promise<HelperResult> =>
  new Promise((resolve, reject) => {
    const limit = AbortSignal.timeout(call.timeLimitMs ?? defaultTimeLimitMs);
    const signal = call.signal === undefined ? limit : AbortSignal.any([call.signal, limit]);
    const child = spawn(`docker-credential-${call.name}`, ['get'], {
      env: call.env,
      signal,
      killSignal: 'SIGKILL',
      stdio: ['pipe', 'pipe', 'pipe'],
      windowsHide: true,
    });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    let size = 0;
    const collect = (into: Buffer[]) => (chunk: Buffer) => {
      size += chunk.byteLength;
      if (size <= maxAnswerBytes) into.push(chunk);
      else child.kill('SIGKILL');
    };
    child.stdout.on('data', collect(out));
    child.stderr.on('data', collect(err));
    // A helper that answers without reading its input closes the pipe: no failure.
    child.stdin.on('error', () => undefined);
    child.stdin.end(call.server);
    const settle = (exitCode: number | null): void =>
      resolve({
        exitCode,
        stdout: Buffer.concat(out).toString('utf8'),
        stderr: Buffer.concat(err).toString('utf8'),
      });
    child.on('error', (error: NodeJS.ErrnoException) => {
      // A grandchild may hold the pipes open after the kill: do not wait for `close`.
      child.stdout.destroy();
      child.stderr.destroy();
      if (call.signal?.aborted === true) reject(call.signal.reason);
      else if (limit.aborted)
        reject(failed(call, `no answer in ${(call.timeLimitMs ?? defaultTimeLimitMs) / 1000} s`));
      else if (error.code === 'ENOENT') reject(missing(call, error));
      else reject(failed(call, `it cannot be run (${error.code ?? error.message})`, error));
    });
    child.on('close', settle);
  });

/** The first line of what a failing helper said, kept short. A successful answer is never quoted. */
const complaint = ({ exitCode, stdout, stderr }: HelperResult): string => {
  const line = (stderr.trim() || stdout.trim()).split('\n')[0]?.trim().slice(0, 200);
  const code = exitCode === null ? 'it was killed' : `exit code ${exitCode}`;
  return line === undefined || line === '' ? code : `${line} (${code})`;
};

/**
 * Asks `docker-credential-<name> get` for a login
 * (https://github.com/docker/docker-credential-helpers). Resolves to undefined where the helper
 * knows none. Rejects with `CredentialHelperMissing` or `CredentialHelperFailed`.
 */
export const askHelper = async (call: HelperCall): Promise<RegistryAuth | undefined> => {
  // The name comes from a file and becomes the name of a program: no paths.
  if (!/^[\w.-]+$/.test(call.name))
    throw new L9Error(
      'DockerConfigInvalid',
      `"${call.name}" in ${call.file} is no name of a credential helper`,
      { hint: 'write what follows docker-credential- in the program\'s name, such as "pass"' },
    );
  call.signal?.throwIfAborted();
  const result = await run(call);
  if (result.exitCode !== 0) {
    if (notFound.test(result.stdout) || notFound.test(result.stderr)) return undefined;
    throw failed(call, complaint(result));
  }
  let answer: unknown;
  try {
    answer = JSON.parse(result.stdout);
  } catch {
    // The answer may hold a secret, and a JSON error quotes it: say neither.
    throw failed(call, 'its answer is no JSON');
  }
  const fields: Record<string, unknown> =
    typeof answer === 'object' && answer !== null ? { ...answer } : {};
  const username = fields['Username'];
  const secret = fields['Secret'];
  if (typeof username !== 'string' || typeof secret !== 'string')
    throw failed(call, 'its answer has no Username and Secret');
  if (username === '' && secret === '') return undefined;
  return username === '<token>'
    ? { identityToken: secret, serverAddress: call.server }
    : { username, password: secret, serverAddress: call.server };
};
