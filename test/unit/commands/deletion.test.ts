import { describe, expect, it } from 'vitest';
import { describeDeletion, destroys } from '../../../src/commands/deletion.ts';
import type { Deletion } from '../../../src/commands/deletion.ts';
import { service, view, volume } from '../print/view.ts';

const shop = view([service('redis'), service('web')], {
  volumes: [volume('data'), volume('scratch', 'Delete')],
});
const deletion = (part: Partial<Deletion>): Deletion => ({
  view: shop,
  resources: [],
  withData: true,
  ...part,
});

describe('a deletion', () => {
  it('of a project names what goes, what is lost, and what stays', () => {
    expect(describeDeletion(deletion({}))).toEqual([
      'Deletes project shop with 2 services (redis, web).',
      'DATA IS LOST in shop_scratch (reclaimPolicy: Delete; --keep-volumes keeps it).',
      'Stays: 1 volume with its data: shop_data.',
    ]);
  });

  it('keeps all data when asked to', () => {
    expect(describeDeletion(deletion({ withData: false })).slice(1)).toEqual([
      'Stays: 2 volumes with their data: shop_data, shop_scratch.',
    ]);
  });

  it('of some resources is about these alone', () => {
    const one = deletion({ resources: [{ kind: 'service', name: 'web' }] });
    expect(describeDeletion(one)).toEqual(['Deletes from project shop: service/web.']);
  });

  it.each<[string, Partial<Deletion>, boolean]>([
    ['a whole project', { withData: false }, true],
    ['a service', { resources: [{ kind: 'service', name: 'web' }] }, false],
    ['a volume that stays', { resources: [{ kind: 'volume', name: 'data' }] }, false],
    ['a volume that goes', { resources: [{ kind: 'volume', name: 'scratch' }] }, true],
    [
      'its declaration only',
      { resources: [{ kind: 'volume', name: 'scratch' }], withData: false },
      false,
    ],
  ])('of %s needs a yes: %j → %s', (_, part, expected) => {
    expect(destroys(deletion(part))).toBe(expected);
  });
});
