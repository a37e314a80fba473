import { expect, onTestFinished } from 'vitest';
import { l9, startL9 } from '../../setup/cli.ts';
import type { CliResult } from '../../setup/cli.ts';
import type { Outcome } from '../../setup/call-log.ts';
import { startKillProxy } from '../../setup/kill-proxy.ts';
import type { KillProxy } from '../../setup/kill-proxy.ts';
import { testProject } from '../../setup/project.ts';
import type { Finish, TestProject } from '../../setup/project.ts';
import { stateOf } from './state.ts';

export interface Scenario {
  /** Brings the project to where the command under test starts from. */
  readonly prepare: (project: TestProject, run: Run) => Promise<void>;
  /** Arguments of the command that is killed, and then run again. */
  readonly command: (project: TestProject) => readonly string[];
  /** What must hold besides the state: data in volumes. */
  readonly verify?: (project: TestProject) => Promise<void>;
}

export type Run = (...args: string[]) => Promise<CliResult>;

type Moment = 'before' | 'after';

interface Undisturbed {
  readonly state: readonly string[];
  /** Keys of the calls, in the order in which they came. */
  readonly calls: readonly { readonly key: string; readonly write: boolean }[];
}

/** A project of its own, with a proxy before the engine that knows its name. */
const stage = async (
  scenario: Scenario,
): Promise<{ project: TestProject; proxy: KillProxy; run: Run; clean: () => Promise<void> }> => {
  const cleanups: (() => Promise<void>)[] = [];
  const later: Finish = (cleanup) => void cleanups.push(cleanup);
  const clean = async (): Promise<void> => {
    for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
  };
  onTestFinished(clean, 60_000);
  const project = testProject(later);
  // Records are numbered by how often they were written; couriers and what steps aside carry random parts.
  const proxy = await startKillProxy(
    [
      [project.name, 'P'],
      [/(l9-(?:app|recovery|evidence)\.[^/]*)\.\d+$/g, '$1.N'],
      [/_old_[0-9a-f]{8}$/g, '_old_R'],
      [/(l9-courier\.[^/]*)\.[0-9a-f]{8}$/g, '$1.R'],
    ],
    later,
  );
  const run: Run = (...args) => l9(args, { cwd: project.folder, env: { DOCKER_HOST: proxy.host } });
  await scenario.prepare(project, run);
  proxy.forget();
  return { project, proxy, run, clean };
};

const undisturbed = async (scenario: Scenario): Promise<Undisturbed> => {
  const { project, proxy, run, clean } = await stage(scenario);
  const result = await run(...scenario.command(project));
  expect(result, result.stderr).toMatchObject({ code: 0 });
  // How often the lock is looked at in the middle of a run is a matter of time: once a second.
  const calls = proxy
    .calls()
    .filter(({ label, occurrence }) => !label.endsWith('l9-lock.P}/json') || occurrence === 1)
    .map(({ key, write }) => ({ key, write }));
  const state = await stateOf(project.name);
  await scenario.verify?.(project);
  await clean();
  return { state, calls };
};

/** Kills the command at one call, runs it again, and returns what is wrong; undefined where nothing is. */
const killAt = async (
  scenario: Scenario,
  expected: Undisturbed,
  at: { readonly key: string; readonly moment: Moment },
): Promise<'visited' | 'not reached'> => {
  const { project, proxy, run, clean } = await stage(scenario);
  const args = scenario.command(project);
  const victim = startL9(args, { cwd: project.folder, env: { DOCKER_HOST: proxy.host } });
  let reached = false;
  const withdraw = proxy.inject({
    at: at.key,
    when: at.moment,
    act: async (): Promise<Outcome> => {
      reached = true;
      victim.kill('SIGKILL');
      await victim.finished;
      return 'reset';
    },
  });
  await victim.finished;
  withdraw();
  const where = `killed ${at.moment} ${at.key}`;
  const again = await run(...args);
  expect(again.code, `${where}, then:\n${again.stderr}`).toBe(0);
  expect(await stateOf(project.name), where).toEqual(expected.state);
  await scenario.verify?.(project);
  proxy.forget();
  await clean();
  return reached ? 'visited' : 'not reached';
};

/** Tries at one call, whose turn may not come in every run: calls side by side have no steady order. */
const TRIES = 3;

/**
 * Kills the built program with SIGKILL at every engine call of an undisturbed run, before it is sent and
 * after it was done but before its answer; each time runs it again, and compares the end with that of the
 * undisturbed run. Fails if a call of that run was not visited. (A read that is killed after its answer
 * leaves what one that is killed before it leaves, so reads are killed before only.)
 */
export const killEverywhere = async (scenario: Scenario): Promise<void> => {
  const expected = await undisturbed(scenario);
  const points = expected.calls.flatMap(({ key, write }) =>
    (write ? (['before', 'after'] as const) : (['before'] as const)).map((moment) => ({
      key,
      moment,
    })),
  );
  const unvisited: string[] = [];
  const visit = async (): Promise<void> => {
    for (let point = points.shift(); point !== undefined; point = points.shift()) {
      let outcome: 'visited' | 'not reached' = 'not reached';
      for (let tries = 0; tries < TRIES && outcome === 'not reached'; tries += 1) {
        outcome = await killAt(scenario, expected, point);
      }
      if (outcome === 'not reached') unvisited.push(`${point.moment} ${point.key}`);
    }
  };
  await Promise.all([visit(), visit()]);
  expect(unvisited, 'calls of the undisturbed run at which the program was never killed').toEqual(
    [],
  );
};
