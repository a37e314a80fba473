import type { ContainerTarget, InstanceForecast, Subject } from '../model/action.ts';
import type { DesiredProject, DesiredService } from '../model/desired.ts';
import type {
  ContainerSummary,
  Observed,
  ObservedContainer,
  ObservedVolume,
} from '../model/observed.ts';
import type { PlanGraph } from './graph.ts';
import type { PlanInput } from './input.ts';
import type { InstanceContainers } from './ownership.ts';

/** Where an instance stands once the plan so far is carried out; those that depend on it build on this. */
export interface InstanceOutcome {
  readonly container: ContainerTarget;
  /** The action after which the container runs; undefined when it runs already. */
  readonly started: string | undefined;
  /** Whether that action gives it a new process. */
  readonly restarted: boolean;
  /** Whether a new container takes the place of the old one. */
  readonly replaced: boolean;
}

/** Look-ups into what is wanted and what was observed, so that planning stays linear. */
export interface SituationIndex {
  /** What is wanted, by name. */
  readonly services: ReadonlyMap<string, DesiredService>;
  /** Every container on the engine. */
  readonly byName: ReadonlyMap<string, ContainerSummary>;
  readonly ownById: ReadonlyMap<string, ObservedContainer>;
  readonly volumes: ReadonlyMap<string, ObservedVolume>;
  /** Who runs on a host port now, whatever the address and protocol. */
  readonly portHolders: ReadonlyMap<number, readonly ContainerSummary[]>;
}

export const indexSituation = (project: DesiredProject, observed: Observed): SituationIndex => {
  const portHolders = new Map<number, ContainerSummary[]>();
  for (const container of observed.all) {
    for (const { host } of container.ports) {
      const holders = portHolders.get(host) ?? [];
      if (!holders.includes(container)) portHolders.set(host, [...holders, container]);
    }
  }
  return {
    services: new Map(project.services.map((service) => [service.name, service])),
    byName: new Map(observed.all.map((container) => [container.name, container])),
    ownById: new Map(observed.containers.map((container) => [container.id, container])),
    volumes: new Map(observed.volumes.map((volume) => [volume.name, volume])),
    portHolders,
  };
};

/** What the parts of one planning pass share. */
export interface PlanContext {
  readonly input: PlanInput;
  readonly project: DesiredProject;
  readonly observed: Observed;
  readonly index: SituationIndex;
  readonly graph: PlanGraph;
  /** The project's own containers by service, then instance number. */
  readonly groups: ReadonlyMap<string, ReadonlyMap<number, InstanceContainers>>;
  /** By service; filled in dependency order. */
  readonly forecasts: Map<string, InstanceForecast[]>;
  /** Grows while ports are chosen. */
  readonly ports: Map<number, string>;
  /** By `service`, then instance number; filled in dependency order. */
  readonly outcomes: Map<string, Map<number, InstanceOutcome>>;
  /** Networks and volumes (`network/<engine name>`) that stand in nobody's plan to use: foreign, or missing for good. */
  readonly obstructed: Set<string>;
  /** Ids of actions that create what a container needs before it: networks, volumes, images, by their name. */
  readonly provided: Map<string, string>;
}

export const serviceSubject = (name: string, instance?: number): Subject =>
  instance === undefined ? { kind: 'service', name } : { kind: 'service', name, instance };
