import type { DefaultsSpec, ManifestKind } from '../../model/documents.ts';
import type { ProjectIdentity } from '../projects.ts';
import type { ResolvedDraft } from '../resolve.ts';
import { checkCircles } from './circles.ts';
import type { CheckContext, CheckedService, OutsideReference } from './context.ts';
import { checkDuplicates } from './duplicates.ts';
import { checkFields } from './fields.ts';
import { checkFiles } from './files.ts';
import { checkHostPorts } from './host-ports.ts';
import { checkNetworking } from './networking.ts';
import { checkReferences } from './references.ts';
import { warnAbout } from './warnings.ts';

/** Checks what no single document can tell. Returns what only the engine's records can. */
export function checkDocuments(
  resolved: readonly ResolvedDraft[],
  found: Pick<CheckContext, 'drafts' | 'of' | 'nameOf' | 'report'>,
): readonly OutsideReference[] {
  const services = resolved.filter(isService);
  const projects = new Map([...new Set(found.of.values())].map((one) => [one.name, one]));
  const byName = new Map(
    services.map((one) => [`${one.project.name}/${one.document.name}`, one] as const),
  );
  const defaults = new Map<string, DefaultsSpec>();
  for (const { document } of resolved) {
    if (document.kind === 'Project') defaults.set(document.name, document.spec.defaults ?? {});
  }
  const context: CheckContext = {
    ...found,
    resolved,
    services,
    names: namesAmong(found),
    projectNamed: (name) => projects.get(name),
    serviceNamed: (project, name) => byName.get(`${project.name}/${name}`),
    defaultsOf: (project) => defaults.get(project.name) ?? {},
  };
  checkDuplicates(context);
  checkFields(context);
  checkCircles(context);
  checkHostPorts(context);
  checkNetworking(context);
  checkFiles(context);
  warnAbout(context);
  return checkReferences(context);
}

const isService = (one: ResolvedDraft): one is CheckedService => one.document.kind === 'Service';

function namesAmong({
  drafts,
  of,
  nameOf,
}: Pick<CheckContext, 'drafts' | 'of' | 'nameOf'>): CheckContext['names'] {
  const sets = new Map<ProjectIdentity, Map<ManifestKind, Set<string>>>();
  for (const draft of drafts) {
    const project = of.get(draft);
    const name = nameOf(draft);
    if (project === undefined || name === undefined) continue;
    const kinds = sets.get(project) ?? new Map<ManifestKind, Set<string>>();
    sets.set(project, kinds.set(draft.kind, (kinds.get(draft.kind) ?? new Set()).add(name)));
  }
  return (project, kind) => sets.get(project)?.get(kind) ?? new Set();
}
