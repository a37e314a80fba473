import type { Clock } from '../../model/clock.ts';
import type { HealthState, ObservedContainer } from '../../model/observed.ts';
import type { Engine, NetworkRequest } from '../api.ts';
import type { ProbeVerdict, Program } from './behaviour.ts';
import { imageBuild, type RunLine } from './build.ts';
import { containerCalls } from './container-calls.ts';
import { type FakeContainer, isUp, observedOf } from './container.ts';
import { creation } from './creation.ts';
import type { Delivery } from './event-hub.ts';
import { type CallRecord, type Fault, Interference } from './faults.ts';
import { fileCalls } from './file-calls.ts';
import { hasLabels } from './filter.ts';
import { announceHealth } from './health.ts';
import { addImage, canonical, type FakeRegistry, imageCalls, imagePull } from './image-calls.ts';
import { addNetwork, networkCalls } from './network-calls.ts';
import { type ExecHandler, outputCalls } from './output-calls.ts';
import { exit, say } from './processes.ts';
import { changed, type FakeImageConfig, lookUp, newStore, type Store } from './store.ts';
import { volumeCalls } from './volume-calls.ts';

export interface FakeWorldOptions {
  readonly clock: Clock;
  /** What commands do; they run for ever, healthy, when absent. */
  readonly program?: Program;
}

type Lists = Pick<Engine, 'listContainers' | 'listNetworks' | 'listVolumes'>;

/**
 * An engine in memory, and the hand that plays with it: what the world does to containers, what goes
 * wrong with calls and events, and what was called. Time is the clock's; nothing is random.
 */
export class FakeWorld {
  /** The world as somebody else's docker CLI sees it: not recorded, never failing. */
  readonly outside: Engine;
  readonly registry: FakeRegistry = { images: new Map(), down: false, closed: new Map() };
  readonly #store: Store;
  readonly #interference: Interference;
  #exec: ExecHandler = () => 0;
  #runLine: RunLine = () => ({ output: '', exitCode: 0 });
  #frozen: Lists | undefined;

  constructor({ clock, program = () => ({}) }: FakeWorldOptions) {
    this.#store = newStore(clock, program);
    this.#interference = new Interference(this.#store);
    for (const [name, subnets] of [
      ['bridge', ['172.17.0.0/16']],
      ['host', []],
      ['none', []],
    ] as const) {
      const driver = name === 'none' ? 'null' : name;
      const id = name.padEnd(64, '0');
      this.#store.networks.set(id, { id, name, driver, labels: {}, internal: false, subnets });
    }
    this.outside = this.#assemble();
  }

  #assemble(): Engine {
    const store = this.#store;
    const pull = imagePull(store, this.registry);
    return {
      info: async () => ({
        id: 'FAKE',
        name: 'fake',
        version: '28.5.0',
        apiVersion: '1.51',
        os: 'linux',
        architecture: 'x86_64',
        cpus: 2,
        memoryBytes: 8 * 1024 ** 3,
      }),
      ping: async () => undefined,
      ...containerCalls(store),
      ...creation(store),
      ...outputCalls(store, () => this.#exec),
      ...fileCalls(store),
      ...networkCalls(store),
      ...volumeCalls(store),
      ...imageCalls(store),
      ...pull,
      ...imageBuild(store, pull.pullImage, () => this.#runLine),
      events: (options = {}) => store.events.subscribe(options),
      close: () => undefined,
    };
  }

  /** A client of its own: recorded, and subject to everything that goes wrong. */
  connect(): Engine {
    const live = this.outside;
    const lists: Lists = {
      listContainers: (filter, options) => (this.#frozen ?? live).listContainers(filter, options),
      listNetworks: (options) => (this.#frozen ?? live).listNetworks(options),
      listVolumes: (filter, options) => (this.#frozen ?? live).listVolumes(filter, options),
    };
    return this.#interference.through({ ...live, ...lists });
  }

  /** Lets go of the clock. */
  close(): void {
    this.#store.timeline.close();
  }

  // What was called.

  get calls(): readonly CallRecord[] {
    return this.#interference.calls;
  }

  writes(): CallRecord[] {
    return this.calls.filter(({ write }) => write);
  }

  forgetCalls(): void {
    this.#interference.calls.length = 0;
  }

  // What goes wrong with calls.

  fail(fault: Fault): void {
    this.#interference.fail(fault);
  }

  /** Ends all faults, comes back, and lists what is. */
  recover(): void {
    this.#interference.recover();
    this.#interference.away = false;
    this.#frozen = undefined;
    this.#store.events.setDelivery(undefined);
  }

  /** Milliseconds that a call takes. */
  setLatency(latencyMs: (call: CallRecord) => number): void {
    this.#interference.latencyMs = latencyMs;
  }

  /** Nobody answers any more, and all streams break. Containers live on unless `killed`. */
  goAway(options: { readonly killed?: boolean } = {}): void {
    this.#interference.away = true;
    this.#store.events.breakStreams();
    this.#store.events.forget();
    if (options.killed !== true) return;
    for (const container of this.#store.containers.values()) {
      exit(this.#store, container, { exitCode: 137, silent: true });
    }
  }

  comeBack(): void {
    this.#interference.away = false;
  }

  /** Lists tell from now on what is at this moment, while everything else goes on. */
  freezeLists(): void {
    this.#frozen = this.#snapshot(this.outside);
  }

  thawLists(): void {
    this.#frozen = undefined;
  }

  #snapshot(live: Engine): Lists {
    const containers = live.listContainers();
    const networks = live.listNetworks();
    const volumes = live.listVolumes();
    return {
      listContainers: async (filter) =>
        (await containers).filter(({ labels }) => hasLabels(labels, filter)),
      listNetworks: async () => [...(await networks)],
      listVolumes: async (filter) =>
        (await volumes).filter(({ labels }) => hasLabels(labels, filter)),
    };
  }

  // Events.

  /** What subscribers get of each event; undefined: every event once. */
  setDelivery(delivery: Delivery | undefined): void {
    this.#store.events.setDelivery(delivery);
  }

  breakStreams(): void {
    this.#store.events.breakStreams();
  }

  // What happens to containers.

  #need(name: string): FakeContainer {
    this.#store.timeline.advance();
    const container = lookUp(this.#store, name);
    if (container === undefined) throw new Error(`the fake has no container ${name}`);
    return container;
  }

  container(name: string): ObservedContainer {
    return observedOf(this.#need(name));
  }

  /** What its health checks find from now on; the check's own rules say what follows. */
  setProbe(name: string, verdict: ProbeVerdict): void {
    this.#need(name).verdict = verdict;
  }

  /** Is in this health at once, and its checks find the same from now on. */
  setHealth(name: string, health: Exclude<HealthState, 'none'>): void {
    const container = this.#need(name);
    container.verdict = health === 'healthy' ? 'good' : 'bad';
    announceHealth(this.#store, container, { health, at: this.#store.clock.now() });
  }

  /** Its process ends on its own. */
  crash(name: string, exitCode = 1): void {
    exit(this.#store, this.#need(name), { exitCode });
  }

  outOfMemory(name: string): void {
    exit(this.#store, this.#need(name), { exitCode: 137, oom: true });
  }

  /** A removal that did not finish, or is still under way. */
  halfRemove(name: string, state: 'dead' | 'removing'): void {
    const container = this.#need(name);
    exit(this.#store, container, { exitCode: 137, onRequest: true });
    container.state = state;
    changed(container);
  }

  say(name: string, text: string, stream: 'stdout' | 'stderr' = 'stdout'): void {
    say(this.#need(name), { stream, at: this.#store.clock.now(), text });
  }

  // What commands do.

  setProgram(program: Program): void {
    this.#store.program = program;
  }

  onExec(handler: ExecHandler): void {
    this.#exec = handler;
  }

  onRun(runLine: RunLine): void {
    this.#runLine = runLine;
  }

  // What else is there.

  /** A process of the host listens. */
  occupyPort(port: number, protocol = 'tcp'): () => void {
    const key = `${port}/${protocol}`;
    this.#store.hostPorts.add(key);
    return () => void this.#store.hostPorts.delete(key);
  }

  /** A file or folder of the host is not there. */
  setMissing(path: string, missing = true): void {
    if (missing) this.#store.missingPaths.add(path);
    else this.#store.missingPaths.delete(path);
  }

  addImage(reference: string, config: FakeImageConfig = {}): string {
    return addImage(this.#store, reference, { config }).id;
  }

  /** Can be pulled from now on. */
  publish(reference: string, config: FakeImageConfig = {}): void {
    this.registry.images.set(canonical(reference), config);
  }

  /** Whatever others are called, as parallel creates below API 1.44 do. */
  addNetwork(request: NetworkRequest): string {
    return addNetwork(this.#store, request);
  }

  /** Everything that runs, for assertions. */
  running(): string[] {
    return [...this.#store.containers.values()]
      .filter(isUp)
      .map(({ name }) => name)
      .sort();
  }
}
