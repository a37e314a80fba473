import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, onTestFinished } from 'vitest';
import type { Engine, NetworkRequest } from '../../src/engine/api.ts';
import type { ContainerSpec } from '../../src/model/container.ts';
import { until } from '../setup/until.ts';

/** Something that stands where a test wants to be, until it is released. */
export interface Occupied {
  readonly port: number;
  release(): Promise<void>;
}

/** An implementation of the engine interface, and what the suite must know of its surroundings. */
export interface Subject {
  readonly name: string;
  connect(): Promise<Engine>;
  /** An image with a shell and the usual small programs, and neither command nor health check. */
  readonly image: string;
  /** A folder on the engine's machine. */
  readonly folder: string;
  /** A path that is not there. */
  readonly missing: string;
  /** A host port that nobody uses. */
  freePort(): Promise<number>;
  /** A host port that a process of the engine's host listens on. */
  occupiedPort(): Promise<Occupied>;
  /** Decides what the next `healthProbe` finds. A failing one says `bad`. */
  setHealth(engine: Engine, id: string, health: 'healthy' | 'unhealthy'): Promise<void>;
  /** A registry to pull from; absent where the engine could not reach one. */
  readonly registry?: () => Promise<Registry>;
}

export interface Registry {
  /** Of an image that anybody may pull; it has the label `from=registry`. */
  readonly open: string;
  /** Of an image that wants these credentials. */
  readonly closed: {
    readonly reference: string;
    readonly username: string;
    readonly password: string;
  };
  /** A reference that the registry does not know. */
  readonly unknown: string;
  stop(): Promise<void>;
}

/** Commands as the suite uses them; the fake is taught what they do. */
export const commands = {
  sleep: ['sleep', '1000'],
  /** Ends at once when it is asked to, once it said that it listens. */
  polite: ['sh', '-c', 'trap "exit 0" TERM; echo ready; while true; do sleep 0.05; done'],
  fails: ['sh', '-c', 'exit 3'],
  succeeds: ['true'],
  missing: ['/no/such/program'],
  speaks: ['sh', '-c', 'echo one; echo two >&2; echo three; sleep 1000'],
  counts: ['sh', '-c', 'i=0; while true; do i=$((i+1)); echo line $i; sleep 0.1; done'],
  eats: ['sh', '-c', 'x=aaaaaaaaaaaaaaaa; while true; do x=$x$x; done'],
} as const satisfies Record<string, readonly string[]>;

/** Fails until /tmp/health says good. */
export const healthProbe = ['CMD-SHELL', 'cat /tmp/health && test "$(cat /tmp/health)" = good'];

type Wanted = Partial<Omit<ContainerSpec, 'name'>> & { readonly name?: string };

/** What every test of the suite works with. Whatever it makes is gone when the test ends. */
export interface Workbench {
  readonly subject: Subject;
  engine(): Engine;
  /** A name that nobody else has. */
  name(): string;
  spec(wanted?: Wanted): ContainerSpec;
  create(wanted?: Wanted): Promise<string>;
  /** Creates and starts. */
  run(wanted?: Wanted): Promise<string>;
  network(
    wanted?: Partial<NetworkRequest>,
  ): Promise<{ readonly id: string; readonly name: string }>;
  volume(labels?: Readonly<Record<string, string>>): Promise<string>;
  /** A subnet that no other test uses. */
  subnet(): string;
}

/** Removes everything whose name begins with `prefix`. */
const sweep = async (engine: Engine, prefix: string): Promise<void> => {
  for (const container of await engine.listContainers()) {
    if (container.name.startsWith(prefix)) await engine.removeContainer(container.id, true);
  }
  for (const network of await engine.listNetworks()) {
    if (network.name.startsWith(prefix))
      await until(() => engine.removeNetwork(network.id).then(() => true), {
        what: 'network to be free',
      });
  }
  for (const volume of await engine.listVolumes()) {
    if (volume.name.startsWith(prefix)) await engine.removeVolume(volume.name);
  }
};

/** Opens the engine for the tests of the surrounding `describe`. */
export const workbench = (subject: Subject): Workbench => {
  // The clean-up of test/setup knows these names, should the run be killed.
  const prefix = `t-${randomBytes(4).toString('hex')}`;
  let engine: Engine | undefined;
  let count = 0;
  // Test files run side by side on one engine, and an engine has about 30 networks without these.
  const block = randomBytes(1)[0] ?? 0;
  beforeAll(async () => {
    engine = await subject.connect();
  });
  afterAll(async () => {
    if (engine === undefined) return;
    await sweep(engine, prefix);
    engine.close();
  });
  const opened = (): Engine => {
    if (engine === undefined) throw new Error('the engine is opened before the first test');
    return engine;
  };
  const bench: Workbench = {
    subject,
    engine: opened,
    name: () => `${prefix}_${(count += 1)}`,
    subnet: () => `10.${100 + Math.floor(count / 250)}.${block}.${((count += 1) % 16) * 16}/28`,
    spec: (wanted = {}) => ({
      name: bench.name(),
      image: subject.image,
      labels: {},
      env: {},
      command: commands.sleep,
      ports: [],
      mounts: [],
      network: { mode: 'none' },
      restartPolicy: 'no',
      limits: {},
      ...wanted,
    }),
    async create(wanted) {
      const id = await opened().createContainer(bench.spec(wanted));
      onTestFinished(() => opened().removeContainer(id, true));
      return id;
    },
    async run(wanted) {
      const id = await bench.create(wanted);
      await opened().startContainer(id);
      return id;
    },
    async network(wanted = {}) {
      const name = wanted.name ?? bench.name();
      const id = await opened().createNetwork({
        driver: 'bridge',
        internal: false,
        labels: {},
        subnet: bench.subnet(),
        ...wanted,
        name,
      });
      // Hooks run last in, first out: the containers on it are gone by then.
      onTestFinished(() => opened().removeNetwork(id));
      return { id, name };
    },
    async volume(labels = {}) {
      const { name } = await opened().createVolume({
        name: bench.name(),
        driver: 'local',
        driverOpts: {},
        labels,
      });
      onTestFinished(() => opened().removeVolume(name));
      return name;
    },
  };
  return bench;
};

/** The code of the error that a call rejects with. */
export const codeOf = async (call: Promise<unknown>): Promise<string> => {
  try {
    await call;
  } catch (error) {
    if (error instanceof Error && 'code' in error) return String(error.code);
    throw error;
  }
  return 'no error';
};
