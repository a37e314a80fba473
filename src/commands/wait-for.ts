import { suggest } from '../manifest/suggest.ts';
import type { ConditionType, Phase, Resource } from '../model/status.ts';
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
  if (word === 'phase') {
    const phase = known('phase', rest, phases);
    return valueExpectation(`phase ${phase}`, '.status.phase', phase);
  }
  if (word === 'jsonpath') return jsonpathExpectation(rest);
  throw usageError(
    `--for is ${JSON.stringify(text)}`,
    "it takes condition=TYPE[=STATUS], phase=PHASE, delete, or jsonpath='{PATH}'[=VALUE]",
  );
}

const conditionTypes: Readonly<Record<ConditionType, true>> = {
  Ready: true,
  Progressing: true,
  Healthy: true,
  Diverged: true,
  Paused: true,
  ImageMissing: true,
  SecretMissing: true,
};

const phases: Readonly<Record<Phase, true>> = {
  Pending: true,
  Progressing: true,
  Ready: true,
  Degraded: true,
  Failed: true,
  Completed: true,
  Stopped: true,
  Paused: true,
  Unrecorded: true,
};

/** A slip would be waited for until the time is up. Upper and lower case do not matter, as in kubectl. */
function known(what: string, written: string, names: Readonly<Record<string, true>>): string {
  const all = Object.keys(names);
  const name = all.find((one) => one.toLowerCase() === written.toLowerCase());
  if (name !== undefined) return name;
  const meant = suggest(written, all);
  throw usageError(
    `there is no ${what} ${JSON.stringify(written)}`,
    `${meant === undefined ? '' : `did you mean ${meant}? `}It is one of ${all.join(', ')}`,
  );
}

function conditionExpectation(text: string): Expectation {
  const [, written = text, status = 'True'] = /^([^=]*)=(.*)$/.exec(text) ?? [];
  const type = known('condition', written, conditionTypes);
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
