import { defaults } from '../../model/defaults.ts';
import type { ServiceSpec } from '../../model/documents.ts';
import { parseDuration } from '../quantities.ts';
import { at, type CheckContext, type CheckedService } from './context.ts';
import { knownCheck } from './known-checks.ts';
import { holdsCredentials, looksSecret } from '../secret-names.ts';

/** What is allowed and will be regretted. */
export function warnAbout(context: CheckContext): void {
  for (const service of context.services) {
    // What it lacks may be what was wrong with it.
    if (service.partial) continue;
    warnHealth(service, context);
    warnMemory(service, context);
    warnSecrets(service, context);
  }
  warnEarly(context);
}

/** Milliseconds that a failure may take to be seen. */
const slow = 60_000;

function warnHealth(service: CheckedService, context: CheckContext): void {
  const { name, spec } = service.document;
  const check = spec.healthcheck;
  const restart = spec.restart ?? context.defaultsOf(service.project).restart;
  if (check === undefined) {
    // A one-shot service is judged by how it ends.
    if (restart === 'never') return;
    context.report.warn('NoHealthcheck', at(service, ['metadata', 'name']), {
      message: `${name} has no health check: unless its image brings one, a hung process counts as healthy`,
      hint: suggestionFor(spec),
    });
    return;
  }
  if (check.disable === true) return;
  const set = { ...defaults.HealthcheckSpec, ...check };
  const interval = parseDuration(set.interval) ?? 0;
  const timeout = parseDuration(set.timeout) ?? 0;
  const detection = set.retries * (interval + timeout);
  if (detection <= slow) return;
  context.report.warn('SlowDetection', at(service, ['spec', 'healthcheck'], 'key'), {
    message: `a hung ${name} would be noticed after ${Math.round(detection / 1000)} s: ${set.retries} retries of ${set.interval} + ${set.timeout}`,
    hint: `lower interval, timeout or retries; ${defaults.HealthcheckSpec.retries} × (${defaults.HealthcheckSpec.interval} + ${defaults.HealthcheckSpec.timeout}) is the default`,
  });
}

function suggestionFor(spec: ServiceSpec): string {
  const check = spec.image === undefined ? undefined : knownCheck(spec.image);
  if (check !== undefined) return `add to spec:\n${check}`;
  const [port] = spec.ports ?? [];
  if (port === undefined) return 'add healthcheck: { exec: [COMMAND] } to spec';
  return `add to spec:\nhealthcheck:\n  tcp: { port: ${port.name ?? port.container} }`;
}

function warnMemory(service: CheckedService, context: CheckContext): void {
  const { name, spec } = service.document;
  const shared = context.defaultsOf(service.project).resources?.memory;
  if (spec.resources?.memory !== undefined || shared !== undefined) return;
  context.report.warn('NoMemoryLimit', at(service, ['metadata', 'name']), {
    message: `${name} has no memory limit: a leak would take the whole machine down`,
    hint: 'add to spec:\nresources: { memory: 512Mi }',
  });
}

function warnSecrets(service: CheckedService, context: CheckContext): void {
  const { name, spec } = service.document;
  for (const [variable, value] of Object.entries(spec.env ?? {})) {
    if (typeof value !== 'string' || value === '') continue;
    const bare = looksSecret(variable);
    if (!bare && !holdsCredentials(value)) continue;
    const secret = variable
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, '-')
      .slice(0, 40);
    context.report.warn('SecretInEnv', at(service, ['spec', 'env', variable], 'key'), {
      message: `${name}: ${variable} ${bare ? 'looks like a secret' : 'holds a password'} and is recorded in clear`,
      hint: `write ${variable}: { secret: ${secret} } and add a Secret ${secret}, or mount it`,
      confidential: true,
    });
  }
}

/** Fields that are kept in the record for later versions. */
function warnEarly({ resolved, report }: CheckContext): void {
  for (const one of resolved) {
    const { document } = one;
    if (document.kind === 'Project' && document.spec.notify !== undefined) {
      report.warn('NotYetEffective', at(one, ['spec', 'notify'], 'key'), {
        message: 'notify is kept, but this version of l9 sends nothing yet',
        hint: 'watch the project with l9 get meanwhile',
      });
    }
    if (document.kind === 'Environment') {
      report.warn('NotYetEffective', at(one, ['metadata', 'name']), {
        message: `the Environment ${document.name} is kept, but this version of l9 makes no copies yet`,
        hint: 'apply the project under another name meanwhile: l9 apply --project-name NAME',
      });
    }
  }
}
