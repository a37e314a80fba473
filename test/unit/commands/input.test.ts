import { describe, expect, it } from 'vitest';
import { findInstance, findInstances } from '../../../src/commands/input/instances.ts';
import { parseResources, parseServices } from '../../../src/commands/input/names.ts';
import { matchesSelector, parseSelector } from '../../../src/commands/input/selector.ts';
import { chooseServices } from '../../../src/commands/input/services.ts';
import { parseTime } from '../../../src/commands/logs/time.ts';
import { parseReplicas } from '../../../src/commands/scale.ts';
import { parseExpectation } from '../../../src/commands/wait-for.ts';
import { instance, notReady, service, view } from '../print/view.ts';

describe('names', () => {
  const service = (name: string) => ({ kind: 'service', name });
  it.each([
    [[], ['service'], []],
    [['svc'], ['service'], []],
    [['Services'], ['service'], []],
    [['svc,vol'], ['service', 'volume'], []],
    [['all'], ['project', 'service', 'network', 'volume', 'config', 'secret'], []],
    [['redis'], ['service'], [service('redis')]],
    [['redis', 'web'], ['service'], [service('redis'), service('web')]],
    [['svc', 'redis', 'web'], ['service'], [service('redis'), service('web')]],
    [['service/redis'], ['service'], [service('redis')]],
    [
      ['vol/data', 'redis'],
      ['service', 'volume'],
      [{ kind: 'volume', name: 'data' }, service('redis')],
    ],
    [['cm', 'settings'], ['config'], [{ kind: 'config', name: 'settings' }]],
    // A word is a kind only in the first place, so a service may be called like one.
    [['svc', 'volume'], ['service'], [service('volume')]],
    [['proj/memory'], ['project'], [{ kind: 'project', name: 'memory' }]],
  ])('%j', (args, kinds, names) => {
    expect(parseResources(args)).toEqual({ kinds, names });
  });

  it.each([
    [['svc,volum'], 'there is no kind "volum"'],
    [['pods/x'], 'there is no kind "pods"'],
    [['volume/'], 'volume/ has no name'],
    [['svc,vol', 'x'], 'names can only be given for one kind'],
  ])('%j is refused', (args, message) => {
    expect(() => parseResources(args)).toThrow(message);
  });

  it('services may have their kind, and nothing else', () => {
    expect(parseServices(['web', 'svc/redis'])).toEqual(['web', 'redis']);
    expect(() => parseServices(['volume/data'])).toThrow('volume/data is no service');
  });
});

describe('label selectors', () => {
  const cache = { tier: 'cache', 'a.b/c': 'x' };
  const front = { tier: 'front', empty: '' };
  it.each([
    ['tier=cache', true, false],
    ['tier==cache', true, false],
    ['tier!=cache', false, true],
    ['tier in (cache, front)', true, true],
    ['tier in (cache)', true, false],
    ['tier notin (cache)', false, true],
    ['tier', true, true],
    ['a.b/c', true, false],
    ['!a.b/c', false, true],
    ['a.b/c=x,tier=cache', true, false],
    ['tier in (cache,front),!empty', true, false],
    ['empty=', false, true],
    ['empty in ()', false, true],
    // Where there is no such label, it is not that value either.
    ['owner!=ann', true, true],
    ['toString', false, false],
  ])('%s', (text, matchesCache, matchesFront) => {
    expect(matchesSelector(parseSelector(text), cache)).toBe(matchesCache);
    expect(matchesSelector(parseSelector(text), front)).toBe(matchesFront);
  });

  it.each(['', 'tier=a=b', 'tier in cache', 'tier in (a', '=x', 'a b', '!', 'tier,,x', '!tier=x'])(
    '%j is refused',
    (text) => {
      expect(() => parseSelector(text)).toThrow('cannot be understood');
    },
  );
});

const shop = view([
  service('redis', { labels: { tier: 'cache' } }),
  service('web', {
    labels: { tier: 'front' },
    status: {
      replicas: 2,
      instances: [
        instance('shop_web_1', { startedAt: null, containerId: null }),
        instance('shop_web_2'),
      ],
    },
  }),
  service('web-2'),
  service('idle', { status: { replicas: 0, instances: [] } }),
]);

describe('instances', () => {
  const labels = (text: string): string[] => findInstances(shop, text).map(({ label }) => label);
  it.each([
    ['redis', ['redis-1']],
    ['svc/redis', ['redis-1']],
    ['web', ['web-1', 'web-2']],
    ['web-1', ['web-1']],
    // A service of the very name goes before an instance of another.
    ['web-2', ['web-2-1']],
    ['shop_web_2', ['web-2']],
  ])('%s means %j', (text, expected) => {
    expect(labels(text)).toEqual(expected);
  });

  it('one to work in is one that runs', () => {
    expect(findInstance(shop, 'web').label).toBe('web-2');
    expect(() => findInstance(shop, 'idle')).toThrow('idle has no container');
  });

  it('what is not there is told with what is near', () => {
    expect(() => labels('redsi')).toThrow('project shop has no service redsi');
    expect(() => labels('redis-7')).toThrow('there is no instance redis-7');
  });
});

describe('services', () => {
  const names = (args: readonly string[], selector?: string): string[] =>
    chooseServices(shop, { args, selector }).map(({ metadata }) => metadata.name);
  it('are all, the named ones in their order and once, or those with labels', () => {
    expect(names([])).toEqual(['redis', 'web', 'web-2', 'idle']);
    expect(names(['web', 'redis', 'web'])).toEqual(['web', 'redis']);
    expect(names([], 'tier')).toEqual(['redis', 'web']);
    expect(names(['web', 'idle'], '!tier')).toEqual(['idle']);
    expect(() => names(['nope'])).toThrow('project shop has no service nope');
  });
});

describe('scale', () => {
  it('reads numbers beside the names, or one for all', () => {
    expect(parseReplicas(['web=3', 'svc/api=0'], undefined)).toEqual({ web: 3, api: 0 });
    expect(parseReplicas(['web', 'api=1'], 2)).toEqual({ web: 2, api: 1 });
  });

  it.each([
    [['web'], undefined, 'web has no number'],
    [['web=many'], 2, 'web=many has no whole number'],
    [['web=-1'], undefined, 'web=-1 has no whole number'],
    [['web=1', 'svc/web=2'], undefined, 'web is given twice'],
    [['volume/x=1'], undefined, 'volume/x is no service'],
  ])('%j is refused', (args, fallback, message) => {
    expect(() => parseReplicas(args, fallback)).toThrow(message);
  });
});

describe('times of logs', () => {
  const now = Date.parse('2025-06-01T12:00:00Z');
  it('are durations back or points in time', () => {
    expect(parseTime('--since', '10m', now)).toBe(now - 600_000);
    expect(parseTime('--since', '2025-06-01T11:00:00Z', now)).toBe(now - 3_600_000);
    expect(() => parseTime('--since', 'yesterday', now)).toThrow('--since is "yesterday"');
    expect(() => parseTime('--since', '10', now)).toThrow('--since is "10"');
  });
});

describe('what wait waits for', () => {
  const ready = service('redis');
  const failing = service('web', { status: { phase: 'Failed', conditions: notReady('exit 1') } });
  it.each([
    ['condition=Ready', true, false],
    ['condition=ready=true', true, false],
    ['condition=Ready=False', false, true],
    ['phase=failed', false, true],
    ['phase=Ready', true, false],
    ['jsonpath={.status.phase}=Ready', true, false],
    ['jsonpath={.status.instances[*].containerId}', true, true],
    ['jsonpath={.status.nothing}', false, false],
    ['condition=SecretMissing', false, false],
  ])('%s', (text, holdsReady, holdsFailing) => {
    const expectation = parseExpectation(text);
    if (expectation.type === 'delete') throw new Error('delete');
    expect(expectation.holds(ready)).toBe(holdsReady);
    expect(expectation.holds(failing)).toBe(holdsFailing);
  });

  it('says what it is instead', () => {
    const expectation = parseExpectation('phase=Ready');
    if (expectation.type === 'delete') throw new Error('delete');
    expect(expectation.actual(failing)).toBe('Failed');
  });

  it.each([
    ['Ready', '--for is "Ready"'],
    ['condition=', '--for is "condition="'],
    ['condition=Raedy', 'there is no condition "Raedy"'],
    ['phase=Running', 'there is no phase "Running"'],
    ['jsonpath={.a', '} was expected'],
    ['jsonpath={.a}{.b}', 'not one path'],
  ])('%s is refused', (text, message) => {
    expect(() => parseExpectation(text)).toThrow(message);
  });
});
