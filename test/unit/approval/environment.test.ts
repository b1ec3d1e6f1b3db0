import { describe, expect, test } from 'vitest'
import { checkEnvironmentApproval, judgeEnvironmentApproval } from '../../../src/approval/environment.ts'
import type { GitHub } from '../../../src/github/api.ts'
import { readContext } from '../../../src/github/context.ts'
import type { DeploymentReview } from '../../../src/github/facts.ts'

function review(state: string, login: string | null, name = 'production', type = 'User'): DeploymentReview {
  return { environments: [name], state, user: login === null ? null : { id: 1, login, type } }
}

function judge(approvals: readonly DeploymentReview[], overrides = {}) {
  return judgeEnvironmentApproval({
    approvals,
    environmentName: 'production',
    actor: 'ann',
    triggeringActor: 'ann',
    runAttempt: 1,
    environment: { requiredReviewers: true, preventSelfReview: true, adminsMayBypass: false },
    ...overrides,
  })
}

describe('an approving review by somebody who did not start the run', () => {
  test('lets it go on, without a warning where the environment is well protected', () => {
    expect(judge([review('approved', 'ben')])).toEqual({ approved: true, by: ['ben'], warnings: [] })
  })

  test.each([
    ['of an environment written in another case', [review('approved', 'ben', 'Production')]],
    ['beside one of the person who started it', [review('approved', 'ann'), review('approved', 'ben')]],
    ['beside one of an app', [review('approved', 'gate[bot]', 'production', 'Bot'), review('approved', 'ben')]],
    ['beside a rejection for another environment', [review('rejected', 'eve', 'staging'), review('approved', 'ben')]],
  ])('counts %s', (_, approvals) => {
    expect(judge(approvals)).toMatchObject({ approved: true, by: ['ben'] })
  })
})

test.each([
  ['no review at all', [], {}, 'no-review', '"production"'],
  [
    'a review of another environment',
    [review('approved', 'ben', 'staging')],
    {},
    'no-review',
    'environment: production',
  ],
  ['a pending review', [review('pending', 'ben')], {}, 'pending', 'still pending'],
  ['a state that is not known', [review('skipped', 'ben')], {}, 'no-review', 'no review'],
  ['a rejection', [review('rejected', 'ben')], {}, 'rejected', 'ben rejected'],
  [
    'a rejection after an approval',
    [review('approved', 'ben'), review('rejected', 'eve')],
    {},
    'rejected',
    'eve rejected',
  ],
  ['a rejection before it', [review('rejected', 'eve'), review('approved', 'ben')], {}, 'rejected', 'new run'],
  ['only an app', [review('approved', 'gate[bot]', 'production', 'Bot')], {}, 'not-a-person', 'gate[bot]'],
  ['only a deleted account', [review('approved', null)], {}, 'not-a-person', 'a deleted account'],
  ['only the person who started it', [review('approved', 'Ann')], {}, 'only-by-starter', 'Only Ann'],
  ['only who started it again', [review('approved', 'BEN')], { triggeringActor: 'ben' }, 'only-by-starter', 'Only BEN'],
  ['nobody known to have started it', [review('approved', 'ben')], { actor: '' }, 'starter-unknown', 'GITHUB_ACTOR'],
  [
    'nobody known to have started it again',
    [review('approved', 'ben')],
    { runAttempt: 2, triggeringActor: '' },
    'starter-unknown',
    'GITHUB_TRIGGERING_ACTOR',
  ],
] as const)('%s is refused', (_, approvals, overrides, reason, part) => {
  const verdict = judge(approvals, overrides)
  expect(verdict).toMatchObject({ approved: false, reason, message: expect.stringContaining(part) })
  expect(verdict).toMatchObject({ message: expect.stringContaining('Nothing was changed.') })
})

test.each([
  ['a re-run', { runAttempt: 2 }, 'attempt 2'],
  [
    'no required reviewers',
    { environment: { requiredReviewers: false, preventSelfReview: false, adminsMayBypass: false } },
    'no required reviewers',
  ],
  [
    'self-review',
    { environment: { requiredReviewers: true, preventSelfReview: false, adminsMayBypass: false } },
    'approve their own runs',
  ],
  [
    'a bypass for administrators',
    { environment: { requiredReviewers: true, preventSelfReview: true, adminsMayBypass: true } },
    'bypass',
  ],
  ['an environment that cannot be read', { environment: null }, 'could not be read'],
])('%s is one warning', (_, overrides, part) => {
  const verdict = judge([review('approved', 'ben')], overrides)
  expect(verdict).toMatchObject({ approved: true, warnings: [expect.stringContaining(part)] })
})

describe('asking GitHub', () => {
  const context = readContext({ GITHUB_RUN_ID: '7', GITHUB_ACTOR: 'ann', GITHUB_TRIGGERING_ACTOR: 'ann' }, () => '{}')
  const hidden = { ok: false, reason: 'not-allowed', message: 'Add "permissions: actions: read" to the job.' } as const

  test('refuses where the reviews cannot be read, and names the permission', async () => {
    const github = { approvals: async () => hidden, environment: async () => hidden } as unknown as GitHub
    expect(await checkEnvironmentApproval(github, context, 'production')).toMatchObject({
      approved: false,
      reason: 'unreadable',
      message: expect.stringContaining('actions: read'),
    })
  })

  test('only warns where the environment cannot be read', async () => {
    const asked: string[] = []
    const github = {
      approvals: async (runId: string) => {
        asked.push(runId)
        return { ok: true, value: [review('approved', 'ben')] }
      },
      environment: async () => hidden,
    } as unknown as GitHub
    const verdict = await checkEnvironmentApproval(github, context, 'production')
    expect(verdict).toMatchObject({ approved: true, by: ['ben'], warnings: [expect.stringContaining('not be read')] })
    expect(asked).toEqual(['7'])
  })
})
