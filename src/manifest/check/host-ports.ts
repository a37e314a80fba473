import type { PortSpec } from '../../model/documents.ts';
import type { Path } from '../node.ts';
import { positionOf } from '../node.ts';
import { at, type CheckContext, type CheckedService } from './context.ts';

interface Claim {
  readonly service: CheckedService;
  readonly port: PortSpec;
  readonly path: Path;
}

/** Fixed ports of the host: two services on one, and several instances on one. */
export function checkHostPorts({ services, report }: CheckContext): void {
  const claims = new Map<string, Claim[]>();
  for (const service of services) {
    const { ports = [], replicas = 1, update } = service.document.spec;
    for (const [index, port] of ports.entries()) {
      if (typeof port.host !== 'number') continue;
      const path = ['spec', 'ports', index, 'host'];
      const claim = { service, port, path };
      const key = `${port.host}/${port.protocol ?? 'tcp'}`;
      const others = claims.get(key) ?? [];
      const other = others.find((one) => overlap(one.port.hostIP, port.hostIP));
      if (other !== undefined) reportConflict(claim, other, report);
      claims.set(key, [...others, claim]);
      if (replicas > 1) {
        report.error('FixedPortReplicas', at(service, path), {
          message: `${replicas} instances of ${service.document.name} cannot share port ${port.host} of the host`,
          hint: 'write host: auto, or replicas: 1',
        });
      } else if (update?.order === 'start-first') {
        report.error('ConflictingFields', at(service, path), {
          message: `with update.order start-first the new instance of ${service.document.name} would find port ${port.host} taken by the old one`,
          hint: 'write host: auto, or order: stop-first',
        });
      }
    }
  }
}

function reportConflict(claim: Claim, other: Claim, report: CheckContext['report']): void {
  const { file, line, column } = positionOf(at(other.service, other.path));
  const both =
    claim.service === other.service
      ? `${claim.service.document.name} wants port ${claim.port.host} of the host twice`
      : `${claim.service.document.name} and ${other.service.document.name} want port ${claim.port.host} of the host`;
  report.error('PortConflict', at(claim.service, claim.path), {
    message: `${both}: also at ${file}:${line}:${column}`,
    hint: 'give one of them another port, or host: auto',
  });
}

const loopback = '127.0.0.1';

/** Whether two addresses of the host can be the same one. */
function overlap(a: string = loopback, b: string = loopback): boolean {
  if (a === b) return true;
  const wildcard = (one: string, other: string): boolean =>
    // An IPv6 socket on every address takes the IPv4 ones too, unless told otherwise.
    one === '::' || (one === '0.0.0.0' && !other.includes(':'));
  return wildcard(a, b) || wildcard(b, a);
}
