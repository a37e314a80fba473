import type { Action, Blocker, Cause, Note, PlannedAction, Subject } from '../model/action.ts';

export interface NewAction {
  /** `verb:subject`, unique in the plan. */
  readonly id: string;
  readonly action: Action;
  readonly cause: Cause;
  readonly subject: Subject;
  readonly after?: readonly (string | undefined)[];
}

/** Collects the actions of one plan. Local to one call of `plan`, which stays pure to its callers. */
export class PlanGraph {
  readonly blockers: Blocker[] = [];
  readonly notes: Note[] = [];
  readonly #actions = new Map<string, PlannedAction>();

  /** Adds an action and returns its id. Edges to ids that are undefined are left out. */
  add(action: NewAction): string {
    const after = (action.after ?? []).filter((id) => id !== undefined);
    this.#actions.set(action.id, { ...action, after: [...new Set(after)].toSorted() });
    return action.id;
  }

  has(id: string): boolean {
    return this.#actions.has(id);
  }

  /** Makes `id` wait for `other` too, unless either of them is not in the plan. */
  order(id: string, other: string): void {
    const action = this.#actions.get(id);
    if (action === undefined || id === other || !this.#actions.has(other)) return;
    if (action.after.includes(other)) return;
    this.#actions.set(id, { ...action, after: [...action.after, other].toSorted() });
  }

  /** Takes out waits that nothing waits for: they would hold up nobody. */
  dropIdleWaits(): void {
    const needed = new Set([...this.#actions.values()].flatMap((action) => action.after));
    for (const [id, { action }] of this.#actions) {
      if (action.type === 'awaitContainer' && !needed.has(id)) this.#actions.delete(id);
    }
  }

  /** Ids of the actions that begin with `prefix`, in the order in which they were added. */
  idsOf(prefix: string): string[] {
    return [...this.#actions.keys()].filter((id) => id.startsWith(prefix));
  }

  /** Whether `id` waits for `other`, directly or through others. */
  #waitsFor(id: string, other: string, seen = new Set<string>()): boolean {
    if (id === other) return true;
    if (seen.has(id)) return false;
    seen.add(id);
    const after = this.#actions.get(id)?.after ?? [];
    return after.some((before) => this.#waitsFor(before, other, seen));
  }

  /**
   * Makes `id` wait for `other` where that cannot be otherwise. If `other` waits for `id` already, it
   * gives up that wish: it no longer waits for what leads there.
   */
  force(id: string, other: string): void {
    const action = this.#actions.get(other);
    if (action === undefined || !this.#actions.has(id)) return;
    const after = action.after.filter((before) => !this.#waitsFor(before, id));
    this.#actions.set(other, { ...action, after });
    this.order(id, other);
  }

  /** Every action after those it needs; among equals the order in which they were added. */
  sorted(): PlannedAction[] {
    const result: PlannedAction[] = [];
    const state = new Map<string, 'open' | 'done'>();
    const visit = (action: PlannedAction): void => {
      if (state.has(action.id)) return;
      state.set(action.id, 'open');
      const known = action.after.filter((id) => this.#actions.has(id));
      for (const id of known) {
        const before = this.#actions.get(id);
        if (before !== undefined) visit(before);
      }
      state.set(action.id, 'done');
      result.push(known.length === action.after.length ? action : { ...action, after: known });
    };
    for (const action of this.#actions.values()) visit(action);
    return result;
  }
}
