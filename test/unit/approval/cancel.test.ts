import { describe, expect, test, vi } from 'vitest'
import { askApproval } from '../../../src/approval/approval.ts'
import { connectGitHub } from '../../../src/github/api.ts'
import { serve } from '../github/server.ts'
import { USERS } from './check.ts'
import { contextOf } from './world.ts'

describe.each([{ kind: 'environment', name: 'production' }, { kind: 'pull-request' }] as const)(
  'an approval by $kind',
  (required) => {
    test('gives way to a cancel at once while GitHub does not answer', async () => {
      await using server = await serve(() => ({ hang: true }))
      const cancel = new AbortController()
      const context = contextOf({ context: { apiUrl: server.url } })
      const github = connectGitHub(context, 'token', { signal: cancel.signal })
      const asked = askApproval(github, required, { context, files: [USERS], approvedPlan: '' })
      await vi.waitFor(() => expect(server.received).toHaveLength(1))
      const from = performance.now()
      cancel.abort()
      const why = expect.stringContaining('The job was cancelled before')
      expect(await asked).toMatchObject({ approved: false, reason: 'cancelled', why })
      expect(performance.now() - from).toBeLessThan(100)
    })
  },
)
