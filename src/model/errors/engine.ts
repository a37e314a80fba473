import { defineErrors } from './define.ts';

/** What Docker answered, classified once in src/engine/errors.ts. */
export const engineErrors = defineErrors({
  EngineUnreachable: {
    title: 'No Docker engine answers.',
    remedy: 'Start Docker, or name the engine with --host, DOCKER_HOST or DOCKER_CONTEXT.',
    exit: 5,
    retry: true,
  },
});
