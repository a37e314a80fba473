// @ts-check
// Fifty one-line services, brought up in three ways: by l9, by Compose, and by nothing but the engine calls.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Failure } from '../scripts/console.mjs';
import { startCountingProxy } from './counting-proxy.mjs';
import { inParallel } from './engine-client.mjs';
import { benchProject, removeProjects } from './leftovers.mjs';
import { timeProgram } from './programs.mjs';

const COUNT = 50;
const image = 'l9.local/busybox:1';
const peakMemoryHook = fileURLToPath(new URL('peak-memory.cjs', import.meta.url));

/**
 * @typedef {import('./counting-proxy.mjs').SeenCall} SeenCall
 * @typedef {import('./engine-client.mjs').EngineClient} EngineClient
 * @typedef {import('../scripts/docker-endpoint.mjs').Endpoint} Endpoint
 *
 * @typedef {object} FloorCalls
 * @property {SeenCall} network
 * @property {readonly SeenCall[]} creations one a container
 */

export class FiftyServices {
  /** The projects' names: of l9 (and of the floor, which makes the same), and of Compose. */
  #l9 = benchProject('fifty');
  #compose = benchProject('compose');
  #folder = mkdtempSync(join(tmpdir(), 'l9-bench-'));
  #cli;
  #endpoint;
  #engine;
  #composeBinary;

  /**
   * @param {object} deps
   * @param {string} deps.cli
   * @param {Endpoint} deps.endpoint
   * @param {EngineClient} deps.engine
   * @param {string | undefined} deps.composeBinary
   */
  constructor({ cli, endpoint, engine, composeBinary }) {
    this.#cli = cli;
    this.#endpoint = endpoint;
    this.#engine = engine;
    this.#composeBinary = composeBinary;
    const names = Array.from(
      { length: COUNT },
      (_, index) => `s${String(index + 1).padStart(2, '0')}`,
    );
    writeFileSync(
      join(this.#folder, 'l9.yaml'),
      [
        `apiVersion: l9.dev/v1\nkind: Project\nmetadata: { name: ${this.#l9} }\n`,
        ...names.map(
          (name) =>
            `apiVersion: l9.dev/v1\nkind: Service\nmetadata: { name: ${name} }\n` +
            `spec: { image: '${image}', command: [sleep, infinity] }\n`,
        ),
      ].join('---\n'),
    );
    writeFileSync(
      join(this.#folder, 'compose.yaml'),
      `name: ${this.#compose}\nservices:\n` +
        names
          .map((name) => `  ${name}: { image: '${image}', command: [sleep, infinity] }\n`)
          .join(''),
    );
  }

  /**
   * `l9 apply`; resolves to its milliseconds. Also what it does when everything runs already.
   * @param {{ host?: string }} [options] the address of a proxy before the engine
   */
  async l9Up({ host = this.#endpoint.url } = {}) {
    const file = join(this.#folder, 'l9.yaml');
    const options = { cwd: this.#folder, env: { DOCKER_HOST: host, ...this.#peakMemoryEnv() } };
    const ms = await timeProgram([process.execPath, this.#cli, 'apply', '-f', file], options);
    await this.#expectRunning(`com.l9.project=${this.#l9}`);
    return ms;
  }

  /** The peak memory of the last `l9Up`, in bytes. */
  l9PeakMemory() {
    return Number(readFileSync(this.#peakFile, 'utf8'));
  }

  /** `docker compose up -d`, by Compose's own program; resolves to its milliseconds. */
  async composeUp({ host = this.#endpoint.url } = {}) {
    if (this.#composeBinary === undefined) throw new Failure('There is no Compose 2.');
    const file = join(this.#folder, 'compose.yaml');
    const options = { cwd: this.#folder, env: { DOCKER_HOST: host } };
    const ms = await timeProgram([this.#composeBinary, '-f', file, 'up', '-d'], options);
    await this.#expectRunning(`com.docker.compose.project=${this.#compose}`);
    return ms;
  }

  /** What l9 asks the engine for to bring the fifty up: the calls that the floor repeats, byte for byte. */
  async recordFloor() {
    const calls = await this.#callsOf((host) => this.l9Up({ host }));
    await this.removeL9();
    const network = calls.find(({ path }) => path.endsWith('/networks/create'));
    const prefix = `name=${this.#l9}_`;
    const creations = calls.filter(
      ({ path }) => /\/containers\/create\?/.test(path) && path.includes(prefix),
    );
    if (network === undefined || creations.length !== COUNT) {
      throw new Failure(`l9 made ${creations.length} containers, not ${COUNT}.`);
    }
    return { network, creations };
  }

  /** The writes that `l9 apply` asks for when everything runs already. */
  async writesOfL9() {
    return (await this.#callsOf((host) => this.l9Up({ host }))).filter(({ write }) => write);
  }

  /**
   * The creates and starts alone, in the network that was made before; resolves to their milliseconds.
   * @param {FloorCalls} calls
   * @param {number} parallel
   */
  async floorUp({ network, creations }, parallel) {
    await this.#engine.call(network.method, network.path, { body: network.body });
    const start = performance.now();
    await inParallel(creations, parallel, async ({ method, path, body }) => {
      const { Id } = await this.#engine.call(method, path, { body });
      const version = path.slice(0, path.indexOf('/containers/'));
      await this.#engine.call('POST', `${version}/containers/${Id}/start`);
    });
    const ms = performance.now() - start;
    await this.#expectRunning(`com.l9.project=${this.#l9}`);
    return ms;
  }

  removeL9 = () => removeProjects(this.#engine, (project) => project === this.#l9);

  removeCompose = () => removeProjects(this.#engine, (project) => project === this.#compose);

  /** Leaves nothing behind. */
  async remove() {
    await removeProjects(this.#engine, (name) => name === this.#l9 || name === this.#compose);
    rmSync(this.#folder, { recursive: true, force: true });
  }

  get #peakFile() {
    return join(this.#folder, 'peak');
  }

  #peakMemoryEnv() {
    const quoted = JSON.stringify(peakMemoryHook);
    return { NODE_OPTIONS: `--require=${quoted}`, L9_BENCH_PEAK_FILE: this.#peakFile };
  }

  /** @param {(host: string) => Promise<unknown>} work */
  async #callsOf(work) {
    const proxy = await startCountingProxy(this.#endpoint);
    try {
      await work(proxy.host);
      return proxy.calls;
    } finally {
      await proxy.close();
    }
  }

  /**
   * A program that is quick because it did less has won nothing.
   * @param {string} label
   */
  async #expectRunning(label) {
    const filters = encodeURIComponent(JSON.stringify({ label: [label], status: ['running'] }));
    /** @type {unknown[]} */
    const running = await this.#engine.call('GET', `/containers/json?filters=${filters}`);
    if (running.length === COUNT) return;
    throw new Failure(`${running.length} of ${COUNT} containers of ${label} run.`);
  }
}
