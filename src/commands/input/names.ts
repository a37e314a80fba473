import { suggest } from '../../manifest/suggest.ts';
import { findKind, kindNames } from './kinds.ts';
import type { KindName } from './kinds.ts';
import { usageError } from './usage.ts';

/** What somebody asked for: kinds, and the names of them; no names means all. */
export interface ResourceQuery {
  readonly kinds: readonly KindName[];
  readonly names: readonly ResourceName[];
}

export interface ResourceName {
  readonly kind: KindName;
  readonly name: string;
}

/**
 * Reads `svc`, `svc,vol`, `all`, `svc redis web`, `service/redis volume/data`, `redis`. A word that is
 * a kind is one only in the first place; a name without a kind is a service's.
 */
export function parseResources(args: readonly string[]): ResourceQuery {
  const [first, ...others] = args;
  if (first === undefined) return { kinds: ['service'], names: [] };
  const listed = first.includes('/') ? undefined : parseKinds(first);
  if (listed === undefined) {
    const names = args.map(parseName);
    return { kinds: kindNames.filter((kind) => names.some((one) => one.kind === kind)), names };
  }
  const [kind, another] = listed;
  if (others.length > 0 && (kind === undefined || another !== undefined)) {
    throw usageError('names can only be given for one kind', 'write KIND/NAME for each of them');
  }
  const names = others.map((name) =>
    kind === undefined || name.includes('/') ? parseName(name) : { kind, name },
  );
  return { kinds: listed, names };
}

function parseKinds(text: string): KindName[] | undefined {
  if (text === 'all') return [...kindNames];
  const words = text.split(',').filter((word) => word !== '');
  const found = words.map(findKind);
  if (words.length > 1) {
    const wrong = words.find((_, index) => found[index] === undefined);
    if (wrong !== undefined) unknownKind(wrong);
  }
  const known = found.filter((kind) => kind !== undefined);
  return known.length === 0 ? undefined : known;
}

/** `volume/data` or `redis`. */
export function parseName(text: string): ResourceName {
  const slash = text.indexOf('/');
  if (slash === -1) return { kind: 'service', name: text };
  const word = text.slice(0, slash);
  const name = text.slice(slash + 1);
  const kind = findKind(word);
  if (kind === undefined) return unknownKind(word);
  if (name === '') throw usageError(`${text} has no name`, `write ${kind}/NAME`);
  return { kind, name };
}

function unknownKind(word: string): never {
  const meant = suggest(word, kindNames);
  throw usageError(
    `there is no kind ${JSON.stringify(word)}`,
    `${meant === undefined ? '' : `did you mean ${meant}? `}Kinds: ${kindNames.join(', ')}`,
  );
}

/** For commands that take services only; `svc/redis` is `redis`. Throws `Usage` for another kind. */
export function parseServices(args: readonly string[]): string[] {
  return args.map((text) => {
    const { kind, name } = parseName(text);
    if (kind !== 'service')
      throw usageError(`${text} is no service`, 'this command takes services only');
    return name;
  });
}
