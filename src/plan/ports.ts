import type { PortBinding } from '../model/container.ts';
import type { DesiredPort, PortRange } from '../model/desired.ts';
import { portLabel } from '../model/labels.ts';
import type { Labels } from '../model/labels.ts';
import type { ContainerSummary } from '../model/observed.ts';
import { shortHash } from './short-hash.ts';

/** First port of the range that Linux hands out to outgoing connections unless told otherwise. */
const EPHEMERAL_FROM = 32_768;

/** Host ports that somebody has, whoever it is: `port` → the container's name. */
type TakenPorts = ReadonlyMap<number, string>;

/**
 * Ports that containers hold or will hold when they start: what runs publishes them, what is stopped
 * keeps them in its labels.
 */
export const takenPorts = (containers: readonly ContainerSummary[]): Map<number, string> => {
  const taken = new Map<number, string>();
  for (const container of containers) {
    for (const binding of container.ports) taken.set(binding.host, container.name);
    for (const [key, value] of Object.entries(container.labels)) {
      if (key.startsWith('com.l9.port.')) taken.set(Number(value), container.name);
    }
  }
  return taken;
};

/** The order in which ports of the range are tried: from the key's hash on, those below the ephemeral range first. */
function* portCandidates(range: PortRange, key: string): Generator<number> {
  const spans: PortRange[] =
    range.from < EPHEMERAL_FROM && range.to >= EPHEMERAL_FROM
      ? [
          { from: range.from, to: EPHEMERAL_FROM - 1 },
          { from: EPHEMERAL_FROM, to: range.to },
        ]
      : [range];
  for (const span of spans) {
    const size = span.to - span.from + 1;
    const start = shortHash(key) % size;
    for (let step = 0; step < size; step += 1) yield span.from + ((start + step) % size);
  }
}

export interface PortRequest {
  readonly ports: readonly DesiredPort[];
  readonly range: PortRange;
  /** Labels of the container that has the ports now, so that they stay the same over a recreate. */
  readonly previous: Labels | undefined;
  readonly taken: TakenPorts;
  /** Names of the instance's own containers; what they hold is free for it. */
  readonly own: ReadonlySet<string>;
  /** Ports that were found to be held by a stranger. */
  readonly excluded: ReadonlySet<number>;
  /** Spreads instances over the range: the instance's name. */
  readonly key: string;
}

/** The bindings of one instance, and the names of ports for which the range had no room. */
export const allocatePorts = (
  request: PortRequest,
): {
  readonly bindings: PortBinding[];
  readonly chosen: Map<string, number>;
  readonly exhausted: string[];
} => {
  const bindings: PortBinding[] = [];
  const chosen = new Map<string, number>();
  const exhausted: string[] = [];
  const used = new Set<number>();
  const free = (port: number): boolean => {
    const holder = request.taken.get(port);
    const ownOrNobody = holder === undefined || request.own.has(holder);
    return ownOrNobody && !used.has(port) && !request.excluded.has(port);
  };
  const choose = (port: DesiredPort): number | undefined => {
    const before = Number(request.previous?.[portLabel(port.name)]);
    const inRange = before >= request.range.from && before <= request.range.to;
    if (inRange && free(before)) return before;
    for (const candidate of portCandidates(request.range, `${request.key}/${port.name}`)) {
      if (free(candidate)) return candidate;
    }
    return undefined;
  };
  for (const port of request.ports) {
    if (port.host === null) continue;
    const host = port.host === 'auto' ? choose(port) : port.host;
    if (host === undefined) {
      exhausted.push(port.name);
      continue;
    }
    used.add(host);
    chosen.set(port.name, host);
    bindings.push({
      container: port.container,
      protocol: port.protocol,
      hostIP: port.hostIP,
      host,
    });
  }
  return { bindings, chosen, exhausted };
};
