import { defineConfig } from 'vitest/config'
import { LAW_RUNS } from './test/runs.ts'

const tests = {
  testTimeout: 60_000 * Math.max(1, LAW_RUNS),
  hookTimeout: 60_000,
  globalSetup: './test/temp-folder.ts',
  setupFiles: './test/random.ts',
}

/** They leave a client behind that cannot be stopped, or look at what others would leave: each has a process of its own. */
const alone = ['integration/slow-services', 'unit/github/artifacts', 'unit/github/quiet'].map(
  (name) => `test/${name}.test.ts`,
)

export default defineConfig({
  test: {
    passWithNoTests: false,
    // Half of the time is spent waiting: no core is kept free.
    maxWorkers: '100%',
    // Of spawned processes nothing counts.
    coverage: {
      enabled: process.env.COVERAGE === 'true',
      include: ['src/**/*.ts'],
      reportsDirectory: '.build/coverage',
      reportOnFailure: true,
      reporter: [['text', { skipFull: true, maxCols: 120 }], 'json-summary'],
    },
    projects: [
      {
        test: {
          ...tests,
          name: 'action',
          include: ['test/**/*.test.ts'],
          exclude: ['test/workflows/**', ...alone],
          // To load the action and the stand-ins takes longer than most files do with them.
          isolate: false,
        },
      },
      { test: { ...tests, name: 'alone', include: alone } },
      // They need the workflow engine act: "npm run check:workflows" looks for it and runs them.
      { test: { ...tests, name: 'workflows', include: ['test/workflows/*.test.ts'], testTimeout: 300_000 } },
    ],
  },
})
