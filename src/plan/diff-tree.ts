import type { ManifestDocument } from '../model/documents.ts';
import { looksSecret, REDACTED, redactAddresses, redactCommand } from '../model/redaction.ts';

/** A value of a manifest, laid out so that what belongs together is compared with each other. */
export type Tree = Leaf | Branch;

interface Leaf {
  readonly kind: 'leaf';
  readonly value: unknown;
  /** As it is shown: without secrets. */
  readonly text: string;
}

interface Branch {
  readonly kind: 'branch';
  /** How an entry is written behind the branch's own path: `.key` or `[key]`. */
  readonly style: 'key' | 'index';
  readonly entries: ReadonlyMap<string, Tree>;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Words as YAML would have them in one line. */
const scalarText = (value: unknown): string => {
  if (typeof value !== 'string') return JSON.stringify(value) ?? '';
  return /^[^\s,:[\]{}"'#]+(?::[^\s,:[\]{}"'#]+)*$/.test(value) ? value : JSON.stringify(value);
};

/** A value in one line, in YAML's flow style, without secrets. */
const flowText = (value: unknown): string => {
  if (Array.isArray(value)) {
    const words = value.every((one) => typeof one === 'string') ? redactCommand(value) : value;
    return `[${words.map(flowText).join(', ')}]`;
  }
  if (isObject(value)) {
    const parts = Object.entries(value)
      .filter(([, one]) => one !== undefined)
      .map(
        ([key, one]) =>
          `${key}: ${looksSecret(key) && typeof one === 'string' ? REDACTED : flowText(one)}`,
      );
    return `{${parts.join(', ')}}`;
  }
  return scalarText(typeof value === 'string' ? redactAddresses(value) : value);
};

const leaf = (value: unknown, text = flowText(value)): Leaf => ({ kind: 'leaf', value, text });

const branch = (
  entries: Iterable<readonly [string, Tree]>,
  style: Branch['style'] = 'key',
): Branch => ({
  kind: 'branch',
  style,
  entries: new Map(entries),
});

/** Objects by key, everything else as it is. */
const plain = (value: unknown): Tree =>
  isObject(value)
    ? branch(
        Object.entries(value)
          .filter(([, one]) => one !== undefined)
          .map(([key, one]) => [key, plain(one)]),
      )
    : leaf(value);

const sorted = (value: unknown): Tree =>
  leaf(Array.isArray(value) ? value.map(String).toSorted() : value);

/** Variables, whose values are hidden when their names sound like a secret's. */
const variables = (value: unknown): Tree =>
  isObject(value)
    ? branch(
        Object.entries(value)
          .toSorted(([a], [b]) => (a < b ? -1 : 1))
          .map(([key, one]) => [key, variable(key, one)]),
      )
    : plain(value);

const variable = (name: string, value: unknown): Leaf => {
  if (isObject(value) && typeof value['secret'] === 'string') {
    return leaf(value, `secret ${value['secret']}`);
  }
  return leaf(value, looksSecret(name) ? REDACTED : flowText(value));
};

/** A list whose elements are told apart by `name`; the same name twice is told apart by its number. */
const named = (value: unknown, name: (element: unknown, index: number) => string): Tree => {
  if (!Array.isArray(value)) return plain(value);
  const entries = new Map<string, Tree>();
  for (const [index, element] of value.entries()) {
    const key = name(element, index);
    entries.set(entries.has(key) ? `${key}/${index}` : key, plain(element));
  }
  return branch(entries, 'index');
};

const property = (element: unknown, key: string): string | undefined => {
  const value = isObject(element) ? element[key] : undefined;
  return value === undefined ? undefined : scalarText(value);
};

/** 'backend' and { name: backend } are the same. */
const networks = (value: unknown): Tree => {
  if (!Array.isArray(value)) return plain(value);
  return branch(
    value.map((one: unknown) => {
      const { name, ...details } = isObject(one) ? one : { name: one };
      return [String(name), Object.keys(details).length === 0 ? leaf(name) : plain(details)];
    }),
    'index',
  );
};

/** 'healthy' and { condition: healthy } are the same. */
const dependencies = (value: unknown): Tree => {
  if (!isObject(value)) return plain(value);
  return branch(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, one]) => {
        const only = isObject(one) && Object.keys(one).length === 1 ? one['condition'] : undefined;
        return [key, plain(only ?? one)];
      }),
  );
};

/** Objects by key, each value as a whole. */
const whole = (value: unknown): Tree =>
  isObject(value)
    ? branch(Object.entries(value).map(([key, one]) => [key, leaf(one)]))
    : leaf(value);

/** '/dev/x' and { host: /dev/x } are the same, so each is compared as a whole. */
const devices = (value: unknown): Tree =>
  Array.isArray(value)
    ? branch(
        value.map((one: unknown) => {
          const host = isObject(one) ? one['host'] : String(one).split(':')[0];
          return [String(host), leaf(one)];
        }),
        'index',
      )
    : plain(value);

const security = (value: unknown): Tree =>
  isObject(value)
    ? branch(
        Object.entries(value).map(([key, one]) => [
          key,
          key.startsWith('cap') ? sorted(one) : plain(one),
        ]),
      )
    : plain(value);

const build = (value: unknown): Tree =>
  isObject(value)
    ? branch(
        Object.entries(value).map(([key, one]) => [
          key,
          key === 'args' ? variables(one) : plain(one),
        ]),
      )
    : plain(value);

/** Content may be long, and may be secret: only that it changed is told. */
const hiddenContent = (value: unknown): Tree =>
  typeof value === 'string' ? leaf(value, `(${value.length} characters)`) : plain(value);

const layouts: Readonly<Record<string, (value: unknown) => Tree>> = {
  'Service.build': build,
  'Service.env': variables,
  'Service.ports': (value) =>
    named(value, (one) => property(one, 'name') ?? property(one, 'container') ?? ''),
  'Service.volumes': (value) => named(value, (one) => property(one, 'path') ?? ''),
  'Service.networks': networks,
  'Service.dependsOn': dependencies,
  'Service.security': security,
  'Service.groupAdd': sorted,
  'Service.devices': devices,
  'Service.ulimits': whole,
  'Config.content': hiddenContent,
};

/** Lays out one field of a document's spec. */
export const layOut = (kind: ManifestDocument['kind'], field: string, value: unknown): Tree =>
  (layouts[`${kind}.${field}`] ?? plain)(value);

/** A branch in one line, for what is there on one side only. */
export const treeText = (tree: Tree): string =>
  tree.kind === 'leaf'
    ? tree.text
    : `{${[...tree.entries].map(([key, one]) => `${scalarText(key)}: ${treeText(one)}`).join(', ')}}`;
