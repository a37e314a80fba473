// @ts-check
// Shows that a fresh Debian machine with only Node and root is enough: makes one (debootstrap, in a container
// with an administrator's rights and without any engine), puts a clone of HEAD into it, and runs the
// README's two commands there. Needs root and an engine here.
//   node scripts/fresh-machine.mjs [shell command]     L9_FRESH_SUITE=trixie makes another Debian
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { attempt, run } from './command.mjs';
import { Failure, heading, runMain, say } from './console.mjs';
import { isRoot } from './debian.mjs';
import { ensureEngine } from './engine.mjs';
import { ownSource } from './newer-packages.mjs';
import { unpackPackages } from './packages.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const container = 'l9-fresh-machine';
const suite = process.env['L9_FRESH_SUITE'] ?? ownSource().suite;
const image = `l9.local/fresh-debian:${suite}`;
const usual = 'npm run quickstart && npm run quickstart && npm test';

/** A minimal Debian with this machine's Node, and nothing else. */
async function makeImage() {
  const { uri } = ownSource();
  const { folder } = await unpackPackages({ packages: ['debootstrap'] });
  const work = mkdtempSync(join(tmpdir(), 'l9-fresh-'));
  try {
    // libstdc++ comes with every way to install Node.
    const args = [
      '--variant=minbase',
      '--include=libstdc++6,libatomic1',
      suite,
      join(work, 'debian'),
      uri,
    ];
    const env = { ...process.env, DEBOOTSTRAP_DIR: join(folder, 'usr/share/debootstrap') };
    await run(join(folder, 'usr/sbin/debootstrap'), args, { env });
    const usr = join(work, 'debian/usr/local');
    cpSync(realpathSync(process.execPath), join(usr, 'bin/node'));
    const npm = (await run('npm', ['root', '--global'])).trim();
    cpSync(join(npm, 'npm'), join(usr, 'lib/node_modules/npm'), { recursive: true });
    for (const name of ['npm', 'npx'])
      symlinkSync(`../lib/node_modules/npm/bin/${name}-cli.js`, join(usr, 'bin', name));
    await run('sh', [
      '-c',
      'tar -C "$0" -c . | docker import -c "ENV PATH=$2" - "$1"',
      join(work, 'debian'),
      image,
      path,
    ]);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

const path = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/**
 * As --privileged, but it also works on a machine that lacks a capability itself (SYS_RESOURCE is often kept back
 * from virtual machines). Docker's own files cannot lie on an overlay: an anonymous volume holds them.
 */
function rights() {
  const bounds = /^CapBnd:\s*(\S+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '0';
  const hasResource = ((BigInt(`0x${bounds}`) >> 24n) & 1n) === 1n;
  const unconfined = ['seccomp', 'apparmor', 'systempaths'].flatMap((name) => [
    '--security-opt',
    `${name}=unconfined`,
  ]);
  const mounts = ['-v', '/var/lib/docker', '-v', '/sys/fs/cgroup:/sys/fs/cgroup:rw'];
  const devices = ['--device-cgroup-rule', 'a *:* rwm'];
  return [
    '--cap-add',
    'ALL',
    ...(hasResource ? [] : ['--cap-drop', 'SYS_RESOURCE']),
    ...unconfined,
    ...devices,
    ...mounts,
  ];
}

/** What a closed network needs: the certificates that this machine's npm trusts. */
async function trust() {
  const file = (await run('npm', ['config', 'get', 'cafile'])).trim();
  if (!existsSync(file)) return [];
  return ['-v', `${file}:/etc/l9-trust.crt:ro`, '-e', 'npm_config_cafile=/etc/l9-trust.crt'];
}

await runMain(async () => {
  if (!isRoot()) throw new Failure('Making a machine needs root.');
  const command = process.argv[2] ?? usual;
  await ensureEngine();
  if ((await attempt('docker', ['image', 'inspect', image])).code !== 0) {
    say('Making a Debian machine with debootstrap …');
    await makeImage();
  }
  const work = mkdtempSync(join(tmpdir(), 'l9-fresh-'));
  try {
    await run('git', ['clone', '--quiet', root, join(work, 'l9')]);
    const head = (await run('git', ['log', '-1', '--format=%h %s'], { cwd: root })).trim();
    heading(`On a fresh Debian ${suite}, at ${head}: ${command}`);
    const script = `cp -r /clone/l9 /root/l9 && cd /root/l9 && ${command}`;
    const args = [
      'run',
      '--rm',
      '--name',
      container,
      '-v',
      `${work}:/clone:ro`,
      ...rights(),
      ...(await trust()),
    ];
    args.push(image, 'bash', '-c', script);
    const { code } = await attempt('docker', args, { show: true });
    return code;
  } finally {
    rmSync(work, { recursive: true, force: true });
    await attempt('docker', ['rm', '--force', '--volumes', container]);
  }
});
