import type { Path } from '../node.ts';
import { at, type CheckContext, type CheckedService } from './context.ts';

interface Edge {
  readonly to: string;
  /** Where the edge is written. */
  readonly path: Path;
}

/** Services that wait for each other. Each circle is printed once, from its first service by name. */
export function checkCircles({ services, report }: CheckContext): void {
  const byId = new Map(services.map((service) => [idOf(service), service]));
  const edges = withoutEnds(new Map([...byId].map(([id, service]) => [id, edgesOf(service)])));
  const reported = new Set<string>();
  for (const start of [...edges.keys()].toSorted()) {
    if (reported.has(start)) continue;
    const circle = shortestCircle(start, edges);
    const service = byId.get(start);
    const first = edges.get(start)?.find((edge) => edge.to === circle?.[1]);
    if (circle === undefined || service === undefined || first === undefined) continue;
    for (const id of circle) reported.add(id);
    const ownProject = `${service.document.project}/`;
    const short = circle.every((id) => id.startsWith(ownProject));
    const names = circle.map((id) => (short ? id.slice(ownProject.length) : id));
    report.error('CircularDependency', at(service, first.path, 'key'), {
      message:
        names.length === 2
          ? `${names[0]} depends on itself`
          : `services wait for each other: ${shortened(names).join(' -> ')}`,
      hint: 'none of them could start first: take one of these dependencies out',
    });
  }
}

const idOf = (service: CheckedService): string =>
  `${service.document.project}/${service.document.name}`;

function edgesOf({ document }: CheckedService): readonly Edge[] {
  const { dependsOn = {}, networkMode } = document.spec;
  const qualify = (name: string): string =>
    name.includes('/') ? name : `${document.project}/${name}`;
  const edges: Edge[] = Object.keys(dependsOn).map((name) => ({
    to: qualify(name),
    path: ['spec', 'dependsOn', name],
  }));
  if (networkMode?.startsWith('service:') === true) {
    edges.push({
      to: qualify(networkMode.slice('service:'.length)),
      path: ['spec', 'networkMode'],
    });
  }
  return edges;
}

/** A circle of hundreds is no line to read. */
const shortened = (names: readonly string[]): readonly string[] =>
  names.length > 20 ? [...names.slice(0, 10), '…', ...names.slice(-3)] : names;

/**
 * The graph without the services that cannot be in a circle, since they wait for none of the others,
 * again and again until all that is left waits for something that is left.
 */
function withoutEnds(graph: ReadonlyMap<string, readonly Edge[]>): Map<string, readonly Edge[]> {
  const waiting = new Map<string, string[]>();
  const counts = new Map<string, number>();
  for (const [id, edges] of graph) {
    const known = edges.filter((edge) => graph.has(edge.to));
    counts.set(id, known.length);
    for (const { to } of known) {
      const others = waiting.get(to);
      if (others === undefined) waiting.set(to, [id]);
      else others.push(id);
    }
  }
  const ends = [...graph.keys()].filter((id) => counts.get(id) === 0);
  const gone = new Set<string>();
  for (const end of ends) {
    gone.add(end);
    for (const id of waiting.get(end) ?? []) {
      const count = (counts.get(id) ?? 0) - 1;
      counts.set(id, count);
      if (count === 0) ends.push(id);
    }
  }
  const left = [...graph].filter(([id]) => !gone.has(id));
  return new Map(
    left.map(([id, edges]) => [id, edges.filter(({ to }) => graph.has(to) && !gone.has(to))]),
  );
}

/** Breadth first from `start` back to itself: [start, …, start]. */
function shortestCircle(
  start: string,
  edges: ReadonlyMap<string, readonly Edge[]>,
): readonly string[] | undefined {
  const from = new Map<string, string>();
  const queue = [start];
  for (const current of queue) {
    for (const { to } of edges.get(current) ?? []) {
      if (to === start) return pathTo(current, start, from);
      if (from.has(to)) continue;
      from.set(to, current);
      queue.push(to);
    }
  }
  return undefined;
}

function pathTo(end: string, start: string, from: ReadonlyMap<string, string>): readonly string[] {
  const path = [start];
  let current: string | undefined = end;
  while (current !== undefined && current !== start) {
    path.unshift(current);
    current = from.get(current);
  }
  return [start, ...path];
}
