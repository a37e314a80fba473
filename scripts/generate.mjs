// Writes every generated file of the repository; with --check it only compares, for CI.
// A generator stands in scripts/generators/ and exports `generators`: a list of { file, render },
// where `file` is relative to the repository and `render` returns (a promise of) its text.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = join(root, 'scripts/generators');

const current = (path) => {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
};

const check = process.argv.includes('--check');
const stale = [];
for (const name of readdirSync(folder).sort()) {
  if (!name.endsWith('.mjs')) continue;
  const { generators = [] } = await import(join(folder, name));
  for (const { file, render } of generators) {
    const path = join(root, file);
    const text = await render();
    if (current(path) === text) continue;
    stale.push(file);
    if (check) continue;
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
}

const list = stale.map((file) => `  ${file}\n`).join('');
if (check && stale.length > 0) {
  process.stderr.write(
    `Generated files are out of date:\n${list}Run \`npm run generate\` and commit what it writes.\n`,
  );
  process.exitCode = 1;
} else if (stale.length > 0) {
  process.stdout.write(`Wrote:\n${list}`);
}
