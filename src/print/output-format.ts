import { L9Error } from '../model/errors.ts';
import { API_VERSION } from '../model/status.ts';
import type { Resource } from '../model/status.ts';
import { renderTemplate } from './jsonpath/evaluate.ts';
import { parseTemplate } from './jsonpath/parse.ts';
import type { Part } from './jsonpath/syntax.ts';

export type OutputFormat =
  | { readonly type: 'table'; readonly wide: boolean }
  | { readonly type: 'json' | 'yaml' | 'name' }
  | { readonly type: 'jsonpath'; readonly template: readonly Part[] };

/** Reads the value of `-o`. Throws `Usage`, also for a template that is wrong. */
export function parseOutputFormat(text: string): OutputFormat {
  if (text === 'table' || text === 'wide') return { type: 'table', wide: text === 'wide' };
  if (text === 'json' || text === 'yaml' || text === 'name') return { type: text };
  const template = /^jsonpath=(.+)$/s.exec(text)?.[1];
  if (template !== undefined) return { type: 'jsonpath', template: parseTemplate(template) };
  throw new L9Error('Usage', `there is no output format ${JSON.stringify(text)}`, {
    hint: 'it is one of table, wide, json, yaml, name, jsonpath=TEMPLATE',
  });
}

export type MachineFormat = Exclude<OutputFormat, { readonly type: 'table' }>;

/** What a list is for a program. */
export const listOf = <T>(items: readonly T[]) =>
  ({ apiVersion: API_VERSION, kind: 'List', items }) as const;

/** `service/redis`. */
export const resourceName = ({ kind, metadata }: Resource): string =>
  `${kind.toLowerCase()}/${metadata.name}`;

/**
 * Resources for programs, ending in a newline (a template ends as it says). One that was asked for by
 * its name alone stands for itself; all others are a List.
 */
export async function formatResources(
  items: readonly Resource[],
  format: MachineFormat,
  single: boolean,
): Promise<string> {
  const [first] = items;
  const document = single && first !== undefined && items.length === 1 ? first : listOf(items);
  switch (format.type) {
    case 'json':
    case 'yaml':
      return formatDocument(document, format.type);
    case 'name':
      return items.map((item) => `${resourceName(item)}\n`).join('');
    case 'jsonpath':
      return renderTemplate(format.template, document);
  }
}

/** Any document as JSON or YAML, ending in a newline. Neither holds a character that a terminal would obey. */
export async function formatDocument(document: unknown, format: 'json' | 'yaml'): Promise<string> {
  const json = `${JSON.stringify(document, null, 2)}\n`.replaceAll(
    /[\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  if (format === 'json') return json;
  const { dump } = await import('js-yaml');
  // What JSON does not know (undefined) is no value for YAML either.
  const plain: unknown = JSON.parse(json);
  return dump(plain);
}
