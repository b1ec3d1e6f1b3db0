import { describe, expect, test } from 'vitest'
import { causeOf } from '../../../src/account/cause.ts'
import type { AccountResult, Outcome } from '../../../src/account/result.ts'
import type { RunReport } from '../../../src/report/report.ts'
import { summaryMarkdown } from '../../../src/report/summary.ts'
import { accountResult, manyAccounts, runReport } from './builder.ts'
import { readMarkdown } from './read-back.ts'

const USES = 'octo-org/deactivate-atlassian-users@v1'
const summary = (overrides: Partial<RunReport>): string => summaryMarkdown(runReport(overrides))
/** The summary as people read it. */
const read = (overrides: Partial<RunReport>): string =>
  readMarkdown(summary(overrides)).find(({ name }) => name === 'body')?.text ?? ''

const untouched = { verified: '', httpStatus: 0, attempts: 0, startedAt: '', finishedAt: '' } as const
const target = (number: number, overrides: Partial<AccountResult> = {}): AccountResult =>
  accountResult({ id: `id-${number}`, email: `p${number}@example.com`, name: `Person ${number}`, ...overrides })
const plan = (count: number): Partial<RunReport> => ({
  mode: 'plan',
  outcome: 'planned',
  emailed: count,
  headline: `Plan: ${count} of ${count} listed accounts would be deactivated.`,
  whom: Array.from({ length: Math.min(count, 200) }, (_, index) => ({
    ...target(index),
    groups: 'contractors',
    lastActive: '2025-08-01',
    due: '',
  })),
  accounts: Array.from({ length: count }, (_, index) => target(index, { ...untouched, state: 'planned' })),
})

describe('a plan', () => {
  test('says plainly whom Atlassian will e-mail', () => {
    expect(read(plan(3))).toContain('Plan: 3 of 3 listed accounts would be deactivated')
    expect(read(plan(3))).toContain('Atlassian will e-mail each of them; nothing can suppress that')
  })
  test('says how to carry it out, with its digest', () => {
    expect(summary(plan(3))).toContain(`mode: apply\napproved-plan: sha256:${'ab12'.repeat(16)}`)
  })
  test('shows no digest where it does not know the organization, and an apply always does', () => {
    const text = summary({ ...plan(3), organizationId: '', next: 'Set approved-plan.' })
    expect(text).toMatch(/Set "organization-id"/)
    expect(text).not.toMatch(/approved-plan|sha256:/)
    expect(summary({ mode: 'apply', organizationId: '' })).toContain('sha256:')
  })
  test('that merging applies says so', () => {
    const finding = { found: '', limit: '', message: '', fix: '' }
    const guards = [{ guard: 'not-approved' as const, verdict: 'not-checked' as const, ...finding }]
    const text = summary({ ...plan(3), settings: { 'require-approval': 'pull-request' }, guards })
    expect(text).toContain('Once somebody else has approved this pull request, merging it applies this plan')
    expect(text).not.toContain('approved-plan')
  })
  test('of a restore e-mails nobody and is applied by a restore', () => {
    const text = summary({ ...plan(3), change: 'restore', emailed: 0 })
    expect(text).toContain('mode: restore\napproved-plan')
    expect(text).not.toContain('e-mail each')
  })
  test('names the people, with what a reviewer asks about them', () => {
    const text = summary(plan(3))
    expect(text).toContain('<summary>Who would be deactivated: 3 people</summary>')
    expect(text).toContain('| Account | Groups | Last active | Line |')
    expect(text).toContain('| Person 2 `p2@example.com` `id-2` | contractors | 2025-08-01 | 2 |')
  })
  test('of many names the first 200, and counts the others', () => {
    const text = summary(plan(500))
    expect(text).toContain('`id-199`')
    expect(text).not.toContain('`id-200`')
    expect(text).toContain('… and 300 more, see results.csv.')
  })
  test('that an apply would refuse says so first, and calls the guards by what they make sure of', () => {
    const obstacle = { found: 'nobody', limit: 'the owner', message: 'Nobody is named.', fix: 'Name the owner.' }
    const guards = [{ guard: 'executing-user-missing' as const, verdict: 'reported' as const, ...obstacle }]
    const text = summary({ ...plan(3), guards, warnings: ['Nobody is named. Name the owner.'], next: 'Run it.' })
    expect(text).toContain('First see to 1 guard that would refuse the apply')
    expect(text).not.toContain('Run it.')
    expect(text).toContain('Once the guards above pass, run the same step')
    expect(text.split('Name the owner.')).toHaveLength(2)
    expect(text).toContain('**Owner of the API key is named** `executing-user-missing`')
  })
  test('without a key says that nothing was read', () => {
    expect(read({ ...plan(3), live: false })).toContain('nothing was read from Atlassian')
  })
  test('that is refused shows no digest, so that nobody approves it', () => {
    expect(summary({ ...plan(3), outcome: 'refused', reason: 'max-users' })).not.toContain('sha256:')
  })
  test('has no way to undo it', () => expect(read(plan(3))).not.toContain('undo'))
})

describe('a deactivation', () => {
  test('shows a symbol and words for every outcome', () => {
    const outcomes: Outcome[] = ['nothing-to-do', 'completed', 'partial', 'halted', 'refused', 'failed']
    const titles = outcomes.map((outcome) => summary({ outcome }).split('\n')[0])
    expect(new Set(titles).size).toBe(outcomes.length)
    for (const title of titles) expect(title).toMatch(/^## \p{Extended_Pictographic}/u)
  })

  test('comes with a step that undoes exactly this run', () => {
    const text = summary({})
    for (const line of [
      `- uses: ${USES}`,
      'mode: restore',
      'results-artifact: "atlassian-users-apply-1"',
      'results-run-id: "4711"',
      'max-users: 1',
    ]) {
      expect(text).toContain(line)
    }
  })

  test('writes no expression of an artifact name', () => {
    const name = `$${'{{ secrets.KEY }}'}`
    const text = summary({ artifact: { name, id: 1, url: 'https://github.com/x' } })
    expect(text).not.toContain(`results-artifact: "${name}`)
  })

  test('cannot be undone where nothing was deactivated, or nothing was uploaded', () => {
    expect(read({ accounts: [target(1, { state: 'failed' })] })).not.toContain('undo')
    expect(summary({ artifact: null })).not.toContain('results-artifact:')
  })

  test('shows the canary with its read-back', () => {
    expect(read({ accounts: [target(1, { canary: true, verified: 'no' })] })).toContain('Not confirmed')
  })

  test('tells each kind of failure in words, with what to do, the most frequent first', () => {
    const failed = (number: number, key: string, words: string): AccountResult =>
      target(number, { state: 'failed', verified: '', cause: causeOf('refused', key, words) })
    const accounts = [
      failed(1, 'unheard.of', 'words'),
      failed(2, 'externalDirectory.scim', 'x'),
      failed(3, 'externalDirectory.scim', 'y'),
      target(4, {
        state: 'unknown',
        verified: '',
        httpStatus: 0,
        cause: causeOf('answer-lost-unread', 'socket hang up'),
      }),
      target(6, {
        state: 'failed',
        verified: '',
        httpStatus: 500,
        attempts: 5,
        cause: causeOf('answer-lost', 'HTTP 500'),
      }),
      target(5, { verified: 'unread' }),
    ]
    const text = read({ outcome: 'failed', reason: 'accounts-failed', accounts })
    expect(text).toContain('Needs attention: 6 people')
    expect(text.indexOf('identity provider')).toBeLessThan(text.indexOf('Atlassian refused the change'))
    expect(text).toContain('No answer came (socket hang up); the account could not be read afterwards')
    expect(text).toContain('Atlassian answered HTTP 500 five times; a read shows the account unchanged')
    expect(text).toContain('could not be read back')
  })

  test('tells who was left alone, by reason in words', () => {
    const skip = (number: number, reason: AccountResult['reason']): AccountResult =>
      target(number, { ...untouched, decision: 'skip', reason, state: 'skipped' })
    const text = read({ accounts: [target(1), skip(2, 'org-admin'), skip(3, 'org-admin'), skip(4, 'scim-managed')] })
    expect(text).toContain('Administrator of the organization')
    expect(text).toContain('Managed by an identity provider')
  })

  test('says loudly what was waived, and shows every guard with found and allowed', () => {
    const finding = {
      guard: 'max-percent',
      verdict: 'waived',
      found: '40 %',
      limit: 'at most 25 %',
      message: 'm',
      fix: '',
    } as const
    const text = summary({ guards: [finding] })
    expect(text).toContain('🔓 Waived: **Share of accounts is within "max-percent"**')
    expect(read({ guards: [finding] })).toContain('at most 25 %')
  })

  test('links the results, and only where the address is plain', () => {
    expect(summary({})).toContain('](https://github.com/octo-org/leavers/actions/runs/4711/artifacts/99)')
    const artifact = { name: 'a', id: 1, url: 'javascript:alert(1)' }
    expect(summary({ artifact })).not.toContain('](javascript')
  })
})

test('digests are short where nobody copies them, and what passed is folded', () => {
  const digest = `sha256:${'ab12'.repeat(16)}`
  const guards = [
    { guard: 'plan-mismatch' as const, verdict: 'passed' as const, found: digest, limit: digest, message: '', fix: '' },
  ]
  const text = summary({ guards })
  expect(text).toContain('<summary>1 of 1 guard passed</summary>')
  expect(text).toContain('sha256:ab12ab12ab12…')
  expect(text).not.toContain(digest)
})

test('tells who started and who approved it, and what it was about, before anything else of the facts', () => {
  const approvedBy = [{ id: 2, login: 'ben', through: { kind: 'environment' as const, name: 'atlassian' }, commit: '' }]
  const text = read({
    approvedBy,
    runAttempt: 2,
    attemptStartedBy: 'cy',
    settings: { message: 'Left in March' },
    emailed: 1,
  })
  const facts = [
    'ada; attempt 2 by cy',
    'ben (environment atlassian)',
    'lists/leavers.csv',
    'c0ffee000000',
    'Left in March',
    '60 s',
    '1,204 → 1,203',
    '1 person',
  ]
  let at = text.indexOf('Facts')
  for (const fact of facts) {
    expect(text.indexOf(fact, at)).toBeGreaterThan(at)
    at = text.indexOf(fact, at)
  }
})

test('tells of an account linked to Google Workspace, not of an identity provider', () => {
  const google = {
    decision: 'skip',
    reason: 'not-manageable',
    state: 'skipped',
    cause: causeOf('blocked', 'externalDirectory.google'),
  } as const
  expect(read({ accounts: [target(1, google)] })).toContain('Suspend the person in Google Workspace')
})

describe('a verification', () => {
  test('tells who came back, and why', () => {
    const back = { state: 'already-active', verified: 'no' } as const
    const accounts = [
      target(1, { ...back, cause: causeOf('synced', 'externalDirectory.scim') }),
      target(2, back),
      target(3, { state: 'already-inactive' }),
    ]
    const text = read({ mode: 'verify', outcome: 'failed', reason: 'accounts-reactivated', accounts, emailed: 0 })
    expect(text).toContain('Came back: 2 people')
    expect(text).toContain('An identity provider syncs the account')
    expect(text).toContain('an administrator reactivated')
  })
})

describe('the size', () => {
  const BUDGET = 900 * 1024

  test.each([
    ['apply', 'failed', { state: 'failed', verified: '', cause: causeOf('refused', 'k', 'x|@#`'.repeat(500)) }],
    ['plan', 'planned', { ...untouched, state: 'planned' }],
    ['verify', 'came back', { state: 'already-active', verified: 'no' }],
    ['restore', 'canaries', { canary: true, name: '*@#|'.repeat(5000) }],
    ['apply', 'not attempted', { ...untouched, state: 'not-attempted', email: '😀'.repeat(3000) }],
  ] as const)(
    'stays in the budget: %s, 100,000 accounts that are all %s, and keeps the counts',
    (mode, _, overrides) => {
      const accounts = manyAccounts(100_000, () => ({ decision: 'deactivate', reason: '', ...overrides }))
      const text = summary({ ...(mode === 'plan' ? plan(500) : {}), accounts, mode })
      expect(Buffer.byteLength(text)).toBeLessThanOrEqual(BUDGET)
      expect(text).toContain('100,000')
      expect(text).toContain('see results.csv')
    },
  )

  test('stays in the budget whatever the texts are', () => {
    const text = '#@|😀`'.repeat(200_000)
    const guard = {
      guard: 'max-users',
      verdict: 'refused',
      found: text,
      limit: text,
      message: text,
      fix: text,
    } as const
    const out = summary({
      headline: text,
      changed: text,
      next: text,
      source: text,
      organizationId: text,
      warnings: Array.from({ length: 50 }, () => text),
      guards: Array.from({ length: 17 }, () => guard),
      accounts: manyAccounts(1000, () => ({
        state: 'failed',
        cause: causeOf('refused', text, text),
        email: text,
        name: text,
        canary: true,
      })),
    })
    expect(Buffer.byteLength(out)).toBeLessThanOrEqual(BUDGET)
    expect(out).toContain('1,000')
  })

  test('shortens tables for a smaller budget, and never the counts', () => {
    const accounts = manyAccounts(10_000, () => ({ state: 'failed', decision: 'deactivate', reason: '' }))
    const out = summaryMarkdown(runReport({ accounts }), 20_000)
    expect(Buffer.byteLength(out)).toBeLessThanOrEqual(20_000)
    expect(out).toContain('🟥 **10,000** failed')
  })
})
