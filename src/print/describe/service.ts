import type { ServiceDocument } from '../../model/documents.ts';
import type { ObservedContainer } from '../../model/observed.ts';
import type {
  Condition,
  InstanceStatus,
  ProjectView,
  ServiceResource,
} from '../../model/status.ts';
import { formatSince } from '../quantity.ts';
import { formatPort, paintPhase } from '../resources/service-row.ts';
import { sanitise } from '../sanitise.ts';
import { formatTable } from '../table.ts';
import type { Palette } from '../terminal.ts';
import { withoutColours } from '../width.ts';
import { eventLines } from './events.ts';
import { facts, section } from './sheet.ts';
import { specLines } from './spec.ts';

export interface DescribeOptions {
  readonly palette: Palette;
  readonly width: number;
  /** Unix ms. */
  readonly now: number;
  /** Inspected containers by id. */
  readonly containers: ReadonlyMap<string, ObservedContainer>;
}

/** Everything that is known of a service, for one screen. */
export function describeService(
  service: ServiceResource,
  view: ProjectView,
  options: DescribeOptions,
): string[] {
  const { metadata, status } = service;
  const { palette, now, containers } = options;
  const inspected = status.instances.flatMap((instance) => {
    const container = containers.get(instance.containerId ?? '');
    return container === undefined ? [] : [{ label: instance.name, container }];
  });
  return [
    ...facts([
      ['Service', metadata.name],
      ['Project', metadata.project],
      ['Phase', `${status.phase}, ${status.ready} of ${status.replicas} ready`],
      ['Generation', `${status.observedGeneration} of ${view.project.status.generation}`],
      ['Labels', labelText(metadata.labels)],
    ]).map((line, index) => (index === 2 ? paintPhase(palette, status.phase)(line) : line)),
    ...section('Specification', specLines(service.spec), palette),
    ...section('Conditions', conditionLines(status.conditions, options), palette),
    ...status.instances.flatMap((instance) =>
      section(
        `Instance ${instance.name}`,
        instanceLines(instance, containers.get(instance.containerId ?? ''), now),
        palette,
      ),
    ),
    ...section('Dependencies', dependencyLines(service, view), palette),
    ...section('Events', eventLines(inspected, now).map(sanitise), palette),
  ];
}

export const labelText = (labels: Readonly<Record<string, string>>): string =>
  Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(', ');

export function conditionLines(
  conditions: readonly Condition[],
  { width, now }: Pick<DescribeOptions, 'width' | 'now'>,
): string[] {
  return formatTable<Condition>(
    [
      { title: 'TYPE', value: ({ type }) => type },
      { title: 'STATUS', value: ({ status }) => status },
      { title: 'FOR', value: ({ lastTransitionTime }) => formatSince(lastTransitionTime, now) },
      { title: 'REASON', value: ({ reason }) => reason },
      { title: 'MESSAGE', value: ({ message }) => message, shrinks: true },
    ],
    conditions,
    { width: width - 2 },
  );
}

function instanceLines(
  instance: InstanceStatus,
  container: ObservedContainer | undefined,
  now: number,
): string[] {
  const { state, reason, message, health, restarts, recoveries, ports, image } = instance;
  const because = [reason, message].filter((text) => text !== '').join(': ');
  return [
    ...facts([
      ['State', `${state}${because === '' ? '' : ` (${because})`}`],
      ['Health', health],
      ['Restarts', `${restarts} by Docker, ${recoveries} recoveries by l9`],
      ['Up', formatSince(container?.state === 'running' ? instance.startedAt : null, now)],
      ['Container', instance.containerId?.slice(0, 12) ?? 'none'],
      ['Image', image],
      ['Ports', ports.map((port) => `${port.name} ${formatPort(port)}`).join(', ')],
      ['Addresses', addressText(container)],
    ]),
    ...probeLines(container, now),
  ];
}

const addressText = (container: ObservedContainer | undefined): string =>
  (container?.attachments ?? [])
    .filter(({ ip }) => ip !== '')
    .map(({ network, ip }) => `${ip} on ${network}`)
    .join(', ');

const probeLinesShown = 5;

function probeLines(container: ObservedContainer | undefined, now: number): string[] {
  const last = container?.probes.at(-1);
  if (container === undefined || last === undefined) return [];
  const age = formatSince(new Date(last.endedAt).toISOString(), now);
  const streak =
    container.failingStreak === 0 ? '' : `, ${container.failingStreak} failures in a row`;
  const output = withoutColours(last.output).trimEnd().split('\n').slice(-probeLinesShown);
  return [
    `Last health check: exit ${last.exitCode}, ${age} ago${streak}`,
    ...output.filter((line) => line !== '').map((line) => `  | ${sanitise(line)}`),
  ];
}

function dependencyLines(service: ServiceResource, view: ProjectView): string[] {
  const { name } = service.metadata;
  const documents = view.documents.filter((one) => one.kind === 'Service');
  const own = documents.find((one) => one.name === name);
  const phaseOf = (other: string): string =>
    view.services.find(({ metadata }) => metadata.name === other)?.status.phase ?? 'elsewhere';
  const needs = Object.entries(own?.spec.dependsOn ?? {}).map(
    ([other, wish]) => `needs ${other} ${conditionOf(wish)} (${phaseOf(other)})`,
  );
  const neededBy = documents
    .filter(({ spec }) => Object.hasOwn(spec.dependsOn ?? {}, name))
    .map((one) => `${one.name} needs it`);
  return [...needs, ...neededBy];
}

type Wish = NonNullable<ServiceDocument['spec']['dependsOn']>[string];

const conditionOf = (wish: Wish): string =>
  typeof wish === 'string' ? wish : (wish.condition ?? 'started');
