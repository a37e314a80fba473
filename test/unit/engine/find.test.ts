import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parseAddress } from '../../../src/engine/docker/connection.ts';
import { findEngine } from '../../../src/engine/docker/find.ts';
import { L9Error } from '../../../src/model/errors.ts';

const home = (files: Readonly<Record<string, string>> = {}): string => {
  const folder = mkdtempSync(join(tmpdir(), 't-home-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [file, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), content);
  }
  return folder;
};

const context = (name: string, host: string): Record<string, string> => {
  const id = createHash('sha256').update(name).digest('hex');
  const meta = {
    Name: name,
    Metadata: {},
    Endpoints: { docker: { Host: host, SkipTLSVerify: true } },
  };
  return { [`.docker/contexts/meta/${id}/meta.json`]: JSON.stringify(meta) };
};

const failure = (find: () => unknown): L9Error => {
  try {
    find();
  } catch (error) {
    if (error instanceof L9Error) return error;
    throw error;
  }
  throw new Error('it did not fail');
};

describe('finding the engine', () => {
  const remote = {
    ...context('remote', 'tcp://10.0.0.7:2375'),
    '.docker/config.json': '{"currentContext":"remote"}',
  };

  it('takes --host before all else', () => {
    const env = { DOCKER_HOST: 'unix:///env.sock', DOCKER_CONTEXT: 'remote' };
    const found = findEngine({ host: 'unix:///flag.sock', env, homedir: home(remote) });
    expect(found.connection).toEqual({ type: 'unix', socketPath: '/flag.sock' });
    expect(found.description).toBe('unix:///flag.sock (from --host)');
  });

  it('takes DOCKER_HOST before contexts', () => {
    const env = { DOCKER_HOST: 'tcp://example.test:99', DOCKER_CONTEXT: 'remote' };
    const found = findEngine({ env, homedir: home(remote) });
    expect(found.connection).toEqual({ type: 'tcp', host: 'example.test', port: 99 });
  });

  it('takes DOCKER_CONTEXT before the current context', () => {
    const homedir = home({ ...remote, ...context('other', 'unix:///other.sock') });
    const found = findEngine({ env: { DOCKER_CONTEXT: 'other' }, homedir });
    expect(found.connection).toEqual({ type: 'unix', socketPath: '/other.sock' });
    expect(found.description).toContain('context other');
  });

  it('takes the current context, also from DOCKER_CONFIG', () => {
    const homedir = home(remote);
    const expected = { type: 'tcp', host: '10.0.0.7', port: 2375 };
    expect(findEngine({ env: {}, homedir }).connection).toEqual(expected);
    const env = { DOCKER_CONFIG: join(homedir, '.docker') };
    expect(findEngine({ env, homedir: home() }).connection).toEqual(expected);
  });

  it('reads the certificates of a context', () => {
    const id = createHash('sha256').update('remote').digest('hex');
    const tls = { [`.docker/contexts/tls/${id}/docker/ca.pem`]: 'CA' };
    const found = findEngine({ env: {}, homedir: home({ ...remote, ...tls }) });
    expect(found.connection).toMatchObject({ tls: { ca: 'CA', verify: false } });
  });

  it('reads the certificates of DOCKER_CERT_PATH when TLS is wanted', () => {
    const homedir = home({
      'certs/ca.pem': 'CA',
      'certs/cert.pem': 'CERT',
      'certs/key.pem': 'KEY',
    });
    const env = { DOCKER_HOST: 'tcp://h', DOCKER_CERT_PATH: join(homedir, 'certs') };
    expect(findEngine({ env, homedir }).connection).toEqual({ type: 'tcp', host: 'h', port: 2375 });
    const tls = { ca: 'CA', cert: 'CERT', key: 'KEY' };
    expect(findEngine({ env: { ...env, DOCKER_TLS_VERIFY: '1' }, homedir }).connection).toEqual({
      type: 'tcp',
      host: 'h',
      port: 2376,
      tls: { ...tls, verify: true },
    });
    expect(findEngine({ env: { ...env, DOCKER_TLS: '1' }, homedir }).connection).toMatchObject({
      tls: { ...tls, verify: false },
    });
  });

  it('takes the socket of a rootless engine where there is no other', () => {
    const homedir = home({ 'run/docker.sock': '' });
    const XDG_RUNTIME_DIR = join(homedir, 'run');
    const { connection } = findEngine({
      env: { XDG_RUNTIME_DIR, DOCKER_CONTEXT: 'default' },
      homedir,
    });
    expect(['/var/run/docker.sock', join(XDG_RUNTIME_DIR, 'docker.sock')]).toContain(
      connection.type === 'unix' ? connection.socketPath : '',
    );
  });

  it.each([
    [{ DOCKER_CONTEXT: 'nowhere' }, {}, 'nowhere'],
    [{}, { '.docker/config.json': '{"currentContext":"nowhere"}' }, 'nowhere'],
    [{}, { '.docker/config.json': '{' }, 'config.json'],
    [{ DOCKER_HOST: 'what is this' }, {}, 'what is this'],
    [{ DOCKER_HOST: 'tcp://h:99999' }, {}, '99999'],
    [{ DOCKER_HOST: 'unix://relative.sock' }, {}, 'absolute'],
  ])('says what is wrong: %j', (env, files, words) => {
    const error = failure(() => findEngine({ env, homedir: home(files) }));
    expect(error).toMatchObject({ code: 'EngineAddressInvalid', exitCode: 5 });
    expect(error.message).toContain(words);
  });

  it('refuses ssh and pipes by name, with a way out', () => {
    const ssh = failure(() => findEngine({ host: 'ssh://me@there', env: {}, homedir: home() }));
    expect(ssh.code).toBe('EngineAddressUnsupported');
    expect(ssh.hint).toContain('ssh -nNT -L');
    expect(ssh.hint).toContain('me@there');
    const pipe = failure(() =>
      findEngine({ host: 'npipe:////./pipe/docker_engine', env: {}, homedir: home() }),
    );
    expect(pipe.code).toBe('EngineAddressUnsupported');
  });

  it('reads addresses as the docker CLI writes them', () => {
    const parse = (address: string) => parseAddress(address, 'x', undefined);
    expect(parse('tcp://[::1]:2375')).toEqual({ type: 'tcp', host: '::1', port: 2375 });
    expect(parse('http://h/')).toEqual({ type: 'tcp', host: 'h', port: 2375 });
    expect(parse('https://h')).toEqual({
      type: 'tcp',
      host: 'h',
      port: 2376,
      tls: { verify: true },
    });
  });
});
