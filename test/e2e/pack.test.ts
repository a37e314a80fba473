import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));

// Install scripts stay off: none of our dependencies needs its own. The cache makes it work without a network,
// after npm ci.
const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline'];

const temporaryFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'l9-pack-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
};

interface Packed {
  readonly filename: string;
  readonly files: readonly { readonly path: string }[];
}

test('the packed tarball installs globally, and l9 is on the PATH and complete', async () => {
  const folder = temporaryFolder();
  const packing = ['pack', '--json', '--ignore-scripts', '--pack-destination', folder];
  const { stdout } = await run('npm', packing, { cwd: root });
  const [packed]: readonly [Packed] = JSON.parse(stdout);
  const paths = packed.files.map(({ path }) => path);
  expect(paths).toContain('dist/cli.js');
  expect(paths).toContain('schemas/l9.schema.json');
  expect(paths.filter((path) => /^(src|test|bench|scripts|node_modules)\//.test(path))).toEqual([]);

  const prefix = join(folder, 'prefix');
  const tarball = join(folder, packed.filename);
  await run('npm', ['install', '--global', '--prefix', prefix, ...quiet, tarball], { cwd: folder });

  // As a user has it: any folder, l9 found by the PATH.
  const env = { ...process.env, PATH: [join(prefix, 'bin'), process.env['PATH']].join(delimiter) };
  const elsewhere = { cwd: folder, env };
  const { version }: { version: string } = JSON.parse(
    readFileSync(join(root, 'package.json'), 'utf8'),
  );
  expect((await run('l9', ['version'], elsewhere)).stdout).toContain(version);
  expect((await run('l9', ['--help'], elsewhere)).stdout).toContain('apply');
  // Reads the schemas and every dependency that a command without an engine needs.
  const explained = await run('l9', ['explain', 'service.spec.healthcheck'], elsewhere);
  expect(explained.stdout).toContain('interval');
});
