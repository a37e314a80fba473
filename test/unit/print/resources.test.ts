import { describe, expect, it } from 'vitest';
import { formatResources, parseOutputFormat } from '../../../src/print/output-format.ts';
import { healthOf } from '../../../src/print/resources/service-row.ts';
import { gather, allOf } from '../../../src/print/resources/set.ts';
import { resourceTables } from '../../../src/print/resources/tables.ts';
import { createPalette } from '../../../src/print/terminal.ts';
import { instance, notReady, service, view, volume } from './view.ts';

const now = Date.parse('2025-01-01T00:03:10Z');
const options = {
  palette: createPalette(false),
  width: Number.POSITIVE_INFINITY,
  now,
  projects: false,
};

const redis = service('redis', {
  labels: { tier: 'cache' },
  status: {
    instances: [
      instance('shop_redis_1', {
        restarts: 2,
        recoveries: 1,
        ports: [
          { name: 'redis', container: 6379, protocol: 'tcp', hostIP: '127.0.0.1', host: 30001 },
          { name: 'six', container: 6379, protocol: 'tcp', hostIP: '::1', host: 30002 },
        ],
      }),
    ],
  },
});
const web = service('web', {
  status: {
    phase: 'Degraded',
    ready: 1,
    replicas: 3,
    conditions: notReady('shop_web_2: exit 1'),
    instances: [
      instance('shop_web_1', { startedAt: '2025-01-01T00:02:10Z', health: 'none' }),
      instance('shop_web_2', { state: 'degraded', health: 'unhealthy', startedAt: null }),
      instance('shop_web_3', { state: 'starting', health: 'starting' }),
    ],
  },
});
const shop = view([redis, web], { volumes: [volume('data'), volume('scratch', 'Delete')] });

const table = (
  kinds: readonly string[],
  more: Partial<typeof options & { wide: boolean }> = {},
): string =>
  resourceTables(
    gather([shop], (kind) => kinds.includes(kind)),
    { ...options, ...more },
  ).join('\n');

describe('tables', () => {
  it('of services', () => {
    expect(table(['service'])).toBe(
      `NAME    PHASE      READY   HEALTH                           RESTARTS   PORTS                                              AGE
redis   Ready      1/1     healthy                          3          127.0.0.1:30001->6379/tcp, [::1]:30002->6379/tcp   3m10s
web     Degraded   1/3     1 none, 1 degraded, 1 starting   0          -                                                  3m10s`,
    );
  });

  it('of services, wide, with their project', () => {
    expect(table(['service'], { wide: true, projects: true })).toBe(
      `PROJECT   NAME    PHASE      READY   HEALTH                           RESTARTS   PORTS                                              AGE     IMAGE     GENERATION   MESSAGE
shop      redis   Ready      1/1     healthy                          3          127.0.0.1:30001->6379/tcp, [::1]:30002->6379/tcp   3m10s   redis:7   1            -
shop      web     Degraded   1/3     1 none, 1 degraded, 1 starting   0          -                                                  3m10s   redis:7   1            shop_web_2: exit 1`,
    );
  });

  it('of several kinds have titles', () => {
    expect(table(['project', 'volume'])).toBe(
      `Projects
NAME   PHASE   READY   GENERATION   GUARDIAN   PATH
shop   Ready   2/2     1            engine     /home/ann/shop

Volumes
NAME      ON THE ENGINE   DRIVER   RECLAIM   EXISTS
data      shop_data       local    Retain    yes
scratch   shop_scratch    local    Delete    yes`,
    );
  });

  it('are empty where there is nothing', () => {
    expect(table(['config'])).toBe('');
  });
});

it.each([
  [[], ''],
  [[instance('a')], 'healthy'],
  [[instance('a'), instance('b')], 'healthy'],
  [[instance('a', { state: 'completed', health: 'none' })], 'completed'],
  [
    [instance('a'), instance('b', { state: 'unhealthy', health: 'unhealthy' })],
    '1 healthy, 1 unhealthy',
  ],
])('the health of %j', (instances, text) => {
  expect(healthOf(instances)).toBe(text);
});

describe('for programs', () => {
  const format = (text: string, single = false): Promise<string> => {
    const parsed = parseOutputFormat(text);
    if (parsed.type === 'table') throw new Error('no format for programs');
    return formatResources(
      allOf(gather([shop], (kind, one) => kind === 'service' && (!single || one === redis))),
      parsed,
      single,
    );
  };

  it('a list is a List, and the one that was named stands for itself', async () => {
    expect(JSON.parse(await format('json'))).toEqual({
      apiVersion: 'l9.dev/v1',
      kind: 'List',
      items: [redis, web],
    });
    expect(JSON.parse(await format('json', true))).toEqual(redis);
  });

  it('YAML says the same', async () => {
    const { load } = await import('js-yaml');
    expect(load(await format('yaml', true))).toEqual(redis);
  });

  it('names and templates', async () => {
    expect(await format('name')).toBe('service/redis\nservice/web\n');
    expect(await format('jsonpath={.items[*].metadata.name}')).toBe('redis web');
    expect(await format('jsonpath={.metadata.name}', true)).toBe('redis');
  });

  it('JSON holds no character that a terminal would obey', async () => {
    const evil = service('evil', { labels: { a: '\u009b2J\u001b[2J\u202e' } });
    const text = await formatResources([evil], { type: 'json' }, true);
    expect(text.match(/(?!\n)\p{Cc}|\u202e/gu)).toBeNull();
    expect(JSON.parse(text)).toEqual(evil);
  });

  it.each(['xml', 'jsonpath', 'jsonpath='])('%s is refused', (text) => {
    expect(() => parseOutputFormat(text)).toThrow('there is no output format');
  });
});
