import { describe, expect, test } from 'vitest';
import { fieldOrder, serviceWays, strongestWay, wayToChange } from '../../../src/plan/fields.ts';
import type { WayToChange } from '../../../src/plan/fields.ts';
import { propertiesOf } from '../render/schema.ts';

/** Fields that manifest/ resolves: they are gone from what is applied. */
const RESOLVED: Readonly<Record<string, readonly string[]>> = {
  Service: ['envFile', 'variants'],
  Secret: ['content'],
};

describe('the table of fields is that of the schemas', () => {
  test.each(Object.entries(fieldOrder))('%s', (kind, fields) => {
    const resolved = RESOLVED[kind] ?? [];
    expect([...fields, ...resolved].toSorted()).toEqual(propertiesOf(`${kind}Spec`));
  });

  test.each([
    ['build', 'BuildSpec'],
    ['healthcheck', 'HealthcheckSpec'],
    ['resources', 'ResourcesSpec'],
    ['stop', 'StopSpec'],
  ] as const)('the parts of %s', (field, definition) => {
    expect(Object.keys(serviceWays[field]).toSorted()).toEqual(propertiesOf(definition));
  });
});

describe('each field has one way to change', () => {
  test.each<[path: string, way: WayToChange]>([
    ['image', 'recreate'],
    ['env', 'recreate'],
    ['ports', 'recreate'],
    ['volumes', 'recreate'],
    ['networkMode', 'recreate'],
    ['networks', 'reconnect'],
    ['restart', 'update'],
    ['resources.memory', 'update'],
    ['resources.cpus', 'update'],
    ['resources.memoryReservation', 'update'],
    ['resources.pids', 'update'],
    ['stop.signal', 'recreate'],
    ['stop.grace', 'record'],
    ['build.context', 'recreate'],
    ['build.keep', 'record'],
    ['replicas', 'record'],
    ['dependsOn', 'record'],
    ['recovery.backoff.max', 'record'],
    ['update', 'record'],
    ['critical', 'record'],
    ['pullPolicy', 'record'],
    ['logging', 'recreate'],
    ['security.capAdd', 'recreate'],
  ])('%s: %s', (path, way) => {
    expect(wayToChange({}, path.split('.'))).toBe(way);
  });

  test('a check that Docker makes is fixed in the container, one of l9 is not', () => {
    const timing = ['healthcheck', 'interval'];
    expect(wayToChange({ healthcheck: { exec: 'true' } }, timing)).toBe('recreate');
    expect(wayToChange({ healthcheck: { http: { port: 80 } } }, timing)).toBe('record');
    expect(wayToChange({ healthcheck: { tcp: { port: 80 } } }, timing)).toBe('record');
    expect(wayToChange({}, ['healthcheck', 'exec'])).toBe('recreate');
    expect(wayToChange({}, ['healthcheck', 'http'])).toBe('record');
    expect(wayToChange({}, ['healthcheck', 'disable'])).toBe('recreate');
  });

  test('a field whose parts differ changes as the strongest of them', () => {
    expect(wayToChange({}, ['stop'])).toBe('recreate');
    expect(wayToChange({}, ['resources'])).toBe('update');
  });

  test('what is no field is a mistake of the caller', () => {
    expect(() => wayToChange({}, ['imagee'])).toThrow(TypeError);
    expect(() => wayToChange({}, ['stop', 'constructor'])).toThrow(TypeError);
  });

  test('several changes amount to the strongest', () => {
    expect(strongestWay(['record', 'update', 'reconnect'])).toBe('reconnect');
    expect(strongestWay(['update', 'recreate', 'record'])).toBe('recreate');
    expect(strongestWay([])).toBe('record');
  });
});
