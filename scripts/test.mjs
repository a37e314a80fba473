// @ts-check
// `npm test [-- vitest's arguments]`, complete in itself: makes everything that the tests need, runs vitest, and
// ends with one line "N passed, N failed, N skipped", which CI reads. The exit code is vitest's.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { attempt } from './command.mjs';
import { complain, heading, runMain, say } from './console.mjs';
import { prepare } from './prepare.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

await runMain(async () => {
  heading('What the tests need');
  await prepare();

  heading('Tests');
  const folder = mkdtempSync(join(tmpdir(), 'l9-test-'));
  const counts = join(folder, 'counts.json');
  try {
    const reporters = ['--reporter=default', '--reporter=./test/setup/count-reporter.ts'];
    const args = ['node_modules/vitest/vitest.mjs', 'run', ...reporters, ...process.argv.slice(2)];
    const env = { ...process.env, L9_TEST_COUNTS: counts };
    // Ctrl-C reaches vitest too: it ends its workers and cleans up, and we wait for that.
    process.on('SIGINT', () => undefined);
    const { code } = await attempt(process.execPath, args, { cwd: root, env, show: true });
    if (!existsSync(counts)) {
      complain('vitest ended without a result.');
      return code === 0 ? 1 : code;
    }
    /** @type {{ passed: number, failed: number, skipped: number }} */
    const { passed, failed, skipped } = JSON.parse(readFileSync(counts, 'utf8'));
    say(`${passed} passed, ${failed} failed, ${skipped} skipped`);
    return code === 0 && failed > 0 ? 1 : code;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
