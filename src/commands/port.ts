import type { PublishedPort } from '../model/status.ts';
import { L9Error } from '../model/errors.ts';
import { formatPort, hostAddress } from '../print/resources/service-row.ts';
import type { Run } from './context.ts';
import { findInstances } from './input/instances.ts';

export const run: Run<'port'> = async (context, { args }) => {
  const [service = '', wanted] = args;
  const { operations } = await context.connect();
  const view = await operations.view(await operations.findProject(context.project));
  const ports = findInstances(view, service).flatMap(({ instance }) => instance.ports);
  if (wanted === undefined) {
    if (ports.length === 0) throw noPort(service, 'no published port', ports);
    for (const port of ports) context.out.write(`${port.name}\t${formatPort(port)}\n`);
    return 0;
  }
  const [number, protocol] = wanted.split('/');
  const found = ports.filter(
    (port) =>
      port.name === wanted ||
      (String(port.container) === number && (protocol ?? port.protocol) === port.protocol),
  );
  if (found.length === 0) throw noPort(service, `no published port ${wanted}`, ports);
  for (const port of found) context.out.write(`${reachable(port.hostIP)}:${port.host}\n`);
  return 0;
};

/** An address that can be connected to: "all addresses" is none. */
function reachable(ip: string): string {
  if (ip === '0.0.0.0' || ip === '') return '127.0.0.1';
  return ip === '::' ? '[::1]' : hostAddress(ip);
}

function noPort(service: string, what: string, ports: readonly PublishedPort[]): L9Error {
  return new L9Error('NoSuchResource', `${service} has ${what}`, {
    hint:
      ports.length === 0
        ? 'A stopped service has none; in the manifest, host: a number or auto publishes one.'
        : `It has ${ports.map(({ name, container }) => `${name} (${container})`).join(', ')}.`,
  });
}
