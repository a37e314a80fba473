import type { InstanceStatus, Phase, PublishedPort, ServiceResource } from '../../model/status.ts';
import { formatSince } from '../quantity.ts';
import type { Column } from '../table.ts';
import type { Palette } from '../terminal.ts';

/** The columns of a list of services. `now` is Unix ms. */
export function serviceColumns(palette: Palette, now: number): Column<ServiceResource>[] {
  return [
    { title: 'NAME', value: ({ metadata }) => metadata.name },
    {
      title: 'PHASE',
      value: ({ status }) => status.phase,
      paint: (text, { status }) => paintPhase(palette, status.phase)(text),
    },
    { title: 'READY', value: ({ status }) => `${status.ready}/${status.replicas}` },
    { title: 'HEALTH', value: ({ status }) => healthOf(status.instances) },
    { title: 'RESTARTS', value: ({ status }) => String(restartsOf(status.instances)) },
    {
      title: 'PORTS',
      value: ({ status }) =>
        status.instances.flatMap(({ ports }) => ports.map(formatPort)).join(', '),
      shrinks: true,
    },
    { title: 'AGE', value: ({ status }) => formatSince(oldestStart(status.instances), now) },
    {
      title: 'IMAGE',
      value: ({ status }) => [...new Set(status.instances.map(({ image }) => image))].join(', '),
      wide: true,
      shrinks: true,
    },
    { title: 'GENERATION', value: ({ status }) => String(status.observedGeneration), wide: true },
    { title: 'MESSAGE', value: messageOf, wide: true, shrinks: true },
  ];
}

const phaseColours: Readonly<Record<Phase, 'green' | 'yellow' | 'red' | 'cyan' | 'dim'>> = {
  Pending: 'cyan',
  Progressing: 'cyan',
  Ready: 'green',
  Degraded: 'red',
  Failed: 'red',
  Completed: 'green',
  Stopped: 'dim',
  Paused: 'yellow',
  Unrecorded: 'yellow',
};

export const paintPhase = (palette: Palette, phase: Phase): ((text: string) => string) =>
  palette[phaseColours[phase]];

/** `healthy`, or how many are in which state when they differ: `2 healthy, 1 starting`. */
export function healthOf(instances: readonly InstanceStatus[]): string {
  const counts = new Map<string, number>();
  for (const { health, state } of instances) {
    const word =
      state === 'healthy' || state === 'unhealthy' || state === 'starting' ? health : state;
    counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  const [only] = counts.keys();
  if (counts.size === 1 && only !== undefined) return only;
  return [...counts].map(([word, number]) => `${number} ${word}`).join(', ');
}

const restartsOf = (instances: readonly InstanceStatus[]): number =>
  instances.reduce((sum, { restarts, recoveries }) => sum + restarts + recoveries, 0);

function oldestStart(instances: readonly InstanceStatus[]): string | undefined {
  const starts = instances.map(({ startedAt }) => startedAt).filter((time) => time !== null);
  return starts.toSorted()[0];
}

/** `127.0.0.1:30001->6379/tcp`. */
export const formatPort = (port: PublishedPort): string =>
  `${hostAddress(port.hostIP)}:${port.host}->${port.container}/${port.protocol}`;

export const hostAddress = (ip: string): string => (ip.includes(':') ? `[${ip}]` : ip);

/** Why it is not ready: the message of the condition that says so. */
export function messageOf({ status }: ServiceResource): string {
  const ready = status.conditions.find(({ type }) => type === 'Ready');
  if (ready === undefined || ready.status === 'True') return '';
  return ready.message === '' ? ready.reason : ready.message;
}
