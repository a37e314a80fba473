import { writeFileSync } from 'node:fs';
import type { Reporter, TestModule } from 'vitest/node';

/**
 * Writes how many tests passed, failed and were skipped to the file that scripts/test.mjs names; that script
 * prints them as the run's last line, which CI reads.
 */
export default class CountReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const counts = { passed: 0, failed: unhandledErrors.length, skipped: 0 };
    for (const module of modules) {
      // A file that cannot be loaded, or whose hooks fail, has errors and perhaps no tests.
      counts.failed += module.errors().length;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        // A run that was interrupted leaves tests pending: they did not pass.
        counts[state === 'pending' ? 'failed' : state] += 1;
      }
      for (const suite of module.children.allSuites()) counts.failed += suite.errors().length;
    }
    const file = process.env['L9_TEST_COUNTS'];
    if (file) writeFileSync(file, JSON.stringify(counts));
  }
}
