import { L9Error } from '../model/errors.ts';
import type { Resource } from '../model/status.ts';
import type { Operations } from '../operations/contract.ts';
import { resourceName } from '../print/output-format.ts';
import { allOf } from '../print/resources/set.ts';
import type { Run } from './context.ts';
import { parseResources } from './input/names.ts';
import { parseSelector } from './input/selector.ts';
import { select, selectViews } from './select.ts';
import type { Selection } from './select.ts';
import { until } from './until.ts';
import { parseExpectation } from './wait-for.ts';
import type { Expectation } from './wait-for.ts';

const everyMs = 1000;

export const run: Run<'wait'> = async (context, { options, args }) => {
  const expectation = parseExpectation(options.for);
  const backend = await context.connect();
  const { operations } = backend;
  const selection = await selectionOf(operations, {
    args,
    selector: options.selector,
    project: context.project,
  });
  let missing: readonly string[] = [];
  const told = await until(context, backend, {
    timeoutMs: options.timeout,
    everyMs,
    missing: () => missing.join('; '),
    look: async () => {
      const state = await look(operations, selection, expectation);
      missing = state.missing;
      return state.missing.length === 0 ? state.met : undefined;
    },
  });
  if (!context.quiet) told.forEach((name) => context.out.write(`${name}\n`));
  return 0;
};

/** Without names the project as a whole; with labels alone the services that have them. */
async function selectionOf(
  operations: Operations,
  wanted: {
    readonly args: readonly string[];
    readonly selector: string | undefined;
    readonly project: string | undefined;
  },
): Promise<Selection> {
  const requirements = wanted.selector === undefined ? [] : parseSelector(wanted.selector);
  const base = { requirements, allProjects: false, project: wanted.project };
  if (wanted.args.length > 0 || wanted.selector !== undefined) {
    return { ...parseResources(wanted.args), ...base };
  }
  const project = await operations.findProject(wanted.project);
  return { kinds: ['project'], names: [{ kind: 'project', name: project }], ...base };
}

interface Look {
  readonly met: readonly string[];
  readonly missing: readonly string[];
}

async function look(
  operations: Operations,
  selection: Selection,
  expectation: Expectation,
): Promise<Look> {
  if (expectation.type === 'delete') return lookForAbsence(operations, selection);
  const resources = await presentOf(operations, selection, 'refuse');
  const { holds, text, actual } = expectation;
  return {
    met: resources.map((one) => `${resourceName(one)}: ${text}`),
    missing:
      resources.length === 0
        ? ['nothing has these labels']
        : resources
            .filter((one) => !holds(one))
            .map((one) => `${resourceName(one)} is not ${text}, but ${actual(one)}`),
  };
}

async function lookForAbsence(operations: Operations, selection: Selection): Promise<Look> {
  const left = await presentOf(operations, selection, 'skip');
  return {
    met: selection.names.map(({ kind, name }) => `${kind}/${name}: deleted`),
    missing: left.map((one) => `${resourceName(one)} is there still`),
  };
}

/** What is there of the selection; `skip` leaves out names that are not, `refuse` throws for them. */
async function presentOf(
  operations: Operations,
  selection: Selection,
  absent: 'skip' | 'refuse',
): Promise<Resource[]> {
  if (absent === 'refuse')
    return allOf(select(await selectViews(operations, selection), selection));
  const present: Resource[] = [];
  const parts =
    selection.names.length === 0
      ? [selection]
      : selection.names.map((name) => ({ ...selection, kinds: [name.kind], names: [name] }));
  for (const part of parts) {
    try {
      present.push(...allOf(select(await selectViews(operations, part), part)));
    } catch (error) {
      const gone =
        error instanceof L9Error &&
        (error.code === 'NoSuchProject' || error.code === 'NoSuchResource');
      if (!gone) throw error;
    }
  }
  return present;
}
