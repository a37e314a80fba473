import { expect, test } from 'vitest';
import { asLines, failuresOf, folderWith, loadFrom, mistakesIn, serviceWith } from './folder.ts';

/** A project p in lines 1 to 4; what follows begins on line 5. */
const inProject = (...documents: readonly string[]): string =>
  ['apiVersion: l9.dev/v1\nkind: Project\nmetadata: { name: p }', ...documents].join('\n---\n');

/** Four lines; the spec is the last. */
const service = (name: string, spec: string): string =>
  `apiVersion: l9.dev/v1\nkind: Service\nmetadata: { name: ${name} }\nspec: { image: redis:7, ${spec} }`;

const other = (kind: string, name: string, spec = '{}'): string =>
  `apiVersion: l9.dev/v1\nkind: ${kind}\nmetadata: { name: ${name} }\nspec: ${spec}`;

test.each<readonly [title: string, documents: readonly string[], mistakes: readonly unknown[]]>([
  [
    'a dependency on nothing',
    [service('web', 'dependsOn: { grap: healthy }'), service('graph', '')],
    [
      '8:38 UnknownReference web: there is no Service "grap": did you mean "graph"? → write graph, or add a Service "grap"',
    ],
  ],
  [
    'a dependency on nothing in a project that is there',
    [service('web', 'dependsOn: { p/nope: healthy }')],
    ['8:38 UnknownReference web: there is no Service "nope" → Services here are web'],
  ],
  [
    'a network, a config, secrets and a network mode of nothing',
    [
      service('web', 'networks: [default, back]'),
      service('a', 'volumes: [{ config: c, path: /c }, { secret: s, path: /s }]'),
      service('b', 'env: { T: { secret: t } }'),
      service('c', 'networkMode: service:nope'),
    ],
    [
      '8:45 UnknownReference web: there is no Network "back" → add a Network document with that name',
      '13:45 UnknownReference a: there is no Config "c" → add a Config document with that name',
      '13:70 UnknownReference a: there is no Secret "s" → add a Secret document with that name',
      '18:45 UnknownReference b: there is no Secret "t" → add a Secret document with that name',
      '23:38 UnknownReference c: there is no Service "nope" → Services here are a, b, c and web',
    ],
  ],
  [
    'a check by a port name that is none',
    [service('web', 'ports: [{ name: http, container: 80 }], healthcheck: { tcp: { port: htp } }')],
    ['8:93 UnknownReference web has no port "htp": did you mean "http"? → its ports are http'],
  ],
  [
    'a check by a port name without ports',
    [service('web', 'healthcheck: { http: { port: web } }')],
    ['8:54 UnknownReference web has no port "web" → it has no ports: write the number of the port'],
  ],
  [
    'outputs of nothing',
    [
      'apiVersion: l9.dev/v1\nkind: Project\nmetadata: { name: q }\nspec:\n  outputs:\n    A: "${host.wb}"\n    B: "${port.web.htp}"\n    C: "${port.web.http}${port.web.81}${port.web}"',
      'apiVersion: l9.dev/v1\nkind: Service\nmetadata: { name: web, project: q }\nspec: { image: a, ports: [{ name: http, container: 80 }, { container: 81 }] }',
    ],
    [
      '10:8 UnknownReference ${host.wb} names no service of the project: did you mean "web"? → Services here are web',
      '11:8 UnknownReference ${port.web.htp} names no port of web → its ports are http and 81',
    ],
  ],
  [
    'a circle',
    [
      service('a', 'dependsOn: { b: healthy }'),
      service('b', 'dependsOn: { c: healthy }'),
      service('c', 'dependsOn: { a: healthy, d: healthy }'),
      service('d', ''),
    ],
    [
      '8:38 CircularDependency services wait for each other: a -> b -> c -> a → none of them could start first: take one of these dependencies out',
    ],
  ],
  [
    'a circle through a network mode, and one of a service with itself',
    [
      service('a', 'networkMode: service:b'),
      service('b', 'dependsOn: { a: started }'),
      service('c', 'dependsOn: { c: started }'),
    ],
    [
      '8:25 CircularDependency services wait for each other: a -> b -> a → none of them could start first: take one of these dependencies out',
      '18:38 CircularDependency c depends on itself → none of them could start first: take one of these dependencies out',
    ],
  ],
  [
    'two services of one name',
    [service('a', ''), other('Volume', 'a'), service('a', '')],
    [
      '17:19 DuplicateName Service "a" stands twice in project "p": also at l9.yaml:7:19 → rename or remove one of them',
    ],
  ],
  [
    'two projects of one name',
    [other('Project', 'p')],
    [
      '7:19 DuplicateName Project "p" stands twice: also at l9.yaml:3:19 → rename or remove one of them',
    ],
  ],
  [
    'ports and mounts twice',
    [
      service(
        'a',
        'ports: [{ name: x, container: 1 }, { name: x, container: 2 }, { container: 3 }, { container: 3 }]',
      ),
      service('b', 'ports: [{ container: 53 }, { container: 53, protocol: udp }]'),
      service('c', 'volumes: [{ volume: v, path: /d }, { tmpfs: 1m, path: /d/ }]'),
    ],
    [
      '8:68 DuplicateName the port name "x" stands twice in a → rename one of them',
      '8:118 DuplicateName the port 3/tcp stands twice in a → remove one of them, or give them names',
      '18:79 DuplicateName two mounts of c stand at "/d" → give one of them another path',
    ],
  ],
  [
    'one host port for two services',
    [
      service('a', 'ports: [{ container: 1, host: 8080 }]'),
      service('b', 'ports: [{ container: 1, host: 8080 }]'),
      service('c', 'ports: [{ container: 1, host: 8080, protocol: udp }]'),
      service('d', 'ports: [{ container: 1, host: 8080, hostIP: 127.0.0.2 }]'),
      service('e', 'ports: [{ container: 1, host: 8080, hostIP: 0.0.0.0 }]'),
      service('f', 'ports: [{ container: 1, host: 8080, hostIP: "::1" }]'),
    ],
    [
      '13:55 PortConflict b and a want port 8080 of the host: also at l9.yaml:8:55 → give one of them another port, or host: auto',
      '28:55 PortConflict e and a want port 8080 of the host: also at l9.yaml:8:55 → give one of them another port, or host: auto',
    ],
  ],
  [
    'one host port twice in a service, and for several instances',
    [
      service(
        'a',
        'ports: [{ name: x, container: 1, host: 80 }, { name: y, container: 2, host: 80 }]',
      ),
      service(
        'b',
        'replicas: 2, ports: [{ container: 1, host: 81 }, { container: 2, host: auto }]',
      ),
      service('c', 'update: { order: start-first }, ports: [{ container: 1, host: 82 }]'),
    ],
    [
      '8:101 PortConflict a wants port 80 of the host twice: also at l9.yaml:8:64 → give one of them another port, or host: auto',
      '13:68 FixedPortReplicas 2 instances of b cannot share port 81 of the host → write host: auto, or replicas: 1',
      expect.stringMatching(
        /^18:87 ConflictingFields with update.order start-first the new instance of c would find port 82 taken/,
      ),
    ],
  ],
  [
    'network modes and what they exclude',
    [
      service('a', 'networkMode: host, networks: [default], ports: [{ container: 1 }]'),
      service('b', 'networkMode: none, ports: [{ container: 1, host: 80 }]'),
      service(
        'c',
        'networkMode: service:a, ports: [{ container: 1, host: auto }], hostname: x, dns: [1.1.1.1], extraHosts: ["a:1.1.1.1"]',
      ),
    ],
    [
      '8:44 ConflictingFields a: networkMode host and networks exclude each other → remove one of the two',
      '13:44 ConflictingFields b: networkMode none and ports exclude each other → remove host from the ports: there is nothing to publish',
      '18:49 ConflictingFields c: networkMode service:a and ports exclude each other → publish the port at a, whose network it is',
      '18:88 ConflictingFields c: networkMode service:a and hostname exclude each other → set it at a, whose network it is',
      '18:101 ConflictingFields c: networkMode service:a and dns exclude each other → set it at a, whose network it is',
      '18:117 ConflictingFields c: networkMode service:a and extraHosts exclude each other → set it at a, whose network it is',
    ],
  ],
  [
    'fixed addresses',
    [
      other('Network', 'n', '{ subnet: 10.5.0.0/24 }'),
      service('a', 'networks: [{ name: n, ipv4: 10.5.0.7 }]'),
      service('b', 'networks: [{ name: n, ipv4: 10.5.0.7 }]'),
      service('c', 'networks: [{ name: n, ipv4: 10.6.0.7 }, { name: default, ipv4: 10.6.0.7 }]'),
      service('d', 'networks: [{ name: n, ipv4: 10.5.0.8 }], replicas: 2'),
      service('e', 'networks: [{ name: n, ipv4: 10.5.0.255 }]'),
    ],
    [
      '18:53 DuplicateName the address 10.5.0.7 stands twice: also at l9.yaml:13:53 → choose another one',
      '23:53 InvalidValue 10.6.0.7 is not an address for instances in 10.5.0.0/24 of the network "n" → choose one inside; the first and the last are reserved',
      '23:88 InvalidValue a fixed address needs a subnet, and the network "default" states none → add a Network default with spec.subnet',
      '28:53 ConflictingFields 2 instances of d cannot share the address 10.5.0.8 → remove ipv4, or write replicas: 1',
      '33:53 InvalidValue 10.5.0.255 is not an address for instances in 10.5.0.0/24 of the network "n" → choose one inside; the first and the last are reserved',
    ],
  ],
  [
    'waiting for what never comes',
    [
      service('a', 'dependsOn: { b: completed, c: completed, d: { condition: completed } }'),
      service('b', ''),
      service('c', 'restart: never'),
      service('d', 'restart: onFailure'),
    ],
    [
      '8:41 DependencyNeverHolds a waits for the completion of b, which is always restarted → give b restart: never, or wait for healthy',
    ],
  ],
  [
    'sources that are not there',
    [
      service(
        'a',
        'volumes: [{ bind: ./here, path: /a }, { bind: ./nope, path: /b }, { bind: "./d-${L9_INSTANCE}", path: /c }]',
      ),
      service('b', '').replace('image: redis:7', 'build: { context: nope }'),
      service('c', '').replace('image: redis:7', 'build: { context: here }'),
      service('d', '').replace('image: redis:7', 'build: { context: ., dockerfile: l9.yaml }'),
    ],
    [
      expect.stringMatching(/^8:71 FileMissing the source of a mount does not exist: nope → /),
      expect.stringMatching(/^8:99 FileMissing the source of a mount does not exist: d-1 → /),
      expect.stringMatching(/^13:27 FileMissing the build context is no folder: nope → /),
      expect.stringMatching(/^18:9 FileMissing there is no Dockerfile at here\/Dockerfile → /),
    ],
  ],
  [
    'ranges and pools that are none',
    [
      'apiVersion: l9.dev/v1\nkind: Project\nmetadata: { name: q }\nspec: { ports: { range: 400-300 }, subnetPool: { cidr: 10.0.0.0/24, size: 16 }, defaults: { resources: { memory: 1k }, recovery: { backoff: { max: 1ms } } } }',
    ],
    [
      expect.stringMatching(/^8:25 InvalidValue 400-300 is no range of ports → /),
      expect.stringMatching(/^8:75 InvalidValue subnets of \/16 do not fit into a pool of \/24 → /),
      expect.stringMatching(/^8:114 InvalidValue the memory limit 1k is below/),
      expect.stringMatching(/^8:148 InvalidValue the first pause/),
    ],
  ],
])('%s', async (_, documents, mistakes) => {
  const folder = folderWith({ 'l9.yaml': inProject(...documents), 'here/x': '' });
  const lines = asLines(await failuresOf(folder), folder);
  expect(lines.map((line) => line.replace(/^l9\.yaml:/, ''))).toEqual(mistakes);
});

test('what is wrong with a document does not hide what is wrong between documents', async () => {
  const text = inProject(
    service('a', 'dependsOn: { b: healthy, nope: healthy }, restart: sometimes, wat: 1'),
    service(
      'b',
      'dependsOn: { a: healthy }, env: { X: "${UNSET}" }, ports: [{ container: 1, host: 80 }]',
    ),
    service(
      'c',
      'ports: [{ container: 1, host: 80, protocol: tpc }, { container: 2, host: 80 }], dependsOn: { b: completed }',
    ),
  );
  expect((await mistakesIn(text)).map((line) => line.split(' ').slice(0, 2).join(' '))).toEqual([
    '8:38 CircularDependency',
    '8:50 UnknownReference',
    '8:76 InvalidValue',
    '8:87 UnknownField',
    '13:63 VariableUnset',
    '18:69 InvalidValue',
    '18:98 PortConflict',
  ]);
});

test('what only the record of a project can know is returned, not reported', async () => {
  const folder = folderWith({
    'l9.yaml': serviceWith(
      'image: redis:7\ndependsOn: { graph: healthy, infra/queue: healthy }\nnetworks: [back]',
    ),
  });
  const { outside } = await loadFrom(folder);
  expect(
    outside.map(({ project, kind, name, problem }) => [project, kind, name, problem.message]),
  ).toEqual([
    ['demo', 'Service', 'graph', 'web: there is no Service "graph"'],
    ['infra', 'Service', 'queue', 'web: there is no Service "queue" in project "infra"'],
    ['demo', 'Network', 'back', 'web: there is no Network "back"'],
  ]);
  expect(outside[0]?.problem.position).toMatchObject({ line: 6, column: 16 });
});

test('services of two projects of one run can depend on each other, and not in a circle', async () => {
  const at = (project: string, name: string, dependsOn: string): string =>
    `apiVersion: l9.dev/v1\nkind: Service\nmetadata: { name: ${name}, project: ${project} }\nspec: { image: a, dependsOn: { ${dependsOn} } }`;
  const projects = ['p', 'q'].map(
    (name) => `apiVersion: l9.dev/v1\nkind: Project\nmetadata: { name: ${name} }`,
  );
  const good = [...projects, at('p', 'a', 'q/b: healthy'), at('q', 'b', '')].join('\n---\n');
  const { outside } = await loadFrom(folderWith({ 'l9.yaml': good }));
  expect(outside).toEqual([]);
  const bad = [
    ...projects,
    at('p', 'a', 'q/b: healthy'),
    at('q', 'b', 'p/a: healthy, p/c: healthy'),
  ];
  expect(await mistakesIn(bad.join('\n---\n'))).toEqual([
    expect.stringMatching(/CircularDependency services wait for each other: p\/a -> q\/b -> p\/a/),
    expect.stringMatching(/UnknownReference b: there is no Service "c" in project "p"/),
  ]);
});
