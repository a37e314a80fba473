interface EnvironmentVariable {
  readonly summary: string;
  /** Who reads it: the command line, or manifests as `${NAME}`. */
  readonly read: readonly ('commands' | 'manifests')[];
  readonly example: string;
}

/** Every `L9_*` variable. docs/reference/environment.md is generated from it. */
export const environment = {
  L9_PROJECT: {
    summary:
      'The project that commands work on when there is no `-p`. In manifests, the name of the project that they are applied as; there the environment does not count.',
    read: ['commands', 'manifests'],
    example: 'memory',
  },
  L9_VARIANT: {
    summary: 'The variant to apply when there is no `--variant`; it wins over `spec.variant`.',
    read: ['commands'],
    example: 'alpine',
  },
  L9_HOST: {
    summary:
      "The engine's address when there is no `--host`; it wins over `DOCKER_HOST`, for l9 alone.",
    read: ['commands'],
    example: 'unix:///run/user/1000/docker.sock',
  },
  L9_TIMEOUT: {
    summary: 'How long commands wait for services when there is no `--timeout`.',
    read: ['commands'],
    example: '10m',
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
} as const satisfies Readonly<Record<string, EnvironmentVariable>>;

export type EnvironmentName = keyof typeof environment;
