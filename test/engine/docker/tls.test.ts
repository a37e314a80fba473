import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { createServer } from 'node:tls';
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectDocker } from '../../../src/engine/docker/connect.ts';
import { certificateAuthority } from '../../setup/certificates.ts';
import { endpoint } from '../../setup/engine.ts';
import { codeOf } from '../../contract/subject.ts';

const authority = certificateAuthority('test authority');
const stranger = certificateAuthority('another authority');
const server = authority.certify('engine');
const client = authority.certify('client');

/** The real engine behind TLS: clients must have a certificate, as dockerd --tlsverify wants it. */
const front = createServer(
  { ...server, ca: authority.ca, requestCert: true, rejectUnauthorized: true, allowHalfOpen: true },
  (secure) => {
    const { socketPath, host, port } = endpoint.connection;
    const plain = socketPath
      ? connect({ path: socketPath, allowHalfOpen: true })
      : connect({ host: host ?? '127.0.0.1', port: Number(port), allowHalfOpen: true });
    secure.pipe(plain).pipe(secure);
    for (const end of [secure, plain]) {
      end.on('error', () => {
        secure.destroy();
        plain.destroy();
      });
    }
  },
);
let address = '';
const home = mkdtempSync(join(tmpdir(), 't-tls-'));

const certificates = (name: string, files: Readonly<Record<string, string>>): string => {
  const folder = join(home, name);
  mkdirSync(folder, { recursive: true });
  for (const [file, content] of Object.entries(files))
    writeFileSync(join(folder, `${file}.pem`), content);
  return folder;
};

beforeAll(async () => {
  front.listen(0, '127.0.0.1');
  await once(front, 'listening');
  const bound = front.address();
  if (bound === null || typeof bound === 'string') throw new Error('no port');
  address = `tcp://127.0.0.1:${bound.port}`;
});
afterAll(() => {
  front.close();
  rmSync(home, { recursive: true });
});

describe('an engine behind TLS', () => {
  const good = () => certificates('good', { ca: authority.ca, ...client });
  const env = (path: string) => ({
    DOCKER_HOST: address,
    DOCKER_TLS_VERIFY: '1',
    DOCKER_CERT_PATH: path,
  });

  it('is reached with the certificates of DOCKER_CERT_PATH, for calls, streams and dockerode', async () => {
    const engine = await connectDocker({ env: env(good()), homedir: home });
    expect((await engine.info()).os).toBe('linux');
    expect(await codeOf(engine.pullImage('127.0.0.1:9/no/such:1'))).toBe('RegistryUnreachable');
    const abort = new AbortController();
    const events = engine.events({ signal: abort.signal, onSubscribed: () => abort.abort() });
    for await (const event of events) expect(event).toBeUndefined();
    engine.close();
  });

  it('carries the input and output of commands', async () => {
    const engine = await connectDocker({ env: env(good()), homedir: home });
    const id = await engine.createContainer({
      name: `t-${createHash('sha256')
        .update(address + process.pid)
        .digest('hex')
        .slice(0, 8)}_tls`,
      image: 'l9.local/busybox:1',
      labels: {},
      env: {},
      command: ['sleep', '1000'],
      ports: [],
      mounts: [],
      network: { mode: 'none' },
      restartPolicy: 'no',
      limits: {},
    });
    try {
      await engine.startContainer(id);
      const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
      stdin.end('over TLS\n');
      const output = text(stdout);
      expect(await engine.exec(id, { command: ['cat'], stdin, stdout, stderr })).toBe(0);
      stdout.end();
      expect(await output).toBe('over TLS\n');
    } finally {
      await engine.removeContainer(id, true);
      engine.close();
    }
  });

  it('is reached by a context of the docker CLI', async () => {
    const folder = join(home, '.docker');
    const id = createHash('sha256').update('remote').digest('hex');
    mkdirSync(join(folder, 'contexts', 'meta', id), { recursive: true });
    const meta = { Name: 'remote', Endpoints: { docker: { Host: address, SkipTLSVerify: false } } };
    writeFileSync(join(folder, 'contexts', 'meta', id, 'meta.json'), JSON.stringify(meta));
    certificates(join('.docker', 'contexts', 'tls', id, 'docker'), { ca: authority.ca, ...client });
    writeFileSync(join(folder, 'config.json'), JSON.stringify({ currentContext: 'remote' }));
    const engine = await connectDocker({ env: {}, homedir: home });
    await engine.ping();
    engine.close();
  });

  it('is not trusted when another authority certified it', async () => {
    const path = certificates('wrong', { ca: stranger.ca, ...client });
    expect(await codeOf(connectDocker({ env: env(path), homedir: home }))).toBe('EngineForbidden');
  });

  it('does not trust clients that have no certificate', async () => {
    const path = certificates('nobody', { ca: authority.ca });
    const code = await codeOf(connectDocker({ env: env(path), homedir: home }));
    expect(code).toBe('EngineForbidden');
  });

  it('is not spoken to in clear', async () => {
    const code = await codeOf(connectDocker({ env: { DOCKER_HOST: address }, homedir: home }));
    expect(['EngineForbidden', 'EngineBroken']).toContain(code);
  });
});
