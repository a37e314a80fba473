import { describe, expect, test } from 'vitest';
import type { ServiceSpec } from '../../../src/model/documents.ts';
import { serviceChanges } from '../../../src/plan/service-changes.ts';
import { sameMeaning } from '../../../src/render/same-meaning.ts';
import { config, service } from '../render/applied.ts';
import type { Applied } from '../render/applied.ts';
import { Stage, STACK } from './stage.ts';

type Services = Readonly<Record<string, ServiceSpec>>;

const documents = (services: Services) =>
  Object.entries(services).map(([name, spec]) => service(name, spec));

/** What applying `after` where `before` runs means for each service: `name kind: impact`. */
const changes = (before: Services, after: Services, parts: Applied = {}) =>
  changesOn(new Stage().up(before), before, { services: after, parts });

const changesOn = (
  stage: Stage,
  before: Services,
  next: { readonly services: Services; readonly parts?: Applied },
) => {
  stage.apply(next.services, next.parts);
  return serviceChanges({
    before: { documents: documents(before), secretHashes: {} },
    after: { documents: documents(next.services), secretHashes: {} },
    plan: stage.plan(),
    desired: stage.desired,
    same: sameMeaning,
  });
};

const told = (all: ReturnType<typeof changes>): string[] =>
  all.map(
    ({ service: name, kind, impact }) => `${name} ${kind}${impact === '' ? '' : `: ${impact}`}`,
  );

describe('what people notice', () => {
  const web: ServiceSpec = { image: 'web:1' };

  test('of a first apply: nothing', () => {
    expect(told(changesOn(new Stage(), {}, { services: STACK }))).toEqual([
      'db create',
      'web create',
    ]);
  });

  test('of nothing: nothing', () => {
    expect(changes(STACK, STACK)).toEqual([
      { service: 'db', kind: 'none', fields: [], impact: '', cause: '' },
      { service: 'web', kind: 'none', fields: [], impact: '', cause: '' },
    ]);
  });

  test('of a new container: the time until its first check, and who depends on it', () => {
    const db = { ...STACK.db, image: 'db:2' };
    expect(changes(STACK, { ...STACK, db })).toEqual([
      {
        service: 'db',
        kind: 'recreate',
        fields: ['image: db:1 → db:2'],
        impact: 'about 11 s down; web depends on it',
        cause: 'the manifest changed',
      },
      { service: 'web', kind: 'none', fields: [], impact: '', cause: '' },
    ]);
  });

  test.each<[string, ServiceSpec, string]>([
    ['without a check', {}, 'about 1 s down'],
    ['with a slow check', { healthcheck: { exec: 'x', interval: '3m' } }, 'about 3 min down'],
    ['with one of l9’s', { healthcheck: { tcp: { port: 1 } } }, 'about 1 s down'],
    ['with the new one first', { update: { order: 'start-first' } }, 'no interruption'],
    [
      'one after the other',
      { replicas: 3, update: { strategy: 'rolling' } },
      '1 of 3 at a time, about 2 s in all; the others go on',
    ],
    ['all at once', { replicas: 3 }, 'about 1 s down'],
  ])('of a new container %s', (_, more, impact) => {
    const before = { web: { ...web, ...more } };
    const [change] = changes(before, { web: { ...before.web, user: '1' } });
    expect(change).toMatchObject({ kind: 'recreate', impact });
  });

  test('of a limit: nothing is interrupted', () => {
    const [change] = changes(
      { web: { ...web, resources: { memory: '64m' } } },
      { web: { ...web, resources: { memory: '128m' } } },
    );
    expect(change).toMatchObject({
      kind: 'update',
      fields: ['resources.memory: 64m → 128m'],
      impact: 'no interruption',
    });
  });

  test('of networks: only what is left breaks', () => {
    const joined = changes({ web }, { web: { ...web, networks: ['default', 'b'] } });
    expect(told(joined)).toEqual(['web reconnect: no interruption']);
    const left = changes(
      { web: { ...web, networks: ['a', 'b'] } },
      { web: { ...web, networks: ['a'] } },
    );
    expect(told(left)).toEqual([
      'web reconnect: its connections over the network that it leaves break',
    ]);
  });

  test('of what only l9 acts on: nothing', () => {
    const [change] = changes({ web }, { web: { ...web, critical: true } });
    expect(change).toMatchObject({
      kind: 'record',
      fields: ['critical: (unset) → true'],
      impact: '',
    });
  });

  test('of a default that is written out: nothing, though a field differs', () => {
    const [change] = changes({ web }, { web: { ...web, init: false } });
    expect(change).toMatchObject({ kind: 'record', fields: ['init: (unset) → false'], impact: '' });
  });

  test('of scaling: who comes and goes', () => {
    expect(told(changes({ web }, { web: { ...web, replicas: 3 } }))).toEqual(['web update']);
    expect(
      told(changes({ web: { ...web, replicas: 3 } }, { web: { ...web, replicas: 1 } })),
    ).toEqual(['web update: web-2 and web-3 go']);
  });

  test('of a stop', () => {
    const held = { overrides: { db: { stopped: true } } };
    expect(told(changes(STACK, STACK, held))).toEqual([
      'db update: stops; web depends on it',
      'web none',
    ]);
  });

  test('of a service that goes', () => {
    const { db } = STACK;
    const tombstones = [{ document: service('web', STACK.web), withData: false }];
    expect(told(changes(STACK, { db }, { tombstones }))).toEqual([
      'db none',
      'web remove: goes for good',
    ]);
  });

  test('of a repair', () => {
    const stage = new Stage().up(STACK);
    stage.world.now += 1_000;
    stage.world.exit('memory_db_1', 137);
    stage.world.remove('memory_web_1');
    const [db, gone] = changesOn(stage, STACK, { services: STACK });
    expect(db).toMatchObject({
      kind: 'repair',
      cause: 'exited with code 137 (SIGKILL)',
      impact: '',
    });
    expect(gone).toMatchObject({ kind: 'repair', cause: 'there is no container' });
  });

  test('of a change that something stands in the way of', () => {
    const stage = new Stage().up({ web });
    stage.world.stranger({ name: 'other', ports: [8080] });
    const after = { web: { ...web, ports: [{ container: 80, host: 8080 }] } };
    const [change] = changesOn(stage, { web }, { services: after });
    expect(change).toMatchObject({ kind: 'recreate', impact: '' });
  });
});

test('new content of a config, and a new value of a secret, are told without either', () => {
  const web: ServiceSpec = {
    image: 'web:1',
    env: { A: { secret: 'pw' }, B: { secret: 'same' }, C: { secret: 'rekeyed' } },
    volumes: [{ config: 'conf', path: '/c' }],
  };
  const contents = (content: string, hash: string, key: string) => ({
    documents: [service('web', web), config('conf', content)],
    secretHashes: { pw: hash, same: 'k1.1', rekeyed: `${key}.1` },
  });
  const generation = (content: string, hash: string, key: string): Applied => ({
    documents: [config('conf', content)],
    secretHashes: contents(content, hash, key).secretHashes,
  });
  const stage = new Stage().up({ web }, generation('hunter1', 'k1.a', 'k1'));
  stage.apply({ web }, generation('hunter2', 'k1.b', 'k2'));
  const [change] = serviceChanges({
    before: contents('hunter1', 'k1.a', 'k1'),
    after: contents('hunter2', 'k1.b', 'k2'),
    plan: stage.plan(),
    desired: stage.desired,
  });
  expect(change).toMatchObject({
    kind: 'recreate',
    fields: ['config conf has new content', 'secret pw has a new value'],
  });
});
