import { L9Error } from '../model/errors.ts';
import type { ConvergeResult, Operations } from '../operations/contract.ts';
import { byProject, load } from '../operations/load.ts';
import type { CommandContext, Run } from './context.ts';
import { confirm } from './confirm.ts';
import { printResults, withProgress } from './converging.ts';
import { describeDeletion, destroys } from './deletion.ts';
import type { Deletion } from './deletion.ts';
import { manifestSelection } from './input/manifests.ts';
import { parseName } from './input/names.ts';
import { usageError } from './input/usage.ts';
import type { Invocation } from './table.ts';

export const run: Run<'delete'> = async (context, invocation) => {
  const { options } = invocation;
  const { operations } = await context.connect();
  const deletions = await wanted(context, operations, invocation);
  if (deletions.length === 0) {
    if (!context.quiet) context.err.write('nothing of it is there\n');
    return 0;
  }
  const asks = !options.yes && deletions.some(destroys);
  if (asks || !context.quiet) {
    deletions.flatMap(describeDeletion).forEach((line) => context.err.write(`${line}\n`));
  }
  if (asks && !(await confirm(context, 'Delete?'))) {
    context.err.write('nothing was touched\n');
    return 1;
  }
  const results = await withProgress(context, async (own) => {
    const done: ConvergeResult[] = [];
    for (const { view, resources, withData } of deletions) {
      const project = view.project.metadata.name;
      done.push(await own.remove({ project, resources, withData, timeoutMs: options.timeout }));
    }
    return done;
  });
  return printResults(context, results);
};

const MISSING: ReadonlySet<string> = new Set(['NoSuchProject', 'NoSuchResource']);

/** What is to be deleted; with `--ignore-not-found` nothing where it is not there. */
async function wanted(
  context: CommandContext,
  operations: Operations,
  invocation: Invocation<'delete'>,
): Promise<Deletion[]> {
  try {
    return await named(context, operations, invocation);
  } catch (error) {
    const forgiven = invocation.options.ignoreNotFound && error instanceof L9Error;
    if (forgiven && MISSING.has(error.code)) return [];
    throw error;
  }
}

async function named(
  context: CommandContext,
  operations: Operations,
  { options, args }: Invocation<'delete'>,
): Promise<Deletion[]> {
  const withData = !options.keepVolumes;
  if (options.file.length > 0) {
    if (args.length > 0) throw usageError('-f and names exclude each other', 'give one of them');
    return fromManifests(context, operations, { options, withData });
  }
  const names = args.map(parseName);
  const projects = names.filter(({ kind }) => kind === 'project').map(({ name }) => name);
  const resources = names.filter(({ kind }) => kind !== 'project');
  if (projects.length > 0 && resources.length > 0) {
    throw usageError('a project goes with everything in it', 'name the project, or parts of it');
  }
  if (projects.length > 0) {
    return Promise.all(
      projects.map(async (name) => ({ view: await operations.view(name), resources, withData })),
    );
  }
  if (resources.length === 0 && context.project === undefined) {
    throw usageError(
      'l9 delete needs to be told what to delete',
      'write -p PROJECT for a whole project, -f FILE, or KIND/NAME; see l9 delete --help',
    );
  }
  const view = await operations.view(await operations.findProject(context.project));
  return [{ view, resources, withData }];
}

/** Everything that the manifests name; with its Project document a project goes as a whole. */
async function fromManifests(
  context: CommandContext,
  operations: Operations,
  {
    options,
    withData,
  }: { readonly options: Invocation<'delete'>['options']; readonly withData: boolean },
): Promise<Deletion[]> {
  const loaded = await load(context, await manifestSelection(context, options));
  const deletions: Deletion[] = [];
  // What depends on others goes before them: apply's order, backwards.
  for (const project of byProject(loaded).toReversed()) {
    const view = await viewIfThere(operations, project.name);
    if (view === undefined) continue;
    const whole = project.documents.some(({ kind }) => kind === 'Project');
    const known = new Set(view.documents.map(({ kind, name }) => `${kind}/${name}`));
    const resources = project.documents
      .filter(({ kind, name }) => known.has(`${kind}/${name}`))
      .map(({ kind, name }) => ({ kind: kind.toLowerCase(), name }));
    if (whole) deletions.push({ view, resources: [], withData });
    else if (resources.length > 0) deletions.push({ view, resources, withData });
  }
  return deletions;
}

async function viewIfThere(
  operations: Operations,
  project: string,
): Promise<Deletion['view'] | undefined> {
  try {
    return await operations.view(project);
  } catch (error) {
    if (error instanceof L9Error && error.code === 'NoSuchProject') return undefined;
    throw error;
  }
}
