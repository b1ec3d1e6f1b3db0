import { defineConfig } from 'vitest/config'

const tests = { testTimeout: 30_000, hookTimeout: 60_000, globalSetup: './test/temp-folder.ts' }

export default defineConfig({
  test: {
    passWithNoTests: false,
    // Half of the time is spent waiting: no core is kept free.
    maxWorkers: '100%',
    projects: [
      {
        test: {
          ...tests,
          name: 'action',
          include: ['test/**/*.test.ts'],
          exclude: ['test/workflows/**'],
          // To load the action and the stand-ins takes longer than most files do with them.
          isolate: false,
        },
      },
      // They need the workflow engine act: "npm run check:workflows" looks for it and runs them.
      { test: { ...tests, name: 'workflows', include: ['test/workflows/*.test.ts'], testTimeout: 300_000 } },
    ],
  },
})
