// @ts-check
// What these scripts need to know of a Debian-like machine and its package manager.
import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { run, timed } from './command.mjs';

/** Whether apt is this machine's package manager (Debian, Ubuntu and their kin). */
export function hasApt() {
  if (process.platform !== 'linux' || !existsSync('/etc/os-release')) return false;
  const release = readFileSync('/etc/os-release', 'utf8');
  return /^ID(_LIKE)?=.*\b(debian|ubuntu)\b/m.test(release) && hasProgram('apt-get');
}

export function isRoot() {
  return process.getuid?.() === 0;
}

/**
 * Whether a program is in PATH, or where administrators' programs are (PATH may lack those).
 * @param {string} name
 */
export function hasProgram(name) {
  const folders = [
    ...(process.env['PATH'] ?? '').split(delimiter),
    '/usr/local/sbin',
    '/usr/sbin',
    '/sbin',
  ];
  return folders.some((folder) => {
    try {
      accessSync(join(folder, name), constants.X_OK);
      return folder !== '';
    } catch {
      return false;
    }
  });
}

/** apt waits for another apt to end, and asks nothing. */
const quiet = ['-y', '-q', '-o', 'DPkg::Lock::Timeout=120'];
const environment = () => ({ ...process.env, DEBIAN_FRONTEND: 'noninteractive' });

/**
 * Installs packages onto this machine; needs root. The download is a step of its own so that its time can
 * be told apart from the installation's.
 * @param {readonly string[]} packages
 * @returns {Promise<{ downloadMs: number }>}
 */
export async function installPackages(packages) {
  const install = ['install', ...quiet, '--no-install-recommends', ...packages];
  const download = await timed(async () => {
    await run('apt-get', ['update', ...quiet], { env: environment() });
    await run('apt-get', [...install, '--download-only'], { env: environment() });
  });
  await run('apt-get', [...install, '--no-download'], { env: environment() });
  return { downloadMs: download.ms };
}
