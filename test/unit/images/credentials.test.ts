import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  dockerCredentials,
  noCredentials,
  registryDomain,
  registryKey,
} from '../../../src/images/credentials.ts';
import { dockerConfigPath, parseDockerConfig } from '../../../src/images/docker-config.ts';
import { failure } from '../../setup/failure.ts';

const base64 = (text: string): string => Buffer.from(text).toString('base64');

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'l9-cred-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** Credentials from a config.json with this content; helpers are looked up in `folder/bin` first. */
const credentials = async (config: unknown, helperTimeLimitMs?: number) => {
  const file = path.join(folder, 'config.json');
  await writeFile(file, typeof config === 'string' ? config : JSON.stringify(config));
  return dockerCredentials({
    file,
    env: { PATH: `${path.join(folder, 'bin')}:/usr/bin:/bin`, HELPER_DIR: folder },
    ...(helperTimeLimitMs !== undefined && { helperTimeLimitMs }),
  });
};

/** What asking for x.io with this config.json fails with. */
const failureOf = async (config: unknown, helperTimeLimitMs?: number) => {
  const asked = await credentials(config, helperTimeLimitMs);
  return failure(() => asked.forDomain('x.io'));
};

/** Puts a real program docker-credential-<name> on that PATH. */
const helper = async (name: string, script: string): Promise<void> => {
  await mkdir(path.join(folder, 'bin'), { recursive: true });
  const file = path.join(folder, 'bin', `docker-credential-${name}`);
  await writeFile(file, `#!/bin/sh\n${script}\n`);
  await chmod(file, 0o755);
};

describe('where the file is', () => {
  it.each([
    [{}, '/home/u/.docker/config.json'],
    [{ DOCKER_CONFIG: '' }, '/home/u/.docker/config.json'],
    [{ DOCKER_CONFIG: '/etc/d' }, '/etc/d/config.json'],
  ])('%j', (env, expected) => {
    expect(dockerConfigPath(env, '/home/u')).toBe(expected);
  });
});

describe('registry names', () => {
  it.each([
    ['redis:7', 'docker.io', 'https://index.docker.io/v1/'],
    ['ghcr.io/a/b', 'ghcr.io', 'ghcr.io'],
    ['127.0.0.1:5000/a', '127.0.0.1:5000', '127.0.0.1:5000'],
  ])('%s', (reference, domain, key) => {
    expect(registryDomain(reference)).toBe(domain);
    expect(registryKey(domain)).toBe(key);
  });
});

describe('logins in the file', () => {
  it('reads user and password from base64; the password may hold colons', async () => {
    const found = await (
      await credentials({ auths: { 'ghcr.io': { auth: base64('ann:pa:ss') } } })
    ).forDomain('ghcr.io');
    expect(found).toEqual({ username: 'ann', password: 'pa:ss', serverAddress: 'ghcr.io' });
  });

  it('finds Docker Hub under its old address', async () => {
    const found = await (
      await credentials({ auths: { 'https://index.docker.io/v1/': { auth: base64('a:b') } } })
    ).forDomain('docker.io');
    expect(found).toMatchObject({ username: 'a', serverAddress: 'https://index.docker.io/v1/' });
  });

  it('finds a host that was stored as an address', async () => {
    const found = await (
      await credentials({ auths: { 'https://reg.example:5000/v2/': { auth: base64('a:b') } } })
    ).forDomain('reg.example:5000');
    expect(found).toMatchObject({ username: 'a', serverAddress: 'reg.example:5000' });
  });

  it('passes identity tokens on', async () => {
    const found = await (
      await credentials({ auths: { 'x.io': { auth: base64('u:'), identitytoken: 'tok' } } })
    ).forDomain('x.io');
    expect(found).toEqual({ username: 'u', identityToken: 'tok', serverAddress: 'x.io' });
  });

  it('reads plain fields', async () => {
    const found = await (
      await credentials({ auths: { 'x.io': { username: 'u', password: 'p' } } })
    ).forDomain('x.io');
    expect(found).toEqual({ username: 'u', password: 'p', serverAddress: 'x.io' });
  });

  it.each([
    ['no file', undefined],
    ['an empty object', {}],
    ['another registry', { auths: { 'y.io': { auth: base64('u:p') } } }],
    ['an entry without a login', { auths: { 'x.io': {} } }],
    ['null sections', { auths: null, credHelpers: null }],
  ])('is anonymous with %s', async (_, config) => {
    const asked =
      config === undefined
        ? dockerCredentials({ file: path.join(folder, 'none', 'config.json'), env: {} })
        : await credentials(config);
    expect(await asked.forDomain('x.io')).toBeUndefined();
  });

  it.each([
    ['{"auths": {"x.io": {"auth": "hunter2-secret', 'it is no JSON'],
    ['[]', 'it is no JSON object'],
    ['{"auths": []}', '"auths" is no object'],
    [
      `{"auths": {"x.io": {"auth": "${base64('hunter2-secret')}"}}}`,
      'the "auth" of x.io is not base64 of user:password',
    ],
  ])('explains %s without quoting it', async (content, why) => {
    const error = await failureOf(content);
    expect(error.code).toBe('DockerConfigInvalid');
    expect(error.message).toContain(why);
    expect(error.message).toContain(folder);
    expect(inspect(error, { depth: 9 })).not.toContain('hunter2');
  });

  it('takes the plain fields of a file that has both', () => {
    const config = parseDockerConfig(
      JSON.stringify({ auths: { a: { auth: base64('u:p'), username: 'v', password: 'q' } } }),
      'f',
    );
    expect(config.auths['a']).toEqual({ username: 'u', password: 'p' });
  });
});

describe('credential helpers', () => {
  const answering =
    'server=$(cat); echo "{\\"ServerURL\\":\\"$server\\",\\"Username\\":\\"u-$server\\",\\"Secret\\":\\"s3\\"}"';

  it('asks the helper of the registry, with the server on its input', async () => {
    await helper('cloud', answering);
    const asked = await credentials({
      credHelpers: { 'x.io': 'cloud' },
      credsStore: 'absent',
      auths: { 'x.io': { auth: base64('file:file') } },
    });
    expect(await asked.forDomain('x.io')).toEqual({
      username: 'u-x.io',
      password: 's3',
      serverAddress: 'x.io',
    });
  });

  it('asks the helper for all, and Docker Hub by its address', async () => {
    await helper('store', answering);
    const asked = await credentials({ credsStore: 'store' });
    expect(await asked.forDomain('docker.io')).toMatchObject({
      username: 'u-https://index.docker.io/v1/',
    });
  });

  it('asks once for a registry', async () => {
    await helper('count', `echo x >> "$HELPER_DIR/calls"; ${answering}`);
    const asked = await credentials({ credsStore: 'count' });
    await Promise.all([asked.forDomain('x.io'), asked.forDomain('x.io')]);
    await asked.forDomain('x.io');
    expect(await readFile(path.join(folder, 'calls'), 'utf8')).toBe('x\n');
  });

  it('understands tokens', async () => {
    await helper('tok', 'echo \'{"ServerURL":"x","Username":"<token>","Secret":"idt"}\'');
    const asked = await credentials({ credsStore: 'tok' });
    expect(await asked.forDomain('x.io')).toEqual({
      identityToken: 'idt',
      serverAddress: 'x.io',
    });
  });

  it('is anonymous when the helper knows no login', async () => {
    await helper('empty', 'echo "credentials not found in native keychain"; exit 1');
    expect(await (await credentials({ credsStore: 'empty' })).forDomain('x.io')).toBeUndefined();
  });

  it('says which helper is missing, where it was named and what to do', async () => {
    const error = await failureOf({ credsStore: 'gone' });
    expect(error.code).toBe('CredentialHelperMissing');
    expect(error.message).toContain('docker-credential-gone is not on the PATH');
    expect(error.message).toContain(path.join(folder, 'config.json'));
    expect(error.hint).toContain('install docker-credential-gone');
  });

  it('shows what a failing helper said', async () => {
    await helper('bad', 'echo "keychain is locked" >&2; exit 3');
    const error = await failureOf({ credsStore: 'bad' });
    expect(error.code).toBe('CredentialHelperFailed');
    expect(error.message).toContain('keychain is locked (exit code 3)');
  });

  it('never quotes an answer that it cannot read', async () => {
    await helper('odd', 'echo "Secret=hunter2"');
    const error = await failureOf({ credsStore: 'odd' });
    expect(error.code).toBe('CredentialHelperFailed');
    expect(inspect(error, { depth: 9 })).not.toContain('hunter2');
  });

  it('gives up on one that hangs, also when its child keeps the pipe open', async () => {
    await helper('hang', 'sleep 20 & sleep 20');
    const started = performance.now();
    const error = await failureOf({ credsStore: 'hang' }, 200);
    expect(error.code).toBe('CredentialHelperFailed');
    expect(error.message).toContain('no answer in 0.2 s');
    expect(performance.now() - started).toBeLessThan(5000);
  });

  it('stops with the signal, with its reason', async () => {
    await helper('hang', `touch "$HELPER_DIR/up"; exec sleep 20`);
    const asked = await credentials({ credsStore: 'hang' });
    const abort = new AbortController();
    const pending = asked.forDomain('x.io', abort.signal);
    const reason = new Error('interrupted');
    abort.abort(reason);
    await expect(pending).rejects.toBe(reason);
  });

  it('runs nothing but programs named docker-credential-…', async () => {
    const error = await failureOf({ credsStore: '../../bin/sh' });
    expect(error.code).toBe('DockerConfigInvalid');
  });
});

it('the service has no logins', async () => {
  expect(await noCredentials.forDomain('docker.io')).toBeUndefined();
});
