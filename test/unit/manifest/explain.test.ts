import { describe, expect, test } from 'vitest';
import { explain } from '../../../src/manifest/explain.ts';
import { childSchema, deref, kinds, type Schema, schemaOf } from '../../../src/manifest/schemas.ts';

test('a field says what it is, what it is worth, and what is below it', () => {
  expect(explain('service.spec.healthcheck.http')).toBe(`KIND:     Service
VERSION:  l9.dev/v1
FIELD:    spec.healthcheck.http
TYPE:     HttpCheckSpec
DEFAULT:  none
EXAMPLE:  http: { port: 8080, path: /healthz }

DESCRIPTION:
  A request that l9 makes; the image needs no curl.

FIELDS:
  port <whole number | text> required
    A port of the container, by number or by name.

  path <text>
    What is asked for.
    Default: /

  status <whole number>
    The status that is healthy.
    Default: any from 200 to 399
`);
});

test('the empty path lists the kinds', () => {
  const text = explain('');
  for (const kind of kinds) expect(text).toMatch(new RegExp(`^ {2}${kind} +\\w`, 'm'));
});

test('spec may be left out, lists and maps are walked through, and spelling is forgiven', () => {
  const full = explain('service.spec.ports.host');
  expect(explain('service.ports.host')).toBe(full);
  expect(explain('Services.ports.HOST')).toBe(full);
  expect(full).toContain('TYPE:     whole number | auto\n');
  expect(explain('service.dependsOn.condition')).toContain('started | healthy | completed');
  expect(explain('service.env.secret')).toContain('The Secret that holds the value.');
});

test('recursively, the tree of fields is shown without descriptions', () => {
  expect(explain('project.spec.defaults', { recursive: true })).toContain(`FIELDS:
  restart <always | onFailure | never>
  recovery <RecoverySpec>
    action <none | restart | recreate>
    restarts <whole number>
    verifyAfter <duration>
    backoff <BackoffSpec>
      initial <duration>
      max <duration>
  resources <ResourcesSpec>
`);
});

test.each([
  ['servce', 'UnknownKind', 'did you mean service?'],
  ['pod', 'UnknownKind', expect.stringMatching(/^kinds are Project, Service/)],
  ['service.spec.heathcheck', 'UnknownField', 'did you mean service.spec.healthcheck?'],
  [
    'service.spec.healthcheck.exec.x',
    'UnknownField',
    'service.spec.healthcheck.exec has no fields of its own',
  ],
  ['volume.spec.x', 'UnknownField', expect.stringMatching(/^its fields are driver, driverOpts/)],
])('%s is unknown', (path, code, hint) => {
  expect(() => explain(path)).toThrowError(expect.objectContaining({ code, hint }));
});

describe('every field of every kind', () => {
  const paths = (schema: Schema, path: readonly string[]): string[] =>
    Object.keys(schema.properties ?? {}).flatMap((name) => {
      const child = childSchema(schema, name) ?? {};
      const below = [child.items, child.additionalProperties].find(
        (one) => typeof one === 'object',
      );
      const inner = typeof below === 'object' ? deref(below) : child;
      return [[...path, name].join('.'), ...paths(inner, [...path, name])];
    });
  test.each(kinds)('of %s is explained', (kind) => {
    const all = paths(schemaOf(kind), [kind.toLowerCase()]);
    expect(all.length).toBeGreaterThan(5);
    for (const path of all) {
      const text = explain(path);
      expect(text, path).toMatch(/^TYPE: {5}\S/m);
      expect(text, path).toMatch(/^DEFAULT: {2}\S/m);
      expect(text, path).toMatch(/^EXAMPLE: {2}\S/m);
      expect(text, path).toMatch(/^DESCRIPTION:\n {2}\S/m);
      expect(text, path).not.toMatch(/undefined|\[object/);
    }
  });
});
