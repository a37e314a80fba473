import type { DesiredProject } from '../model/desired.ts';
import type { AppRecord } from '../model/record.ts';
import type { Condition, Phase, ProjectStatus, ServiceResource } from '../model/status.ts';
import type { Guardian } from '../plan/instance-spec.ts';

/** Phases in which a service does what it should, and needs nobody. */
const WELL: ReadonlySet<Phase> = new Set(['Ready', 'Completed', 'Stopped']);

/** The grave ones first. A failed service that is not critical leaves the project degraded, no worse. */
const phaseOfServices = (
  services: readonly ServiceResource[],
  critical: ReadonlySet<string>,
): Phase => {
  const phases = services.map((service) => service.status.phase);
  const all = (phase: Phase): boolean => phases.length > 0 && phases.every((one) => one === phase);
  const failed = services.filter((service) => service.status.phase === 'Failed');
  if (all('Failed') || failed.some((service) => critical.has(service.metadata.name))) {
    return 'Failed';
  }
  if (failed.length > 0 || phases.includes('Degraded')) return 'Degraded';
  if (all('Pending')) return 'Pending';
  if (phases.some((phase) => !WELL.has(phase))) return 'Progressing';
  if (all('Stopped')) return 'Stopped';
  return phases.length > 0 && !phases.includes('Ready') ? 'Completed' : 'Ready';
};

const list = (names: readonly string[]): string => names.join(', ');

const conditionsOf = (phase: Phase, services: readonly ServiceResource[]): Condition[] => {
  const waiting = services.filter(({ status }) => !WELL.has(status.phase));
  const names = waiting.map(({ metadata, status }) => `${metadata.name} (${status.phase})`);
  const ready = phase !== 'Paused' && waiting.length === 0 && phase !== 'Stopped';
  const conditions: Condition[] = [
    {
      type: 'Ready',
      status: ready ? 'True' : 'False',
      reason: ready ? 'ServicesReady' : phase,
      message:
        names.length === 0
          ? `${services.length} services are as wanted`
          : `not ready: ${list(names)}`,
      lastTransitionTime: null,
    },
    {
      type: 'Progressing',
      status: phase === 'Progressing' || phase === 'Pending' ? 'True' : 'False',
      reason: phase,
      message: names.length === 0 ? 'nothing is under way' : list(names),
      lastTransitionTime: null,
    },
  ];
  if (phase === 'Paused') {
    conditions.push({
      type: 'Paused',
      status: 'True',
      reason: 'Asked',
      message: 'l9 leaves the project alone until l9 start',
      lastTransitionTime: null,
    });
  }
  return conditions;
};

/** How a project stands, from how its services stand. */
export const projectStatus = (
  services: readonly ServiceResource[],
  applied: {
    readonly record: AppRecord;
    readonly desired: DesiredProject;
    readonly guardian: Guardian;
  },
): ProjectStatus => {
  const { record, desired, guardian } = applied;
  const critical = new Set(desired.services.filter((one) => one.critical).map((one) => one.name));
  const byServices = record.deleting ? 'Progressing' : phaseOfServices(services, critical);
  const phase = desired.paused ? 'Paused' : byServices;
  return {
    phase,
    conditions: conditionsOf(phase, services),
    services: services.length,
    ready: services.filter(({ status }) => status.phase === 'Ready' || status.phase === 'Completed')
      .length,
    generation: record.current.generation,
    path: record.path,
    guardian,
  };
};
