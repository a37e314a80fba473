import type { ManifestKind } from '../model/documents.ts';
import { L9Error } from '../model/errors.ts';
import { apiVersion } from './draft.ts';
import { flow } from './flow.ts';
import { quote } from './quote.ts';
import { deref, kinds, type Schema, schemaOf, typesOf } from './schemas.ts';
import { either, sameWord, suggest } from './suggest.ts';

export interface ExplainOptions {
  /** The whole tree of fields below, without their descriptions. */
  readonly recursive?: boolean;
}

/**
 * What a kind or a field means, as text: 'service', 'service.spec.healthcheck', 'service.healthcheck'.
 * The empty path lists the kinds. Throws UnknownKind or UnknownField with what was probably meant.
 */
export function explain(path: string, options: ExplainOptions = {}): string {
  const [first = '', ...steps] = path.split('.').filter((step) => step !== '');
  if (first === '') return listOfKinds();
  const kind = kindNamed(first);
  const found = follow(kind, steps);
  const lines = [...heading(kind, found), ...details(found, options)];
  return `${lines.join('\n')}\n`;
}

interface Found {
  /** With the steps that were left out: 'spec.healthcheck'. */
  readonly path: readonly string[];
  readonly schema: Schema;
  readonly required: boolean;
}

const labelWidth = 10;
const lineWidth = 80;

function listOfKinds(): string {
  const width = Math.max(...kinds.map((kind) => kind.length)) + 2;
  const lines = kinds.map((kind) => `  ${kind.padEnd(width)}${schemaOf(kind).description ?? ''}`);
  return `${['KINDS:', ...lines, '', `VERSION:  ${apiVersion}`].join('\n')}\n`;
}

function kindNamed(name: string): ManifestKind {
  const kind = kinds.find((one) => sameWord(one, name) || sameWord(`${one}s`, name));
  if (kind !== undefined) return kind;
  const near = suggest(name, kinds);
  throw new L9Error('UnknownKind', `there is no kind ${quote(name)}`, {
    hint:
      near === undefined
        ? `kinds are ${either(kinds, 'and')}`
        : `did you mean ${near.toLowerCase()}?`,
  });
}

/** Walks along fields, through lists and maps; `spec` may be left out. */
function follow(kind: ManifestKind, steps: readonly string[]): Found {
  let found: Found = { path: [], schema: schemaOf(kind), required: false };
  for (const [index, step] of steps.entries()) {
    const next = fieldOf(found, step) ?? (index === 0 ? viaSpec(found, step) : undefined);
    if (next === undefined) throw unknownField(kind, found, step);
    found = next;
  }
  return found;
}

function viaSpec(found: Found, step: string): Found | undefined {
  const spec = fieldOf(found, 'spec');
  return spec === undefined ? undefined : fieldOf(spec, step);
}

/** The object that a list or map holds, or the schema itself. */
export function inner(schema: Schema): Schema {
  if (schema.properties !== undefined) return schema;
  if (schema.items !== undefined) return inner(deref(schema.items));
  if (typeof schema.additionalProperties === 'object') {
    return inner(deref(schema.additionalProperties));
  }
  return schema;
}

function fieldOf(found: Found, step: string): Found | undefined {
  const owner = inner(found.schema);
  const properties = owner.properties ?? {};
  const name =
    Object.keys(properties).find((field) => field === step) ??
    Object.keys(properties).find((field) => sameWord(field, step));
  const schema = name === undefined ? undefined : properties[name];
  if (name === undefined || schema === undefined) return undefined;
  return {
    path: [...found.path, name],
    schema: deref(schema),
    required: owner.required?.includes(name) === true,
  };
}

function unknownField(kind: ManifestKind, found: Found, step: string): L9Error {
  const fields = Object.keys(inner(found.schema).properties ?? {});
  const owner = [kind.toLowerCase(), ...found.path].join('.');
  const near = suggest(step, fields);
  const hint =
    fields.length === 0
      ? `${owner} has no fields of its own`
      : near === undefined
        ? `its fields are ${either(fields, 'and')}`
        : `did you mean ${owner}.${near}?`;
  return new L9Error('UnknownField', `${owner} has no field ${quote(step)}`, { hint });
}

function heading(kind: ManifestKind, { path, schema, required }: Found): string[] {
  const line = (label: string, text: string): string => `${`${label}:`.padEnd(labelWidth)}${text}`;
  const lines = [line('KIND', kind), line('VERSION', apiVersion)];
  if (path.length === 0) return lines;
  lines.push(line('FIELD', path.join('.')), line('TYPE', typeText(schema)));
  const worth = defaultText(schema, required);
  if (worth !== undefined) lines.push(line('DEFAULT', worth));
  for (const example of schema.examples ?? []) {
    lines.push(line('EXAMPLE', `${path.at(-1)}: ${flow(example)}`));
  }
  return lines;
}

function details({ schema }: Found, { recursive = false }: ExplainOptions): string[] {
  const owner = inner(schema);
  const about = [schema.description, owner === schema ? undefined : owner.description]
    .filter((text) => text !== undefined)
    .join(' ');
  const lines = ['', 'DESCRIPTION:', ...wrapped(about, '  ')];
  if (owner.properties === undefined) return lines;
  return [...lines, '', 'FIELDS:', ...(recursive ? tree(owner, '  ') : fields(owner))];
}

function fields(owner: Schema): string[] {
  return entries(owner).flatMap(({ name, schema, required }, index) => [
    ...(index === 0 ? [] : ['']),
    `  ${name} <${typeText(schema)}>${required ? ' required' : ''}`,
    ...wrapped(schema.description ?? '', '    '),
    ...(defaultText(schema, false) === undefined
      ? []
      : [`    Default: ${defaultText(schema, false)}`]),
  ]);
}

function tree(owner: Schema, indent: string): string[] {
  return entries(owner).flatMap(({ name, schema, required }) => [
    `${indent}${name} <${typeText(schema)}>${required ? ' required' : ''}`,
    ...tree(inner(schema), `${indent}  `),
  ]);
}

export const entries = (
  owner: Schema,
): readonly { readonly name: string; readonly schema: Schema; readonly required: boolean }[] =>
  Object.entries(owner.properties ?? {}).map(([name, schema]) => ({
    name,
    schema: deref(schema),
    required: owner.required?.includes(name) === true,
  }));

/** What a field is worth when nobody says, in words. */
export function defaultText(schema: Schema, required: boolean): string | undefined {
  if (schema.default !== undefined) return flow(schema.default);
  return schema['x-default'] ?? (required ? 'none: it is required' : undefined);
}

const typeWords: Readonly<Record<string, string>> = {
  number: 'number',
  integer: 'whole number',
  boolean: 'true or false',
  null: 'null',
};

/** 'duration', 'list of text', 'map of NetworkSpec', 'always | never'. */
export function typeText(schema: Schema): string {
  if (schema.enum !== undefined) return schema.enum.map(String).join(' | ');
  if (schema.const !== undefined) return flow(schema.const);
  const types = typesOf(schema);
  const scalar = types.every((type) => type !== 'array' && type !== 'object');
  if (scalar && schema.title !== undefined) return lowerFirst(schema.title);
  // Text that takes numbers and the like as they are written is text to people.
  const shown = types.filter(
    (type) => !(types.includes('boolean') && (type === 'number' || type === 'boolean')),
  );
  return (types.includes('string') ? shown : types)
    .map((type) => oneType(type, schema))
    .join(' | ');
}

const lowerFirst = (title: string): string =>
  /^[A-Z][a-z]/.test(title) ? `${title.charAt(0).toLowerCase()}${title.slice(1)}` : title;

function oneType(type: string, schema: Schema): string {
  if (type === 'array') return `list of ${typeText(deref(schema.items ?? {}))}`;
  if (type === 'string') return /^\^(\w+)\$$/.exec(schema.pattern ?? '')?.[1] ?? 'text';
  if (type !== 'object') return typeWords[type] ?? type;
  if (schema.properties !== undefined) return schema.title ?? 'map';
  const value = schema.additionalProperties;
  return typeof value === 'object' ? `map of ${typeText(deref(value))}` : 'map';
}

function wrapped(text: string, indent: string): string[] {
  const lines: string[] = [];
  let line = indent;
  for (const word of text.split(' ')) {
    if (line.length + word.length > lineWidth && line !== indent) {
      lines.push(line.trimEnd());
      line = indent;
    }
    line += `${word} `;
  }
  return [...lines, line.trimEnd()];
}
