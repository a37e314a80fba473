import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { removeProjects } from './cleanup.ts';

/** Registers a clean-up: vitest's `onTestFinished`, or a list of one's own. */
export type Finish = (cleanup: () => Promise<void>, timeoutMs?: number) => void;

/** A project of one test: a name that no other test has, and a folder for its manifests. */
export interface TestProject {
  readonly name: string;
  /** Absolute, with links resolved. */
  readonly folder: string;
  /** Writes a file into the folder, and returns its path. */
  write(file: string, text: string): string;
}

/** A name that fits l9's rule and that the clean-up recognises. */
export const projectName = (): string => `t-${randomBytes(4).toString('hex')}`;

/**
 * Makes a project for the running test. When the test ends, well or not, its folder and everything of it in the
 * engine are removed; `L9_TEST_KEEP=1` keeps both to look at. Tests that run concurrently pass their own
 * `onTestFinished` from the test's context.
 */
export const testProject = (finished: Finish = onTestFinished): TestProject => {
  const name = projectName();
  const folder = realpathSync(mkdtempSync(join(tmpdir(), `${name}-`)));
  finished(async () => {
    if (process.env['L9_TEST_KEEP']) return;
    rmSync(folder, { recursive: true, force: true });
    await removeProjects((project) => project === name);
  }, 60_000);
  return {
    name,
    folder,
    write: (file, text) => {
      const path = join(folder, file);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text);
      return path;
    },
  };
};
