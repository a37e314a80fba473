import type { Draft } from './draft.ts';
import { nodeAt, type Place, placeAt } from './node.ts';
import type { Report } from './problems.ts';
import type { ProjectIdentity } from './projects.ts';
import { quote } from './quote.ts';
import type { Environment } from './scope.ts';
import { either, suggest } from './suggest.ts';

export interface VariantOptions {
  readonly env: Environment;
  readonly report: Report;
  /** From --variant. */
  readonly variant: string | undefined;
  readonly textAt: (draft: Draft, path: readonly string[]) => string | undefined;
}

/** The variant of each project that has one: --variant, else L9_VARIANT, else what the project says. */
export function chooseVariants(
  drafts: readonly Draft[],
  of: ReadonlyMap<Draft, ProjectIdentity>,
  options: VariantOptions,
): ReadonlyMap<ProjectIdentity, string> {
  const { env, variant, report, textAt } = options;
  const fromEnvironment = env['L9_VARIANT'];
  const wanted = variant ?? (fromEnvironment === '' ? undefined : fromEnvironment);
  const chosen = new Map<ProjectIdentity, string>();
  for (const project of new Set(of.values())) {
    const document = project.draft ?? project.nearby;
    const own = document === undefined ? undefined : textAt(document, ['spec', 'variant']);
    const name = wanted ?? own;
    if (name !== undefined) chosen.set(project, name);
    if (wanted === undefined && name !== undefined && project.draft !== undefined) {
      const members = drafts.filter((draft) => of.get(draft) === project);
      expectVariant(name, members, report, placeAt(project.draft.node, ['spec', 'variant']));
    }
  }
  if (wanted !== undefined && drafts.length > 0) expectVariant(wanted, drafts, report);
  for (const draft of drafts) {
    const name = draft.kind === 'Environment' ? textAt(draft, ['spec', 'variant']) : undefined;
    const project = of.get(draft);
    if (name === undefined || project?.draft === undefined) continue;
    const members = drafts.filter((one) => of.get(one) === project);
    expectVariant(name, members, report, placeAt(draft.node, ['spec', 'variant']));
  }
  return chosen;
}

// oxlint-disable-next-line max-params -- the place is optional
function expectVariant(
  name: string,
  members: readonly Draft[],
  report: Report,
  place?: Place,
): void {
  const names = new Set(members.flatMap(variantsOf));
  if (names.has(name)) return;
  const near = suggest(name, names);
  const known = [...names].toSorted();
  report.error('UnknownVariant', place, {
    message: `no service has the variant ${quote(name)}${near === undefined ? '' : `: did you mean ${quote(near)}?`}`,
    hint:
      known.length === 0
        ? 'no service has variants at all; they stand under spec.variants'
        : `variants are ${either(known, 'and')}`,
  });
}

function variantsOf(draft: Draft): readonly string[] {
  const variants = nodeAt(draft.node, ['spec', 'variants']);
  return draft.kind === 'Service' && variants?.kind === 'map' ? [...variants.entries.keys()] : [];
}
