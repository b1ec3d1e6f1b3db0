import { expect, test, vi } from 'vitest'
import { checkEnvironmentApproval } from '../../../src/approval/environment.ts'
import { checkPullRequestApproval } from '../../../src/approval/pull-request.ts'
import { connectGitHub, type GitHub } from '../../../src/github/api.ts'
import type { RunContext } from '../../../src/github/context.ts'
import { serve } from '../github/server.ts'
import { USERS } from './check.ts'
import { contextOf } from './world.ts'

test.each([
  ['environment', (github: GitHub, context: RunContext) => checkEnvironmentApproval(github, context, 'production')],
  ['pull-request', (github: GitHub, context: RunContext) => checkPullRequestApproval(github, context, [USERS], '')],
])('an approval by %s gives way to a cancel at once while GitHub does not answer', async (_, check) => {
  await using server = await serve(() => ({ hang: true }))
  const cancel = new AbortController()
  const context = contextOf({ context: { apiUrl: server.url } })
  const asked = check(connectGitHub(context, 'token', { signal: cancel.signal }), context)
  await vi.waitFor(() => expect(server.received).toHaveLength(1))
  const from = performance.now()
  cancel.abort()
  const why = expect.stringContaining('The job was cancelled before')
  expect(await asked).toMatchObject({ approved: false, reason: 'cancelled', why })
  expect(performance.now() - from).toBeLessThan(100)
})
