import { brotliDecompressSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { call, exec, get, listContainers, listNetworks, listVolumes } from '../setup/engine.ts';
import { expectCode, inspect, instance, sleeper, stage, told } from '../setup/stage.ts';
import type { Stage } from '../setup/stage.ts';
import { until } from '../setup/until.ts';

const password = 'pässw0rd-Tr0ub4dor';
const token = 'tok-3n-99f1c2';

const documents = (config = 'x = 1') => [
  { kind: 'Secret', metadata: { name: 'pass' }, spec: { file: './pass.txt' } },
  { kind: 'Secret', metadata: { name: 'token' }, spec: { env: 'MY_TOKEN' } },
  { kind: 'Config', metadata: { name: 'conf' }, spec: { content: config } },
];

const web = (more: object = {}) =>
  sleeper('web', {
    user: '1000:1001',
    env: { TOKEN: { secret: 'token' } },
    volumes: [
      { secret: 'pass', path: '/run/secrets/pass' },
      { secret: 'token', path: '/run/secrets/token', mode: '0440' },
      { config: 'conf', path: '/etc/app/app.conf' },
    ],
    ...more,
  });

const env = { MY_TOKEN: token };

const staged = async (more: object = {}): Promise<Stage> => {
  const at = stage();
  at.write('pass.txt', password);
  at.manifests(...documents(), web(more));
  await at.done(['apply', '-q'], { env });
  return at;
};

const file = async (container: string, path: string): Promise<string> => {
  const { text } = await exec(container, ['sh', '-c', `stat -c '%a %u:%g' ${path}; cat ${path}`]);
  return text;
};

/** All that the engine shows of a project to whoever may list: with records unpacked. */
const shown = async (project: string): Promise<string> => {
  const ours = { label: [`com.l9.project=${project}`] };
  const volumes = await listVolumes(ours);
  const records = volumes.flatMap(({ Labels }) => Labels?.['com.l9.data'] ?? []);
  expect(records.length).toBeGreaterThan(0);
  return [
    JSON.stringify(volumes),
    JSON.stringify(await listNetworks(ours)),
    JSON.stringify(await listContainers(ours)),
    ...records.map((data) => brotliDecompressSync(Buffer.from(data, 'base64')).toString('utf8')),
  ].join('\n');
};

const expectNoSecret = (text: string): void => {
  for (const secret of [password, token]) expect(text).not.toContain(secret);
};

test('configs and secrets are files of the service’s user, and environment', async () => {
  const at = await staged();
  const { Id } = await instance(at.name, 'web-1');
  expect(await file(Id, '/run/secrets/pass')).toBe(`400 1000:1001\n${password}`);
  expect(await file(Id, '/run/secrets/token')).toBe(`440 1000:1001\n${token}`);
  expect(await file(Id, '/etc/app/app.conf')).toBe('444 1000:1001\nx = 1');
  expect((await exec(Id, ['sh', '-c', 'echo $TOKEN'])).text).toBe(`${token}\n`);
  // A single file each: the others' are not in reach.
  expect((await exec(Id, ['ls', '/run/secrets'])).text).toBe('pass\ntoken\n');
  expect((await exec(Id, ['sh', '-c', 'echo more >> /etc/app/app.conf'])).code).not.toBe(0);
});

test('secrets are in no label, record, plan, diff, log or output', async () => {
  const at = await staged({
    command: ['sh', '-c', 'echo it is $(cat /run/secrets/pass) and $TOKEN; exec sleep inf'],
    recovery: { verifyAfter: '300ms' },
  });
  at.write('pass.txt', `${password}-2`);
  const changing = [
    await at.l9(['plan'], { env }),
    await at.l9(['plan', '-o', 'json'], { env }),
    await at.l9(['diff'], { env }),
    await at.l9(['diff', '-o', 'json'], { env }),
    await at.l9(['apply', '--dry-run', '-v'], { env }),
  ];
  expect(changing[2]?.code, 'a secret that changed is a difference').toBe(1);
  at.write('pass.txt', password);
  // Its last words, which hold the secrets, are kept as evidence.
  const before = await instance(at.name, 'web-1');
  await call('POST', `/containers/${before.Id}/kill`, [204]);
  const results = [
    ...changing,
    await at.done(['apply', '-v'], { env }),
    await at.done(['get', 'all', '-p', at.name, '-o', 'json']),
    await at.done(['get', 'secrets', '-p', at.name, '-o', 'yaml']),
    await at.done(['describe', 'web', '-p', at.name]),
    await at.done(['describe', 'secret/pass', '-p', at.name]),
    await at.done(['rollout', 'history', '-p', at.name, '-o', 'json']),
  ];
  for (const result of results) expectNoSecret(told(result));
  const all = await shown(at.name);
  expect(all, 'its last words were kept').toContain('it is *** and ***');
  expectNoSecret(all);
  // Environment is in clear for whoever may inspect, as the docs say; nothing else is.
  const { Config, ...rest } = await inspect(before.Id);
  expect(Config.Env).toContain(`TOKEN=${token}`);
  expectNoSecret(JSON.stringify([rest, { ...Config, Env: [] }]));
});

test('of a secret of several lines no line stands in the last words', async () => {
  const at = stage();
  at.write('key.pem', '-----BEGIN KEY-----\nMIIBOgIBAAJBAK\nj34GkxFhD90vcN\n-----END KEY-----\n');
  at.manifests(
    { kind: 'Secret', metadata: { name: 'pem' }, spec: { file: './key.pem' } },
    sleeper('web', {
      command: ['sh', '-c', 'cat /key; exec sleep inf'],
      volumes: [{ secret: 'pem', path: '/key' }],
      recovery: { verifyAfter: '300ms' },
    }),
  );
  await at.done(['apply', '-q']);
  const web = await instance(at.name, 'web-1');
  await call('POST', `/containers/${web.Id}/kill`, [204]);
  await at.done(['apply', '-q']);
  const all = await shown(at.name);
  expect(all, 'its last words were kept').toContain('***');
  for (const line of ['MIIBOgIBAAJBAK', 'j34GkxFhD90vcN']) expect(all).not.toContain(line);
});

test('what a health check says is shown and remembered without the secrets in it', async () => {
  const at = await staged({
    healthcheck: {
      exec: ['sh', '-c', 'if test -e /tmp/broken; then echo refused with $TOKEN; exit 1; fi'],
      interval: '200ms',
      timeout: '2s',
      retries: 1,
      startPeriod: '0s',
    },
    recovery: { verifyAfter: '300ms', backoff: { initial: '100ms', max: '200ms' } },
  });
  const { Id } = await instance(at.name, 'web-1');
  await exec(Id, ['touch', '/tmp/broken']);
  await until(() => inspect(Id), {
    what: 'the check to fail',
    is: ({ State }) => State.Health?.Status === 'unhealthy',
  });
  const results = [
    await at.l9(['get', '-p', at.name, '-o', 'json']),
    await at.l9(['describe', 'web', '-p', at.name]),
    await at.l9(['plan'], { env }),
    await at.l9(['apply', '-v'], { env }),
  ];
  expect(told(results[3] ?? { stdout: '', stderr: '' })).toContain('refused with');
  for (const result of results) expectNoSecret(told(result));
  expectNoSecret(await shown(at.name));
});

test('a new value or content makes a new container; the same ones do not', async () => {
  const at = await staged();
  const first = await instance(at.name, 'web-1');
  await at.done(['apply', '-q'], { env });
  expect((await instance(at.name, 'web-1')).Id).toBe(first.Id);

  at.write('pass.txt', 'another');
  const result = await at.done(['apply'], { env });
  expect(told(result)).not.toContain('another');
  const second = await instance(at.name, 'web-1');
  expect(second.Id).not.toBe(first.Id);
  expect(await file(second.Id, '/run/secrets/pass')).toBe('400 1000:1001\nanother');

  at.manifests(...documents('x = 2'), web());
  expect(expectCode(await at.l9(['diff'], { env }), 1).stdout).toMatch(/recreates web/);
  await at.done(['apply', '-q'], { env });
  const third = await instance(at.name, 'web-1');
  expect(third.Id).not.toBe(second.Id);
  expect(await file(third.Id, '/etc/app/app.conf')).toBe('444 1000:1001\nx = 2');
  expectCode(await at.l9(['diff'], { env }), 0);
});

test('values that somebody removed are missed by name, and come back with an apply', async () => {
  const at = await staged();
  const first = await instance(at.name, 'web-1');
  await call('DELETE', `/containers/l9-secrets.${at.name}?force=1`, [204]);
  await call('DELETE', `/volumes/l9-secret.${at.name}`, [204]);

  const missing = expectCode(await at.l9(['scale', 'web=2', '-p', at.name, '--timeout', '30s']), 4);
  expect(missing.stderr).toMatch(/the value of secret (pass|token) is not in its store/);
  expect(missing.stderr).toMatch(/→ Apply the manifests again/);
  expect((await inspect(first.Id)).State.Status).toBe('running');

  await at.done(['apply', '-q'], { env });
  const second = await instance(at.name, 'web-2');
  expect(await file(second.Id, '/run/secrets/pass')).toBe(`400 1000:1001\n${password}`);
  // A key that is gone tells of no change.
  expect((await instance(at.name, 'web-1')).Id).toBe(first.Id);
});

test('a source that is not there stops everything, and names it', async () => {
  const at = stage();
  at.manifests(...documents(), web());
  const result = expectCode(await at.l9(['apply']), 2);
  expect(result.stderr).toContain('pass.txt');
  expect(result.stderr).toContain('MY_TOKEN');
  expect(await listVolumes({ label: [`com.l9.project=${at.name}`] })).toEqual([]);
});

test('deleting the project forgets its secrets', async () => {
  const at = await staged();
  const { Mounts } = await instance(at.name, 'web-1');
  expect(Mounts.length).toBeGreaterThan(0);
  await at.done(['delete', '-p', at.name, '--yes', '-q']);
  await until(() => listVolumes({ label: [`com.l9.project=${at.name}`] }), {
    what: 'no volume of it to be left',
    is: (volumes) => volumes.length === 0,
  });
  expect(await get<{ Volumes: unknown[] | null }>('/volumes')).toBeTruthy();
});
