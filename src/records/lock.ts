import { randomUUID } from 'node:crypto';
import type { Engine } from '../engine/api.ts';
import type { Clock } from '../model/clock.ts';
import { L9Error } from '../model/errors.ts';
import { label } from '../model/labels.ts';
import type { ContainerSummary, Observed, ObservedVolume } from '../model/observed.ts';
import { bareContainer } from './bare-container.ts';
import { isProvedDead, thisProcess } from './machine.ts';
import type { ProcessIdentity } from './machine.ts';

/** A holder's heartbeat; a lock without a new one for as long as `SILENCE_MS` is free. */
const BEAT_MS = 10_000;
const SILENCE_MS = 30_000;
const POLL_MS = 200;

const HOLDER_LABEL = 'com.l9.holder';

/** The lock's name on the engine: of the project, or of one build. */
const lockName = (request: Pick<LockRequest, 'project' | 'build'>): string =>
  request.build === undefined
    ? `l9-lock.${request.project}`
    : `l9-build.${request.build.replaceAll(/[^a-zA-Z0-9_.-]/g, '.')}`;

/** The right to change a project. Held until released, lost, or the process dies. */
export interface Lock {
  readonly id: string;
  /** Rejects with LockLost when somebody else has taken the lock. Called before every plan and write. */
  readonly check: () => Promise<void>;
  readonly release: () => Promise<void>;
}

export interface LockRequest {
  readonly engine: Engine;
  readonly clock: Clock;
  readonly project: string;
  /** Locks one build, named by its tag, and not the project. */
  readonly build?: string;
  /** What the holder does, for whoever waits: "l9 apply". */
  readonly purpose: string;
  readonly signal?: AbortSignal;
  /** Milliseconds to wait for another holder before ProjectLocked. */
  readonly waitMs: number;
  readonly onWait?: (holder: string) => void;
}

interface Holder extends ProcessIdentity {
  readonly purpose: string;
}

const readHolder = (lock: ContainerSummary): Holder | undefined => {
  try {
    const holder: Holder = JSON.parse(lock.labels[HOLDER_LABEL] ?? '');
    return holder;
  } catch {
    return undefined;
  }
};

const describeHolder = (holder: Holder | undefined): string =>
  holder === undefined ? 'an unknown holder' : `${holder.purpose} (pid ${holder.pid})`;

const beatPrefix = (lockId: string): string => `l9-beat.${lockId.slice(0, 12)}`;

const beatOf = (lockId: string, volumes: readonly ObservedVolume[]): string =>
  volumes
    .map((volume) => volume.name)
    .filter((name) => name.startsWith(`${beatPrefix(lockId)}.`))
    .toSorted((a, b) => a.length - b.length || (a < b ? -1 : 1))
    .at(-1) ?? '';

/** Says "still here" while the lock is held: creates the next beat, then removes the one before. */
const keepBeating = (request: LockRequest, id: string): (() => Promise<void>) => {
  const stop = new AbortController();
  const { engine, clock, project } = request;
  let last: string | undefined;
  const beat = async (): Promise<void> => {
    for (let seq = 1; ; seq += 1) {
      await clock.sleep(BEAT_MS, stop.signal);
      const name = `${beatPrefix(id)}.${seq}`;
      await engine.createVolume({
        name,
        driver: 'local',
        driverOpts: {},
        labels: { [label.managed]: 'true', [label.project]: project, [label.kind]: 'beat' },
      });
      if (last !== undefined) await engine.removeVolume(last);
      last = name;
    }
  };
  // A beat that fails is noticed by `check`, which looks at the lock itself.
  const beating = beat().catch(() => undefined);
  return async () => {
    stop.abort();
    await beating;
    if (last !== undefined) await engine.removeVolume(last).catch(() => undefined);
  };
};

const removeBeats = async (engine: Engine, lockId: string): Promise<void> => {
  const beats = await engine.listVolumes({ labels: [`${label.kind}=beat`] });
  for (const beat of beats) {
    if (beat.name.startsWith(`${beatPrefix(lockId)}.`)) await engine.removeVolume(beat.name);
  }
};

const held = (request: LockRequest, id: string): Lock => {
  const { engine, project } = request;
  const stopBeating = keepBeating(request, id);
  return {
    id,
    check: async () => {
      const present = await engine.findContainer(id);
      if (present !== undefined) return;
      throw new L9Error('LockLost', `the lock on ${project} was taken away`, {
        hint: 'Run the command again; it continues where this one stopped.',
      });
    },
    release: async () => {
      await stopBeating();
      await engine.removeContainer(id, true);
    },
  };
};

const tryCreate = async (request: LockRequest): Promise<string | undefined> => {
  const { engine, project } = request;
  const image = await engine.ensureEmptyImage();
  const holder: Holder = { ...thisProcess(), purpose: request.purpose };
  try {
    return await engine.createContainer(
      bareContainer({
        name: lockName(request),
        image,
        labels: {
          [label.managed]: 'true',
          [label.project]: project,
          [label.kind]: 'lock',
          [HOLDER_LABEL]: JSON.stringify(holder),
          'com.l9.nonce': randomUUID(),
        },
      }),
      request.signal === undefined ? {} : { signal: request.signal },
    );
  } catch (error) {
    if (error instanceof L9Error && error.code === 'NameTaken') return undefined;
    throw error;
  }
};

/** Watches one holder until it is gone, proved dead, or silent for too long. */
class HolderWatch {
  #id = '';
  #beat = '';
  #since = 0;
  readonly #request: LockRequest;

  constructor(request: LockRequest) {
    this.#request = request;
  }

  /** Whether the lock may be taken away from its holder now. */
  async isDead(lock: ContainerSummary, holder: Holder | undefined): Promise<boolean> {
    const { engine, clock } = this.#request;
    if (holder !== undefined && isProvedDead(holder)) return true;
    const beats = await engine.listVolumes({ labels: [`${label.kind}=beat`] });
    const beat = beatOf(lock.id, beats);
    if (this.#id !== lock.id || this.#beat !== beat) {
      this.#id = lock.id;
      this.#beat = beat;
      this.#since = clock.monotonic();
    }
    return clock.monotonic() - this.#since > SILENCE_MS;
  }
}

/**
 * Takes away a lock whose holder died, where nothing is left to be done under it, and beats whose lock
 * is gone (a prune removes locks, but not what beats for them).
 */
export const removeDeadLock = async (
  engine: Engine,
  project: string,
  observed: Pick<Observed, 'all' | 'volumes'>,
): Promise<void> => {
  const locks = observed.all.filter(
    ({ labels }) => labels[label.kind] === 'lock' && labels[label.project] === project,
  );
  const dead = locks.filter((lock) => {
    const holder = readHolder(lock);
    return lock.name === lockName({ project }) && holder !== undefined && isProvedDead(holder);
  });
  for (const lock of dead) await engine.removeContainer(lock.id, true);
  const alive = locks.filter((lock) => !dead.includes(lock)).map((lock) => beatPrefix(lock.id));
  for (const { name, labels } of observed.volumes) {
    const beat = labels[label.kind] === 'beat' && labels[label.project] === project;
    if (beat && !alive.some((prefix) => name.startsWith(`${prefix}.`))) {
      await engine.removeVolume(name);
    }
  }
};

const findLock = async (request: LockRequest): Promise<ContainerSummary | undefined> => {
  const locks = await request.engine.listContainers({
    labels: [`${label.kind}=lock`, `${label.project}=${request.project}`],
  });
  return locks.find((lock) => lock.name === lockName(request));
};

/**
 * Takes the lock on a project: creating a container by name has exactly one winner. A holder that is
 * proved dead loses it by the id of its lock, so that two judges cannot both take it.
 * Rejects with ProjectLocked when a living holder keeps it for longer than `waitMs`.
 */
export const acquireLock = async (request: LockRequest): Promise<Lock> => {
  const { engine, clock, project, signal } = request;
  const watch = new HolderWatch(request);
  const until = clock.monotonic() + request.waitMs;
  let told = false;
  for (;;) {
    const id = await tryCreate(request);
    if (id !== undefined) return held(request, id);
    const lock = await findLock(request);
    if (lock === undefined) continue;
    const holder = readHolder(lock);
    if (await watch.isDead(lock, holder)) {
      await engine.removeContainer(lock.id, true);
      await removeBeats(engine, lock.id);
      continue;
    }
    if (clock.monotonic() >= until) {
      throw new L9Error('ProjectLocked', `${describeHolder(holder)} is at work on ${project}`, {
        hint: 'Wait until it is done, or stop it; a lock whose holder died is taken over by itself.',
      });
    }
    if (!told) request.onWait?.(describeHolder(holder));
    told = true;
    await clock.sleep(POLL_MS, signal);
  }
};
