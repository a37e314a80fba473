// @ts-check
// `npm run bench [-- --quick] [-- --only NAME] [-- --json]`: speed and memory against what bounds them, as one table.
// Sides are interleaved in one run; a bar is missed only when the whole 95 % interval is beyond it.
import { loadavg } from 'node:os';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { run } from '../scripts/command.mjs';
import { Failure, complain, runMain, say } from '../scripts/console.mjs';
import { findEndpoint } from '../scripts/docker-endpoint.mjs';
import { ping } from '../scripts/docker-api.mjs';
import { composeBinary } from '../scripts/second-engine.mjs';
import { again } from './cases/again.mjs';
import { apply, memory } from './cases/apply.mjs';
import { coordination, planning } from './cases/inside.mjs';
import { startup } from './cases/startup.mjs';
import { EngineClient } from './engine-client.mjs';
import { FiftyServices } from './fifty.mjs';
import { InsidePrograms } from './inside.mjs';
import { sweep } from './leftovers.mjs';
import { formatTable } from './table.mjs';

/**
 * @typedef {import('./rows.mjs').Row} Row
 *
 * @typedef {object} Bench what a case is given
 * @property {boolean} quick
 * @property {string} cli the built program
 * @property {string | undefined} composeBinary absent where no Compose 2 can be had
 * @property {InsidePrograms} inside
 * @property {() => FiftyServices} fifty
 * @property {(name: string, rounds: number) => import('./rounds.mjs').RoundOptions} roundsOf
 * @property {(text: string) => void} remark stands below the table
 *
 * @typedef {object} Case
 * @property {(bench: Bench) => Promise<Row[]>} measure
 * @property {boolean} program runs the built program
 * @property {boolean} engine needs an engine
 * @property {string} [partOf] a case that gives these rows too
 */

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist');

/** @type {Record<string, Case>} */
const cases = {
  startup: { measure: startup, program: true, engine: false },
  planning: { measure: planning, program: false, engine: false },
  coordination: { measure: coordination, program: false, engine: false },
  apply: { measure: apply, program: true, engine: true },
  memory: { measure: memory, program: true, engine: true, partOf: 'apply' },
  again: { measure: again, program: true, engine: true },
};

const usage = `Usage: npm run bench [-- OPTION…]
  --only NAME   this case only; may be repeated: ${Object.keys(cases).join(', ')}
  --quick       fewer rounds: to see that it works, not to conclude from
  --json        print JSON with every sample in place of the table`;

function readArguments() {
  try {
    const { values } = parseArgs({
      options: {
        only: { type: 'string', multiple: true, default: [] },
        quick: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    const unknown = values.only.find((name) => !Object.hasOwn(cases, name));
    if (unknown !== undefined) throw new Failure(`There is no case ${unknown}.\n${usage}`, 2);
    return values;
  } catch (error) {
    if (error instanceof TypeError) throw new Failure(`${error.message}\n${usage}`, 2);
    throw error;
  }
}

/** Yesterday's program would be measured else. */
async function buildIfStale() {
  const built = statSync(join(dist, 'cli.js'), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' });
  const changed = sources.map((file) => statSync(join(root, 'src', file)).mtimeMs);
  if (built >= Math.max(...changed)) return;
  complain('building dist/');
  await run(process.execPath, ['scripts/build.mjs'], { cwd: root });
}

/** @param {readonly string[]} only */
function chosenCases(only) {
  return Object.entries(cases).filter(([name, { partOf }]) =>
    only.length === 0 ? partOf === undefined : only.includes(name) && !only.includes(partOf ?? ''),
  );
}

/** The engine and what is needed to compare on it. */
async function openEngine() {
  const endpoint = findEndpoint();
  const answer = await ping(endpoint);
  if (!answer.answers) {
    throw new Failure(
      `No Docker engine answers at ${endpoint.url}: ${answer.reason}.\nRun npm run engine, or choose cases without one: --only startup`,
      5,
    );
  }
  const engine = new EngineClient(endpoint);
  const [image] = await engine.call(
    'GET',
    `/images/json?filters=${encodeURIComponent('{"reference":["l9.local/busybox:1"]}')}`,
  );
  if (image === undefined) {
    throw new Failure('The image l9.local/busybox:1 is missing: run node scripts/images.mjs.');
  }
  await sweep(engine);
  return { endpoint, engine };
}

/**
 * Compose 2, or why there is none.
 * @param {(text: string) => void} remark
 */
async function findCompose(remark) {
  try {
    return await composeBinary();
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    remark(`No comparison with Compose 2: ${error.message.split('\n')[0]}`);
    return undefined;
  }
}

await runMain(async () => {
  const { only, quick, json, help } = readArguments();
  if (help) return say(usage);
  const chosen = chosenCases(only);
  const program = chosen.some(([, { program }]) => program);
  if (program) await buildIfStale();
  const needsEngine = chosen.some(([, { engine }]) => engine);

  /** @type {string[]} */
  const remarks = [];
  /** @param {string} text */
  const remark = (text) => void remarks.push(text);
  const inside = new InsidePrograms();
  const cli = program ? inside.copyProgram(dist) : '';
  const opened = needsEngine ? await openEngine() : undefined;
  const compose = needsEngine ? await findCompose(remark) : undefined;
  const fifty = opened && new FiftyServices({ cli, ...opened, composeBinary: compose });

  const cleanUp = async () => {
    await fifty?.remove();
    opened?.engine.close();
    inside.remove();
  };
  // What was made in the engine would outlive us: Ctrl-C ends the round, and what follows cleans up.
  const interrupt = new AbortController();
  process.on('SIGINT', () => interrupt.abort(new Failure('Interrupted.', 130)));

  /** @type {Bench} */
  const bench = {
    quick,
    cli,
    composeBinary: compose,
    inside,
    fifty: () => {
      if (fifty === undefined) throw new Failure('This case an engine.');
      return fifty;
    },
    roundsOf: (name, wanted) => {
      const rounds = quick ? Math.min(wanted, 3) : wanted;
      const onRound = (/** @type {number} */ done) =>
        complain(`${name}: round ${done} of ${rounds}`);
      return { rounds, signal: interrupt.signal, onRound };
    },
    remark,
  };
  const [loadBefore = 0] = loadavg();
  if (loadBefore > 0.5)
    remark(`The machine was busy before it began: load ${loadBefore.toFixed(1)}.`);
  if (quick) remark('--quick: too few rounds to conclude from.');

  /** @type {Row[]} */
  const rows = [];
  let failed = false;
  try {
    for (const [name, { measure }] of chosen) {
      try {
        rows.push(...(await measure(bench)));
      } catch (error) {
        interrupt.signal.throwIfAborted();
        if (!(error instanceof Failure)) throw error;
        failed = true;
        remark(`${name} could not be measured: ${error.message}`);
      }
    }
  } finally {
    await cleanUp();
  }
  if (json) say(JSON.stringify({ rows, remarks, node: process.version }, null, 2));
  else {
    process.stdout.write(formatTable(rows));
    for (const row of rows) for (const line of row.detail ?? []) say(`  ${line}`);
    for (const text of remarks) say(text);
  }
  return failed || rows.some(({ verdict }) => verdict === 'short') ? 1 : 0;
});
