// @ts-check
// Unpacks Debian packages with the libraries they need into a cached folder, without installing anything
// onto the machine. apt resolves and verifies; dpkg unpacks.
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { isAbsolute, join, relative } from 'node:path';
import { attempt, run, timed } from './command.mjs';
import { isRoot } from './debian.mjs';
import { makeMergedUsr } from './rootfs.mjs';

/**
 * @typedef {object} Wanted
 * @property {readonly string[]} packages
 * @property {RegExp} [family] packages with versions in their names, taken along when apt would install them
 *
 * @typedef {object} Unpacked
 * @property {string} folder the packages' files, as they would lie under /
 * @property {number} downloadMs
 */

/** Where downloads are kept between runs. */
export function cacheFolder() {
  const home = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache');
  try {
    mkdirSync(join(home, 'l9-images'), { recursive: true });
    return join(home, 'l9-images');
  } catch {
    // A home that cannot be written (CI users without one) only costs the next run its cache.
    mkdirSync(join(tmpdir(), 'l9-images'), { recursive: true });
    return join(tmpdir(), 'l9-images');
  }
}

/**
 * @param {Wanted} wanted
 * @returns {Promise<Unpacked>}
 */
export async function unpackPackages(wanted) {
  const asked = `${wanted.packages.join(' ')} ${wanted.family?.source ?? ''}`;
  const id = createHash('sha256').update(asked).digest('hex').slice(0, 8);
  const folder = join(cacheFolder(), `packages-${wanted.packages[0]}-${id}`);
  if (existsSync(join(folder, '.complete'))) return { folder, downloadMs: 0 };
  // Made beside its place and renamed when whole: two runs at once, or one that is interrupted, do no harm.
  const work = mkdtempSync(join(cacheFolder(), 'packages-'));
  try {
    const { ms: downloadMs } = await timed(() => download(wanted, work));
    const root = join(realpathSync(work), 'root');
    makeMergedUsr(root);
    for (const file of readdirSync(work).filter((entry) => entry.endsWith('.deb'))) {
      await unpack(join(work, file), root);
    }
    makeLinksRelative(root, root);
    writeFileSync(join(root, '.complete'), asked);
    rmSync(folder, { recursive: true, force: true });
    renameSync(root, folder);
    return { folder, downloadMs };
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/**
 * Downloads packages and the libraries among their dependencies.
 * @param {Wanted} wanted
 * @param {string} folder
 */
async function download({ packages, family }, folder) {
  let options = await withLists(packages[0] ?? '', folder);
  // An empty status file makes apt resolve as on an empty machine: the result depends on nothing installed here.
  const status = join(folder, 'status');
  writeFileSync(status, '');
  const plan = await run('apt-get', [
    ...options,
    '-o',
    `Dir::State::status=${status}`,
    '--simulate',
    '--no-install-recommends',
    'install',
    ...packages,
  ]);
  const resolved = [...plan.matchAll(/^Inst (\S+)/gm)].map((match) => match[1] ?? '');
  const chosen = resolved.filter(
    (name) => packages.includes(name) || family?.test(name) || isLibrary(name),
  );
  // apt downloads as the user _apt, who cannot write into our folder; as root that is only a warning.
  if (isRoot()) options = [...options, '-o', 'APT::Sandbox::User=root'];
  await run('apt-get', [...options, '-q', 'download', ...chosen], { cwd: folder });
}

/**
 * apt needs package lists. The machine's own are used when they know the package; else private ones are
 * fetched beside the download, which needs no root and changes nothing on the machine.
 * @param {string} name
 * @param {string} folder
 * @returns {Promise<string[]>} options for apt
 */
async function withLists(name, folder) {
  const known = await attempt('apt-cache', ['show', '--no-all-versions', name]);
  if (known.code === 0 && known.stdout !== '') return [];
  const lists = join(folder, 'lists');
  mkdirSync(join(lists, 'partial'), { recursive: true });
  const options = ['-o', `Dir::State::lists=${lists}`, '-o', `Dir::Cache=${folder}`];
  const sandbox = isRoot() ? ['-o', 'APT::Sandbox::User=root'] : [];
  await run('apt-get', [...options, ...sandbox, '-q', 'update']);
  return options;
}

/**
 * `dpkg-deb --extract` of older dpkg would put folders in place of our links, so tar does the second half.
 * @param {string} file
 * @param {string} root
 */
async function unpack(file, root) {
  const extract =
    'dpkg-deb --fsys-tarfile "$0" | tar -x --keep-directory-symlink --no-same-owner --exclude="./usr/share/[dlm][oa][cn]*" -C "$1"';
  await run('sh', ['-c', extract, file, root]);
}

/**
 * An absolute link would lead out of the folder, to this machine's own files.
 * @param {string} folder
 * @param {string} root
 */
function makeLinksRelative(folder, root) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) makeLinksRelative(path, root);
    if (!entry.isSymbolicLink()) continue;
    const target = readlinkSync(path);
    if (!isAbsolute(target)) continue;
    unlinkSync(path);
    symlinkSync(relative(realpathSync(folder), join(root, target)), path);
  }
}

/**
 * The libraries that servers link. What only maintainer scripts and just-in-time compilers need stays away:
 * it is most of the bytes.
 * @param {string} name
 */
function isLibrary(name) {
  return /^z?lib/.test(name) && !/^lib(perl|llvm|.*-perl$)/.test(name);
}
