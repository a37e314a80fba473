import type { Resource } from '../model/status.ts';
import { asText, evaluatePath } from '../print/jsonpath/evaluate.ts';
import { parsePath } from '../print/jsonpath/parse.ts';
import { usageError } from './input/usage.ts';

/** What `wait --for` asks of every resource. */
export type Expectation =
  | { readonly type: 'delete' }
  | {
      readonly type: 'holds';
      /** For people: `condition Ready=True`. */
      readonly text: string;
      readonly holds: (resource: Resource) => boolean;
      /** What it is instead. */
      readonly actual: (resource: Resource) => string;
    };

/** Reads the value of `--for`. Throws `Usage`. */
export function parseExpectation(text: string): Expectation {
  if (text === 'delete') return { type: 'delete' };
  const [, word, rest = ''] = /^(condition|phase|jsonpath)=(.+)$/s.exec(text) ?? [];
  if (word === 'condition') return conditionExpectation(rest);
  if (word === 'phase') return valueExpectation(`phase ${rest}`, '.status.phase', rest);
  if (word === 'jsonpath') return jsonpathExpectation(rest);
  throw usageError(
    `--for is ${JSON.stringify(text)}`,
    "it takes condition=TYPE[=STATUS], phase=PHASE, delete, or jsonpath='{PATH}'[=VALUE]",
  );
}

function conditionExpectation(text: string): Expectation {
  const [, type = text, status = 'True'] = /^([^=]*)=(.*)$/.exec(text) ?? [];
  const path = `.status.conditions[?(@.type==${JSON.stringify(type)})].status`;
  return valueExpectation(`condition ${type}=${status}`, path, status);
}

/** `{.status.phase}=Ready`, or a path alone, which holds when it finds something. */
function jsonpathExpectation(text: string): Expectation {
  const [, path = text, value] = /^(\{[^}]*\})(?:=(.*))?$/s.exec(text) ?? [];
  return valueExpectation(`${path}${value === undefined ? '' : `=${value}`}`, path, value);
}

function valueExpectation(text: string, template: string, value: string | undefined): Expectation {
  const path = parsePath(template);
  const found = (resource: Resource): string[] => evaluatePath(path, resource).map(asText);
  return {
    type: 'holds',
    text,
    holds: (resource) => {
      const values = found(resource);
      return value === undefined
        ? values.some((one) => one !== '')
        : values.some((one) => one.toLowerCase() === value.toLowerCase());
    },
    actual: (resource) => found(resource).join(' ') || 'nothing',
  };
}
