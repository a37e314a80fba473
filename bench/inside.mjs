// @ts-check
// Programs that measure parts of l9 from the inside. They are TypeScript like the parts, so they are bundled first;
// each measurement is a process of its own, because a command plans once, with nothing warmed up.
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from '../scripts/command.mjs';

/** Inside node_modules, so that what is not bundled is found. */
const cache = fileURLToPath(new URL('../node_modules/.cache/', import.meta.url));

export class InsidePrograms {
  #folder;

  constructor() {
    mkdirSync(cache, { recursive: true });
    this.#folder = mkdtempSync(join(cache, 'l9-bench-'));
  }

  /** A path for data that one program hands to another. @param {string} name */
  file(name) {
    return join(this.#folder, name);
  }

  /**
   * A copy of the built program, so that what is measured stays the same when somebody builds meanwhile.
   * @param {string} dist
   * @returns {string} the copy's cli.js
   */
  copyProgram(dist) {
    cpSync(dist, this.file('dist'), { recursive: true });
    return join(this.file('dist'), 'cli.js');
  }

  /**
   * Bundles a program; resolves to what runs it. It prints JSON.
   * @param {URL} source
   * @returns {Promise<(...args: string[]) => Promise<any>>} parsed
   */
  async bundle(source) {
    const { build } = await import('esbuild');
    const program = this.file(`${source.pathname.split('/').at(-1)}.mjs`);
    await build({
      entryPoints: [fileURLToPath(source)],
      outfile: program,
      bundle: true,
      format: 'esm',
      platform: 'node',
      target: 'node20.19',
      packages: 'external',
      define: { __L9_VERSION__: '"bench"' },
      logLevel: 'warning',
    });
    return async (...args) => JSON.parse(await run(process.execPath, [program, ...args]));
  }

  remove() {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
