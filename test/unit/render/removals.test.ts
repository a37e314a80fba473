import { describe, expect, test } from 'vitest';
import { renderProject } from '../../../src/render/render.ts';
import { applied, network, pin, project, service, volume } from './applied.ts';
import type { Applied } from './applied.ts';

const render = (parts: Applied) =>
  renderProject({ record: applied(parts), secretHashes: {}, now: 0 });

const gone = <T>(one: T, withData = false) => ({ document: one, withData });

const NOTHING = { services: [], networks: [], volumes: [] };

describe('what a tombstone takes along', () => {
  test('a service, with what it needs and how long it may take', () => {
    const { removing, services } = render({
      documents: [project({ defaults: { stop: { grace: '3s' } } }), service('web', { image: 'a' })],
      tombstones: [
        gone(service('old', { image: 'b', dependsOn: { web: 'healthy', 'infra/x': 'started' } })),
      ],
    });
    expect(removing).toEqual({
      services: [{ name: 'old', dependsOn: ['web'], stopGraceMs: 3_000 }],
      networks: [],
      volumes: [],
    });
    expect(services.map((one) => one.name)).toEqual(['web']);
  });

  test('a service’s copies of its configs and secrets', () => {
    const { removing } = render({
      tombstones: [gone(service('old', { volumes: [{ secret: 's', path: '/s' }] }))],
    });
    expect(removing.volumes).toEqual(['l9-files.memory.old']);
  });

  test('a network, unless it is external or still joined', () => {
    const tombstones = [
      gone(network('a', {})),
      gone(network('b', { external: true })),
      gone(network('c', { name: 'other' })),
      gone(network('d', {})),
    ];
    const { removing } = render({
      documents: [service('web', { image: 'x', networks: ['d'] })],
      tombstones,
    });
    expect(removing.networks).toEqual(['memory_a', 'other']);
  });

  test.each([
    { reclaimPolicy: 'Delete', consent: true, external: false, volumes: ['memory_data'] },
    { reclaimPolicy: 'Delete', consent: false, external: false, volumes: [] },
    { reclaimPolicy: 'Retain', consent: true, external: false, volumes: [] },
    { reclaimPolicy: 'Delete', consent: true, external: true, volumes: [] },
  ] as const)('a volume: %j', ({ reclaimPolicy, consent, external, volumes }) => {
    const { removing } = render({
      tombstones: [gone(volume('data', { reclaimPolicy, external }), consent)],
    });
    expect(removing.volumes).toEqual(volumes);
  });

  test('volumes behind an image’s paths never, for no manifest can consent', () => {
    const parts = (consent: boolean): Applied => ({
      tombstones: [gone(service('db', { image: 'pg', replicas: 2 }), consent)],
      images: { db: pin('pg', { volumes: ['/var/lib/pg'] }) },
    });
    expect(render(parts(false)).removing.volumes).toEqual([]);
    expect(render(parts(true)).removing.volumes).toEqual([]);
  });

  test('nothing of what was applied again', () => {
    const web = service('web', { image: 'a' });
    expect(render({ documents: [web], tombstones: [gone(web, true)] }).removing).toEqual(NOTHING);
  });
});

test('a project that is deleted goes whole, with the networks that no manifest tells of', () => {
  const desired = render({
    documents: [
      service('web', { image: 'a', networks: ['front', 'default'] }),
      volume('data', { reclaimPolicy: 'Delete' }),
    ],
    tombstones: [gone(service('db', { image: 'b' }))],
    deleting: true,
  });
  expect(desired.services).toEqual([]);
  expect(desired.networks).toEqual([]);
  expect(desired.volumes).toEqual([]);
  expect(desired.removing.services.map((one) => one.name)).toEqual(['db', 'web']);
  expect(desired.removing.networks).toEqual(['memory_default', 'memory_front']);
  expect(desired.removing.volumes).toEqual([]);
});
