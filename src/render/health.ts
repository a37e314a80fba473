import type { ExecHealthcheck } from '../model/container.ts';
import { defaults, engineHealthTiming } from '../model/defaults.ts';
import type { ActiveCheck, HealthTiming } from '../model/desired.ts';
import type { HealthcheckSpec, ServiceSpec } from '../model/documents.ts';
import { L9Error } from '../model/errors.ts';
import { milliseconds } from './measures.ts';
import { portNames } from './shapes.ts';

export interface RenderedHealth {
  /** What Docker runs; absent leaves the image's own check in place. */
  readonly healthcheck?: ExecHealthcheck;
  /** What l9 runs. */
  readonly activeCheck?: ActiveCheck;
  readonly healthTiming: HealthTiming | null;
}

const timingOf = (check: HealthcheckSpec): HealthTiming => {
  const set = { ...defaults.HealthcheckSpec, ...check };
  return {
    intervalMs: milliseconds(set.interval),
    timeoutMs: milliseconds(set.timeout),
    retries: set.retries,
    startPeriodMs: milliseconds(set.startPeriod),
  };
};

/** A container port, given by its number or by the name of one of the service's ports. */
const containerPort = (spec: ServiceSpec, port: number | string): number => {
  if (typeof port === 'number') return port;
  const ports = spec.ports ?? [];
  const found = ports[portNames(ports).indexOf(port)];
  if (found === undefined) {
    throw new L9Error(
      'RecordUnreadable',
      `the health check names the port ${port}, which is none`,
      {
        hint: 'Add it to the service’s ports, or give its number.',
      },
    );
  }
  return found.container;
};

/** The shell of the image runs a text; a list is run as it is. */
const dockerTest = (exec: string | readonly string[]): string[] =>
  typeof exec === 'string' ? ['CMD-SHELL', exec] : ['CMD', ...exec];

/**
 * Who checks a service, and how fast. A check that l9 makes leaves the image's own in place, because
 * http and tcp checks come and go without a new container; while there is one, it alone counts.
 */
export const renderHealth = (spec: ServiceSpec, imageHasCheck: boolean): RenderedHealth => {
  const check = spec.healthcheck;
  if (check === undefined) return { healthTiming: imageHasCheck ? engineHealthTiming : null };
  if (check.disable === true) return { healthcheck: { disable: true }, healthTiming: null };
  const healthTiming = timingOf(check);
  if (check.http !== undefined) {
    return {
      activeCheck: {
        type: 'http',
        port: containerPort(spec, check.http.port),
        path: check.http.path ?? defaults.HttpCheckSpec.path,
        status: check.http.status ?? null,
      },
      healthTiming,
    };
  }
  if (check.tcp !== undefined) {
    return {
      activeCheck: { type: 'tcp', port: containerPort(spec, check.tcp.port) },
      healthTiming,
    };
  }
  if (check.exec === undefined) return { healthTiming: imageHasCheck ? engineHealthTiming : null };
  return { healthcheck: { test: dockerTest(check.exec), ...healthTiming }, healthTiming };
};
