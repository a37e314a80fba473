import { expect, test } from 'vitest';
import { knownCheck } from '../../../src/manifest/check/known-checks.ts';
import { looksSecret } from '../../../src/manifest/secret-names.ts';
import { folderWith, loadFrom, mistakesIn, serviceWith, warningsIn } from './folder.ts';

const calm = 'resources: { memory: 64Mi }\nhealthcheck: { exec: [a] }';

test('a service without a check or a limit gets told, with lines to paste', async () => {
  expect(await warningsIn(serviceWith('image: redis:7-alpine'))).toEqual([
    '3:19 NoHealthcheck web has no health check: unless its image brings one, a hung process counts as healthy → add to spec:\nhealthcheck:\n  exec: [redis-cli, ping]',
    '3:19 NoMemoryLimit web has no memory limit: a leak would take the whole machine down → add to spec:\nresources: { memory: 512Mi }',
  ]);
  expect(await warningsIn(serviceWith(`image: redis:7\n${calm}`))).toEqual([]);
  expect(
    await warningsIn(
      serviceWith('image: own:1\nresources: { memory: 1g }\nports: [{ name: web, container: 80 }]'),
    ),
  ).toEqual([
    expect.stringMatching(/NoHealthcheck .* add to spec:\nhealthcheck:\n {2}tcp: \{ port: web \}$/),
  ]);
});

test('a one-shot service and a disabled check need none; limits of the project count', async () => {
  expect(
    await warningsIn(serviceWith('image: a:1\nrestart: never\nresources: { memory: 64Mi }')),
  ).toEqual([]);
  expect(
    await warningsIn(
      serviceWith('image: a:1\nhealthcheck: { disable: true }\nresources: { memory: 64Mi }'),
    ),
  ).toEqual([]);
  const project =
    'apiVersion: l9.dev/v1\nkind: Project\nmetadata: { name: demo }\nspec: { defaults: { restart: never, resources: { memory: 1g } } }\n---\n';
  expect(await warningsIn(project + serviceWith('image: a:1'))).toEqual([]);
});

test.each([
  ['interval: 20s', /SlowDetection a hung web would be noticed after 69 s: 3 retries of 20s \+ 3s/],
  ['retries: 10', /SlowDetection a hung web would be noticed after 130 s/],
  ['timeout: 30s', /SlowDetection a hung web would be noticed after 120 s/],
])('a check with %s is slow to tell', async (timing, expected) => {
  const text = serviceWith(
    `image: a:1\nresources: { memory: 64Mi }\nhealthcheck: { exec: [a], ${timing} }`,
  );
  expect(await warningsIn(text)).toEqual([expect.stringMatching(expected)]);
});

test('one minute is not slow', async () => {
  const text = `image: a:1\nresources: { memory: 64Mi }\nhealthcheck: { exec: [a], interval: 17s }`;
  expect(await warningsIn(serviceWith(text))).toEqual([]);
});

test('plain variables that look like secrets are pointed at, and their values not shown', async () => {
  const folder = folderWith({
    'l9.yaml': serviceWith(
      `image: a:1\n${calm}\nenv:\n  DB_PASSWORD: hunter2\n  URL: amqp://user:hunter2@host/\n  MAX_TOKENS: 3\n  EMPTY_TOKEN: ""\n  KEY: { secret: s }`,
    ),
  });
  const { warnings } = await loadFrom(folder);
  expect(warnings.map(({ code, position }) => `${code} ${position?.line}`)).toEqual([
    'SecretInEnv 9',
    'SecretInEnv 10',
  ]);
  expect(warnings[0]?.hint).toBe(
    'write DB_PASSWORD: { secret: db-password } and add a Secret db-password, or mount it',
  );
  expect(JSON.stringify(warnings)).not.toContain('hunter2');
});

test.each([
  'PASSWORD',
  'DB_PASSWORD',
  'pgpass_password',
  'API_KEY',
  'GITHUB_TOKEN',
  'JWT_SECRET',
  'AWS_SECRET_ACCESS_KEY',
  'my.auth',
  'APIKEY',
])('%s looks like a secret', (name) => expect(looksSecret(name)).toBe(true));

test.each([
  'PASSWORD_FILE',
  'MAX_TOKENS',
  'TOKEN_TTL',
  'KEY',
  'COMPASS',
  'SECRETARY',
  'PRIMARY_KEY',
  'AUTHOR',
])('%s does not', (name) => expect(looksSecret(name)).toBe(false));

test.each([
  ['redis', 'redis-cli'],
  ['docker.io/library/postgres:16-alpine', 'pg_isready'],
  ['bitnami/mysql@sha256:abc', 'mysqladmin'],
  ['localhost:5000/nginx:1', 'tcp: { port: 80 }'],
  ['neo4j:5', '7474'],
  ['qdrant/qdrant:v1', 'readyz'],
])('everybody knows %s', (image, part) => {
  expect(knownCheck(image)).toContain(part);
});

test.each(['redis-commander', 'me/own', 'redisx'])('nobody knows %s', (image) => {
  expect(knownCheck(image)).toBeUndefined();
});

test('every check to paste is valid where it is pasted', async () => {
  const images =
    'redis valkey postgres mysql mariadb mongo nginx httpd caddy traefik neo4j qdrant elasticsearch opensearch rabbitmq kafka memcached minio clickhouse etcd consul vault influxdb prometheus grafana';
  for (const image of images.split(' ')) {
    const check = knownCheck(image);
    expect(check, image).toBeDefined();
    expect(
      await warningsIn(serviceWith(`image: ${image}\nresources: { memory: 1g }\n${check}`)),
      image,
    ).toEqual([]);
  }
});

test('waiting for the health of a one-shot service is odd; a volume with a similar name too', async () => {
  const text = `apiVersion: l9.dev/v1
kind: Volume
metadata: { name: redis-data, project: demo }
---
apiVersion: l9.dev/v1
kind: Service
metadata: { name: job, project: demo }
spec: { image: a:1, restart: never, resources: { memory: 64m } }
---
${serviceWith(`image: a:1\n${calm}\ndependsOn: { job: healthy }\nvolumes: [{ volume: redis-dat, path: /a }, { volume: other, path: /b }]`)}`;
  expect(await warningsIn(text)).toEqual([
    expect.stringMatching(
      /^17:21 DependencyNeverHolds web waits for job to be healthy, but that is a one-shot/,
    ),
    expect.stringMatching(
      /^18:23 UnknownReference web: the volume "redis-dat" has no manifest: did you mean "redis-data"\?/,
    ),
  ]);
});

test('what this version does not do yet is said', async () => {
  const text = `apiVersion: l9.dev/v1
kind: Project
metadata: { name: demo }
spec: { notify: [{ webhook: "http://localhost/" }] }
---
apiVersion: l9.dev/v1
kind: Environment
metadata: { name: ci }
spec: { ttl: 30m }
`;
  expect(await warningsIn(text)).toEqual([
    expect.stringMatching(/^4:9 NotYetEffective notify is kept/),
    expect.stringMatching(/^8:19 NotYetEffective the Environment ci is kept/),
  ]);
});

test('warnings come with mistakes too, but not about what is broken', async () => {
  const folder = folderWith({
    'l9.yaml': serviceWith('image: redis:7\nhealthchek: { exec: [a] }'),
  });
  await expect(loadFrom(folder)).rejects.toMatchObject({ problems: [{ code: 'UnknownField' }] });
  expect(await mistakesIn(serviceWith('image: redis:7\nhealthchek: { exec: [a] }'))).toHaveLength(
    1,
  );
});
