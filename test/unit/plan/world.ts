import type { Action, ContainerTarget, Plan } from '../../../src/model/action.ts';
import type { ContainerSpec, Limits, RestartPolicyName } from '../../../src/model/container.ts';
import { label } from '../../../src/model/labels.ts';
import type { Labels } from '../../../src/model/labels.ts';
import type { ProbeResult, RecoveryRecord } from '../../../src/model/lifecycle.ts';
import type {
  ContainerState,
  ContainerSummary,
  HealthState,
  Observed,
  ObservedContainer,
  ObservedImage,
  ObservedNetwork,
  ObservedVolume,
} from '../../../src/model/observed.ts';

interface SimulatedContainer {
  readonly id: string;
  readonly spec: ContainerSpec;
  readonly imageId: string;
  readonly networkMode: string;
  readonly createdAt: number;
  name: string;
  state: ContainerState;
  health: HealthState;
  exitCode: number;
  startedAt: number | null;
  finishedAt: number | null;
  restartPolicy: RestartPolicyName;
  limits: Limits;
  readonly attachments: Map<string, { readonly networkId: string; readonly aliases: string[] }>;
}

/** What a test puts into the world that l9 did not make. */
export interface Stranger {
  readonly name: string;
  readonly labels?: Labels;
  readonly ports?: readonly number[];
  readonly image?: string;
}

/**
 * A world without Docker: what observed state follows from which actions. It refuses what Docker would
 * refuse (a name or port that is taken, an unknown network, the removal of what runs), so a plan that
 * is carried out here was in a possible order.
 */
export class World {
  now = Date.UTC(2026, 0, 1);
  readonly images = new Map<string, ObservedImage>();
  readonly recovery = new Map<string, RecoveryRecord>();
  readonly probes = new Map<string, ProbeResult[]>();
  /** Every action that was carried out. */
  readonly performed: Action[] = [];
  readonly #containers = new Map<string, SimulatedContainer>();
  readonly #networks = new Map<string, ObservedNetwork>();
  readonly #volumes = new Map<string, ObservedVolume>();
  #count = 0;

  #id(): string {
    this.#count += 1;
    return (0xa000_0000 + this.#count).toString(16).padEnd(64, '0');
  }

  /** An image that the engine has; its id is what `pin` of the render tests gives. */
  image(reference: string, more: Partial<ObservedImage> = {}): void {
    const image: ObservedImage = {
      id: `sha256:${reference}`,
      references: [reference],
      digests: [],
      labels: {},
      volumes: [],
      user: '',
      hasHealthcheck: false,
      entrypoint: [],
      command: [],
      exposed: [],
      createdAt: 0,
      sizeBytes: 0,
      ...more,
    };
    this.images.set(image.id, image);
    this.images.set(reference, image);
  }

  network(name: string, more: Partial<ObservedNetwork> = {}): void {
    const network: ObservedNetwork = {
      id: this.#id(),
      name,
      driver: 'bridge',
      labels: {},
      internal: false,
      subnets: [],
      ...more,
    };
    this.#networks.set(name, network);
  }

  volume(name: string, labels: Labels = {}): void {
    this.#volumes.set(name, { name, driver: 'local', labels, mountpoint: `/v/${name}` });
  }

  /** A running container of somebody else. */
  stranger(stranger: Stranger): void {
    const { name, labels = {}, ports = [], image = 'other:1' } = stranger;
    const container = this.#make({
      name,
      image,
      labels,
      env: {},
      ports: ports.map((port) => ({
        container: port,
        host: port,
        hostIP: '0.0.0.0',
        protocol: 'tcp',
      })),
      mounts: [],
      network: { mode: 'none' },
      restartPolicy: 'no',
      limits: {},
    });
    this.#start(container);
  }

  get containers(): string[] {
    return [...this.#containers.values()]
      .map(({ name, state, health }) => `${name} ${state}${health === 'none' ? '' : ` ${health}`}`)
      .toSorted();
  }

  get networks(): string[] {
    return [...this.#networks.keys()].toSorted();
  }

  get volumes(): string[] {
    return [...this.#volumes.keys()].toSorted();
  }

  #find(target: ContainerTarget): SimulatedContainer {
    const found = [...this.#containers.values()].find((one) =>
      target.id === undefined ? one.name === target.name : one.id === target.id,
    );
    if (found === undefined) throw new Error(`no such container: ${target.name}`);
    return found;
  }

  #make(spec: ContainerSpec): SimulatedContainer {
    if ([...this.#containers.values()].some((one) => one.name === spec.name)) {
      throw new Error(`the name ${spec.name} is taken`);
    }
    const image = this.images.get(spec.image);
    const attachments: SimulatedContainer['attachments'] = new Map();
    if (spec.network.mode === 'network') {
      attachments.set(spec.network.network, {
        networkId: '',
        aliases: [...spec.network.aliases],
      });
    }
    const owner =
      spec.network.mode === 'container'
        ? this.#find({ name: spec.network.container }).id
        : undefined;
    const modes = { host: 'host', none: 'none', network: '', container: `container:${owner}` };
    const container: SimulatedContainer = {
      id: this.#id(),
      spec,
      imageId: image?.id ?? spec.image,
      networkMode:
        spec.network.mode === 'network' ? spec.network.network : modes[spec.network.mode],
      createdAt: this.now,
      name: spec.name,
      state: 'created',
      health: 'none',
      exitCode: 0,
      startedAt: null,
      finishedAt: null,
      restartPolicy: spec.restartPolicy,
      limits: spec.limits,
      attachments,
    };
    for (const mount of spec.mounts) {
      if ((mount.type === 'volume' || mount.type === 'file') && !this.#volumes.has(mount.volume)) {
        throw new Error(`no such volume: ${mount.volume}`);
      }
    }
    this.#containers.set(container.id, container);
    return container;
  }

  #start(container: SimulatedContainer): void {
    if (container.state === 'running') return;
    for (const other of this.#containers.values()) {
      if (other.state !== 'running') continue;
      const clash = other.spec.ports.find((port) =>
        container.spec.ports.some((own) => own.host === port.host),
      );
      if (clash !== undefined) throw new Error(`port ${clash.host} is already allocated`);
    }
    if (container.networkMode.startsWith('container:')) {
      const owner = this.#containers.get(container.networkMode.slice('container:'.length));
      if (owner?.state !== 'running') throw new Error('cannot join network of a non running one');
    }
    for (const [name, attachment] of container.attachments) {
      const network = this.#networks.get(name);
      if (network === undefined) throw new Error(`network ${name} not found`);
      container.attachments.set(name, { ...attachment, networkId: network.id });
    }
    container.state = 'running';
    container.startedAt = this.now;
    const { healthcheck } = container.spec;
    container.health = healthcheck !== undefined && 'test' in healthcheck ? 'starting' : 'none';
  }

  /** Ends a container's process as from outside. */
  exit(name: string, exitCode: number): void {
    const container = this.#find({ name });
    container.state = 'exited';
    container.exitCode = exitCode;
    container.finishedAt = this.now;
  }

  health(name: string, health: HealthState): void {
    this.#find({ name }).health = health;
  }

  /** What somebody does behind l9's back. */
  rename(from: string, to: string): void {
    this.#find({ name: from }).name = to;
  }

  remove(name: string): void {
    this.#containers.delete(this.#find({ name }).id);
  }

  /** Lets time pass: everything that runs with a check passes it. */
  settle(ms = 60_000): void {
    this.now += ms;
    for (const container of this.#containers.values()) {
      if (container.state === 'running' && container.health === 'starting') {
        container.health = 'healthy';
      }
    }
  }

  /** Carries out a plan in its order, the first `limit` actions of it. */
  run(plan: Plan, limit = Infinity): void {
    const done = new Set<string>();
    for (const planned of plan.actions.slice(0, limit)) {
      for (const id of planned.after) {
        if (!done.has(id)) throw new Error(`${planned.id} comes before ${id}`);
      }
      this.now += 10;
      this.#perform(planned.action);
      done.add(planned.id);
      this.performed.push(planned.action);
    }
  }

  #perform(action: Action): void {
    switch (action.type) {
      case 'createNetwork':
        if (this.#networks.has(action.name)) throw new Error(`network ${action.name} exists`);
        this.network(action.name, {
          driver: action.driver,
          labels: action.labels,
          internal: action.internal,
          subnets: action.subnet === undefined ? [] : [action.subnet],
        });
        return;
      case 'removeNetwork':
        if (this.#attached(action.name).length > 0) throw new Error('has active endpoints');
        this.#networks.delete(action.name);
        return;
      case 'createVolume':
        this.volume(action.name, action.labels);
        return;
      case 'removeVolume':
        if (this.#mounted(action.name)) throw new Error('volume is in use');
        this.#volumes.delete(action.name);
        return;
      case 'pullImage':
        this.image(action.reference);
        return;
      case 'writeFiles':
        if (!this.#volumes.has(action.volume)) throw new Error('no files volume');
        return;
      case 'createContainer':
        this.#make(action.spec);
        return;
      case 'startContainer':
        this.#start(this.#find(action.container));
        return;
      case 'stopContainer': {
        const container = this.#find(action.container);
        container.state = 'exited';
        container.exitCode = 143;
        container.finishedAt = this.now;
        return;
      }
      case 'restartContainer': {
        const container = this.#find(action.container);
        container.state = 'exited';
        this.#start(container);
        return;
      }
      case 'unpauseContainer':
        this.#find(action.container).state = 'running';
        return;
      case 'removeContainer': {
        const container = this.#find(action.container);
        if (container.state === 'running' && !action.force) throw new Error('it is running');
        this.#containers.delete(container.id);
        return;
      }
      case 'renameContainer':
        if ([...this.#containers.values()].some((one) => one.name === action.name)) {
          throw new Error(`the name ${action.name} is taken`);
        }
        this.#find(action.container).name = action.name;
        return;
      case 'updateContainer': {
        const container = this.#find(action.container);
        container.limits = { ...container.limits, ...action.limits };
        container.restartPolicy = action.restartPolicy ?? container.restartPolicy;
        return;
      }
      case 'connectNetwork': {
        const network = this.#networks.get(action.network);
        if (network === undefined) throw new Error(`network ${action.network} not found`);
        const { attachments } = this.#find(action.container);
        if (attachments.has(action.network)) throw new Error('already connected');
        attachments.set(action.network, { networkId: network.id, aliases: [...action.aliases] });
        return;
      }
      case 'disconnectNetwork':
        this.#find(action.container).attachments.delete(action.network);
        return;
      case 'awaitContainer': {
        const container = this.#find(action.container);
        if (action.condition === 'completed') this.exit(container.name, 0);
        else if (container.health === 'starting') container.health = 'healthy';
        if (action.check !== undefined) {
          this.probes.set(container.id, [{ at: this.now, ok: true, message: '' }]);
        }
        return;
      }
      case 'writeRecovery':
        this.recovery.set(`${action.record.service}-${action.record.instance}`, action.record);
        return;
      case 'removeRecovery':
        this.recovery.delete(action.instance);
        return;
      case 'keepEvidence':
        this.#find(action.container);
    }
  }

  #attached(network: string): SimulatedContainer[] {
    return [...this.#containers.values()].filter(
      (one) => one.state === 'running' && one.attachments.has(network),
    );
  }

  #mounted(volume: string): boolean {
    return [...this.#containers.values()].some((one) =>
      one.spec.mounts.some((mount) => 'volume' in mount && mount.volume === volume),
    );
  }

  #summary(container: SimulatedContainer): ContainerSummary {
    const { id, name, spec, imageId, state, health, exitCode, createdAt } = container;
    return {
      id,
      name,
      image: spec.image,
      imageId,
      labels: spec.labels,
      state,
      status: '',
      health,
      exitCode: state === 'running' ? 0 : exitCode,
      ports: state === 'running' ? spec.ports : [],
      createdAt,
    };
  }

  #inspect(container: SimulatedContainer): ObservedContainer {
    const { spec, startedAt, finishedAt, restartPolicy, limits, networkMode } = container;
    return {
      ...this.#summary(container),
      oomKilled: false,
      error: '',
      startedAt,
      finishedAt,
      failingStreak: container.health === 'unhealthy' ? 3 : 0,
      probes:
        container.health === 'healthy' || container.health === 'unhealthy'
          ? [
              {
                startedAt: this.now - 10,
                endedAt: this.now,
                exitCode: container.health === 'healthy' ? 0 : 1,
                output: '',
              },
            ]
          : [],
      restartCount: 0,
      restartPolicy,
      limits,
      bindings: spec.ports,
      mounts: spec.mounts.map((mount) => ({
        type: mount.type === 'file' ? 'bind' : mount.type,
        ...('volume' in mount && mount.type === 'volume' ? { volume: mount.volume } : {}),
        source: '',
        path: mount.path,
        readOnly: false,
      })),
      networkMode,
      attachments: [...container.attachments].map(([network, { networkId, aliases }]) => ({
        network,
        networkId,
        // Docker adds the short id and the host name on its own, at the start.
        aliases: [
          ...aliases,
          ...(container.startedAt === null
            ? []
            : [container.id.slice(0, 12), spec.hostname ?? container.id.slice(0, 12)]),
        ],
        ip: container.state === 'running' ? '10.0.0.2' : '',
      })),
      pid: container.state === 'running' ? 1 : 0,
    };
  }

  /** What one look at the engine tells about a project. */
  observe(project: string): Observed {
    const all = [...this.#containers.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
    return {
      at: this.now,
      all: all.map((one) => this.#summary(one)),
      containers: all
        .filter(({ spec }) => spec.labels[label.project] === project)
        .filter(({ spec }) => spec.labels[label.service] !== undefined)
        .map((one) => this.#inspect(one)),
      networks: [...this.#networks.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1)),
      volumes: [...this.#volumes.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1)),
      images: Object.fromEntries(this.images),
    };
  }
}
