// @ts-check
// A second, newer Docker engine beside the machine's own, and Compose 2: for tests across engine versions and as a
// peer in the bench. Nothing of it is installed onto the machine.
//   node scripts/second-engine.mjs start|stop|status    prints the DOCKER_HOST to use
//   node scripts/second-engine.mjs compose              prints the path of a Compose 2 binary
// Its published ports are reached from inside its network namespace: nsenter --net=/var/run/netns/l9-second …
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { attempt, run } from './command.mjs';
import { Failure, complain, isProgram, runMain, say } from './console.mjs';
import { hasProgram, isRoot } from './debian.mjs';
import { callEngineJson, ping } from './docker-api.mjs';
import { findEndpoint } from './docker-endpoint.mjs';
import { launch } from './dockerd.mjs';
import { unpackNewer } from './newer-packages.mjs';

// Without a network namespace of its own a second daemon takes the first one's bridge away. `ip netns exec` would
// hide the cgroup mounts, so it is entered with nsenter.
const namespace = 'l9-second';
const home = '/var/lib/l9-second-engine';
const pidFile = `${home}/docker.pid`;
const host = `unix://${home}/docker.sock`;

/** @returns {Promise<string>} the path of a Compose 2 binary that also runs on its own */
export async function composeBinary() {
  const folder = await unpackNewer('newer-compose', ['docker-compose']);
  const binary = join(folder, 'usr/libexec/docker/cli-plugins/docker-compose');
  const { code, stdout, stderr } = await attempt(binary, ['version', '--short']);
  if (code !== 0)
    throw new Failure(`Compose 2 does not run here: ${stderr.trim() || stdout.trim()}`);
  return binary;
}

/** @returns {Promise<string>} its DOCKER_HOST */
export async function startSecondEngine() {
  const endpoint = findEndpoint({ DOCKER_HOST: host });
  if ((await ping(endpoint)).answers) return host;
  if (!isRoot()) throw new Failure('A second engine needs root.');
  for (const program of ['ip', 'nsenter', 'runc', 'iptables']) {
    if (!hasProgram(program))
      throw new Failure(
        `A second engine needs ${program}: apt-get install docker.io iptables iproute2`,
      );
  }
  const folder = await unpackNewer('newer-engine', [
    'docker.io',
    'containerd',
    'docker-cli',
    'docker-buildx',
  ]);
  mkdirSync(home, { recursive: true });
  rmSync(pidFile, { force: true });
  if (!existsSync(`/var/run/netns/${namespace}`)) await run('ip', ['netns', 'add', namespace]);
  await run('ip', ['-n', namespace, 'link', 'set', 'lo', 'up']);
  const folders = [
    '--data-root',
    `${home}/data`,
    '--exec-root',
    `${home}/exec`,
    '--pidfile',
    pidFile,
  ];
  await launch(endpoint, {
    program: 'nsenter',
    args: [
      `--net=/var/run/netns/${namespace}`,
      join(folder, 'usr/sbin/dockerd'),
      '-H',
      host,
      ...folders,
    ],
    log: join(tmpdir(), 'l9-second-dockerd.log'),
    // Its own containerd and shim first; runc is the machine's.
    env: {
      ...process.env,
      PATH: [
        join(folder, 'usr/bin'),
        join(folder, 'usr/sbin'),
        process.env['PATH'],
        '/usr/sbin',
        '/sbin',
      ].join(':'),
    },
  });
  return host;
}

export async function stopSecondEngine() {
  const pid = existsSync(pidFile) ? Number(readFileSync(pidFile, 'utf8')) : undefined;
  if (pid !== undefined && isOurs(pid)) {
    process.kill(pid, 'SIGTERM');
    const deadline = performance.now() + 30_000;
    while (isOurs(pid)) {
      if (performance.now() > deadline)
        throw new Failure(`The second engine (pid ${pid}) does not stop.`);
      await sleep(100);
    }
  }
  if (existsSync(`/var/run/netns/${namespace}`)) await run('ip', ['netns', 'delete', namespace]);
}

/**
 * A pid can be somebody else's by now.
 * @param {number} pid
 */
function isOurs(pid) {
  const commandLine = `/proc/${pid}/cmdline`;
  return existsSync(commandLine) && readFileSync(commandLine, 'utf8').includes(host);
}

async function status() {
  const endpoint = findEndpoint({ DOCKER_HOST: host });
  const { answers } = await ping(endpoint);
  if (!answers) {
    complain('The second engine does not run.');
    return 1;
  }
  /** @type {{ Version: string, ApiVersion: string }} */
  const version = await callEngineJson(endpoint, { path: '/version' });
  complain(`Docker ${version.Version} (API ${version.ApiVersion})`);
  say(`DOCKER_HOST=${host}`);
  return 0;
}

if (isProgram(import.meta.url)) {
  await runMain(async () => {
    const command = process.argv[2];
    if (command === 'start') {
      await startSecondEngine();
      return status();
    }
    if (command === 'status') return status();
    if (command === 'stop') return stopSecondEngine();
    if (command === 'compose') return say(await composeBinary());
    throw new Failure('Usage: node scripts/second-engine.mjs start|stop|status|compose', 2);
  });
}
