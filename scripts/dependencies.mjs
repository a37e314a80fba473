// @ts-check
// Installs what package-lock.json names, when it is not installed already. Packages' install scripts are not
// run: none of them is needed, and they are where a compromised package would act first.
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { run, timed } from './command.mjs';
import { Failure, isProgram, runMain, say, seconds } from './console.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

/** @typedef {{ version?: string, optional?: boolean, link?: boolean }} LockedPackage */

/**
 * @throws {Failure} when this Node is older than package.json asks for
 */
export function requireNode() {
  /** @type {{ engines: { node: string } }} */
  const { engines } = JSON.parse(readFileSync(`${root}/package.json`, 'utf8'));
  const [major = 0, minor = 0] = numbers(engines.node);
  const [haveMajor = 0, haveMinor = 0] = numbers(process.versions.node);
  if (haveMajor > major || (haveMajor === major && haveMinor >= minor)) return;
  throw new Failure(`This needs Node ${engines.node}; this is ${process.version}.`);
}

/** @param {string} version */
function numbers(version) {
  return (version.match(/\d+/g) ?? []).map(Number);
}

/**
 * @returns {Promise<{ installed: boolean, downloadMs: number }>} npm downloads and unpacks at the same time, so
 *   that all of its time counts as download
 */
export async function ensureDependencies() {
  if (isInstalled()) return { installed: false, downloadMs: 0 };
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline'];
  const { ms } = await timed(() => run('npm', args, { cwd: root }));
  return { installed: true, downloadMs: ms };
}

/**
 * npm keeps a list of what it installed. Comparing it with the lockfile is exact; times of files are not (git
 * and copies change them), and `npm ci` under somebody's running tests would take the packages away from them.
 */
function isInstalled() {
  const list = `${root}/node_modules/.package-lock.json`;
  if (!existsSync(list)) return false;
  const have = packagesIn(list);
  const want = packagesIn(`${root}/package-lock.json`);
  return Object.entries(want).every(([path, { version, optional }]) => {
    if (path === '') return true;
    // Optional packages are there or not depending on the platform.
    const installed = have[path];
    return installed === undefined ? optional === true : installed.version === version;
  });
}

/**
 * @param {string} file
 * @returns {Record<string, LockedPackage>}
 */
function packagesIn(file) {
  return JSON.parse(readFileSync(file, 'utf8')).packages;
}

if (isProgram(import.meta.url)) {
  await runMain(async () => {
    requireNode();
    const { installed, downloadMs } = await ensureDependencies();
    say(
      installed
        ? `Dependencies installed in ${seconds(downloadMs)}`
        : 'Dependencies are installed.',
    );
  });
}
