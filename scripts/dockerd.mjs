// @ts-check
// Starts the Docker daemon of this machine, as root: through systemd where that runs, else by hand and
// detached, because containers and CI machines have no init system.
import { spawn } from 'node:child_process';
import { existsSync, openSync, closeSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { run, tail } from './command.mjs';
import { Failure } from './console.mjs';
import { ping } from './docker-api.mjs';

/** @typedef {import('./docker-endpoint.mjs').Endpoint} Endpoint */

const pidFile = '/var/run/docker.pid';

/**
 * @param {Endpoint} endpoint where the daemon will answer
 */
export async function startDockerd(endpoint) {
  if (existsSync('/run/systemd/system')) {
    await run('systemctl', ['start', 'docker']);
    return waitForEngine(endpoint, { log: undefined, exited: () => undefined });
  }
  // A package's installation may have started it already: a second one would only fail on the pid file.
  if (isRunning()) return waitForEngine(endpoint, { log: undefined, exited: () => undefined });
  return launch(endpoint, { program: 'dockerd', args: [], log: join(tmpdir(), 'l9-dockerd.log') });
}

function isRunning() {
  if (!existsSync(pidFile)) return false;
  const name = `/proc/${readFileSync(pidFile, 'utf8').trim()}/comm`;
  return existsSync(name) && readFileSync(name, 'utf8').trim() === 'dockerd';
}

/**
 * Starts a daemon in a session of its own, so that it outlives us and our terminal, and waits until it answers.
 * @param {Endpoint} endpoint
 * @param {{ program: string, args: readonly string[], log: string, env?: NodeJS.ProcessEnv }} daemon
 */
export async function launch(endpoint, { program, args, log, env = process.env }) {
  const output = openSync(log, 'w');
  const child = spawn(program, args, { detached: true, stdio: ['ignore', output, output], env });
  closeSync(output);
  /** @type {string | undefined} */
  let exited;
  child.on('error', (error) => (exited = error.message));
  child.on('exit', (code, signal) => (exited = `it ended with ${signal ?? `exit code ${code}`}`));
  child.unref();
  await waitForEngine(endpoint, { log, exited: () => exited });
}

/**
 * @param {Endpoint} endpoint
 * @param {{ log: string | undefined, exited: () => string | undefined, deadlineMs?: number }} daemon
 */
async function waitForEngine(endpoint, { log, exited, deadlineMs = 60_000 }) {
  const deadline = performance.now() + deadlineMs;
  let last = await ping(endpoint);
  while (!last.answers) {
    const over = exited() ?? (performance.now() > deadline ? last.reason : undefined);
    if (over !== undefined) {
      const end = log ? tail(readFileSync(log, 'utf8'), 15) : 'See: journalctl -u docker';
      throw new Failure(`The Docker daemon does not answer at ${endpoint.url}: ${over}\n${end}`, 5);
    }
    await sleep(100);
    last = await ping(endpoint);
  }
}
