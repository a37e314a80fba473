import type { HealthcheckSpec, RecoverySpec, ResourcesSpec } from '../../model/documents.ts';
import type { Path, Place } from '../node.ts';
import { parseDuration, parseSize } from '../quantities.ts';
import type { ResolvedDraft } from '../resolve.ts';
import { at, type CheckContext, type CheckedService } from './context.ts';

/** Values that are well-formed and still make no sense, alone or together. */
export function checkFields(context: CheckContext): void {
  for (const one of context.resolved) {
    const { document } = one;
    if (document.kind === 'Project') {
      checkRange(one, document.spec.ports?.range, context);
      checkPool(one, document.spec.subnetPool, context);
      const base = ['spec', 'defaults'];
      checkResources(one, document.spec.defaults?.resources, [...base, 'resources'], context);
      checkRecovery(one, document.spec.defaults?.recovery, [...base, 'recovery'], context);
    }
  }
  for (const service of context.services) {
    const { spec } = service.document;
    checkResources(service, spec.resources, ['spec', 'resources'], context);
    checkRecovery(service, spec.recovery, ['spec', 'recovery'], context);
    checkHealth(service, spec.healthcheck, context);
    checkUlimits(service, context);
    checkConditions(service, context);
  }
}

function invalid(
  context: CheckContext,
  where: { readonly one: ResolvedDraft; readonly path: Path },
  finding: { readonly message: string; readonly hint: string },
): void {
  context.report.error('InvalidValue', at(where.one, where.path), finding);
}

function checkRange(one: ResolvedDraft, range: string | undefined, context: CheckContext): void {
  const [from = 1, to = 65535] = range?.split('-').map(Number) ?? [];
  if (from >= 1 && from <= to && to <= 65535) return;
  invalid(
    context,
    { one, path: ['spec', 'ports', 'range'] },
    {
      message: `${range} is no range of ports`,
      hint: 'write the lower number first, both from 1 to 65535, such as 30000-40000',
    },
  );
}

function checkPool(
  one: ResolvedDraft,
  pool: { readonly cidr?: string; readonly size?: number } | undefined,
  context: CheckContext,
): void {
  const prefix = Number(pool?.cidr?.split('/')[1] ?? 14);
  const size = pool?.size ?? 24;
  if (size >= prefix) return;
  invalid(
    context,
    { one, path: ['spec', 'subnetPool', pool?.size === undefined ? 'cidr' : 'size'] },
    {
      message: `subnets of /${size} do not fit into a pool of /${prefix}`,
      hint: 'the size is a prefix length, so a larger number is a smaller subnet',
    },
  );
}

/** The engine refuses less. */
const leastMemory = 6 * 1024 * 1024;

// oxlint-disable-next-line max-params -- a value, where it stands, and who listens
function checkResources(
  one: ResolvedDraft,
  resources: ResourcesSpec | undefined,
  path: Path,
  context: CheckContext,
): void {
  const memory = resources?.memory === undefined ? undefined : parseSize(resources.memory);
  const reservation =
    resources?.memoryReservation === undefined ? undefined : parseSize(resources.memoryReservation);
  if (memory !== undefined && memory < leastMemory) {
    const message = `the memory limit ${resources?.memory} is below the 6 MiB that Docker demands`;
    invalid(context, { one, path: [...path, 'memory'] }, { message, hint: 'did you mean 512Mi?' });
  } else if (memory !== undefined && reservation !== undefined && reservation > memory) {
    const message = `the reservation ${resources?.memoryReservation} is above the limit ${resources?.memory}`;
    const hint = 'make the reservation smaller than the limit';
    invalid(context, { one, path: [...path, 'memoryReservation'] }, { message, hint });
  }
}

// oxlint-disable-next-line max-params -- a value, where it stands, and who listens
function checkRecovery(
  one: ResolvedDraft,
  recovery: RecoverySpec | undefined,
  path: Path,
  context: CheckContext,
): void {
  const initial = parseDuration(recovery?.backoff?.initial ?? '1s') ?? 0;
  const max = parseDuration(recovery?.backoff?.max ?? '60s') ?? 0;
  if (initial <= max) return;
  const message = `the first pause (${initial / 1000} s) is longer than the longest (${max / 1000} s)`;
  const hint = 'raise backoff.max, or lower backoff.initial';
  const field = recovery?.backoff?.initial === undefined ? 'max' : 'initial';
  invalid(context, { one, path: [...path, 'backoff', field] }, { message, hint });
}

function checkHealth(
  service: CheckedService,
  check: HealthcheckSpec | undefined,
  context: CheckContext,
): void {
  for (const field of ['interval', 'timeout'] as const) {
    const written = check?.[field];
    // The engine refuses less than a millisecond.
    if (written === undefined || (parseDuration(written) ?? 0) >= 1) continue;
    const message = `${field} ${written} is shorter than a millisecond`;
    const hint = 'write for example 10s';
    invalid(context, { one: service, path: ['spec', 'healthcheck', field] }, { message, hint });
  }
}

function checkUlimits(service: CheckedService, context: CheckContext): void {
  for (const [name, limit] of Object.entries(service.document.spec.ulimits ?? {})) {
    if (typeof limit === 'number' || limit.hard === -1) continue;
    if (limit.soft !== -1 && limit.soft <= limit.hard) continue;
    const message = `the soft limit of ${name} is above the hard one`;
    const hint = 'the hard limit is the highest that the soft one may become';
    invalid(context, { one: service, path: ['spec', 'ulimits', name] }, { message, hint });
  }
}

/** Conditions that never come about, or by luck only. */
function checkConditions(service: CheckedService, context: CheckContext): void {
  for (const [name, dependency] of Object.entries(service.document.spec.dependsOn ?? {})) {
    const condition =
      typeof dependency === 'string' ? dependency : (dependency.condition ?? 'healthy');
    const other = context.serviceNamed(service.project, name);
    if (other === undefined || other.partial) continue;
    const { restart } = context.defaultsOf(other.project);
    const policy = other.document.spec.restart ?? restart ?? 'always';
    const known = other.document.spec.restart !== undefined || other.project.draft !== undefined;
    const place = (): Place => at(service, ['spec', 'dependsOn', name]);
    if (condition === 'completed' && policy === 'always' && known) {
      context.report.error('DependencyNeverHolds', place(), {
        message: `${service.document.name} waits for the completion of ${name}, which is always restarted`,
        hint: `give ${name} restart: never, or wait for healthy`,
      });
    } else if (condition === 'healthy' && policy === 'never') {
      context.report.warn('DependencyNeverHolds', place(), {
        message: `${service.document.name} waits for ${name} to be healthy, but that is a one-shot service (restart: never), which may have ended by then`,
        hint: `wait for completed`,
      });
    }
  }
}
