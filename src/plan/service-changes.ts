import type { Plan, PlannedAction } from '../model/action.ts';
import type { ServiceChange } from '../model/change.ts';
import type { DesiredProject } from '../model/desired.ts';
import type { ManifestDocument, ServiceDocument } from '../model/documents.ts';
import { contentDifferences } from './contents.ts';
import type { Contents } from './contents.ts';
import { differences } from './diff.ts';
import type { Difference, SameMeaning } from './diff.ts';
import { strongestWay } from './fields.ts';
import { actionsOf, impactOf } from './impact.ts';
import type { ServiceActions } from './impact.ts';

export interface ChangesInput {
  /** What was applied before; empty for a project that is new. */
  readonly before: Contents;
  readonly after: Contents;
  readonly plan: Plan;
  readonly desired: DesiredProject;
  /** Tells values that only differ in their spelling (render/same-meaning.ts). */
  readonly same?: SameMeaning;
}

const servicesOf = (documents: readonly ManifestDocument[]): Map<string, ServiceDocument> =>
  new Map(
    documents.flatMap((document) =>
      document.kind === 'Service' ? [[document.name, document] as const] : [],
    ),
  );

/** Causes that come from the world and not from anybody's wish. */
const MISHAPS: ReadonlySet<string> = new Set([
  'Missing',
  'Drifted',
  'Stopped',
  'Unhealthy',
  'Crashed',
  'Paused',
  'Leftover',
  'Interrupted',
]);

interface Verdict {
  readonly kind: ServiceChange['kind'];
  readonly action: PlannedAction | undefined;
}

/** The first thing on this list that the plan does to a service says what kind of change it is. */
const verdictOf = (
  actions: ServiceActions,
  found: readonly Difference[],
  { isNew, blocked }: { readonly isNew: boolean; readonly blocked: boolean },
): Verdict => {
  const changed = (way: Difference['change']): boolean => found.some((one) => one.change === way);
  const scaled = found.some((one) => one.path === 'replicas');
  const wish = (kind: ServiceChange['kind'], action: PlannedAction): Verdict => ({
    kind: MISHAPS.has(action.cause.reason) ? 'repair' : kind,
    action,
  });
  const { replaced, restarted, created, started, stopped, removed, updated, reconnected } = actions;
  if (replaced[0] !== undefined) return wish('recreate', replaced[0]);
  if (restarted[0] !== undefined) return wish('restart', restarted[0]);
  if (created[0] !== undefined) {
    if (isNew) return { kind: 'create', action: created[0] };
    return scaled ? { kind: 'update', action: created[0] } : { kind: 'repair', action: created[0] };
  }
  if (stopped[0] !== undefined) return { kind: 'update', action: stopped[0] };
  if (removed[0] !== undefined) return { kind: 'update', action: removed[0] };
  if (started[0] !== undefined) return wish('start', started[0]);
  if (updated[0] !== undefined) {
    return { kind: changed('update') ? 'update' : 'repair', action: updated[0] };
  }
  if (reconnected[0] !== undefined) {
    const wanted = changed('reconnect') || found.some((one) => one.path.startsWith('dependsOn'));
    return { kind: wanted ? 'reconnect' : 'repair', action: reconnected[0] };
  }
  if (actions.tidied[0] !== undefined) return { kind: 'repair', action: actions.tidied[0] };
  if (isNew) return { kind: 'create', action: undefined };
  if (found.length === 0) return { kind: 'none', action: undefined };
  // Nothing happens in the engine, such as for a default that is written out; unless something is in the way.
  const kind = blocked ? strongestWay(found.map((one) => one.change)) : 'record';
  return { kind, action: undefined };
};

/** What differs in a service between two generations: in its manifest, and in what it reads. */
export const serviceDifferences = (
  before: ServiceDocument,
  after: ServiceDocument,
  generations: Pick<ChangesInput, 'before' | 'after' | 'same'>,
): Difference[] => [
  ...differences(before, after, generations.same === undefined ? {} : { same: generations.same }),
  ...contentDifferences(after, generations.before, generations.after),
];

/** What a plan means for every service of a project, and for those that go, sorted by name. */
export const serviceChanges = (input: ChangesInput): ServiceChange[] => {
  const { plan, desired } = input;
  const before = servicesOf(input.before.documents);
  const after = servicesOf(input.after.documents);
  const leaving = desired.removing.services.map((service) => service.name);
  const names = new Set([...before.keys(), ...after.keys(), ...leaving]);
  return [...names].toSorted().map((name): ServiceChange => {
    const [old, next] = [before.get(name), after.get(name)];
    const actions = actionsOf(plan, name);
    const service = desired.services.find((one) => one.name === name);
    const impact = impactOf(desired, service, actions);
    if (next === undefined) {
      const cause = actions.removed[0]?.cause.message ?? 'no longer in the manifests';
      return { service: name, kind: 'remove', fields: [], impact, cause };
    }
    const found = old === undefined ? [] : serviceDifferences(old, next, input);
    const blocked = plan.blockers.some(
      ({ subject }) => subject.kind === 'service' && subject.name === name,
    );
    const { kind, action } = verdictOf(actions, found, { isNew: old === undefined, blocked });
    return {
      service: name,
      kind,
      fields: found.map((one) => one.text),
      impact,
      cause: action?.cause.message ?? '',
    };
  });
};
