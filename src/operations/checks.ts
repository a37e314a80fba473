import type { DesiredService } from '../model/desired.ts';
import { label } from '../model/labels.ts';
import type { ObservedContainer } from '../model/observed.ts';
import { probe } from '../probe/probe.ts';
import type { Context } from './contract.ts';
import type { Memory, Situation } from './situation.ts';

/** Results that are kept per container; no threshold looks further back. */
const KEPT = 20;
/** While nothing has succeeded yet, checks come this often: nobody gains from a service that waits. */
const EAGER_MS = 500;

interface Check {
  readonly service: DesiredService;
  readonly container: ObservedContainer;
}

const isDue = ({ service, container }: Check, memory: Memory, now: number): boolean => {
  if (service.activeCheck === undefined || container.state !== 'running') return false;
  const results = memory.probes.get(container.id) ?? [];
  const last = results.at(-1);
  if (last === undefined) return true;
  const intervalMs = service.healthTiming?.intervalMs ?? 1_000;
  const succeeded = results.some((result) => result.ok);
  return now - last.at >= (succeeded ? intervalMs : Math.min(intervalMs, EAGER_MS));
};

/** Makes the http and tcp checks of a project that are due, all at once, and remembers their results. */
export const runChecks = async (
  context: Context,
  situation: Situation,
  memory: Memory,
): Promise<void> => {
  const services = new Map(situation.desired.services.map((service) => [service.name, service]));
  const due = situation.observed.containers.flatMap((container) => {
    const service = services.get(container.labels[label.service] ?? '');
    return service !== undefined && isDue({ service, container }, memory, context.clock.now())
      ? [{ service, container }]
      : [];
  });
  await Promise.all(
    due.map(async ({ service, container }) => {
      if (service.activeCheck === undefined) return;
      const answer = await probe(
        service.activeCheck,
        container,
        service.healthTiming?.timeoutMs ?? 3_000,
      );
      const results = memory.probes.get(container.id) ?? [];
      results.push({ at: context.clock.now(), ...answer });
      memory.probes.set(container.id, results.slice(-KEPT));
    }),
  );
};
