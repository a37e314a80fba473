// @ts-check
// Makes sure that a Docker engine answers: one that runs is used; on Debian and Ubuntu one is installed and
// started, after saying so; elsewhere the message says what to do. `node scripts/engine.mjs` alone does just this.
import { existsSync } from 'node:fs';
import { userInfo } from 'node:os';
import { Failure, isProgram, runMain, say } from './console.mjs';
import { hasApt, hasProgram, installPackages, isRoot } from './debian.mjs';
import { callEngineJson, ping } from './docker-api.mjs';
import { findEndpoint } from './docker-endpoint.mjs';
import { startDockerd } from './dockerd.mjs';

/**
 * @typedef {import('./docker-endpoint.mjs').Endpoint} Endpoint
 *
 * @typedef {object} EngineReady
 * @property {Endpoint} endpoint
 * @property {'ran' | 'started' | 'installed'} how
 * @property {number} downloadMs spent on downloading packages
 */

/**
 * @param {(text: string) => void} [tell] hears what is about to be done to the machine
 * @returns {Promise<EngineReady>}
 * @throws {Failure} with exit code 5 when there is no engine and none can be had
 */
export async function ensureEngine(tell = say) {
  const endpoint = findEndpoint();
  const found = await ping(endpoint);
  if (found.answers) return { endpoint, how: 'ran', downloadMs: 0 };

  const advice = adviceFor(endpoint, found);
  if (advice !== undefined) throw new Failure(advice, 5);

  if (hasProgram('dockerd')) {
    tell('Docker is installed but does not run: starting it.');
    await startDockerd(endpoint);
    return { endpoint, how: 'started', downloadMs: 0 };
  }
  tell(
    "Docker is not installed: installing docker.io and iptables from this distribution's packages.",
  );
  const { downloadMs } = await installPackages(['docker.io', 'iptables']);
  await startDockerd(endpoint);
  return { endpoint, how: 'installed', downloadMs };
}

/**
 * What a person has to do, where we cannot or may not do it; undefined where we can.
 * @param {Endpoint} endpoint
 * @param {{ reason: string, code: string | undefined }} found
 */
export function adviceFor(endpoint, { reason, code }) {
  const happened = `No Docker engine answers at ${endpoint.url}: ${reason}.`;
  if (endpoint.explicit) {
    return `${happened}\nThis address comes from ${endpoint.chosenBy}. Start that engine, or take the setting away to use this machine's own.`;
  }
  if (code === 'EACCES' || code === 'EPERM') {
    return `${happened}\nThe user ${userInfo().username} may not open it. Join its group, then log in again:\n  sudo usermod -aG docker ${userInfo().username}`;
  }
  if (process.platform === 'linux') return linuxAdvice(happened);
  if (process.platform === 'darwin') {
    return `${happened}\nStart Docker Desktop (open -a Docker), or colima (brew install colima docker; colima start), and run this again.`;
  }
  return `${happened}\nOn Windows start Docker Desktop and run this inside WSL 2.`;
}

/** @param {string} happened */
function linuxAdvice(happened) {
  const installed = hasProgram('dockerd');
  if (isRoot() && (installed || hasApt())) return undefined;
  const start = existsSync('/run/systemd/system')
    ? 'sudo systemctl enable --now docker'
    : 'sudo dockerd &';
  const join = `sudo usermod -aG docker ${userInfo().username}   # then log in again`;
  if (installed) return `${happened}\nDocker is installed. Start it:\n  ${start}\n  ${join}`;
  if (!hasApt()) {
    return `${happened}\nInstall Docker with this distribution's package manager (the package is docker, moby-engine or docker-ce), then:\n  ${start}\n  ${join}`;
  }
  return `${happened}\nInstall and start it (or run this again as root, which does it for you):\n  sudo apt-get install --no-install-recommends docker.io iptables\n  ${start}\n  ${join}`;
}

if (isProgram(import.meta.url)) {
  await runMain(async () => {
    const { endpoint, how } = await ensureEngine();
    /** @type {{ Version: string, ApiVersion: string }} */
    const version = await callEngineJson(endpoint, { path: '/version' });
    const done = { ran: 'runs', started: 'was started', installed: 'was installed and started' }[
      how
    ];
    say(`Docker ${version.Version} (API ${version.ApiVersion}) ${done} at ${endpoint.url}`);
  });
}
