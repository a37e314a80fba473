import type { ValidationError } from './generated/validators.js';
import { type Entry, type MapNode, type Node, pathOf } from './node.ts';

/**
 * What is left of a document without its mistakes, so that the rest of it can be checked against the
 * others in the same run. Undefined where too little is left. Such a document never leaves `manifest/`.
 */
export function prune(node: MapNode, errors: readonly ValidationError[]): MapNode | undefined {
  const doomed = new Set(errors.map(doomedPath));
  if (['', '/spec', '/metadata', '/metadata/name', '/kind'].some((path) => doomed.has(path))) {
    return undefined;
  }
  const left = removeFrom(node, '', doomed);
  return left?.kind === 'map' ? withImage(left) : undefined;
}

function doomedPath(error: ValidationError): string {
  const { instancePath, params, propertyName } = error;
  const key = params['additionalProperty'] ?? propertyName ?? params['propertyName'];
  if (typeof key === 'string') return joined([...pathOf(instancePath), key]);
  // Without an image there is nothing to remove: one is put in below. With a build too, the build goes.
  if (
    instancePath === '/spec' &&
    (error.keyword === 'oneOf' || error.schemaPath.includes('/oneOf/'))
  ) {
    return '/spec/build';
  }
  const path = pathOf(instancePath);
  // A port or mount without one of its fields would be taken for another one.
  return joined(path[1] === 'ports' || path[1] === 'volumes' ? path.slice(0, 3) : path);
}

const joined = (path: readonly string[]): string => path.map((step) => `/${step}`).join('');

function removeFrom(node: Node, path: string, doomed: ReadonlySet<string>): Node | undefined {
  if (doomed.has(path) || (node.kind === 'scalar' && node.broken === true)) return undefined;
  if (node.kind === 'scalar') return node;
  if (node.kind === 'seq') {
    const items = node.items
      .map((item, index) => removeFrom(item, `${path}/${index}`, doomed))
      .filter((item) => item !== undefined);
    return { ...node, items };
  }
  const entries = new Map<string, Entry>();
  for (const [key, entry] of node.entries) {
    const value = removeFrom(entry.value, `${path}/${key}`, doomed);
    if (value !== undefined) entries.set(key, { ...entry, value });
  }
  return { ...node, entries };
}

function withImage(node: MapNode): MapNode {
  const entry = node.entries.get('spec');
  const kind = node.entries.get('kind')?.value;
  const spec = entry?.value;
  if (entry === undefined || spec?.kind !== 'map' || spec.entries.has('build')) return node;
  if (kind?.kind !== 'scalar' || kind.text !== 'Service' || spec.entries.has('image')) return node;
  const { source, start } = spec;
  const value: Node = {
    kind: 'scalar',
    source,
    start,
    value: 'unknown',
    text: 'unknown',
    untyped: false,
  };
  const entries = new Map(spec.entries).set('image', { keyStart: start, keySource: source, value });
  return {
    ...node,
    entries: new Map(node.entries).set('spec', { ...entry, value: { ...spec, entries } }),
  };
}
