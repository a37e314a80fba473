// Records what this version of l9 leaves on an engine: test/releases/<version>.json. Run it once before a release,
// on an engine with the test images; test/unit/operations/releases.test.ts plans every recording to zero actions,
// so that no later version recreates what an earlier one made.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const work = mkdtempSync(join(root, 'node_modules', '.l9-release-'));
const folder = mkdtempSync(join(tmpdir(), 'l9-release-'));
const manifest = readFileSync(join(root, 'test', 'releases', 'manifest.yaml'), 'utf8');

const l9 = (/** @type {string[]} */ ...args) =>
  execFileSync(process.execPath, [join(root, 'dist', 'cli.js'), ...args], { stdio: 'inherit' });

try {
  await build({
    stdin: {
      contents: `
        export { connectDocker } from './src/engine/docker/connect.ts';
        export { observe } from './src/engine/observe.ts';
        export { appRecordAmong } from './src/records/app-records.ts';
      `,
      resolveDir: root,
      loader: 'ts',
    },
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    outfile: join(work, 'l9.mjs'),
  });
  writeFileSync(join(folder, 'l9.yaml'), manifest);
  l9('apply', '-f', folder);
  const parts = await import(pathToFileURL(join(work, 'l9.mjs')).href);
  const engine = await parts.connectDocker({ env: process.env, homedir: folder });
  const clock = { now: () => Date.now() };
  const observed = await parts.observe(engine, { project: 'release', imageReferences: [], clock });
  const own = (/** @type {{ labels: Record<string, string> }} */ one) =>
    one.labels['com.l9.project'] === 'release';
  const recording = {
    version,
    record: parts.appRecordAmong('release', observed.volumes).value,
    observed: {
      ...observed,
      all: observed.all.filter(own),
      networks: observed.networks.filter(own),
      volumes: observed.volumes.filter(own),
    },
  };
  const file = join(root, 'test', 'releases', `${version}.json`);
  writeFileSync(file, `${JSON.stringify(recording, null, 1)}\n`);
  process.stdout.write(`recorded ${file}\n`);
  l9('delete', '-p', 'release', '--yes');
  // The volume behind the image's own VOLUME has no manifest that could give it away.
  for (const { name } of await engine.listVolumes({ labels: ['com.l9.project=release'] })) {
    await engine.removeVolume(name);
  }
  engine.close();
} finally {
  rmSync(work, { recursive: true, force: true });
  rmSync(folder, { recursive: true, force: true });
}
