import { describe, expect, test } from 'vitest';
import { defaults } from '../../../src/model/defaults.ts';
import { schemaDefinitions } from './schema.ts';

/** A list or map that is empty says nothing; the code needs no entry for it. */
const saysNothing = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && Object.keys(value).length === 0;

/** Of the project's defaults the schema repeats what the services' fields say. */
const REPEATED = new Set(['DefaultsSpec.restart']);
/** Defaults of fields that nothing of this table's readers looks at. */
const ELSEWHERE = new Set(['NotifySpec.on']);

describe('the defaults of the code are those of the schemas', () => {
  const definitions = schemaDefinitions();

  test.each(Object.entries(defaults))('%s', (name, table) => {
    const properties = definitions.get(name);
    expect(properties).toBeDefined();
    for (const [field, value] of Object.entries(table)) {
      expect(properties?.[field]?.default, `${name}.${field}`).toEqual(value);
    }
  });

  test('and every default of the schemas stands in the code', () => {
    const table: Readonly<Record<string, Readonly<Record<string, unknown>>>> = defaults;
    const missing: string[] = [];
    for (const [name, properties] of definitions) {
      for (const [field, property] of Object.entries(properties)) {
        const path = `${name}.${field}`;
        if (property.default === undefined || saysNothing(property.default)) continue;
        if (REPEATED.has(path) || ELSEWHERE.has(path)) continue;
        if (table[name]?.[field] === undefined) missing.push(path);
      }
    }
    expect(missing).toEqual([]);
  });

  test('what the project says for all services is the same where it is said twice', () => {
    expect(definitions.get('DefaultsSpec')?.['restart']?.default).toBe(
      defaults.ServiceSpec.restart,
    );
  });
});
