import type { ObservedContainer } from '../../model/observed.ts';
import { formatAge } from '../quantity.ts';

interface Moment {
  /** Unix ms. */
  readonly at: number;
  readonly text: string;
}

/** What a container's own record tells of its life, oldest first. Docker keeps no more than the last of each. */
export function eventLines(
  containers: readonly { readonly label: string; readonly container: ObservedContainer }[],
  now: number,
): string[] {
  return containers
    .flatMap(({ label, container }) => momentsOf(label, container))
    .toSorted((a, b) => a.at - b.at)
    .map(({ at, text }) => `${`${formatAge(Math.max(0, now - at))} ago`.padEnd(12)} ${text}`);
}

function momentsOf(label: string, container: ObservedContainer): Moment[] {
  const { createdAt, startedAt, finishedAt, exitCode, oomKilled, error, state, probes } = container;
  const failing = probes.filter((probe) => probe.exitCode !== 0).at(-1);
  const ended = state === 'exited' || state === 'dead';
  return [
    { at: createdAt, text: `${label} created from ${container.image}` },
    ...(startedAt === null
      ? []
      : [{ at: startedAt, text: `${label} started${timesText(container)}` }]),
    ...(finishedAt === null || !ended
      ? []
      : [
          {
            at: finishedAt,
            text: `${label} exited with ${exitCode}${oomKilled ? ', out of memory' : ''}`,
          },
        ]),
    ...(error === ''
      ? []
      : [{ at: finishedAt ?? createdAt, text: `${label} did not start: ${error}` }]),
    ...(failing === undefined
      ? []
      : [{ at: failing.endedAt, text: `${label} failed its health check (${failing.exitCode})` }]),
  ];
}

const timesText = ({ restartCount }: ObservedContainer): string =>
  restartCount === 0 ? '' : `, restarted ${restartCount} times by Docker`;
