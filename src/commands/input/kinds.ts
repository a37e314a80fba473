import type { ResourceSet } from '../../print/resources/set.ts';

interface KindEntry {
  /** As it stands in `kind:`. */
  readonly kind: string;
  /** What people may type for it; the first is the one that we print. */
  readonly words: readonly string[];
}

/** The kinds that `get`, `describe`, `wait` and `delete` know, in the order of `get all`. */
export const kinds = {
  project: {
    kind: 'Project',
    words: ['project', 'projects', 'proj'],
  },
  service: {
    kind: 'Service',
    words: ['service', 'services', 'svc'],
  },
  network: {
    kind: 'Network',
    words: ['network', 'networks', 'net'],
  },
  volume: {
    kind: 'Volume',
    words: ['volume', 'volumes', 'vol'],
  },
  config: {
    kind: 'Config',
    words: ['config', 'configs', 'cm'],
  },
  secret: {
    kind: 'Secret',
    words: ['secret', 'secrets', 'sec'],
  },
} as const satisfies Readonly<Record<keyof ResourceSet, KindEntry>>;

export type KindName = keyof ResourceSet;

export const kindNames = Object.keys(kinds).filter((name): name is KindName => name in kinds);

/** `svc` → `service`; undefined for what is no kind. */
export function findKind(word: string): KindName | undefined {
  const lower = word.toLowerCase();
  return kindNames.find((name) => kinds[name].words.some((one) => one === lower));
}
