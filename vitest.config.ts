import { defineConfig } from 'vitest/config';

// Two cores are the size of CI. The engine is CPU-bound from about five containers at once on, so more
// workers would only stretch every call (see test/README.md).
const maxWorkers = 2;

export default defineConfig({
  test: {
    maxWorkers,
    // A test that passes at the second try hides what this project exists to find.
    retry: 0,
    projects: [
      {
        extends: true,
        test: { name: 'unit', include: ['test/unit/**/*.test.ts'], testTimeout: 10_000 },
      },
      {
        extends: true,
        test: {
          name: 'engine',
          include: ['test/engine/**/*.test.ts', 'test/contract/**/*.test.ts'],
          globalSetup: ['test/setup/require-engine.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          globalSetup: ['test/setup/require-engine.ts', 'test/setup/require-build.ts'],
          testTimeout: 120_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
