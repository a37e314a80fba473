import common from '../../schemas/common.schema.json' with { type: 'json' };
import config from '../../schemas/config.schema.json' with { type: 'json' };
import environment from '../../schemas/environment.schema.json' with { type: 'json' };
import network from '../../schemas/network.schema.json' with { type: 'json' };
import project from '../../schemas/project.schema.json' with { type: 'json' };
import secret from '../../schemas/secret.schema.json' with { type: 'json' };
import service from '../../schemas/service.schema.json' with { type: 'json' };
import volume from '../../schemas/volume.schema.json' with { type: 'json' };
import type { ManifestKind } from '../model/documents.ts';

/** The part of JSON Schema that schemas/ use. There is no branching but `oneOf` of required fields. */
export interface Schema {
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, Schema>>;
  readonly title?: string;
  readonly description?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly patternProperties?: Readonly<Record<string, Schema>>;
  readonly propertyNames?: Schema;
  readonly additionalProperties?: boolean | Schema;
  readonly required?: readonly string[];
  readonly oneOf?: readonly { readonly required: readonly string[] }[];
  readonly items?: Schema;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly pattern?: string;
  /** What stands in place of a `default` that is no value. */
  readonly 'x-default'?: string;
  /** Completes "expected …" where a pattern says nothing to people. */
  readonly 'x-expected'?: string;
}

const files: Readonly<Record<string, Schema>> = {
  common,
  config,
  environment,
  network,
  project,
  secret,
  service,
  volume,
};

const kindFiles: Readonly<Record<ManifestKind, string>> = {
  Project: 'project',
  Service: 'service',
  Network: 'network',
  Volume: 'volume',
  Config: 'config',
  Secret: 'secret',
  Environment: 'environment',
};

export const kinds: readonly ManifestKind[] = [
  'Project',
  'Service',
  'Network',
  'Volume',
  'Config',
  'Secret',
  'Environment',
];

/** The schema of a kind of manifest. */
export const schemaOf = (kind: ManifestKind): Schema => deref(files[kindFiles[kind]] ?? {});

/** Follows `$ref`; what stands beside it (description, default, examples) wins. */
export function deref(schema: Schema): Schema {
  if (schema.$ref === undefined) return schema;
  const [file = '', pointer = ''] = schema.$ref.split('.schema.json#/$defs/');
  const target = files[file]?.$defs?.[pointer];
  if (target === undefined) throw new Error(`schemas/ has no ${schema.$ref}`);
  const { $ref: _, ...beside } = schema;
  return { ...deref(target), ...beside };
}

/** The schema of a field, an item or a named entry; undefined where none is described. */
export function childSchema(schema: Schema, step: string | number): Schema | undefined {
  if (typeof step === 'number' || (schema.properties === undefined && schema.items !== undefined)) {
    return schema.items === undefined ? undefined : deref(schema.items);
  }
  const property = schema.properties;
  if (property !== undefined && Object.hasOwn(property, step)) return deref(property[step] ?? {});
  const rest = schema.additionalProperties;
  if (typeof rest === 'object') return deref(rest);
  return schema.items !== undefined && /^\d+$/.test(step) ? deref(schema.items) : undefined;
}

/** The schema at a path below a kind; undefined where none is described. */
export function schemaAt(
  kind: ManifestKind,
  path: readonly (string | number)[],
): Schema | undefined {
  return path.reduce<Schema | undefined>(
    (schema, step) => (schema === undefined ? undefined : childSchema(schema, step)),
    schemaOf(kind),
  );
}

/** The types that a schema takes, as JSON Schema names them. */
export function typesOf(schema: Schema): readonly string[] {
  if (schema.type !== undefined) {
    return typeof schema.type === 'string' ? [schema.type] : schema.type;
  }
  if (schema.const !== undefined) return [typeof schema.const];
  if (schema.enum !== undefined) return [...new Set(schema.enum.map((value) => typeof value))];
  return [];
}
