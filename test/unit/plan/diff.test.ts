import { describe, expect, test } from 'vitest';
import type { ServiceSpec } from '../../../src/model/documents.ts';
import type { Labels } from '../../../src/model/labels.ts';
import { differences, documentDifferences } from '../../../src/plan/diff.ts';
import { sameMeaning } from '../../../src/render/same-meaning.ts';
import { config, network, project, service } from '../render/applied.ts';

/** `way text` of every difference. */
const diff = (before: ServiceSpec, after: ServiceSpec): string[] =>
  differences(service('web', before), service('web', after), { same: sameMeaning }).map(
    ({ change, text }) => `${change} ${text}`,
  );

test('the same manifest differs in nothing', () => {
  const spec: ServiceSpec = { image: 'a:1', env: { A: '1' }, ports: [{ container: 1 }] };
  expect(diff(spec, { ...spec })).toEqual([]);
});

describe('each field is told as people write it, with the way in which it changes', () => {
  test.each<[string, ServiceSpec, ServiceSpec, string[]]>([
    ['a value', { image: 'redis:7' }, { image: 'redis:8' }, ['recreate image: redis:7 → redis:8']],
    ['a value that is new', {}, { user: '999' }, ['recreate user: (unset) → 999']],
    ['a value that is gone', { init: true }, {}, ['recreate init: true → (unset)']],
    ['a number', { replicas: 1 }, { replicas: 3 }, ['record replicas: 1 → 3']],
    [
      'text with spaces',
      { healthcheck: { exec: 'a' } },
      { healthcheck: { exec: 'a b' } },
      ['recreate healthcheck.exec: a → "a b"'],
    ],
    [
      'a list',
      { command: ['a', ''] },
      { command: ['a', 'b'] },
      ['recreate command: [a, ""] → [a, b]'],
    ],
    [
      'variables, sorted',
      { env: { B: '1', MAX: '1' } },
      { env: { A: '1', MAX: '2' } },
      ['recreate env.A: (unset) → 1', 'recreate env.B: 1 → (unset)', 'recreate env.MAX: 1 → 2'],
    ],
    [
      'a port by its name, or its number',
      { ports: [{ name: 'redis', container: 6379, host: 6379 }, { container: 80 }] },
      {
        ports: [
          { name: 'redis', container: 6379, host: 6380 },
          { container: 80, host: 'auto' },
        ],
      },
      ['recreate ports[80].host: (unset) → auto', 'recreate ports[redis].host: 6379 → 6380'],
    ],
    [
      'a port that is new',
      {},
      { ports: [{ name: 'api', container: 80, host: 'auto' }] },
      ['recreate ports: (unset) → {api: {name: api, container: 80, host: auto}}'],
    ],
    [
      'a mount by its path',
      { volumes: [{ volume: 'a', path: '/a' }] },
      { volumes: [{ volume: 'a', path: '/a', readOnly: true }] },
      ['recreate volumes[/a].readOnly: (unset) → true'],
    ],
    [
      'a network by its name',
      { networks: ['a', { name: 'b' }] },
      { networks: [{ name: 'a', aliases: ['x'] }, 'b', 'c'] },
      ['reconnect networks[a]: a → {aliases: [x]}', 'reconnect networks[c]: (unset) → c'],
    ],
    [
      'a dependency',
      { dependsOn: { db: 'healthy', old: 'started' } },
      { dependsOn: { db: { condition: 'healthy', restart: true } } },
      [
        'record dependsOn.db: healthy → {condition: healthy, restart: true}',
        'record dependsOn.old: started → (unset)',
      ],
    ],
    [
      'a limit, and one that is taken away',
      { resources: { memory: '64Mi', cpus: 1 } },
      { resources: { memory: '128Mi' } },
      ['recreate resources.cpus: 1 → (unset)', 'update resources.memory: 64Mi → 128Mi'],
    ],
    [
      'a check of l9’s own',
      {},
      { healthcheck: { http: { port: 80 }, interval: '2s' } },
      ['record healthcheck: (unset) → {http: {port: 80}, interval: 2s}'],
    ],
    [
      'a check that goes from Docker to l9',
      { healthcheck: { exec: 'x', interval: '2s' } },
      { healthcheck: { tcp: { port: 80 }, interval: '3s' } },
      [
        'recreate healthcheck.exec: x → (unset)',
        'recreate healthcheck.interval: 2s → 3s',
        'record healthcheck.tcp: (unset) → {port: 80}',
      ],
    ],
    [
      'parts that change differently',
      { stop: { signal: 'SIGINT', grace: '1s' } },
      { stop: { signal: 'SIGTERM', grace: '2s' } },
      ['record stop.grace: 1s → 2s', 'recreate stop.signal: SIGINT → SIGTERM'],
    ],
  ])('%s', (...[, before, after, expected]) => {
    expect(diff(before, after)).toEqual(expected);
  });

  test('in the order of the manifest’s fields', () => {
    const lines = diff(
      { replicas: 1, critical: false, image: 'a' },
      { critical: true, image: 'b', replicas: 2 },
    );
    expect(lines).toEqual([
      'recreate image: a → b',
      'record replicas: 1 → 2',
      'record critical: false → true',
    ]);
  });

  test('labels first', () => {
    const labelled = (labels: Labels) => service('web', {}, labels);
    expect(differences(labelled({ tier: 'a' }), labelled({ tier: 'b', x: 'y' }))).toEqual([
      { path: 'labels.tier', change: 'recreate', text: 'labels.tier: a → b' },
      { path: 'labels.x', change: 'recreate', text: 'labels.x: (unset) → y' },
    ]);
  });
});

describe('another spelling is no difference', () => {
  test.each<[ServiceSpec, ServiceSpec]>([
    [{ stop: { grace: '60s' } }, { stop: { grace: '1m' } }],
    [{ stop: { signal: 'INT' } }, { stop: { signal: 'SIGINT' } }],
    [{ resources: { memory: '512m' } }, { resources: { memory: '512Mi' } }],
    [{ resources: { cpus: 0.5 } }, { resources: { cpus: '500m' } }],
    [{ shmSize: 1024 }, { shmSize: '1k' }],
    [{ logging: { maxSize: '1g' } }, { logging: { maxSize: '1024m' } }],
    [{ recovery: { backoff: { max: '60s' } } }, { recovery: { backoff: { max: '1m' } } }],
    [
      { healthcheck: { exec: 'x', timeout: '1.5s' } },
      { healthcheck: { exec: 'x', timeout: '1500ms' } },
    ],
    [{ networks: ['a'] }, { networks: [{ name: 'a' }] }],
    [{ dependsOn: { a: 'healthy' } }, { dependsOn: { a: { condition: 'healthy' } } }],
    [{ security: { capAdd: ['B', 'A'] } }, { security: { capAdd: ['CAP_A', 'CAP_B'] } }],
    [{ groupAdd: ['1', '2'] }, { groupAdd: ['2', '1'] }],
    [{ devices: ['/dev/a:r'] }, { devices: [{ host: '/dev/a', permissions: 'r' }] }],
    [{ ulimits: { nofile: 5 } }, { ulimits: { nofile: { soft: 5, hard: 5 } } }],
    [{ volumes: [{ tmpfs: '64Mi', path: '/t' }] }, { volumes: [{ tmpfs: '65536k', path: '/t' }] }],
  ])('%j and %j', (before, after) => {
    expect(diff(before, after)).toEqual([]);
    expect(diff(after, before)).toEqual([]);
  });
});

describe('secrets are not shown', () => {
  test.each<[string, ServiceSpec, ServiceSpec, string[]]>([
    [
      'variables that are called like one',
      { env: { DB_PASSWORD: 'hunter1', API_KEY: 'hunter2', githubToken: 'hunter3' } },
      { env: { DB_PASSWORD: 'hunter4', githubToken: 'hunter5' } },
      [
        'recreate env.API_KEY: *** → (unset)',
        'recreate env.DB_PASSWORD: *** (changed)',
        'recreate env.githubToken: *** (changed)',
      ],
    ],
    [
      'passwords in addresses',
      { env: { URL: 'redis://:hunter1@cache:6379/0' } },
      { env: { URL: 'redis://:hunter2@cache:6380/0' } },
      ['recreate env.URL: redis://:***@cache:6379/0 → redis://:***@cache:6380/0'],
    ],
    [
      'arguments of flags',
      { command: ['serve', '--requirepass', 'hunter1', '--token=hunter2', 'KEY=hunter3'] },
      { command: ['serve', '--requirepass', 'hunter4', '--token=hunter5', 'KEY=hunter6', 'x'] },
      [
        'recreate command: [serve, --requirepass, ***, --token=***, KEY=***] → [serve, --requirepass, ***, --token=***, KEY=***, x]',
      ],
    ],
    [
      'build arguments',
      { build: { context: '/c', args: { NPM_TOKEN: 'hunter1' } } },
      { build: { context: '/c', args: { NPM_TOKEN: 'hunter2' } } },
      ['recreate build.args.NPM_TOKEN: *** (changed)'],
    ],
    [
      'while names of secrets are',
      { env: { PW: 'hunter1' } },
      { env: { PW: { secret: 'db-password' } } },
      ['recreate env.PW: *** → secret db-password'],
    ],
    [
      'all variables at once',
      {},
      { env: { PW: 'hunter1', A: 'b' } },
      ['recreate env: (unset) → {A: b, PW: ***}'],
    ],
  ])('%s', (...[, before, after, expected]) => {
    const lines = diff(before, after);
    expect(lines).toEqual(expected);
    expect(lines.join('\n')).not.toContain('hunter');
  });

  test('nor what configs hold', () => {
    expect(documentDifferences(config('c', 'hunter1'), config('c', 'hunter22'))).toEqual([
      'content: (7 characters) → (8 characters)',
    ]);
    expect(documentDifferences(config('c', 'hunter1'), config('c', 'hunter2'))).toEqual([
      'content: (7 characters) (changed)',
    ]);
  });
});

test('other kinds are told field by field too', () => {
  expect(
    documentDifferences(
      network('a', { driver: 'bridge', internal: true }),
      network('a', { driver: 'macvlan', subnet: '10.0.0.0/24' }, { x: 'y' }),
    ),
  ).toEqual([
    'labels.x: (unset) → y',
    'driver: bridge → macvlan',
    'subnet: (unset) → 10.0.0.0/24',
    'internal: true → (unset)',
  ]);
  expect(
    documentDifferences(
      project({ idleGrace: '60s', defaults: { stop: { grace: '1s' } } }),
      project({ idleGrace: '1m', defaults: { stop: { grace: '2s' } } }),
      { same: sameMeaning },
    ),
  ).toEqual(['defaults.stop.grace: 1s → 2s']);
  expect(documentDifferences(service('a', { image: 'a' }), service('a', { image: 'b' }))).toEqual([
    'image: a → b',
  ]);
});
