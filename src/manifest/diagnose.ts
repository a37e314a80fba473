import type { ErrorCode } from '../model/errors.ts';
import type { ManifestKind } from '../model/documents.ts';
import type { ValidationError } from './generated/validators.js';
import { type Node, nodeAt, pathOf, type Place, placeAt, type ScalarNode } from './node.ts';
import type { Finding, Report } from './problems.ts';
import { quote } from './quote.ts';
import { childSchema, deref, type Schema, schemaAt, typesOf } from './schemas.ts';
import { either, sameWord, suggest } from './suggest.ts';
import { flow } from './flow.ts';
import { foreignField } from './foreign-fields.ts';

export interface Subject {
  readonly kind: ManifestKind;
  readonly node: Node;
}

interface Diagnosis extends Finding {
  readonly code: ErrorCode;
  readonly place: Place;
}

/** Says what ajv found in words: what is wrong, what is expected, and what was probably meant. */
export function diagnose(
  subject: Subject,
  errors: readonly ValidationError[],
  report: Report,
): void {
  for (const error of errors) {
    if (report.full) return;
    const found = diagnosisOf(subject, error);
    const confidential = isConfidential(subject, pathOf(error.instancePath));
    if (found !== undefined) report.error(found.code, found.place, { ...found, confidential });
  }
}

interface Context {
  readonly subject: Subject;
  readonly error: ValidationError;
  readonly path: readonly string[];
  /** What the schema says of the value at `path`. */
  readonly schema: Schema;
  readonly found: Node | undefined;
}

type Explain = (context: Context) => Diagnosis | undefined;

/** The value of a Secret. */
const isConfidential = (subject: Subject, path: readonly string[]): boolean =>
  subject.kind === 'Secret' && path[1] === 'content';

function diagnosisOf(subject: Subject, error: ValidationError): Diagnosis | undefined {
  const path = pathOf(error.instancePath);
  // apiVersion and kind were looked at before the schema was chosen.
  const field = path[0] ?? error.params['missingProperty'];
  if (field === 'apiVersion' || field === 'kind') return undefined;
  // The branches of oneOf say one thing together, at oneOf itself.
  if (error.schemaPath.includes('/oneOf/')) return undefined;
  const schema = schemaAt(subject.kind, path) ?? {};
  const found = nodeAt(subject.node, path);
  const context = { subject, error, path, schema, found };
  if (isConfidential(subject, path) && found?.kind === 'scalar') {
    return invalid(context, 'expected a text', { hint: 'put it in quotes' });
  }
  if (error.propertyName !== undefined) return keyDiagnosis(context, error.propertyName);
  const explain = explanations[error.keyword] ?? other;
  return explain(context);
}

const explanations: Readonly<Record<string, Explain>> = {
  additionalProperties: unknownField,
  required: missingField,
  oneOf: oneOfFields,
  type: wrongType,
  pattern: (context) => {
    const { schema, found } = context;
    const message = `expected ${expectation(schema)}, found ${described(found)}`;
    return invalid(context, message, { example: schema });
  },
  enum: (context) => notAmong(context, context.schema.enum ?? []),
  const: (context) => notAmong(context, [context.schema.const]),
  minimum: (context) =>
    invalid(context, `expected at least ${limit(context)}, found ${described(context.found)}`),
  maximum: (context) =>
    invalid(context, `expected at most ${limit(context)}, found ${described(context.found)}`),
  exclusiveMinimum: (context) =>
    invalid(context, `expected more than ${limit(context)}, found ${described(context.found)}`),
  minLength: (context) =>
    invalid(context, 'expected a text, found an empty one', { example: context.schema }),
  minItems: (context) =>
    invalid(context, 'expected at least one item', { example: context.schema }),
  propertyNames: () => undefined,
  if: () => undefined,
};

const limit = ({ error }: Context): string => String(error.params['limit']);

function other(context: Context): Diagnosis {
  return invalid(context, `expected ${expectation(context.schema)}`, { example: context.schema });
}

interface Advice {
  /** Where an example is taken from, when there is no better hint. */
  readonly example?: Schema;
  readonly hint?: string | undefined;
}

function invalid(context: Context, message: string, advice: Advice = {}): Diagnosis {
  const { example, hint } = advice;
  return {
    code: 'InvalidValue',
    place: placeAt(context.subject.node, context.path),
    message: `${fieldName(context.path)}: ${message}`,
    hint: hint ?? (example === undefined ? undefined : exampleOf(context.path, example)),
  };
}

function keyDiagnosis(context: Context, name: string): Diagnosis {
  const names =
    context.schema.propertyNames === undefined ? {} : deref(context.schema.propertyNames);
  const near = suggest(name, (names.enum ?? []).map(String));
  return {
    code: 'InvalidValue',
    place: placeAt(context.subject.node, [...context.path, name], 'key'),
    message: `${fieldName(context.path)}: expected ${expectation(names)}, found ${quote(name)}`,
    hint: near === undefined ? undefined : `did you mean ${quote(near)}?`,
  };
}

function unknownField(context: Context): Diagnosis {
  const { subject, path, schema } = context;
  const name = String(context.error.params['additionalProperty']);
  const allowed = Object.keys(schema.properties ?? {});
  const at = {
    code: 'UnknownField',
    place: placeAt(subject.node, [...path, name], 'key'),
  } as const;
  const message = `unknown field ${quote(name)}`;
  const near = suggest(name, allowed);
  const elsewhere = foreignField(name) ?? fieldElsewhere(subject.kind, path, name);
  // In the spec a name that is right somewhere else beats one that is only similar (cpus, gpus).
  const misspelt = elsewhere === undefined || path.length > 1 || sameWord(near ?? '', name);
  if (near !== undefined && misspelt) {
    return { ...at, message: `${message}: did you mean ${quote(near)}?`, hint: `write ${near}` };
  }
  if (elsewhere !== undefined) return { ...at, message, hint: `in l9 this is ${elsewhere}` };
  const owner = path.length === 0 ? 'a manifest' : fieldName(path);
  return { ...at, message, hint: `${owner} takes ${either(allowed, 'and')}` };
}

/** Where a field of this name stands, one level down or further up: people get the nesting wrong. */
function fieldElsewhere(
  kind: ManifestKind,
  path: readonly string[],
  name: string,
): string | undefined {
  for (let depth = path.length; depth >= 0; depth -= 1) {
    const above = path.slice(0, depth);
    const fields = schemaAt(kind, above)?.properties ?? {};
    const here = Object.keys(fields).find((field) => sameWord(field, name));
    if (here !== undefined && depth < path.length) return [...above, here].join('.');
    for (const child of Object.keys(fields)) {
      if (child === path[depth]) continue;
      const below = Object.keys(deref(fields[child] ?? {}).properties ?? {});
      const match = below.find((field) => sameWord(field, name));
      if (match !== undefined) return [...above, child, match].join('.');
    }
  }
  return undefined;
}

function missingField(context: Context): Diagnosis {
  const { subject, path, schema } = context;
  const name = String(context.error.params['missingProperty']);
  const field = childSchema(schema, name) ?? {};
  const owner = path.length === 0 ? `this ${subject.kind}` : fieldName(path);
  return {
    code: 'MissingField',
    place: placeAt(subject.node, path, 'key'),
    message: `${owner}: missing field ${quote(name)}`,
    hint: exampleOf([name], field),
  };
}

function oneOfFields(context: Context): Diagnosis | undefined {
  const { subject, path, schema, found } = context;
  // Nothing but a map has fields to choose from; what else stands there is reported by its type.
  if (found?.kind !== 'map') return undefined;
  const choices = (schema.oneOf ?? []).flatMap((one) => one.required);
  const present = [...found.entries.keys()].filter((key) => choices.includes(key));
  const second = present[1];
  if (second === undefined) {
    return {
      code: 'MissingField',
      place: placeAt(subject.node, path, 'key'),
      message: `${fieldName(path)}: expected one of ${either(choices)}`,
      hint: choices
        .slice(0, 2)
        .map((choice) => exampleOf([choice], childSchema(schema, choice) ?? {}))
        .join(', or '),
    };
  }
  return {
    code: 'ConflictingFields',
    place: placeAt(subject.node, [...path, second], 'key'),
    message: `${fieldName(path)}: ${either(present, 'and')} exclude each other`,
    hint: `keep one of ${either(choices)}`,
  };
}

function wrongType(context: Context): Diagnosis {
  const { schema, found } = context;
  const variable = found?.kind === 'scalar' && found.untyped ? ' from a variable' : '';
  const message = `expected ${expectation(schema)}, found ${described(found)}${variable}`;
  const hint = found?.kind === 'scalar' ? typeHint(found, typesOf(schema)) : undefined;
  return invalid(context, message, { example: schema, hint });
}

function typeHint(found: ScalarNode, types: readonly string[]): string | undefined {
  if (found.value === null) return 'give it a value, or remove the line';
  if (types.includes('string') && typeof found.value !== 'string') {
    return `put it in quotes: ${quote(found.text)}`;
  }
  if (!types.includes('array')) return undefined;
  return `write a list: ${flow(found.text.split(/\s+/).filter((word) => word !== ''))}`;
}

function notAmong(context: Context, values: readonly unknown[]): Diagnosis {
  const words = values.map(String);
  const written = context.found?.kind === 'scalar' ? context.found.text : '';
  const near = suggest(written, words);
  return invalid(context, `expected ${either(words)}, found ${described(context.found)}`, {
    hint: near === undefined ? undefined : `did you mean ${quote(near)}?`,
  });
}

const typeWords: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map',
  null: 'nothing',
};

/** What a schema takes, in words that complete "expected …". */
function expectation(schema: Schema): string {
  if (schema['x-expected'] !== undefined) return schema['x-expected'];
  if (schema.enum !== undefined) return either(schema.enum.map(String));
  const types = typesOf(schema).filter((type) => type !== 'null');
  // Text that takes numbers and the like as they are written is text to people.
  const text = types.includes('string') && types.includes('boolean');
  const shown = text ? types.filter((type) => type !== 'number' && type !== 'boolean') : types;
  return either(shown.map((type) => typeWords[type] ?? type));
}

function described(node: Node | undefined): string {
  if (node === undefined) return 'nothing';
  if (node.kind === 'seq') return 'a list';
  if (node.kind === 'map') return 'a map';
  if (node.value === null && node.text === '') return 'nothing';
  if (typeof node.value === 'number') return `the number ${node.text.slice(0, 40)}`;
  if (typeof node.value === 'string') return quote(node.value);
  return node.text.slice(0, 40);
}

/** 'spec.ports[0].host' */
export function fieldName(path: readonly (string | number)[]): string {
  let name = '';
  for (const step of path) {
    if (/^\d+$/.test(String(step))) name += `[${step}]`;
    else name += name === '' ? step : `.${step}`;
  }
  return name === '' ? 'the manifest' : name;
}

function exampleOf(path: readonly string[], schema: Schema): string | undefined {
  const [example] = schema.examples ?? [];
  const name = path.at(-1);
  if (example === undefined || name === undefined) return undefined;
  return `write for example ${/^\d+$/.test(name) ? '- ' : `${name}: `}${flow(example)}`;
}
