import type { Draft } from './draft.ts';
import { type MapNode, mergePatch, without } from './node.ts';

/**
 * The document with a variant's patch (RFC 7386) over its spec, and without its variants. A service
 * that has no such variant stays as its spec says.
 */
export function applyVariant(draft: Draft, variant: string | undefined): MapNode {
  const entry = draft.node.entries.get('spec');
  const spec = entry?.value;
  if (draft.kind !== 'Service' || entry === undefined || spec?.kind !== 'map') return draft.node;
  const variants = spec.entries.get('variants')?.value;
  if (variants?.kind !== 'map') return draft.node;
  const patch = variant === undefined ? undefined : variants.entries.get(variant)?.value;
  const base = without(spec, 'variants');
  const value = patch?.kind === 'map' ? { ...mergePatch(base, patch), start: spec.start } : base;
  return { ...draft.node, entries: new Map(draft.node.entries).set('spec', { ...entry, value }) };
}
