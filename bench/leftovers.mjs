// @ts-check
// Takes away what a run of the bench made, straight through the engine: quicker than any program under test would, and
// certain when that program failed.
import { inParallel } from './engine-client.mjs';

/** @typedef {import('./engine-client.mjs').EngineClient} EngineClient */

const namePattern = /^bench-(\d+)-[a-z]+$/;

/**
 * A project's name that tells whose it is, so that what a killed run left can be swept.
 * @param {string} what lower-case letters
 */
export const benchProject = (what) => `bench-${process.pid}-${what}`;

/** Force-removals at once; as many as the daemon can use. */
const PARALLEL = 5;

/**
 * Removes everything of the projects for which `isTheirs` holds: containers, networks, volumes, records, locks.
 * @param {EngineClient} engine
 * @param {(project: string) => boolean} isTheirs
 */
export async function removeProjects(engine, isTheirs) {
  /** @param {{ Labels: Record<string, string> | null }} object */
  const theirs = ({ Labels }) =>
    [Labels?.['com.l9.project'], Labels?.['com.docker.compose.project']].some(
      (project) => project !== undefined && namePattern.test(project) && isTheirs(project),
    );
  /** @type {{ Id: string, Labels: Record<string, string> }[]} */
  const containers = await engine.call('GET', '/containers/json?all=1');
  await inParallel(containers.filter(theirs), PARALLEL, ({ Id }) =>
    engine.call('DELETE', `/containers/${Id}?force=1&v=1`, { allow: [404, 409] }),
  );
  /** @type {{ Id: string, Labels: Record<string, string> }[]} */
  const networks = await engine.call('GET', '/networks');
  await inParallel(networks.filter(theirs), PARALLEL, ({ Id }) =>
    engine.call('DELETE', `/networks/${Id}`, { allow: [404] }),
  );
  /** @type {{ Volumes: { Name: string, Labels: Record<string, string> }[] | null }} */
  const { Volumes } = await engine.call('GET', '/volumes');
  await inParallel((Volumes ?? []).filter(theirs), PARALLEL, ({ Name }) =>
    engine.call('DELETE', `/volumes/${Name}`, { allow: [404] }),
  );
}

/**
 * Removes what runs left that were killed: their process is gone.
 * @param {EngineClient} engine
 */
export const sweep = (engine) =>
  removeProjects(engine, (project) => !isAlive(Number(namePattern.exec(project)?.[1])));

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
