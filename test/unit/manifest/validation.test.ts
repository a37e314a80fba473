import { expect, test } from 'vitest';
import { load, mistakesIn, serviceWith } from './folder.ts';

/** Mistakes in a spec (its first line is line 5 of the file), and all that is said about them. */
const table: readonly (readonly [spec: string, ...mistakes: readonly string[]])[] = [
  [
    'image: redis:7\nheathcheck: { exec: [a] }',
    '6:3 UnknownField unknown field "heathcheck": did you mean "healthcheck"? → write healthcheck',
  ],
  [
    'image: redis:7\ndepends_on: { a: healthy }',
    '6:3 UnknownField unknown field "depends_on": did you mean "dependsOn"? → write dependsOn',
  ],
  [
    'image: redis:7\nenvironment: { A: b }',
    '6:3 UnknownField unknown field "environment" → in l9 this is env',
  ],
  [
    'image: redis:7\nmem_limit: 1g',
    '6:3 UnknownField unknown field "mem_limit" → in l9 this is resources.memory',
  ],
  [
    'image: redis:7\ncpus: 1',
    '6:3 UnknownField unknown field "cpus" → in l9 this is resources.cpus',
  ],
  [
    'image: redis:7\ninterval: 10s',
    '6:3 UnknownField unknown field "interval" → in l9 this is spec.healthcheck.interval',
  ],
  [
    'image: redis:7\nhealthcheck: { exec: [a], dependsOn: {} }',
    '6:29 UnknownField unknown field "dependsOn" → in l9 this is spec.dependsOn',
  ],
  [
    'image: redis:7\nstop: { wat: 1 }',
    '6:11 UnknownField unknown field "wat" → spec.stop takes signal and grace',
  ],
  [
    'image: redis:7\nconstructor: 1' /* a name that every object has */,
    expect.stringMatching(
      /^6:3 UnknownField unknown field "constructor" → spec takes image, build, /,
    ),
  ],
  [
    'image: redis:7\n__proto__: { a: 1 }',
    expect.stringMatching(/^6:3 UnknownField unknown field "__proto__" →/),
  ],
  [
    'replicas: 2',
    '4:1 MissingField spec: expected one of image or build → write for example image: redis:7-alpine, or write for example build: { context: . }',
  ],
  [
    'image: redis:7\nbuild: { context: . }',
    '6:3 ConflictingFields spec: image and build exclude each other → keep one of image or build',
  ],
  [
    'image: 1.0',
    '5:10 InvalidValue spec.image: expected an image reference such as redis:7-alpine, found the number 1.0 → put it in quotes: "1.0"',
  ],
  [
    'image: Redis',
    '5:10 InvalidValue spec.image: expected an image reference such as redis:7-alpine, found "Redis" → write for example image: redis:7-alpine',
  ],
  [
    'image: redis:7\nreplicas: two',
    '6:13 InvalidValue spec.replicas: expected a whole number, found "two" → write for example replicas: 3',
  ],
  [
    'image: redis:7\nreplicas: -1',
    '6:13 InvalidValue spec.replicas: expected at least 0, found the number -1',
  ],
  [
    'image: redis:7\nreplicas: 1.5',
    '6:13 InvalidValue spec.replicas: expected a whole number, found the number 1.5 → write for example replicas: 3',
  ],
  [
    'image: redis:7\ntty: yes',
    '6:8 InvalidValue spec.tty: expected true or false, found "yes" → write for example tty: true',
  ],
  [
    'image: redis:7\nrestart: allways',
    '6:12 InvalidValue spec.restart: expected always, onFailure or never, found "allways" → did you mean "always"?',
  ],
  [
    'image: redis:7\nrestart: no',
    '6:12 InvalidValue spec.restart: expected always, onFailure or never, found "no"',
  ],
  [
    'image: redis:7\ncommand: redis-server --save 60',
    '6:12 InvalidValue spec.command: expected a list, found "redis-server --save 60" → write a list: [redis-server, --save, "60"]',
  ],
  [
    'image: redis:7\nports: { redis: 6379 }',
    '6:3 InvalidValue spec.ports: expected a list, found a map → write for example ports: [{ name: redis, container: 6379, host: auto }]',
  ],
  [
    'image: redis:7\nports: ["8080:80"]',
    '6:11 InvalidValue spec.ports[0]: expected a map, found "8080:80"',
  ],
  [
    'image: redis:7\nports: [{ host: 80 }]',
    '6:11 MissingField spec.ports[0]: missing field "container" → write for example container: 6379',
  ],
  [
    'image: redis:7\nports: [{ container: 80, host: any }]',
    '6:34 InvalidValue spec.ports[0].host: expected a port from 1 to 65535, or auto for a free one from the project\'s range, found "any" → write for example host: auto',
  ],
  [
    'image: redis:7\nports: [{ container: 70000 }]',
    '6:24 InvalidValue spec.ports[0].container: expected at most 65535, found the number 70000',
  ],
  [
    'image: redis:7\nhealthcheck: { exec: [a], interval: 10 }',
    '6:39 InvalidValue spec.healthcheck.interval: expected a duration such as 10s or 1m30s, found the number 10 → put it in quotes: "10"',
  ],
  [
    'image: redis:7\nhealthcheck: { exec: [a], interval: 10sec }',
    '6:39 InvalidValue spec.healthcheck.interval: expected a duration such as 10s or 1m30s, found "10sec" → write for example interval: 2s',
  ],
  [
    'image: redis:7\nhealthcheck: { interval: 10s }',
    '6:3 MissingField spec.healthcheck: expected one of exec, http, tcp or disable → write for example exec: [redis-cli, ping], or write for example http: { port: 8080, path: /healthz }',
  ],
  [
    'image: redis:7\nhealthcheck: { exec: [a], tcp: { port: 1 } }',
    '6:29 ConflictingFields spec.healthcheck: exec and tcp exclude each other → keep one of exec, http, tcp or disable',
  ],
  [
    'image: redis:7\nhealthcheck:',
    '6:14 InvalidValue spec.healthcheck: expected a map, found nothing → give it a value, or remove the line',
  ],
  [
    'image: redis:7\nvolumes: [{ bind: ./l9.yaml, volume: data, path: /data }]',
    '6:32 ConflictingFields spec.volumes[0]: bind and volume exclude each other → keep one of volume, bind, tmpfs, config or secret',
  ],
  [
    'image: redis:7\nvolumes: [{ volume: data, path: data }]',
    '6:35 InvalidValue spec.volumes[0].path: expected an absolute path in the container, such as /data, found "data" → write for example path: /data',
  ],
  [
    'image: redis:7\nvolumes: [{ config: a, path: /a, mode: 999 }]',
    expect.stringMatching(
      /^6:42 InvalidValue spec.volumes\[0\].mode: expected permission bits such as '0440', found/,
    ),
  ],
  [
    'image: redis:7\nresources: { memory: 512X }',
    '6:24 InvalidValue spec.resources.memory: expected a size such as 512m, 512Mi or 1.5g, found "512X" → write for example memory: 600Mi',
  ],
  [
    'image: redis:7\nresources: { memory: 1m }',
    '6:24 InvalidValue the memory limit 1m is below the 6 MiB that Docker demands → did you mean 512Mi?',
  ],
  [
    'image: redis:7\nresources: { memory: 64m, memoryReservation: 128m }',
    '6:48 InvalidValue the reservation 128m is above the limit 64m → make the reservation smaller than the limit',
  ],
  [
    'image: redis:7\nresources: { cpus: 0 }',
    '6:22 InvalidValue spec.resources.cpus: expected more than 0, found the number 0',
  ],
  [
    'image: redis:7\nenv: { A: [1] }',
    '6:10 InvalidValue spec.env.A: expected a text or a map, found a list',
  ],
  [
    'image: redis:7\nenv: { A: { secrets: b } }',
    '6:10 MissingField spec.env.A: missing field "secret" → write for example secret: redis-password',
    '6:15 UnknownField unknown field "secrets": did you mean "secret"? → write secret',
  ],
  [
    'image: redis:7\nenv: { "A B": c }',
    '6:10 InvalidValue spec.env: expected the name of a variable such as REDIS_URL, found "A B"',
  ],
  [
    'image: redis:7\nulimits: { nofiles: 1 }',
    '6:14 InvalidValue spec.ulimits: expected core, cpu, data, fsize, locks, memlock, msgqueue, nice, nofile, nproc, rss, rtprio, rttime, sigpending or stack, found "nofiles" → did you mean "nofile"?',
  ],
  [
    'image: redis:7\nulimits: { nofile: { soft: 10, hard: 5 } }',
    '6:14 InvalidValue the soft limit of nofile is above the hard one → the hard limit is the highest that the soft one may become',
  ],
  [
    'image: redis:7\nnetworks: [My_Net]',
    '6:14 InvalidValue spec.networks[0]: expected the name of a network, or { name, aliases, ipv4 }, found "My_Net"',
  ],
  [
    'image: redis:7\nnetworkMode: bridge',
    '6:16 InvalidValue spec.networkMode: expected host, none or service:NAME, found "bridge" → write for example networkMode: service:graph',
  ],
  [
    'image: redis:7\ngpus: some',
    '6:9 InvalidValue spec.gpus: expected a number of GPUs, or all, found "some" → write for example gpus: all',
  ],
  [
    'image: redis:7\nrecovery: { backoff: { initial: 2m } }',
    '6:35 InvalidValue the first pause (120 s) is longer than the longest (60 s) → raise backoff.max, or lower backoff.initial',
  ],
  [
    'image: redis:7\nhealthcheck: { exec: [a], timeout: 0s }',
    '6:38 InvalidValue timeout 0s is shorter than a millisecond → write for example 10s',
  ],
  [
    'image: redis:7\nvariants: { a: [1] }',
    '6:15 InvalidValue spec.variants.a: expected a map, found a list',
  ],
  [
    'image: redis:7\nvariants: { a: { imag: b } }',
    '6:20 UnknownField unknown field "imag": did you mean "image"? → write image',
  ],
  [
    'image: redis:7\nvariants: { a: { replicas: x } }',
    '6:30 InvalidValue spec.variants.a'.replace('.variants.a', '.replicas') +
      ': expected a whole number, found "x" → write for example replicas: 3',
  ],
];

test.each(table)('%s', async (spec, ...mistakes) => {
  expect(await mistakesIn(serviceWith(spec))).toEqual(mistakes);
});

test('a service with every mistake gets every mistake in one run, in the order of the lines', async () => {
  const text = `apiVersion: l9.dev/v1
kind: Service
metadata: { name: Web, project: demo }
spec:
  image: redis:7
  heathcheck: { exec: [redis-cli, ping] }
  restart: sometimes
  ports:
    - { container: 0 }
    - { container: 80, hots: auto }
  resources: { memory: lots }
  env: { A: "\${UNSET}" }
---
apiVersion: l9.dev/v1
kind: Servise
metadata: { name: other, project: demo }
---
kind: Volume
metadata: { project: demo }
---
apiVersion: apps/v1
kind: Network
metadata: { name: net, project: demo }
---
apiVersion: l9.dev/v1
metadata: { name: nothing }
---
apiVersion: l9.dev/v1
kind: Service
metadata: { name: a, project: demo }
spec: { image: redis:7, pullPolicy: newer, dependsOn: { b: healthy } }
---
apiVersion: l9.dev/v1
kind: Service
metadata: { name: b, project: demo }
spec: { image: redis:7, dependsOn: { a: healthy } }
`;
  expect(await mistakesIn(text)).toMatchInlineSnapshot(`
    [
      "3:19 InvalidValue metadata.name: expected a name of lower-case letters, digits and hyphens, at most 40 characters, such as redis-cache, found "Web" → write for example name: redis-cache",
      "6:3 UnknownField unknown field "heathcheck": did you mean "healthcheck"? → write healthcheck",
      "7:12 InvalidValue spec.restart: expected always, onFailure or never, found "sometimes"",
      "9:20 InvalidValue spec.ports[0].container: expected at least 1, found the number 0",
      "10:24 UnknownField unknown field "hots": did you mean "host"? → write host",
      "11:24 InvalidValue spec.resources.memory: expected a size such as 512m, 512Mi or 1.5g, found "lots" → write for example memory: 600Mi",
      "12:14 VariableUnset the variable UNSET is not set → set it in the environment or in .env, or give it a default: \${UNSET:-default}; text that is meant for a shell is written $\${UNSET}",
      "15:7 UnknownKind unknown kind "Servise": did you mean "Service"? → write kind: Service",
      "18:1 UnsupportedApiVersion missing apiVersion → write apiVersion: l9.dev/v1",
      "19:1 MissingField metadata: missing field "name" → write for example name: redis-cache",
      "21:13 UnsupportedApiVersion expected apiVersion l9.dev/v1, found "apps/v1" → this is a manifest for Kubernetes; for l9 write apiVersion: l9.dev/v1",
      "25:1 MissingField missing kind → write kind: Project, Service, Network, Volume, Config, Secret or Environment",
      "31:37 InvalidValue spec.pullPolicy: expected always, missing or never, found "newer" → did you mean "never"?",
      "31:57 CircularDependency services wait for each other: a -> b -> a → none of them could start first: take one of these dependencies out",
    ]
  `);
});

test('numbers and booleans are text, as they are written, where text is wanted', async () => {
  const { documents } = await load(
    serviceWith(`
image: redis:7
command: [sleep, 3600, 1.10, 0755, true, yes, 1e3]
env: { VERSION: 1.10, MODE: 0755, ON: True, NORWAY: no, BIG: 12345678901234567890, EMPTY: "" }
user: 1000
groupAdd: [44]
sysctls: { net.core.somaxconn: 1024 }
healthcheck: { exec: [test, 1] }
volumes: [{ tmpfs: 1m, path: /a, mode: 0440 }]
`),
  );
  expect(documents[0]?.spec).toEqual({
    image: 'redis:7',
    command: ['sleep', '3600', '1.10', '0755', 'true', 'yes', '1e3'],
    env: {
      VERSION: '1.10',
      MODE: '0755',
      ON: 'True',
      NORWAY: 'no',
      BIG: '12345678901234567890',
      EMPTY: '',
    },
    user: '1000',
    groupAdd: ['44'],
    sysctls: { 'net.core.somaxconn': '1024' },
    healthcheck: { exec: ['test', '1'] },
    volumes: [{ tmpfs: '1m', path: '/a', mode: '0440' }],
  });
});
