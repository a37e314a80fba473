import { assert, integer, property, uniqueArray } from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { DesiredPort } from '../../../src/model/desired.ts';
import { allocatePorts } from '../../../src/plan/ports.ts';
import { allocateSubnet, parseCidr } from '../../../src/plan/subnets.ts';

describe('subnets', () => {
  const pool = { cidr: '10.201.0.0/16', size: 24 };

  test('a hundred projects get a hundred subnets, none over another', () => {
    const used: string[] = [];
    for (let project = 1; project <= 100; project += 1) {
      const subnet = allocateSubnet(pool, `project-${project}_default`, used);
      expect(subnet).toBeDefined();
      if (subnet !== undefined) used.push(subnet);
    }
    const blocks = used.map(parseCidr).toSorted((a, b) => (a?.first ?? 0) - (b?.first ?? 0));
    for (const [index, block] of blocks.entries()) {
      const before = blocks[index - 1];
      if (before !== undefined) expect(block?.first).toBeGreaterThan(before.last);
    }
  });

  test('the same network gets the same subnet while it is free', () => {
    expect(allocateSubnet(pool, 'shop_default', [])).toBe(allocateSubnet(pool, 'shop_default', []));
  });

  test('what others use is passed over, also where it only overlaps', () => {
    const first = allocateSubnet(pool, 'shop_default', []) ?? '';
    const inside = first.replace(/0\/24$/, '128/25');
    expect(allocateSubnet(pool, 'shop_default', [inside])).not.toBe(first);
    expect(allocateSubnet(pool, 'shop_default', ['10.201.0.0/16'])).toBeUndefined();
    expect(allocateSubnet(pool, 'shop_default', ['fd00::/64'])).toBe(first);
  });

  test('a full pool has no subnet left', () => {
    const small = { cidr: '10.9.0.0/30', size: 31 };
    const one = allocateSubnet(small, 'a', []) ?? '';
    const two = allocateSubnet(small, 'b', [one]) ?? '';
    expect(new Set([one, two]).size).toBe(2);
    expect(allocateSubnet(small, 'c', [one, two])).toBeUndefined();
  });
});

describe('ports', () => {
  const range = { from: 30_000, to: 40_000 };
  const port = (name: string, host: DesiredPort['host']): DesiredPort => ({
    name,
    container: 80,
    protocol: 'tcp',
    hostIP: '127.0.0.1',
    host,
  });
  const allocate = (
    ports: readonly DesiredPort[],
    more: Partial<Parameters<typeof allocatePorts>[0]> = {},
  ) =>
    allocatePorts({
      ports,
      range,
      previous: undefined,
      taken: new Map(),
      own: new Set(),
      excluded: new Set(),
      key: 'shop_web_1',
      ...more,
    });

  test('those below the ephemeral range come first, and the others when these are taken', () => {
    const first = allocate([port('http', 'auto')]).chosen.get('http');
    expect(first).toBeLessThan(32_768);
    const low = Array.from({ length: 2_768 }, (_, index) => [30_000 + index, 'somebody'] as const);
    const next = allocate([port('http', 'auto')], { taken: new Map(low) }).chosen.get('http');
    expect(next).toBeGreaterThanOrEqual(32_768);
    expect(next).toBeLessThanOrEqual(40_000);
  });

  test('a port stays the same over a recreate, and moves when a stranger has it', () => {
    const previous = { 'com.l9.port.http': '31234' };
    expect(allocate([port('http', 'auto')], { previous }).chosen.get('http')).toBe(31_234);
    const excluded = new Set([31_234]);
    expect(allocate([port('http', 'auto')], { previous, excluded }).chosen.get('http')).not.toBe(
      31_234,
    );
  });

  test('never two to one, whatever is taken', () => {
    assert(
      property(uniqueArray(integer({ min: 30_000, max: 30_040 })), (held) => {
        const taken = new Map(held.map((one) => [one, 'somebody']));
        const ports = [port('a', 'auto'), port('b', 'auto'), port('c', 30_050)];
        const { chosen, exhausted } = allocate(ports, {
          taken,
          range: { from: 30_000, to: 30_040 },
        });
        const values = [...chosen.values()];
        expect(new Set(values).size).toBe(values.length);
        expect(values.some((one) => taken.has(one))).toBe(false);
        expect(values.length + exhausted.length).toBe(3);
      }),
    );
  });

  test('what is not published has no port', () => {
    expect(allocate([port('http', null)]).bindings).toEqual([]);
  });
});
