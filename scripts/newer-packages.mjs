// @ts-check
// Unpacks packages of a newer Debian suite than the machine's own into a folder, for tests against a newer engine
// and for Compose 2 as a peer in the bench. The archive's address is taken from the machine's own apt sources, with
// the suite's name swapped; the machine itself is not changed.
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { attempt, run } from './command.mjs';
import { Failure } from './console.mjs';
import { hasApt, isRoot } from './debian.mjs';
import { cacheFolder } from './packages.mjs';
import { makeMergedUsr } from './rootfs.mjs';

/** From old to new. What comes after the machine's own suite is tried from the newest on, so that engines differ. */
const suites = ['buster', 'bullseye', 'bookworm', 'trixie', 'forky', 'sid'];

/**
 * @param {string} name of the folder in the cache
 * @param {readonly string[]} packages
 * @returns {Promise<string>} the folder with the packages' files, as they would lie under /
 */
export async function unpackNewer(name, packages) {
  const folder = join(cacheFolder(), name);
  if (existsSync(folder)) return folder;
  if (!hasApt())
    throw new Failure(
      'A newer engine can only be had from Debian packages; this machine has no apt.',
    );
  const work = mkdtempSync(join(cacheFolder(), `${name}-`));
  try {
    const debs = join(work, 'debs');
    mkdirSync(debs);
    await downloadFromNewest(packages, { work, debs });
    const root = join(work, 'root');
    makeMergedUsr(root);
    for (const file of readdirSync(debs).filter((entry) => entry.endsWith('.deb'))) {
      const extract = 'dpkg-deb --fsys-tarfile "$0" | tar -x --keep-directory-symlink -C "$1"';
      await run('sh', ['-c', extract, join(debs, file), root]);
    }
    renameSync(root, folder);
    return folder;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/**
 * @param {readonly string[]} packages
 * @param {{ work: string, debs: string }} folders
 */
async function downloadFromNewest(packages, { work, debs }) {
  const { stanza, own } = ownArchive();
  const newer = suites.slice(suites.indexOf(own) + 1).toReversed();
  /** @type {string[]} */
  const refused = [];
  for (const suite of newer) {
    const lists = join(work, `lists-${suite}`);
    const sources = join(work, `${suite}.sources`);
    mkdirSync(join(lists, 'partial'), { recursive: true });
    writeFileSync(sources, stanza.replace(/^Suites:.*$/m, `Suites: ${suite}`));
    const options = {
      'Dir::Etc::sourcelist': sources,
      'Dir::Etc::sourceparts': '-',
      'Dir::State::lists': lists,
      'Dir::Cache': work,
      ...(isRoot() ? { 'APT::Sandbox::User': 'root' } : {}),
    };
    const args = [
      '-q',
      ...Object.entries(options).flatMap(([key, value]) => ['-o', `${key}=${value}`]),
    ];
    const update = await attempt('apt-get', [...args, 'update']);
    const download =
      update.code === 0
        ? await attempt('apt-get', [...args, 'download', ...packages], { cwd: debs })
        : update;
    if (download.code === 0) return;
    refused.push(`${suite}: ${download.stderr.trim().split('\n')[0]}`);
  }
  throw new Failure(
    `No newer suite than ${own} gave ${packages.join(', ')}:\n  ${refused.join('\n  ')}`,
  );
}

/** The machine's source of its own suite, as one deb822 stanza. */
function ownArchive() {
  const own = /^VERSION_CODENAME=(\S+)/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? '';
  if (!suites.includes(own)) throw new Failure(`No newer suite than "${own}" is known here.`);
  const parts = '/etc/apt/sources.list.d';
  const files = existsSync(parts) ? readdirSync(parts).map((file) => join(parts, file)) : [];
  for (const file of ['/etc/apt/sources.list', ...files]) {
    const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
    const stanza = file.endsWith('.sources') ? stanzaOf(text, own) : stanzaOfLine(text, own);
    if (stanza !== undefined) return { stanza, own };
  }
  throw new Failure(`No apt source of ${own} was found in /etc/apt.`);
}

/** Where the machine's own suite comes from. Never to be written into a file that is kept. */
export function ownSource() {
  const { stanza, own } = ownArchive();
  const uri = /^URIs:\s*(\S+)/m.exec(stanza)?.[1];
  if (uri === undefined) throw new Failure(`The apt source of ${own} has no address.`);
  return { uri, suite: own };
}

/**
 * @param {string} text of a deb822 file
 * @param {string} suite
 */
function stanzaOf(text, suite) {
  const stanzas = text.replaceAll(/^#.*\n/gm, '').split(/\n\s*\n/);
  return stanzas.find((stanza) => new RegExp(`^Suites:.*(\\s)${suite}(\\s|$)`, 'm').test(stanza));
}

/**
 * @param {string} text of a file in the one-line style
 * @param {string} suite
 */
function stanzaOfLine(text, suite) {
  const line = new RegExp(`^deb\\s+(?:\\[([^\\]]*)\\]\\s+)?(\\S+)\\s+${suite}\\s+(.+)$`, 'm').exec(
    text,
  );
  if (!line) return undefined;
  const [, options = '', uri, components] = line;
  const signedBy = /signed-by=(\S+)/.exec(options)?.[1];
  const key = signedBy === undefined ? '' : `Signed-By: ${signedBy}\n`;
  return `Types: deb\nURIs: ${uri}\nSuites: ${suite}\nComponents: ${components}\n${key}`;
}
