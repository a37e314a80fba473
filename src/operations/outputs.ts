import type { InstanceStatus, PublishedPort } from '../model/status.ts';

/** Addresses that mean every address of the host, or only this machine. */
const HERE: ReadonlySet<string> = new Set(['', '0.0.0.0', '::', '127.0.0.1', 'localhost']);

/** The host under which somebody on this machine reaches a published port. */
export const reachableHost = (hostIP: string): string => {
  if (HERE.has(hostIP)) return '127.0.0.1';
  return hostIP.includes(':') ? `[${hostIP}]` : hostIP;
};

const PLACEHOLDER = /\$\{(host|port)\.([a-z0-9-]+)(?:\.([A-Za-z0-9-]+))?\}/g;

/** The ports of the first instance of a service that has any. */
const portsOf = (instances: readonly InstanceStatus[]): readonly PublishedPort[] =>
  instances.find((instance) => instance.ports.length > 0)?.ports ?? [];

/**
 * Fills `${host.SERVICE}`, `${port.SERVICE.NAME}` and `${port.SERVICE}` (its first port) with what is
 * published; undefined when something in the text is not known yet.
 */
const fill = (
  text: string,
  instancesOf: (service: string) => readonly InstanceStatus[],
): string | undefined => {
  let filled = '';
  let from = 0;
  for (const match of text.matchAll(PLACEHOLDER)) {
    const [placeholder, what, service = '', name] = match;
    const ports = portsOf(instancesOf(service));
    const port = name === undefined ? ports[0] : ports.find((one) => one.name === name);
    if (port === undefined) return undefined;
    filled += text.slice(from, match.index);
    filled += what === 'host' ? reachableHost(port.hostIP) : String(port.host);
    from = match.index + placeholder.length;
  }
  return filled + text.slice(from);
};

/** `Project.spec.outputs` with hosts and ports filled in, sorted by key; what is not known yet is left out. */
export const fillOutputs = (
  outputs: Readonly<Record<string, string>>,
  instancesOf: (service: string) => readonly InstanceStatus[],
): Record<string, string> => {
  const result: Record<string, string> = {};
  for (const key of Object.keys(outputs).toSorted()) {
    const filled = fill(outputs[key] ?? '', instancesOf);
    if (filled !== undefined) result[key] = filled;
  }
  return result;
};
