import type { DesiredService } from '../model/desired.ts';

/** Names of the services of the same project that must come before `service`, sorted. */
const predecessors = (service: DesiredService): string[] => {
  const names = new Set<string>();
  for (const dependency of service.dependsOn) {
    if (dependency.project === service.project) names.add(dependency.service);
  }
  if (service.networking.mode === 'service') names.add(service.networking.service);
  return [...names].toSorted();
};

/** Dependencies first; among equals critical ones first, then by name. */
export const inDependencyOrder = (services: readonly DesiredService[]): DesiredService[] => {
  const byName = new Map(services.map((service) => [service.name, service]));
  const result: DesiredService[] = [];
  const seen = new Set<string>();
  const visit = (service: DesiredService): void => {
    if (seen.has(service.name)) return;
    seen.add(service.name);
    for (const name of predecessors(service)) {
      const before = byName.get(name);
      if (before !== undefined) visit(before);
    }
    result.push(service);
  };
  const starts = services.toSorted(
    (a, b) => Number(b.critical) - Number(a.critical) || (a.name < b.name ? -1 : 1),
  );
  for (const service of starts) visit(service);
  return result;
};

/** The named services and everything that they depend on. */
export const withDependencies = (
  services: readonly DesiredService[],
  names: ReadonlySet<string>,
): Set<string> => {
  const byName = new Map(services.map((service) => [service.name, service]));
  const result = new Set<string>();
  const visit = (name: string): void => {
    const service = byName.get(name);
    if (service === undefined || result.has(name)) return;
    result.add(name);
    for (const before of predecessors(service)) visit(before);
  };
  for (const name of names) visit(name);
  return result;
};

/** The named services and everything that needs them, directly or not. */
export const withDependents = (
  services: readonly DesiredService[],
  names: ReadonlySet<string>,
): Set<string> => {
  const result = new Set(names);
  for (const service of inDependencyOrder(services)) {
    if (predecessors(service).some((name) => result.has(name))) result.add(service.name);
  }
  return result;
};

/** The services that directly depend on `name`, sorted. */
export const dependentsOf = (services: readonly DesiredService[], name: string): string[] =>
  services
    .filter((service) => predecessors(service).includes(name))
    .map((service) => service.name)
    .toSorted();
