interface EnvironmentVariable {
  readonly summary: string;
  /** Where it means something else in a manifest. */
  readonly inManifests?: string;
  /** Who reads it: the command line, manifests as `${NAME}`, or only who works on l9 itself. */
  readonly read: readonly ('commands' | 'manifests' | 'development')[];
  readonly example: string;
}

/** Every `L9_*` variable. docs/reference/environment.md is generated from it. */
export const environment = {
  L9_PROJECT: {
    summary:
      'The project to work on. It renames nothing: what is applied is called as its manifests say.',
    inManifests:
      'The name of the project that the manifests are applied as, whatever the environment says.',
    read: ['commands', 'manifests'],
    example: 'memory',
  },
  L9_VARIANT: {
    summary: 'The variant to use; it wins over `spec.variant`.',
    read: ['commands'],
    example: 'alpine',
  },
  L9_HOST: {
    summary: "The engine's address for l9 alone; it wins over `DOCKER_HOST`.",
    read: ['commands'],
    example: 'unix:///run/user/1000/docker.sock',
  },
  L9_TIMEOUT: {
    summary: 'How long commands wait for services.',
    read: ['commands'],
    example: '10m',
  },
  L9_SUBNET_POOL: {
    summary:
      'The addresses from which networks get their subnets on this machine; after a comma the prefix length of each. The `subnetPool` of a project goes before it.',
    read: ['commands'],
    example: '10.64.0.0/12,26',
  },
  L9_PROJECT_PATH: {
    summary: 'The absolute folder of the project.',
    read: ['manifests'],
    example: '/home/ann/memory',
  },
  L9_PROJECT_HASH: {
    summary: 'The SHA-256 of the path of the project: unique for each checkout on a machine.',
    read: ['manifests'],
    example: '9f86d081884c7d65…',
  },
  L9_SERVICE: {
    summary: 'The name of the service that the value stands in.',
    read: ['manifests'],
    example: 'redis-cache',
  },
  L9_INSTANCE: {
    summary: 'The number of the instance, from 1.',
    read: ['manifests'],
    example: '2',
  },
  L9_TEST_KEEP: {
    summary: 'Tests leave their projects in the engine and their folders, to look at.',
    read: ['development'],
    example: '1',
  },
  L9_TEST_COUNTS: {
    summary: 'The file into which a test run writes how many passed; `npm test` sets it.',
    read: ['development'],
    example: '/tmp/counts.json',
  },
  L9_TEST_SECOND_ENGINE: {
    summary: 'Another engine that the contract suite is run on, too.',
    read: ['development'],
    example: 'unix:///run/l9-second/docker.sock',
  },
  L9_TEST_SECOND_NETNS: {
    summary: 'The network namespace in which that engine publishes its ports.',
    read: ['development'],
    example: '/var/run/netns/l9-second',
  },
  L9_FRESH_SUITE: {
    summary: 'The Debian suite of the machine that `scripts/fresh-machine.mjs` makes.',
    read: ['development'],
    example: 'trixie',
  },
  L9_BENCH_PEAK_FILE: {
    summary: 'The file into which a measured program writes its peak memory; the bench sets it.',
    read: ['development'],
    example: '/tmp/peak',
  },
} as const satisfies Readonly<Record<string, EnvironmentVariable>>;

export type EnvironmentName = keyof typeof environment;
