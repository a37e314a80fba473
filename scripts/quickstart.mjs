// @ts-check
// `npm run quickstart`: from a fresh clone to a healthy stack, then breaks it and lets l9 mend it. Every step is a
// command that a person could type, and is shown as such.
import { fileURLToPath } from 'node:url';
import { attempt } from './command.mjs';
import { Failure, bold, dim, heading, runMain, say, seconds } from './console.mjs';
import { EngineRefusal, callEngine, callEngineJson, filtersQuery } from './docker-api.mjs';
import { prepare } from './prepare.mjs';

/** @typedef {import('./docker-endpoint.mjs').Endpoint} Endpoint */

const root = fileURLToPath(new URL('..', import.meta.url));
const manifests = 'manifests/quickstart';
const victim = 'redis-queue';

/**
 * Runs the built l9 in the repository's folder, on our terminal.
 * @param {readonly string[]} args
 */
async function l9(...args) {
  say(`${bold('$')} l9 ${args.join(' ')}`);
  const command = [`${root}/dist/cli.js`, ...args];
  const { code } = await attempt(process.execPath, command, { cwd: root, show: true });
  if (code !== 0) throw new Failure(`l9 ${args[0]} ended with exit code ${code}.`, code);
}

/**
 * A project belongs to the folder that it was applied from. Another clone's quickstart is taken over, after saying so.
 * @returns {Promise<string[]>} what to add to the first apply
 */
async function takeOver() {
  const plan = [`${root}/dist/cli.js`, 'plan', '-f', manifests];
  const { stderr } = await attempt(process.execPath, plan, { cwd: root });
  if (!stderr.includes('ProjectElsewhere')) return [];
  say('The quickstart of another folder is in this engine: taking it over.');
  return ['--take-over'];
}

/**
 * Kills one container as a crash would: behind l9's back, straight through Docker.
 * @param {Endpoint} endpoint
 */
async function killOne(endpoint) {
  const label = [`com.l9.project=quickstart`, `com.l9.service=${victim}`];
  /** @type {{ Id: string, Names: string[] }[]} */
  const found = await callEngineJson(endpoint, {
    path: `/containers/json?${filtersQuery({ label })}`,
  });
  const [container] = found;
  if (container === undefined) throw new Failure(`There is no running container of ${victim}.`);
  say(`${bold('$')} docker kill ${container.Names[0]?.slice(1)}`);
  const call = { method: 'POST', path: `/containers/${container.Id}/kill` };
  const answer = await callEngine(endpoint, call);
  if (answer.status !== 204) throw new EngineRefusal(call, answer);
  // The engine answers before the container is seen to have ended.
  const ended = { method: 'POST', path: `/containers/${container.Id}/wait` };
  await callEngine(endpoint, ended);
}

await runMain(async () => {
  const start = performance.now();
  heading('1. What it needs');
  const { endpoint, downloadMs } = await prepare();

  heading(`2. A stack from YAML ${dim(`(${manifests}/)`)}`);
  await l9('apply', '-f', manifests, ...(await takeOver()));

  heading('3. Something breaks');
  await killOne(endpoint);
  say();
  await l9('get', 'services', '-p', 'quickstart');

  heading('4. Applied again: what is broken is mended, the rest is left alone');
  await l9('apply', '-f', manifests);

  heading('5. What to try next');
  const next = {
    'l9 exec indexer -p quickstart -- indexer add "to be or not to be"': 'gives the indexer work',
    'l9 exec indexer -p quickstart -- indexer top': 'shows what it counted',
    'l9 logs indexer -p quickstart': 'what it says',
    'l9 describe redis-queue -p quickstart': 'what l9 knows of one service',
    'l9 outputs -p quickstart': 'the addresses to reach them at',
    [`l9 diff -f ${manifests}`]: 'after you changed a file: what would be done',
    'l9 delete -p quickstart': 'takes it all away',
  };
  for (const [command, what] of Object.entries(next)) say(`  ${command.padEnd(67)} ${dim(what)}`);
  say(dim('  Here l9 is `node dist/cli.js`; `npm link` puts it on your PATH.'));

  const total = performance.now() - start;
  say(`\n${seconds(total)} in total, of which ${seconds(downloadMs)} were downloads.`);
});
