import type { ManifestKind } from '../../model/documents.ts';
import type { Path } from '../node.ts';
import { Report } from '../problems.ts';
import { quote } from '../quote.ts';
import type { ResolvedDraft } from '../resolve.ts';
import { either, suggest } from '../suggest.ts';
import { attachmentsOf } from './attachments.ts';
import { at, type CheckContext, type CheckedService, type OutsideReference } from './context.ts';
import { outputReferences } from './outputs.ts';

interface Reference {
  readonly from: ResolvedDraft;
  readonly kind: ManifestKind;
  /** A name in the project, or 'project/name'. */
  readonly name: string;
  readonly path: Path;
  readonly aim?: 'key';
}

/**
 * Names of things that do not exist. A project that is applied from several places is only known
 * whole to its record: where its Project document is not among the manifests, such a reference is
 * returned instead, for who can ask the record.
 */
export function checkReferences(context: CheckContext): readonly OutsideReference[] {
  const outside: OutsideReference[] = [];
  for (const service of context.services) {
    for (const reference of referencesOf(service)) {
      const found = check(reference, context);
      if (found !== undefined) outside.push(found);
    }
    if (!service.partial) checkPortNames(service, context);
  }
  checkOutputs(context);
  checkVolumeNames(context);
  return outside;
}

function referencesOf(service: CheckedService): readonly Reference[] {
  const { spec } = service.document;
  const references: Reference[] = Object.keys(spec.dependsOn ?? {}).map((name) => ({
    from: service,
    kind: 'Service',
    name,
    path: ['spec', 'dependsOn', name],
    aim: 'key',
  }));
  const add = (kind: ManifestKind, name: string, path: Path): void => {
    references.push({ from: service, kind, name, path });
  };
  if (spec.networkMode?.startsWith('service:') === true) {
    add('Service', spec.networkMode.slice('service:'.length), ['spec', 'networkMode']);
  }
  for (const { attachment, path } of attachmentsOf(spec)) {
    if (attachment.name !== 'default') add('Network', attachment.name, path);
  }
  for (const [index, mount] of (spec.volumes ?? []).entries()) {
    const path = ['spec', 'volumes', index];
    if (mount.config !== undefined) add('Config', mount.config, [...path, 'config']);
    if (mount.secret !== undefined) add('Secret', mount.secret, [...path, 'secret']);
  }
  for (const [name, value] of Object.entries(spec.env ?? {})) {
    if (typeof value !== 'string') add('Secret', value.secret, ['spec', 'env', name, 'secret']);
  }
  for (const [index, name] of (spec.build?.secrets ?? []).entries()) {
    add('Secret', name, ['spec', 'build', 'secrets', index]);
  }
  return references;
}

function check(reference: Reference, context: CheckContext): OutsideReference | undefined {
  const { from, kind, name, path, aim } = reference;
  const [own, other] = name.includes('/') ? name.split('/') : [from.project.name, name];
  const project = own === from.project.name ? from.project : context.projectNamed(own ?? '');
  const wanted = other ?? name;
  const names = project === undefined ? new Set<string>() : context.names(project, kind);
  if (names.has(wanted)) return undefined;
  const known = project?.draft !== undefined;
  const near = suggest(wanted, names);
  const place = at(from, path, aim);
  const where = project === from.project ? '' : ` in project ${quote(own)}`;
  const finding = {
    message: `${from.document.name}: there is no ${kind} ${quote(wanted)}${where}${near === undefined ? '' : `: did you mean ${quote(near)}?`}`,
    hint:
      near === undefined
        ? remedy(kind, [...names])
        : `write ${near}, or add a ${kind} ${quote(wanted)}`,
  };
  if (known) {
    context.report.error('UnknownReference', place, finding);
    return undefined;
  }
  const single = new Report();
  single.error('UnknownReference', place, finding);
  const [problem] = single.errors;
  if (problem === undefined || own === undefined) return undefined;
  return { project: own, kind, name: wanted, problem };
}

function remedy(kind: ManifestKind, names: readonly string[]): string {
  if (names.length === 0) return `add a ${kind} document with that name`;
  return `${kind}s here are ${either(names.toSorted().slice(0, 12), 'and')}`;
}

/** A check by port name. */
function checkPortNames(service: CheckedService, { report }: CheckContext): void {
  const { healthcheck, ports = [] } = service.document.spec;
  for (const type of ['http', 'tcp'] as const) {
    const port = healthcheck?.[type]?.port;
    if (typeof port !== 'string') continue;
    const names = ports.map((one) => one.name ?? String(one.container));
    if (names.includes(port)) continue;
    const near = suggest(port, names);
    report.error('UnknownReference', at(service, ['spec', 'healthcheck', type, 'port']), {
      message: `${service.document.name} has no port ${quote(port)}${near === undefined ? '' : `: did you mean ${quote(near)}?`}`,
      hint:
        names.length === 0
          ? 'it has no ports: write the number of the port'
          : `its ports are ${either(names, 'and')}`,
    });
  }
}

/** `${host.service}` and `${port.service.port}` of outputs. */
function checkOutputs({ resolved, serviceNamed, names, report }: CheckContext): void {
  for (const one of resolved) {
    if (one.document.kind !== 'Project') continue;
    for (const { output, reference, service, port } of outputReferences(one.document.spec)) {
      const place = at(one, ['spec', 'outputs', output]);
      const known = names(one.project, 'Service');
      if (!known.has(service)) {
        const near = suggest(service, known);
        report.error('UnknownReference', place, {
          message: `${reference} names no service of the project${near === undefined ? '' : `: did you mean ${quote(near)}?`}`,
          hint: remedy('Service', [...known]),
        });
        continue;
      }
      const target = serviceNamed(one.project, service);
      if (target === undefined || target.partial || port === undefined) continue;
      const ports = (target.document.spec.ports ?? []).map(
        (each) => each.name ?? String(each.container),
      );
      if (ports.includes(port)) continue;
      report.error('UnknownReference', place, {
        message: `${reference} names no port of ${service}`,
        hint:
          ports.length === 0 ? `${service} has no ports` : `its ports are ${either(ports, 'and')}`,
      });
    }
  }
}

/** A volume needs no manifest, so a slip of the pen would silently mount an empty one. */
function checkVolumeNames({ services, names, report }: CheckContext): void {
  for (const service of services) {
    const declared = names(service.project, 'Volume');
    for (const [index, mount] of (service.document.spec.volumes ?? []).entries()) {
      if (mount.volume === undefined || declared.has(mount.volume)) continue;
      const near = suggest(mount.volume, declared);
      if (near === undefined) continue;
      report.warn('UnknownReference', at(service, ['spec', 'volumes', index, 'volume']), {
        message: `${service.document.name}: the volume ${quote(mount.volume)} has no manifest: did you mean ${quote(near)}?`,
        hint: `write ${near}, or add a Volume ${quote(mount.volume)} to say that it is another one`,
      });
    }
  }
}
