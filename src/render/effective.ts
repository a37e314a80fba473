import type { DefaultsSpec, ServiceSpec } from '../model/documents.ts';

/** Both objects in one, the second before the first; undefined where there is neither. */
const merged = <T extends object>(base: T | undefined, over: T | undefined): T | undefined =>
  base === undefined ? over : { ...base, ...over };

/**
 * A service's spec with what the project says for all of its services filled in, field by field. What
 * comes out was still written by somebody: l9's own defaults are not in it.
 */
export const withProjectDefaults = (
  spec: ServiceSpec,
  defaults: DefaultsSpec | undefined,
): ServiceSpec => {
  if (defaults === undefined) return spec;
  const restart = spec.restart ?? defaults.restart;
  const recovery = merged(defaults.recovery, spec.recovery);
  const backoff = merged(defaults.recovery?.backoff, spec.recovery?.backoff);
  const resources = merged(defaults.resources, spec.resources);
  const logging = merged(defaults.logging, spec.logging);
  const update = merged(defaults.update, spec.update);
  const stop = merged(defaults.stop, spec.stop);
  return {
    ...spec,
    ...(restart === undefined ? {} : { restart }),
    ...(recovery === undefined
      ? {}
      : { recovery: backoff === undefined ? recovery : { ...recovery, backoff } }),
    ...(resources === undefined ? {} : { resources }),
    ...(logging === undefined ? {} : { logging }),
    ...(update === undefined ? {} : { update }),
    ...(stop === undefined ? {} : { stop }),
  };
};
