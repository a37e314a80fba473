// Lets the generators use modules of src/ on every supported Node.js, which cannot import TypeScript;
// generates nothing itself.
import { build } from 'esbuild';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Runs code such as `export { a } from './src/b.ts'`, with paths below the root, and returns its module. */
export const importSource = async (code) => {
  const { outputFiles } = await build({
    absWorkingDir: root,
    stdin: { contents: code, resolveDir: root, loader: 'ts' },
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    write: false,
  });
  const folder = mkdtempSync(join(tmpdir(), 'l9-generate-'));
  try {
    const path = join(folder, 'module.mjs');
    writeFileSync(path, outputFiles[0].text);
    return await import(pathToFileURL(path).href);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};
