import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { findEndpoint } from '../../../scripts/docker-endpoint.mjs';

/** A ~/.docker with a current context and the contexts that exist. */
const configFolder = (
  current: string | undefined,
  contexts: Readonly<Record<string, string>>,
): string => {
  const folder = mkdtempSync(join(tmpdir(), 'l9-docker-config-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'config.json'), JSON.stringify({ currentContext: current }));
  for (const [name, host] of Object.entries(contexts)) {
    const id = createHash('sha256').update(name).digest('hex');
    mkdirSync(join(folder, 'contexts/meta', id), { recursive: true });
    const meta = { Name: name, Endpoints: { docker: { Host: host } } };
    writeFileSync(join(folder, 'contexts/meta', id, 'meta.json'), JSON.stringify(meta));
  }
  return folder;
};

test('DOCKER_HOST comes before every context', () => {
  const folder = configFolder('desk', { desk: 'unix:///desk.sock' });
  const env = { DOCKER_CONFIG: folder, DOCKER_HOST: 'unix:///host.sock', DOCKER_CONTEXT: 'desk' };
  expect(findEndpoint(env)).toMatchObject({
    url: 'unix:///host.sock',
    explicit: true,
    chosenBy: 'DOCKER_HOST',
    connection: { socketPath: '/host.sock' },
  });
});

test('DOCKER_CONTEXT comes before the current context', () => {
  const folder = configFolder('desk', { desk: 'unix:///desk.sock', lab: 'unix:///lab.sock' });
  const found = (env: NodeJS.ProcessEnv) => findEndpoint({ DOCKER_CONFIG: folder, ...env }).url;
  expect(found({})).toBe('unix:///desk.sock');
  expect(found({ DOCKER_CONTEXT: 'lab' })).toBe('unix:///lab.sock');
});

test.each([[undefined], ['default']])(
  'the context %s is the default socket, which nobody named',
  (current) => {
    const found = findEndpoint({ DOCKER_CONFIG: configFolder(current, {}) });
    expect(found).toMatchObject({ url: 'unix:///var/run/docker.sock', explicit: false });
  },
);

test('tcp works, and with DOCKER_TLS_VERIFY needs its certificates', () => {
  const folder = configFolder(undefined, {});
  const env = { DOCKER_CONFIG: folder, DOCKER_HOST: 'tcp://[::1]:2375' };
  expect(findEndpoint(env)).toMatchObject({ secure: false, connection: { port: 2375 } });
  const secure = { ...env, DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: folder };
  expect(() => findEndpoint(secure)).toThrow('ca.pem');
  for (const file of ['ca.pem', 'cert.pem', 'key.pem']) writeFileSync(join(folder, file), file);
  expect(findEndpoint(secure)).toMatchObject({
    secure: true,
    connection: { ca: Buffer.from('ca.pem') },
  });
});

test.each([
  [{ DOCKER_HOST: 'ssh://somebody@somewhere' }, /cannot reach.*unix.*tcp/],
  [{ DOCKER_CONTEXT: 'gone' }, /no docker context "gone"/],
])('%j is refused with exit code 5', (env, message) => {
  const look = () => findEndpoint({ DOCKER_CONFIG: configFolder(undefined, {}), ...env });
  expect(look).toThrow(message);
  expect(look).toThrow(expect.objectContaining({ exitCode: 5 }));
});
