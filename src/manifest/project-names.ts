import { type Entry, type MapNode, nodeAt } from './node.ts';
import type { ProjectIdentity } from './projects.ts';

/**
 * `dependsOn: { infra/graph: healthy }` means the project that its manifest calls infra, also where it is
 * called otherwise on the engine (--project-name, identity: path).
 */
export function withProjectNames(
  node: MapNode,
  projectWritten: (name: string) => ProjectIdentity | undefined,
): MapNode {
  const dependsOn = nodeAt(node, ['spec', 'dependsOn']);
  const specEntry = node.entries.get('spec');
  const spec = specEntry?.value;
  if (dependsOn?.kind !== 'map' || specEntry === undefined || spec?.kind !== 'map') return node;
  let changed = false;
  const entries = new Map<string, Entry>();
  for (const [key, entry] of dependsOn.entries) {
    const [written = '', ...rest] = key.split('/');
    const name = rest.length === 0 ? undefined : projectWritten(written)?.name;
    const renamed = name === undefined ? key : [name, ...rest].join('/');
    changed ||= renamed !== key;
    entries.set(renamed, entry);
  }
  const field = spec.entries.get('dependsOn');
  if (!changed || field === undefined) return node;
  const renamed = { ...field, value: { ...dependsOn, entries } };
  const value = { ...spec, entries: new Map(spec.entries).set('dependsOn', renamed) };
  return { ...node, entries: new Map(node.entries).set('spec', { ...specEntry, value }) };
}
