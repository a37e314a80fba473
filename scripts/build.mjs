// Bundles src/ into dist/: few files start faster than many (docs/decisions/0001-bundle-with-esbuild.md).
import { build } from 'esbuild';
import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const { version } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'));

// Built beside dist/ and put in its place by renaming, so that an l9 that starts meanwhile finds a whole one.
const work = mkdtempSync(`${root}.dist-`);
try {
  await build({
    absWorkingDir: root,
    entryPoints: ['src/cli.ts'],
    outdir: `${work}/new`,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    // Packages stay outside, but for picocolors: every command needs it, and finding it costs more than it does.
    external: ['ajv', 'dockerode', 'js-yaml', 'pino', 'tar-stream', 'xstate'],
    chunkNames: 'chunks/[name]-[hash]',
    define: { __L9_VERSION__: JSON.stringify(version) },
    logLevel: 'warning',
  });
  if (existsSync(`${root}dist`)) renameSync(`${root}dist`, `${work}/old`);
  renameSync(`${work}/new`, `${root}dist`);
} finally {
  rmSync(work, { recursive: true, force: true });
}
