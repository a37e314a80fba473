// @ts-check
// What the quickstart and the tests both need before they start: packages, the built program, an engine and
// images. Each step does nothing where nothing is to do, and says in one line what it did.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { run, timed } from './command.mjs';
import { dim, say, seconds } from './console.mjs';
import { ensureDependencies, requireNode } from './dependencies.mjs';
import { ensureEngine } from './engine.mjs';
import { ensureImages } from './images.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * @param {readonly import('./images/recipes.mjs').ImageName[]} [images]
 * @returns {Promise<{ endpoint: import('./docker-endpoint.mjs').Endpoint, downloadMs: number }>}
 */
export async function prepare(images) {
  requireNode();
  const dependencies = await step('dependencies', ensureDependencies, ({ installed }) =>
    installed ? 'installed' : 'there',
  );
  await step('build', build, () => 'built');
  const engine = await step('engine', ensureEngine, ({ how, endpoint }) =>
    how === 'ran' ? `answers at ${endpoint.url}` : how,
  );
  const made = await step(
    'images',
    () => ensureImages(engine.endpoint, images),
    ({ made }) => (made.length > 0 ? `made ${made.join(', ')}` : 'there'),
  );
  const downloadMs = dependencies.downloadMs + engine.downloadMs + made.downloadMs;
  return { endpoint: engine.endpoint, downloadMs };
}

async function build() {
  await run(process.execPath, ['scripts/build.mjs'], { cwd: root });
  if (!existsSync(`${root}/dist/cli.js`)) throw new Error('the build left no dist/cli.js');
}

const column = 16;

/**
 * One line for each step. Its name stands there while it works, so that nobody wonders what takes its time.
 * @template T
 * @param {string} name
 * @param {(tell: (text: string) => void) => Promise<T>} work
 * @param {(value: T) => string} result
 * @returns {Promise<T>}
 */
async function step(name, work, result) {
  process.stdout.write(`  ${name}`.padEnd(column));
  const tell = (/** @type {string} */ text) => {
    process.stdout.write(`${text}\n${' '.repeat(column)}`);
  };
  const { value, ms } = await timed(() => work(tell));
  say(`${result(value)} ${dim(seconds(ms))}`);
  return value;
}
