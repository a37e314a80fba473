import type { ExecHealthcheck } from '../../model/container.ts';
import type { Clock } from '../../model/clock.ts';
import type { Labels } from '../../model/labels.ts';
import type { ObservedNetwork } from '../../model/observed.ts';
import type { EngineEvent } from '../api.ts';
import type { Program } from './behaviour.ts';
import type { FakeContainer } from './container.ts';
import { EventHub } from './event-hub.ts';
import type { FileTree } from './file-tree.ts';
import { Occupancy } from './occupancy.ts';
import { Timeline } from './timeline.ts';

export interface FakeVolume {
  readonly name: string;
  readonly driver: string;
  readonly labels: Labels;
  readonly mountpoint: string;
  readonly tree: FileTree;
}

/** What an image says to the containers that are made from it. All absent: nothing. */
export interface FakeImageConfig {
  readonly labels?: Labels;
  readonly volumes?: readonly string[];
  readonly user?: string;
  readonly healthcheck?: ExecHealthcheck;
  readonly entrypoint?: readonly string[];
  readonly command?: readonly string[];
  readonly exposed?: readonly string[];
  /** Folders that are there besides the usual ones. */
  readonly folders?: readonly string[];
  /** No files at all, not even the usual folders. */
  readonly empty?: boolean;
}

export interface FakeImage {
  readonly id: string;
  readonly config: FakeImageConfig;
  readonly references: Set<string>;
  readonly digests: Set<string>;
  readonly createdAt: number;
}

/** All that the fake's engine has. */
export interface Store {
  readonly clock: Clock;
  readonly timeline: Timeline;
  readonly events: EventHub;
  readonly containers: Map<string, FakeContainer>;
  /** Name → id. */
  readonly names: Map<string, string>;
  readonly networks: Map<string, ObservedNetwork>;
  readonly volumes: Map<string, FakeVolume>;
  readonly images: Map<string, FakeImage>;
  readonly occupancy: Occupancy;
  /** `port/protocol` that processes of the host listen on. */
  readonly hostPorts: Set<string>;
  /** Host paths that are not there. */
  readonly missingPaths: Set<string>;
  program: Program;
  nextId: number;
  /** Containers by name; made when a list wants it, thrown away when names change. */
  sorted: readonly FakeContainer[] | undefined;
}

export const newStore = (clock: Clock, program: Program): Store => ({
  clock,
  timeline: new Timeline(clock),
  events: new EventHub(),
  containers: new Map(),
  names: new Map(),
  networks: new Map(),
  volumes: new Map(),
  images: new Map(),
  occupancy: new Occupancy(),
  hostPorts: new Set(),
  missingPaths: new Set(),
  program,
  nextId: 1,
  sorted: undefined,
});

/** 64 hexadecimal digits that nobody else has, the same in every run; the first twelve tell them apart. */
export const newId = (store: Store): string => {
  const number = store.nextId;
  store.nextId += 1;
  return number.toString(16).padStart(12, '0').padEnd(64, 'f');
};

export const emit = (
  store: Store,
  event: Omit<EngineEvent, 'at'> & { readonly at?: number },
): void => store.events.emit({ at: store.clock.now(), ...event });

/** Every change of a container goes through this: a list keeps what it told of it. */
export const changed = (container: FakeContainer): void => {
  container.summary = undefined;
};

/** By id, name, or the beginning of an id. */
export const lookUp = (store: Store, idOrName: string): FakeContainer | undefined => {
  const named = store.names.get(idOrName);
  const found = store.containers.get(named ?? idOrName);
  if (found !== undefined || !/^[0-9a-f]{4,63}$/.test(idOrName)) return found;
  for (const container of store.containers.values()) {
    if (container.id.startsWith(idOrName)) return container;
  }
  return undefined;
};
