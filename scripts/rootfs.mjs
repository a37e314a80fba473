// @ts-check
// Puts an image's files together: programs with exactly the libraries they load, folders, users, scripts.
import {
  chmodSync,
  closeSync,
  cpSync,
  existsSync,
  mkdirSync,
  openSync,
  readSync,
  readdirSync,
  realpathSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { run } from './command.mjs';

/**
 * @typedef {object} Contents
 * @property {readonly string[]} programs copied with the libraries that they load
 * @property {readonly string[]} [copies] copied as they are; programs and libraries among them bring what they load
 * @property {RegExp} [without] paths among the copies that stay away
 * @property {Record<string, string>} [files] path in the image → file in scripts/images/; an .sh is executable
 * @property {Record<string, number>} [folders] path in the image → the user and group that owns it
 * @property {Record<string, number>} [users] name → id
 */

const sources = new URL('images/', import.meta.url).pathname;

/**
 * @param {string} rootfs an empty folder
 * @param {{ contents: Contents, packages: string, busybox: string }} from folders of unpacked packages
 */
export async function assemble(rootfs, { contents, packages, busybox }) {
  makeMergedUsr(rootfs);
  await addShell(rootfs, busybox);
  const { programs, copies = [], without } = contents;
  for (const path of [...programs, ...copies])
    copy(join(packages, path), join(rootfs, path), without);

  const copied = copies.flatMap((path) => elfFiles(rootfs, path));
  for (const path of copied.filter((file) => file.includes('/bin/'))) {
    link(path, join(rootfs, 'usr/local/bin', basename(path)));
  }
  for (const library of await librariesOf(packages, [...programs, ...copied])) {
    copy(join(packages, library), join(rootfs, library));
  }
  for (const [path, file] of Object.entries(contents.files ?? {})) {
    copy(join(sources, file), join(rootfs, path));
    chmodSync(join(rootfs, path), file.endsWith('.sh') ? 0o755 : 0o644);
  }
  for (const path of ['/tmp', ...Object.keys(contents.folders ?? {})]) {
    mkdirSync(join(rootfs, path), { recursive: true });
  }
  chmodSync(join(rootfs, '/tmp'), 0o1777);
  addUsers(rootfs, contents.users ?? {});
}

/**
 * Packs the files as the archive that the engine imports. Everything belongs to root but the named folders.
 * @param {string} rootfs
 * @param {{ archive: string, folders: Record<string, number> }} options
 */
export async function pack(rootfs, { archive, folders }) {
  const owned = Object.entries(folders).map(([path, owner]) => ({ path: `.${path}`, owner }));
  const shared = ['--numeric-owner', '-C', rootfs];
  const except = owned.map(({ path }) => `--exclude=${path}`);
  await run('tar', ['-cf', archive, '--owner=0', '--group=0', ...shared, ...except, '.']);
  for (const { path, owner } of owned) {
    await run('tar', ['-rf', archive, `--owner=${owner}`, `--group=${owner}`, ...shared, path]);
  }
}

/**
 * The layout of today's Debian: packages may ship /lib or /usr/lib, and both must meet.
 * @param {string} root
 */
export function makeMergedUsr(root) {
  for (const name of ['bin', 'sbin', 'lib', 'lib64']) {
    mkdirSync(join(root, 'usr', name), { recursive: true });
    symlinkSync(`usr/${name}`, join(root, name));
  }
}

/**
 * busybox under every name that it answers to.
 * @param {string} rootfs
 * @param {string} busybox
 */
async function addShell(rootfs, busybox) {
  copy(join(busybox, 'bin/busybox'), join(rootfs, 'bin/busybox'));
  const names = await run(join(rootfs, 'bin/busybox'), ['--list-full']);
  for (const path of names.trim().split('\n')) link('/bin/busybox', join(rootfs, path));
}

/**
 * @param {string} target
 * @param {string} path where something may stand already: that stays
 */
function link(target, path) {
  mkdirSync(dirname(path), { recursive: true });
  if (!existsSync(path)) symlinkSync(target, path);
}

/**
 * @param {string} from
 * @param {string} to
 * @param {RegExp} [without]
 */
function copy(from, to, without) {
  mkdirSync(dirname(to), { recursive: true });
  // Links that lead nowhere (to documentation, mostly) are left out: they cannot be dereferenced.
  const filter = (/** @type {string} */ path) => existsSync(path) && without?.test(path) !== true;
  cpSync(from, to, { recursive: true, dereference: true, filter });
}

/**
 * The programs and shared objects at or below a path.
 * @param {string} rootfs
 * @param {string} path
 * @returns {string[]}
 */
function elfFiles(rootfs, path) {
  const at = join(rootfs, path);
  if (statSync(at).isDirectory())
    return readdirSync(at).flatMap((name) => elfFiles(rootfs, join(path, name)));
  const magic = Buffer.alloc(4);
  const file = openSync(at, 'r');
  readSync(file, magic, 0, 4, 0);
  closeSync(file);
  return magic.toString('latin1') === '\u007FELF' ? [path] : [];
}

/**
 * Every library that programs load, and the loader, asked of the unpacked loader itself: what this machine has
 * installed plays no part.
 * @param {string} packages
 * @param {readonly string[]} programs
 * @returns {Promise<string[]>} paths as in the image
 */
async function librariesOf(packages, programs) {
  if (programs.length === 0) return [];
  const root = realpathSync(packages);
  const loader = ['usr/lib64', 'usr/lib']
    .flatMap((folder) => readdirSync(join(root, folder)).map((name) => join(folder, name)))
    .find((path) => /\/ld-linux-.*\.so\.\d$/.test(path));
  if (loader === undefined) throw new Error(`no loader below ${packages}`);
  const folders = readdirSync(join(root, 'usr/lib')).filter((name) => name.includes('-linux-gnu'));
  const path = ['usr/lib', ...folders.map((name) => `usr/lib/${name}`)]
    .map((name) => join(root, name))
    .join(':');
  const found = new Set([loader]);
  for (const program of programs) {
    const listed = await run(join(root, loader), [
      '--library-path',
      path,
      '--list',
      join(root, program),
    ]);
    const missing = /^\s*(\S+) => not found/m.exec(listed);
    if (missing)
      throw new Error(`${program} needs ${missing[1]}, which none of the unpacked packages has`);
    for (const [, file] of listed.matchAll(/=> (\/\S+) \(0x/g))
      found.add((file ?? '').slice(root.length));
  }
  return [...found];
}

/**
 * @param {string} rootfs
 * @param {Record<string, number>} users
 */
function addUsers(rootfs, users) {
  const all = Object.entries({ root: 0, ...users, nobody: 65534 });
  const home = (/** @type {number} */ id) => (id === 0 ? '/root' : '/');
  mkdirSync(join(rootfs, 'etc'), { recursive: true });
  mkdirSync(join(rootfs, 'root'), { recursive: true });
  writeFileSync(
    join(rootfs, 'etc/passwd'),
    all.map(([name, id]) => `${name}:x:${id}:${id}::${home(id)}:/bin/sh\n`).join(''),
  );
  writeFileSync(join(rootfs, 'etc/group'), all.map(([name, id]) => `${name}:x:${id}:\n`).join(''));
  writeFileSync(join(rootfs, 'etc/nsswitch.conf'), 'hosts: files dns\n');
}
