import { L9Error } from '../model/errors.ts';
import type { Resource } from '../model/status.ts';
import { Block } from '../print/block.ts';
import { allOf, filterSet } from '../print/resources/set.ts';
import type { ResourceSet } from '../print/resources/set.ts';
import { fit } from '../print/width.ts';
import type { Backend, CommandContext } from './context.ts';
import { looks } from './looks.ts';
import { isEmpty, select, selectViews } from './select.ts';
import type { Selection } from './select.ts';

export interface WatchOptions {
  readonly selection: Selection;
  /** Lines for a terminal, where they are drawn over the ones before; undefined where that makes no sense. */
  readonly redraw: ((found: ResourceSet) => readonly string[]) | undefined;
  /** Prints what is new or has changed. */
  readonly print: (changed: ResourceSet, first: boolean) => Promise<void>;
}

const everyMs = 2000;

/** A table that stays up to date on a terminal; elsewhere what changed, as it changes. Runs until it is interrupted. */
export async function watch(
  context: CommandContext,
  backend: Backend,
  { selection, redraw, print }: WatchOptions,
): Promise<never> {
  const { clock, signal, out } = context;
  const block = new Block(out);
  const look = looker(context, backend, selection);
  let before: ReadonlyMap<string, string> | undefined;
  for await (const _ of looks({ engine: backend.engine, clock, signal, everyMs })) {
    const found = await look();
    if (found === undefined) continue;
    if (out.interactive && redraw !== undefined) {
      // A line that wraps would be two, and the next drawing would miss one.
      block.draw(redraw(found).map((line) => fit(line, out.columns)));
      continue;
    }
    const now = fingerprints(found);
    const known = before;
    const changed = filterSet(found, (one) => now.get(keyOf(one)) !== known?.get(keyOf(one)));
    if (!isEmpty(changed)) await print(changed, known === undefined);
    before = now;
  }
  throw signal.reason;
}

/** Looks; undefined while the engine is away, or what was asked for is not there (yet, or any more). */
function looker(
  { err, quiet }: CommandContext,
  { operations }: Backend,
  selection: Selection,
): () => Promise<ResourceSet | undefined> {
  let told = '';
  return async () => {
    try {
      const found = select(await selectViews(operations, selection), selection);
      told = '';
      return found;
    } catch (error) {
      if (!(error instanceof L9Error)) throw error;
      if (!quiet && error.message !== told) err.write(`${error.message}; waiting\n`);
      told = error.message;
      return undefined;
    }
  };
}

const keyOf = ({ kind, metadata }: Resource): string =>
  `${kind}/${metadata.project}/${metadata.name}`;

const fingerprints = (found: ResourceSet): Map<string, string> =>
  new Map(allOf(found).map((resource) => [keyOf(resource), JSON.stringify(resource)]));
