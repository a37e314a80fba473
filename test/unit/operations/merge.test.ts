import { describe, expect, test } from 'vitest';
import type { ManifestDocument, ServiceSpec } from '../../../src/model/documents.ts';
import type { AppRecord } from '../../../src/model/record.ts';
import { mergeRecord } from '../../../src/operations/merge.ts';
import type { Application } from '../../../src/operations/merge.ts';

const origin = { file: '/shop/l9.yaml', line: 1, root: '/shop' };

const service = (
  name: string,
  spec: ServiceSpec = { image: 'redis:7' },
  more = origin,
): ManifestDocument => ({
  kind: 'Service',
  name,
  project: 'shop',
  labels: {},
  spec,
  origin: more,
});

const project: ManifestDocument = {
  kind: 'Project',
  name: 'shop',
  project: 'shop',
  labels: {},
  spec: {},
  origin,
};

const application = (
  documents: readonly ManifestDocument[],
  more: Partial<Application> = {},
): Application => ({
  project: 'shop',
  path: '/shop',
  documents: [project, ...documents],
  images: {},
  secretHashes: {},
  takeOver: false,
  prune: false,
  isGone: (document) => document.origin.root === '/shop',
  cause: 'apply',
  now: 1_000,
  writtenBy: '0.1.0',
  ...more,
});

const applied = (
  before: AppRecord | undefined,
  documents: readonly ManifestDocument[],
  more: Partial<Application> = {},
): AppRecord => {
  const record = mergeRecord(before, application(documents, more));
  if (record === undefined) throw new Error('nothing changed');
  return record;
};

const names = (record: AppRecord): string[] =>
  record.current.documents.map((document) => `${document.kind}/${document.name}`);

describe('generations', () => {
  test('the first apply makes generation 1, in a steady order', () => {
    const record = applied(undefined, [service('web'), service('cache')]);
    expect(record.current.generation).toBe(1);
    expect(names(record)).toEqual(['Project/shop', 'Service/cache', 'Service/web']);
  });

  test('the same manifests write nothing, wherever in their file they stand', () => {
    const record = applied(undefined, [service('web')]);
    const moved = service('web', { image: 'redis:7' }, { ...origin, line: 99 });
    expect(mergeRecord(record, application([moved], { now: 2_000 }))).toBeUndefined();
  });

  test('a change makes the next generation and keeps the last ones, ten in all', () => {
    let record = applied(undefined, [service('web', { image: 'redis:0' })]);
    for (let tag = 1; tag <= 14; tag += 1) {
      record = applied(record, [service('web', { image: `redis:${tag}` })]);
    }
    expect(record.current.generation).toBe(15);
    expect(record.history.map((revision) => revision.generation)).toEqual([
      14, 13, 12, 11, 10, 9, 8, 7, 6,
    ]);
  });

  test('a new value of a secret or a new image behind a name is a new generation', () => {
    const record = applied(undefined, [service('web')], { secretHashes: { pw: 'k.1' } });
    const secret = applied(record, [service('web')], { secretHashes: { pw: 'k.2' } });
    expect(secret.current.generation).toBe(2);
    const pin = {
      reference: 'redis:7',
      id: 'sha256:1',
      volumes: [],
      hasHealthcheck: false,
      user: '',
    };
    const image = applied(secret, [service('web')], {
      secretHashes: { pw: 'k.2' },
      images: { web: pin },
    });
    expect(image.current.generation).toBe(3);
  });
});

describe('scope', () => {
  test('apply merges: what is not among the manifests stays', () => {
    const record = applied(undefined, [service('web'), service('cache')]);
    expect(mergeRecord(record, application([service('web')]))).toBeUndefined();
  });

  test('--prune leaves a tombstone for what is gone from its root, and nothing else', () => {
    const elsewhere = service('guest', {}, { file: '/guest/g.yaml', line: 1, root: '/guest' });
    const record = applied(undefined, [service('web'), service('cache'), elsewhere]);
    const pruned = applied(record, [service('web')], { prune: true });
    expect(names(pruned)).toEqual(['Project/shop', 'Service/guest', 'Service/web']);
    expect(pruned.tombstones).toEqual([{ document: service('cache'), withData: false }]);
  });

  test('what comes back before it was gone loses its tombstone', () => {
    const record = applied(undefined, [service('web'), service('cache')]);
    const pruned = applied(record, [service('web')], { prune: true });
    expect(applied(pruned, [service('web'), service('cache')]).tombstones).toEqual([]);
  });

  test('applying a project that is being deleted keeps it', () => {
    const record = { ...applied(undefined, [service('web')]), deleting: true };
    expect(applied(record, [service('web')]).deleting).toBe(false);
  });
});

describe('identity', () => {
  test('a project that was applied from another folder is refused, naming both and the ways out', () => {
    const record = applied(undefined, [service('web')]);
    const moved = application([service('web')], { path: '/shop-2' });
    expect(() => mergeRecord(record, moved)).toThrowError(/\/shop,.*\/shop-2/);
    expect(() => mergeRecord(record, moved)).toThrowError(
      expect.objectContaining({
        code: 'ProjectElsewhere',
        hint: expect.stringMatching(/--take-over.*--project-name.*identity: path/),
      }),
    );
  });

  test('--take-over moves it', () => {
    const record = applied(undefined, [service('web')]);
    const moved = applied(record, [service('web')], { path: '/shop-2', takeOver: true });
    expect(moved.path).toBe('/shop-2');
    expect(moved.current.generation).toBe(1);
  });

  test('services that name the project from elsewhere merge, and do not move it', () => {
    const record = applied(undefined, [service('web')]);
    const guest = service('guest', {}, { file: '/guest/g.yaml', line: 1, root: '/guest' });
    const merged = mergeRecord(record, {
      ...application([], { path: '/guest' }),
      documents: [guest],
    });
    expect(merged?.path).toBe('/shop');
    expect(merged && names(merged)).toContain('Service/guest');
  });
});

describe('overrides', () => {
  const scaled = (): AppRecord => ({
    ...applied(undefined, [service('web')]),
    overrides: { web: { replicas: 3, stopped: true } },
  });

  test('a manifest without replicas keeps the scaled number', () => {
    const record = applied(scaled(), [service('web', { image: 'redis:8' })]);
    expect(record.overrides).toEqual({ web: { replicas: 3, stopped: true } });
  });

  test('a manifest that states replicas takes it back, and leaves the stop', () => {
    const record = applied(scaled(), [service('web', { image: 'redis:7', replicas: 1 })]);
    expect(record.overrides).toEqual({ web: { stopped: true } });
  });
});
