import { at, type CheckContext, type CheckedService } from './context.ts';
import { attachmentsOf } from './attachments.ts';
import { contains } from './cidr.ts';
import { positionOf } from '../node.ts';
import { quote } from '../quote.ts';

/** What a network mode excludes, and fixed addresses. */
export function checkNetworking(context: CheckContext): void {
  for (const service of context.services) {
    checkMode(service, context);
  }
  checkAddresses(context);
}

/** Fields of the network namespace, which a service with `networkMode: service:` does not have. */
const namespaceFields = ['hostname', 'extraHosts', 'dns'] as const;

function checkMode(service: CheckedService, { report }: CheckContext): void {
  const { spec, name } = service.document;
  const mode = spec.networkMode;
  if (mode === undefined) return;
  const conflict = (field: string, hint: string): void =>
    report.error('ConflictingFields', at(service, ['spec', field], 'key'), {
      message: `${name}: networkMode ${mode} and ${field} exclude each other`,
      hint,
    });
  if (spec.networks !== undefined) conflict('networks', 'remove one of the two');
  if (spec.ports?.some((port) => port.host !== undefined) === true) {
    const hint = mode.startsWith('service:')
      ? `publish the port at ${mode.slice('service:'.length)}, whose network it is`
      : 'remove host from the ports: there is nothing to publish';
    conflict('ports', hint);
  }
  if (!mode.startsWith('service:')) return;
  for (const field of namespaceFields) {
    if (spec[field] !== undefined) {
      conflict(field, `set it at ${mode.slice('service:'.length)}, whose network it is`);
    }
  }
}

function checkAddresses(context: CheckContext): void {
  const { services, resolved, report } = context;
  const taken = new Map<string, string>();
  for (const service of services) {
    const { project, name, spec } = service.document;
    for (const { attachment, path } of attachmentsOf(spec)) {
      const { ipv4 } = attachment;
      if (ipv4 === undefined) continue;
      const place = at(service, [...path, 'ipv4']);
      const found = resolved.find(
        (one) =>
          one.document.kind === 'Network' &&
          one.document.project === project &&
          one.document.name === attachment.name,
      );
      if (found?.partial === true) continue;
      const network = found?.document;
      const subnet = network?.kind === 'Network' ? network.spec.subnet : undefined;
      const external = network?.kind === 'Network' && network.spec.external === true;
      if (subnet === undefined && !external && service.project.draft !== undefined) {
        report.error('InvalidValue', place, {
          message: `a fixed address needs a subnet, and the network ${quote(attachment.name)} states none`,
          hint: `add a Network ${attachment.name} with spec.subnet`,
        });
      } else if (subnet !== undefined && !contains(subnet, ipv4)) {
        report.error('InvalidValue', place, {
          message: `${ipv4} is not an address for instances in ${subnet} of the network ${quote(attachment.name)}`,
          hint: 'choose one inside; the first and the last are reserved',
        });
      }
      if ((spec.replicas ?? 1) > 1) {
        report.error('ConflictingFields', place, {
          message: `${spec.replicas} instances of ${name} cannot share the address ${ipv4}`,
          hint: 'remove ipv4, or write replicas: 1',
        });
      }
      const key = `${project}/${attachment.name} ${ipv4}`;
      const earlier = taken.get(key);
      const { file, line, column } = positionOf(place);
      if (earlier === undefined) taken.set(key, `${file}:${line}:${column}`);
      else {
        report.error('DuplicateName', place, {
          message: `the address ${ipv4} stands twice: also at ${earlier}`,
          hint: 'choose another one',
        });
      }
    }
  }
}
