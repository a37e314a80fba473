import { readdirSync, readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import type { Schema } from '../../../src/manifest/schemas.ts';
import { deref, kinds, schemaOf } from '../../../src/manifest/schemas.ts';
import { defaults } from '../../../src/model/defaults.ts';

const folder = new URL('../../../schemas/', import.meta.url);
const files = readdirSync(folder);
const read = (file: string): Schema => JSON.parse(readFileSync(new URL(file, folder), 'utf8'));

const ajv = new Ajv2020({ allowUnionTypes: true, strictRequired: false, strictTypes: false });
ajv.addVocabulary(['x-default', 'x-expected', 'x-text']);
for (const file of files) ajv.addSchema(read(file));

interface Field {
  readonly name: string;
  readonly own: Schema;
  readonly schema: Schema;
  readonly required: boolean;
  readonly pointer: string;
}

/** Every field of every object in schemas/. */
const fields: readonly Field[] = files.flatMap((file) => {
  const found: Field[] = [];
  const walk = (schema: Schema, pointer: string): void => {
    for (const [name, own] of Object.entries(schema.properties ?? {})) {
      const required = schema.required?.includes(name) === true;
      const place = `${pointer}/properties/${name}`;
      found.push({ name: `${file}#${place}`, own, schema: deref(own), required, pointer: place });
      walk(own, place);
    }
    for (const [name, one] of Object.entries(schema.$defs ?? {}))
      walk(one, `${pointer}/$defs/${name}`);
    if (schema.items !== undefined) walk(schema.items, `${pointer}/items`);
    if (typeof schema.additionalProperties === 'object') {
      walk(schema.additionalProperties, `${pointer}/additionalProperties`);
    }
  };
  walk(read(file), '');
  return found;
});

test('there are fields to look at', () => {
  expect(files).toContain('l9.schema.json');
  expect(fields.length).toBeGreaterThan(150);
});

test('every field says what it is, what it is worth when absent, and shows an example', () => {
  const offenders = fields
    .filter(({ own, schema, required }) => {
      const worth = own.default !== undefined || own['x-default'] !== undefined || required;
      const twice = own.default !== undefined && own['x-default'] !== undefined;
      const said = /\w.{5,}/.test(own.description ?? '');
      return !said || !worth || twice || (schema.examples?.length ?? 0) === 0;
    })
    .map(({ name }) => name);
  expect(offenders).toEqual([]);
});

test('examples and defaults are valid', () => {
  const offenders = fields.flatMap(({ name, schema }) => {
    const validate = ajv.getSchema(name);
    const values = [...(schema.examples ?? []), ...('default' in schema ? [schema.default] : [])];
    return values
      .filter((value) => validate?.(value) !== true)
      .map((value) => `${name}: ${JSON.stringify(value)}`);
  });
  expect(offenders).toEqual([]);
});

test.each(files)('%s is JSON Schema 2020-12', (file) => {
  expect(read(file)).toMatchObject({ $schema: 'https://json-schema.org/draft/2020-12/schema' });
  void ajv.validateSchema(read(file));
  expect(ajv.errors ?? []).toEqual([]);
});

test('l9.schema.json takes every kind and nothing else', () => {
  const validate = ajv.getSchema('l9.schema.json');
  const service = (spec: unknown): unknown => ({
    apiVersion: 'l9.dev/v1',
    kind: 'Service',
    metadata: { name: 'web' },
    spec,
  });
  expect(validate?.(service({ image: 'redis:7' }))).toBe(true);
  expect(validate?.(service({ image: 'redis:7', heathcheck: {} }))).toBe(false);
  expect(validate?.({ apiVersion: 'l9.dev/v1', kind: 'Servant', metadata: { name: 'a' } })).toBe(
    false,
  );
  for (const kind of kinds) expect(schemaOf(kind).properties).toHaveProperty('metadata');
});

test('the defaults that l9 uses are the ones that the schemas state', () => {
  const stated: Record<string, Record<string, unknown>> = {};
  for (const file of files) {
    for (const [title, schema] of Object.entries(read(file).$defs ?? {})) {
      for (const [field, one] of Object.entries(schema.properties ?? {})) {
        if (one.default === undefined) continue;
        stated[title] = { ...stated[title], [field]: one.default };
      }
    }
  }
  // Nothing in place of a list, a map or a text is what no code needs to be told.
  const substantial = Object.fromEntries(
    Object.entries(stated)
      .map(
        ([title, one]) =>
          [
            title,
            Object.fromEntries(
              Object.entries(one).filter(
                ([, value]) => Object.keys(Object(value)).length > 0 || typeof value !== 'object',
              ),
            ),
          ] as const,
      )
      .filter(([, one]) => Object.keys(one).length > 0),
  );
  // What a project hands on is worth what it is worth there, and nobody is notified yet.
  const { DefaultsSpec: _, NotifySpec: __, ...expected } = substantial;
  const { AttachmentSpec: ___, ...used } = defaults;
  expect(used).toEqual(expected);
});

test('documents have the fields of the schemas', () => {
  const source = readFileSync(new URL('../../../src/model/documents.ts', import.meta.url), 'utf8');
  const interfaces = new Map(
    [...source.matchAll(/export interface (\w+Spec) \{\n([^]*?)\n\}/g)].map(
      ([, name = '', body = '']) => [
        name,
        [...body.matchAll(/^ {2}readonly (\w+)\??:/gm)].map(([, field = '']) => field).toSorted(),
      ],
    ),
  );
  const described = new Map(
    files.flatMap((file) =>
      Object.entries(read(file).$defs ?? {})
        .filter(([name, schema]) => name.endsWith('Spec') && schema.properties !== undefined)
        .map(([name, schema]) => [name, Object.keys(schema.properties ?? {}).toSorted()] as const),
    ),
  );
  // What is resolved before a document leaves manifest/: files are merged, variants applied; a secret's
  // value travels apart, and the reference to one is in model/container.ts.
  const leaves: Readonly<Record<string, readonly string[]>> = {
    ServiceSpec: ['envFile', 'variants'],
    SecretSpec: ['content'],
  };
  for (const [name, names] of described) {
    if (name === 'EnvValueSpec') continue;
    const expected = names.filter((field) => leaves[name]?.includes(field) !== true);
    expect({ [name]: interfaces.get(name) }).toEqual({ [name]: expected });
  }
  expect([...interfaces.keys()].filter((name) => !described.has(name))).toEqual([]);
});
