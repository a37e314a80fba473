import type { Draft } from '../draft.ts';
import { type Place, placeAt, positionOf } from '../node.ts';
import { quote } from '../quote.ts';
import { at, type CheckContext, type CheckedService } from './context.ts';

/** Names that stand twice: of a kind in a project, of ports and mounts in a service. */
export function checkDuplicates(context: CheckContext): void {
  const { drafts, of, report } = context;
  const seen = new Map<string, Draft>();
  for (const draft of drafts) {
    const project = of.get(draft);
    const name = context.nameOf(draft);
    if (project === undefined || name === undefined) continue;
    const what = `${draft.kind} ${quote(name)}`;
    const key = `${project.name}\n${what}`;
    const earlier = seen.get(key);
    if (earlier === undefined) {
      seen.set(key, draft);
    } else {
      const { file, line, column } = positionOf(placeOfName(earlier));
      const inProject = draft.kind === 'Project' ? '' : ` in project ${quote(project.name)}`;
      report.error('DuplicateName', placeOfName(draft), {
        message: `${what} stands twice${inProject}: also at ${file}:${line}:${column}`,
        hint: 'rename or remove one of them',
      });
    }
  }
  for (const service of context.services) checkService(service, context);
}

const placeOfName = (draft: Draft): Place => placeAt(draft.node, ['metadata', 'name']);

function checkService(service: CheckedService, { report }: CheckContext): void {
  const { ports = [], volumes = [] } = service.document.spec;
  const names = new Set<string>();
  const sockets = new Set<string>();
  for (const [index, port] of ports.entries()) {
    const protocol = port.protocol ?? 'tcp';
    const socket = `${port.container}/${protocol} ${port.host ?? ''} ${port.hostIP ?? ''}`;
    const name = port.name ?? '';
    const path = ['spec', 'ports', index, name === '' ? 'container' : 'name'];
    if (name !== '' && names.has(name)) {
      report.error('DuplicateName', at(service, path), {
        message: `the port name ${quote(name)} stands twice in ${service.document.name}`,
        hint: 'rename one of them',
      });
    } else if (sockets.has(socket) && name === '') {
      report.error('DuplicateName', at(service, path), {
        message: `the port ${port.container}/${protocol} stands twice in ${service.document.name}`,
        hint: 'remove one of them, or give them names',
      });
    }
    names.add(name);
    sockets.add(socket);
  }
  const paths = new Set<string>();
  for (const [index, mount] of volumes.entries()) {
    const path = mount.path.replace(/(?<=.)\/+$/, '');
    if (paths.has(path)) {
      report.error('DuplicateName', at(service, ['spec', 'volumes', index, 'path']), {
        message: `two mounts of ${service.document.name} stand at ${quote(path)}`,
        hint: 'give one of them another path',
      });
    }
    paths.add(path);
  }
}
