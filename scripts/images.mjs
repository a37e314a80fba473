// @ts-check
// Makes the images that the quickstart, the tests and the benchmarks need, without a registry: from the
// distribution's packages, unpacked beside the system, or, where there is no apt, from the official images.
// An image that was made from the same inputs is left alone. `node scripts/images.mjs [NAME…]` alone does this.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { timed } from './command.mjs';
import { Failure, isProgram, runMain, say, seconds } from './console.mjs';
import { hasApt } from './debian.mjs';
import { EngineRefusal, callEngine } from './docker-api.mjs';
import { ensureEngine } from './engine.mjs';
import { recipes } from './images/recipes.mjs';
import { cacheFolder, unpackPackages } from './packages.mjs';
import { assemble, pack } from './rootfs.mjs';

/**
 * @typedef {import('./docker-endpoint.mjs').Endpoint} Endpoint
 * @typedef {import('./images/recipes.mjs').ImageName} ImageName
 * @typedef {import('./images/recipes.mjs').Recipe} Recipe
 *
 * @typedef {object} ImagesReady
 * @property {string[]} made references of the images that had to be made
 * @property {number} downloadMs
 */

/** The label that says what an image was made from. Not in com.l9: containers inherit an image's labels. */
const inputsLabel = 'dev.l9.image-inputs';
const path = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
const imageSources = new URL('images/', import.meta.url).pathname;

/** What `npm test` and the quickstart need; postgres and nginx are made when somebody asks for them. */
export const usualImages = /** @type {const} */ (['busybox', 'redis', 'indexer']);

/**
 * @param {Endpoint} endpoint
 * @param {readonly ImageName[]} [names]
 * @returns {Promise<ImagesReady>}
 */
export async function ensureImages(endpoint, names = usualImages) {
  /** @type {ImagesReady} */
  const ready = { made: [], downloadMs: 0 };
  for (const name of names) {
    const { reference } = recipes[name];
    const inputs = inputsOf(name);
    const before = await findImage(endpoint, reference);
    if (before?.inputs === inputs) continue;
    ready.downloadMs += await make(endpoint, name, inputs);
    ready.made.push(reference);
    if (before) await removeUnused(endpoint, before.id);
  }
  return ready;
}

/** A hash of everything that the image is made from, but for the packages' versions.
 * @param {ImageName} name
 * @returns {string}
 */
function inputsOf(name) {
  const hash = createHash('sha256');
  const recipe = recipes[name];
  hash.update(JSON.stringify({ ...recipe, apt: hasApt() }, patternsAsText));
  for (const file of Object.values(recipe.contents.files ?? {})) {
    hash.update(readFileSync(join(imageSources, file)));
  }
  return hash.digest('hex').slice(0, 16);
}

/**
 * @param {string} _key
 * @param {unknown} value
 */
function patternsAsText(_key, value) {
  return value instanceof RegExp ? value.source : value;
}

/**
 * @param {Endpoint} endpoint
 * @param {string} reference
 * @returns {Promise<{ id: string, inputs: string | undefined } | undefined>}
 */
async function findImage(endpoint, reference) {
  const call = { path: `/images/${reference}/json` };
  const answer = await callEngine(endpoint, call);
  if (answer.status === 404) return undefined;
  if (answer.status !== 200) throw new EngineRefusal(call, answer);
  /** @type {{ Id: string, Config?: { Labels?: Record<string, string> | null } }} */
  const image = JSON.parse(answer.text);
  return { id: image.Id, inputs: image.Config?.Labels?.[inputsLabel] };
}

/**
 * @param {Endpoint} endpoint
 * @param {ImageName} name
 * @param {string} inputs
 * @returns {Promise<number>} milliseconds spent on downloads
 */
async function make(endpoint, name, inputs) {
  const context = mkdtempSync(join(cacheFolder(), 'context-'));
  try {
    const prepare = hasApt() ? fromPackages : fromOfficial;
    const downloadMs = await prepare(context, recipes[name], endpoint);
    await build(endpoint, { context, reference: recipes[name].reference, inputs });
    return downloadMs;
  } finally {
    rmSync(context, { recursive: true, force: true });
  }
}

/**
 * @param {string} context
 * @param {Recipe} recipe
 * @returns {Promise<number>} milliseconds spent on downloads
 */
async function fromPackages(context, recipe) {
  const shell = await unpackPackages(recipes.busybox);
  const unpacked = recipe === recipes.busybox ? shell : await unpackPackages(recipe);
  const work = mkdtempSync(join(cacheFolder(), 'rootfs-'));
  try {
    await assemble(work, {
      contents: recipe.contents,
      packages: unpacked.folder,
      busybox: shell.folder,
    });
    await pack(work, {
      archive: join(context, 'rootfs.tar'),
      folders: recipe.contents.folders ?? {},
    });
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  const lines = ['FROM scratch', 'ADD rootfs.tar /', `ENV PATH=${path}`, ...recipe.config];
  writeFileSync(join(context, 'Dockerfile'), `${lines.join('\n')}\n`);
  return shell.downloadMs + (unpacked === shell ? 0 : unpacked.downloadMs);
}

/**
 * The official image under our name; built upon, because a pulled image cannot be given our label.
 * @param {string} context
 * @param {Recipe} recipe
 * @param {Endpoint} endpoint
 * @returns {Promise<number>} milliseconds spent on downloads
 */
async function fromOfficial(context, { official, onOfficial, contents, config }, endpoint) {
  say(`  pulling ${official}`);
  for (const file of Object.values(contents.files ?? {})) {
    copyFileSync(join(imageSources, file), join(context, file));
  }
  writeFileSync(
    join(context, 'Dockerfile'),
    `${[`FROM ${official}`, ...(onOfficial ? [...onOfficial, ...config] : [])].join('\n')}\n`,
  );
  const [image, tag] = official.split(':');
  const call = { path: `/images/create?fromImage=${image}&tag=${tag}` };
  return (await timed(() => streamed(endpoint, call))).ms;
}

/**
 * @param {Endpoint} endpoint
 * @param {{ context: string, reference: string, inputs: string }} image
 */
async function build(endpoint, { context, reference, inputs }) {
  const archive = spawn('tar', ['-c', '--owner=0', '--group=0', '-C', context, '.'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const labels = encodeURIComponent(JSON.stringify({ [inputsLabel]: inputs }));
  await streamed(endpoint, {
    path: `/build?t=${encodeURIComponent(reference)}&labels=${labels}&forcerm=1`,
    stream: archive.stdout,
  });
}

/**
 * Calls that work while they answer say what went wrong inside a stream that began with 200.
 * @param {Endpoint} endpoint
 * @param {{ path: string, stream?: import('node:stream').Readable }} call
 */
async function streamed(endpoint, call) {
  const request = { method: 'POST', timeoutMs: 600_000, ...call };
  const answer = await callEngine(endpoint, request);
  if (answer.status >= 300) throw new EngineRefusal(request, answer);
  for (const line of answer.text.split('\n').filter((text) => text.trim() !== '')) {
    /** @type {{ error?: string }} */
    const message = JSON.parse(line);
    if (message.error) throw new Failure(`The engine could not make an image: ${message.error}`);
  }
}

/** The image that lost its tag goes, unless a container still uses it.
 * @param {Endpoint} endpoint
 * @param {string} id
 */
async function removeUnused(endpoint, id) {
  const call = { method: 'DELETE', path: `/images/${id}` };
  const answer = await callEngine(endpoint, call);
  if (![200, 404, 409].includes(answer.status)) throw new EngineRefusal(call, answer);
}

/**
 * @param {string} name
 * @returns {name is ImageName}
 */
function isImageName(name) {
  return name in recipes;
}

if (isProgram(import.meta.url)) {
  await runMain(async () => {
    const asked = process.argv.slice(2);
    const known = Object.keys(recipes);
    const names = asked.filter(isImageName);
    if (names.length < asked.length) {
      throw new Failure(`There are only these images: ${known.join(', ')}.`, 2);
    }
    const { endpoint } = await ensureEngine();
    const { value, ms } = await timed(() =>
      ensureImages(endpoint, names.length > 0 ? names : usualImages),
    );
    say(
      value.made.length > 0
        ? `Made ${value.made.join(', ')} in ${seconds(ms)}`
        : 'All images are there.',
    );
  });
}
