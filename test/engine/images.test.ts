import { expect, test } from 'vitest';
import { ensureImages } from '../../scripts/images.mjs';
import { recipes } from '../../scripts/images/recipes.mjs';
import { call, endpoint, exec, get, post } from '../setup/engine.ts';
import { testProject } from '../setup/project.ts';
import type { TestProject } from '../setup/project.ts';
import { until } from '../setup/until.ts';

test('images that are there are not made again', async () => {
  expect(await ensureImages(endpoint)).toEqual({ made: [], downloadMs: 0 });
});

test('the Redis image says of itself what the official one says', async () => {
  const { Config } = await get<{ Config: Record<string, unknown> }>(
    '/images/l9.local/redis:7/json',
  );
  expect(Config).toMatchObject({
    Cmd: ['redis-server'],
    Entrypoint: ['docker-entrypoint.sh'],
    ExposedPorts: { '6379/tcp': {} },
    Volumes: { '/data': {} },
    WorkingDir: '/data',
  });
  expect(recipes.redis.official).toBe('redis:7-alpine');
});

/** Starts a container on the project's network, reachable there by the given names. */
const start = async (
  project: TestProject,
  service: { name: string; aliases?: readonly string[]; image: string; cmd?: readonly string[] },
): Promise<string> => {
  const network = `${project.name}_default`;
  const { Id } = await post<{ Id: string }>(
    `/containers/create?name=${project.name}_${service.name}_1`,
    {
      Image: service.image,
      ...(service.cmd ? { Cmd: service.cmd } : {}),
      HostConfig: { NetworkMode: network },
      NetworkingConfig: { EndpointsConfig: { [network]: { Aliases: service.aliases ?? [] } } },
    },
  );
  await call('POST', `/containers/${Id}/start`, [204]);
  return Id;
};

/** What a command inside a container prints; failing is an error. */
const inside = async (container: string, command: readonly string[]): Promise<string> => {
  const { code, text } = await exec(container, command);
  if (code !== 0) throw new Error(`${command.join(' ')}: exit code ${code}\n${text}`);
  return text.trim();
};

test('the indexer counts what is queued, loses nothing of what a worker before it had taken, and says when it is ill', async () => {
  const project = testProject();
  await post('/networks/create', { Name: `${project.name}_default` });
  const redis = await start(project, {
    name: 'redis',
    aliases: ['redis-queue', 'redis-cache'],
    image: 'l9.local/redis:7',
    cmd: ['--save', ''],
  });
  await until(() => inside(redis, ['redis-cli', 'ping']), {
    what: 'Redis to answer',
    is: (text) => text === 'PONG',
  });
  // As a worker leaves it that dies after taking a text.
  await inside(redis, ['redis-cli', 'LPUSH', 'queue:working', 'Left over']);

  const indexer = await start(project, { name: 'indexer', image: 'l9.local/indexer:1' });
  await until(() => inside(indexer, ['indexer', 'health']), {
    what: 'the indexer to be well',
    is: (text) => text === 'ok',
  });
  await inside(indexer, ['indexer', 'add', 'to be, or not to be']);
  await until(() => inside(indexer, ['indexer', 'top', '20']), {
    what: 'both texts to be counted',
    is: (text) =>
      ['to 2', 'be 2', 'or 1', 'not 1', 'left 1', 'over 1'].every((line) =>
        text.split('\n').includes(line),
      ),
  });
  expect(await inside(redis, ['redis-cli', 'LLEN', 'queue:working'])).toBe('0');
  const page = () => inside(indexer, ['busybox', 'wget', '-qO-', 'http://127.0.0.1:8080/']);
  await until(page, {
    what: 'the status page',
    is: (text) => text === '{"queued":0,"texts":2,"words":6}',
  });

  await call('POST', `/containers/${redis}/kill`, [204]);
  await until(() => inside(indexer, ['indexer', 'health']).catch(String), {
    what: 'the indexer to notice',
    is: (text) => text.includes('the queue does not answer'),
  });
  // A clean end within the grace, though the shell is PID 1.
  await call('POST', `/containers/${indexer}/stop?t=10`, [204]);
  const { State } = await get<{ State: { ExitCode: number } }>(`/containers/${indexer}/json`);
  expect(State.ExitCode).toBe(0);
});
