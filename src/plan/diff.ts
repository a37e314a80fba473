import { canonicalJson } from '../model/canonical-json.ts';
import type { ManifestDocument, ServiceDocument } from '../model/documents.ts';
import { layOut, treeText } from './diff-tree.ts';
import type { Tree } from './diff-tree.ts';
import { fieldOrder, serviceWays, strongestWay, wayToChange } from './fields.ts';
import type { WayToChange } from './fields.ts';

/** One field of which a manifest says something else than before. */
export interface Difference {
  /** As people write it: `image`, `env.MAX`, `ports[redis].host`. */
  readonly path: string;
  readonly change: WayToChange;
  /** `image: redis:7 → redis:8`. Values that may be secret are not in it. */
  readonly text: string;
}

/**
 * Whether two values of a field mean the same in different spellings, such as '60s' and '1m'. `path` is
 * that of the field, such as `['healthcheck', 'interval']`. Reading quantities stands below plan/.
 */
export type SameMeaning = (path: readonly string[], before: unknown, after: unknown) => boolean;

export interface DifferenceOptions {
  readonly same?: SameMeaning;
}

interface Found {
  readonly segments: readonly string[];
  readonly path: string;
  readonly before: Tree | undefined;
  readonly after: Tree | undefined;
}

interface Pair {
  readonly before: Tree | undefined;
  readonly after: Tree | undefined;
}

const equal = (segments: readonly string[], pair: Pair, same: SameMeaning): boolean => {
  const { before, after } = pair;
  if (before?.kind !== 'leaf' || after?.kind !== 'leaf') return false;
  return (
    canonicalJson(before.value) === canonicalJson(after.value) ||
    same(segments, before.value, after.value)
  );
};

/** Goes down while both sides are laid out in parts; what stands on one side only is told as a whole. */
const compare = (
  place: { readonly segments: readonly string[]; readonly path: string },
  pair: Pair,
  same: SameMeaning,
): Found[] => {
  const { before, after } = pair;
  if (before === undefined && after === undefined) return [];
  if (before?.kind === 'branch' && after?.kind === 'branch') {
    const keys = [...new Set([...before.entries.keys(), ...after.entries.keys()])].toSorted();
    return keys.flatMap((key) =>
      compare(
        {
          segments: [...place.segments, key],
          path: after.style === 'index' ? `${place.path}[${key}]` : `${place.path}.${key}`,
        },
        { before: before.entries.get(key), after: after.entries.get(key) },
        same,
      ),
    );
  }
  return equal(place.segments, pair, same) ? [] : [{ ...place, ...pair }];
};

const UNSET = '(unset)';

const textOf = ({ path, before, after }: Found): string => {
  const [from, to] = [before, after].map((tree) => (tree === undefined ? UNSET : treeText(tree)));
  // Hidden values look alike; only the word tells that they are not.
  return from === to ? `${path}: ${from} (changed)` : `${path}: ${from} → ${to}`;
};

const neverSame: SameMeaning = () => false;

const valueOf = (spec: object, field: string): unknown =>
  Object.hasOwn(spec, field) ? Object.entries(spec).find(([key]) => key === field)?.[1] : undefined;

const compareField = (
  documents: readonly [ManifestDocument, ManifestDocument],
  field: string,
  same: SameMeaning,
): Found[] => {
  const [before, after] = documents.map((document) => {
    const value = valueOf(document.spec, field);
    return value === undefined ? undefined : layOut(document.kind, field, value);
  });
  return compare({ segments: [field], path: field }, { before, after }, same);
};

const compareLabels = (before: ManifestDocument, after: ManifestDocument): Found[] =>
  compare(
    { segments: ['labels'], path: 'labels' },
    {
      before: layOut('Project', 'labels', before.labels),
      after: layOut('Project', 'labels', after.labels),
    },
    neverSame,
  );

/** The paths that a difference is about: the parts of what is there on one side only. */
const pathsOf = ({ segments, before, after }: Found): (readonly string[])[] => {
  const only = before === undefined ? after : after === undefined ? before : undefined;
  const keys = only?.kind === 'branch' ? [...only.entries.keys()] : [];
  return keys.length === 0 ? [segments] : keys.map((key) => [...segments, key]);
};

const wayOf = (before: ServiceDocument, after: ServiceDocument, found: Found): WayToChange => {
  if (found.segments[0] === 'labels') return 'recreate';
  // Docker's update raises and lowers limits; it cannot take one away.
  if (found.segments[0] === 'resources' && found.after === undefined) return 'recreate';
  const specs = [
    ...(found.before === undefined ? [] : [before.spec]),
    ...(found.after === undefined ? [] : [after.spec]),
  ];
  return strongestWay(
    specs.flatMap((spec) => pathsOf(found).map((path) => wayToChange(spec, path))),
  );
};

/**
 * What differs between two manifests of one service: labels first, then the fields in the order of the
 * table of fields, each with the way in which it changes. Secrets are not shown.
 */
export const differences = (
  before: ServiceDocument,
  after: ServiceDocument,
  options: DifferenceOptions = {},
): Difference[] => {
  const same = options.same ?? neverSame;
  return [
    ...compareLabels(before, after),
    ...Object.keys(serviceWays).flatMap((field) => compareField([before, after], field, same)),
  ].map((found) => ({
    path: found.path,
    change: wayOf(before, after, found),
    text: textOf(found),
  }));
};

/** What differs between two manifests of any one kind, in words, in the order of its fields. */
export const documentDifferences = (
  before: ManifestDocument,
  after: ManifestDocument,
  options: DifferenceOptions = {},
): string[] => {
  if (before.kind === 'Service' && after.kind === 'Service') {
    return differences(before, after, options).map((difference) => difference.text);
  }
  return [
    ...compareLabels(before, after),
    ...fieldOrder[after.kind].flatMap((field) =>
      compareField([before, after], field, options.same ?? neverSame),
    ),
  ].map(textOf);
};
