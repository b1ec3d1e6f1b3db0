import { defineConfig } from 'vitest/config'

const tests = { testTimeout: 30_000, hookTimeout: 60_000, globalSetup: './test/temp-folder.ts' }

export default defineConfig({
  test: {
    passWithNoTests: false,
    projects: [
      { test: { ...tests, name: 'action', include: ['test/**/*.test.ts'], exclude: ['test/workflows/**'] } },
      // They need the workflow engine act: "npm run check:workflows" looks for it and runs them.
      { test: { ...tests, name: 'workflows', include: ['test/workflows/*.test.ts'], testTimeout: 300_000 } },
    ],
  },
})
