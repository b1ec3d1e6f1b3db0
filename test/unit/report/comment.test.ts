import { describe, expect, test } from 'vitest'
import type { GuardFinding } from '../../../src/account/guard.ts'
import type { AccountResult, Counts } from '../../../src/account/result.ts'
import { type AccountLine, buildComment, commentMarker, type PlanChanges } from '../../../src/report/comment.ts'
import type { RunReport } from '../../../src/report/report.ts'
import { summaryMarkdown } from '../../../src/report/summary.ts'
import { accountResult, runReport } from './builder.ts'

const PLACE = { workflow: 'Leavers', job: 'plan', list: 'users.csv' }
const DIGEST = `sha256:${'a'.repeat(64)}`
const NONE: PlanChanges = { newlyTargeted: [], noLongerTargeted: [], newlyProtected: [] }

function counts(overrides: Partial<Counts> = {}): Counts {
  const zero = { listed: 3, planned: 2, deactivated: 0, restored: 0, 'already-inactive': 0, 'already-active': 0 }
  return { ...zero, skipped: 1, failed: 0, unknown: 0, 'not-attempted': 0, verified: 0, ...overrides }
}

/** A planned account. */
function account(overrides: Partial<AccountResult> = {}): AccountResult {
  const unsent = { verified: '', httpStatus: 0, attempts: 0, startedAt: '', finishedAt: '' } as const
  return accountResult({
    id: '557058:1',
    email: 'ann@example.com',
    name: 'Ann',
    state: 'planned',
    ...unsent,
    ...overrides,
  })
}

/** A plan of two accounts that leaves one alone. */
function report(overrides: Partial<RunReport> = {}): RunReport {
  return runReport({
    mode: 'plan',
    outcome: 'planned',
    headline: 'Plan: 2 of 3 listed accounts would be deactivated.',
    changed: 'Nothing was changed.',
    planDigest: DIGEST,
    source: 'users.csv',
    counts: counts(),
    guards: [],
    emailed: 2,
    settings: {},
    accounts: [
      account(),
      account({ id: '2' }),
      account({ id: '3', decision: 'skip', reason: 'org-admin', state: 'skipped' }),
    ],
    repository: 'acme/people',
    runUrl: 'https://github.com/acme/people/actions/runs/7',
    artifact: null,
    ...overrides,
  })
}

function finding(overrides: Partial<GuardFinding> = {}): GuardFinding {
  const limit = 'at most 500'
  const message = '612 accounts would be changed, at most 500 are allowed.'
  return {
    guard: 'max-users',
    verdict: 'refused',
    found: '612 accounts',
    limit,
    message,
    fix: 'Write max-users: 612.',
    ...overrides,
  }
}

function line(number: number): AccountLine {
  return { id: `id-${number}`, email: `person${number}.with-a-long-name@example.com`, name: `Person Number ${number}` }
}

describe('the marker', () => {
  test('is another one for another workflow, job or list', () => {
    const markers = [PLACE, { ...PLACE, workflow: 'x' }, { ...PLACE, job: 'x' }, { ...PLACE, list: 'x' }].map(
      commentMarker,
    )
    expect(new Set(markers).size).toBe(4)
    expect(commentMarker({ ...PLACE })).toBe(markers[0])
  })

  test('cannot be left by a name', () => {
    expect(commentMarker({ workflow: '-->', job: '--!>', list: '\n<script>' })).toMatch(
      /^<!-- [a-z-]+ [0-9a-f]{64} -->$/,
    )
  })

  test('is the first line', () => {
    expect(buildComment(report(), null, PLACE).split('\n')[0]).toBe(commentMarker(PLACE))
  })
})

describe('a plan', () => {
  test('tells its verdict, its counts, who is e-mailed, and the lines to apply it', () => {
    const text = buildComment(report(), null, PLACE)
    expect(text).toContain('### 📋 Plan: 2 of 3 listed accounts would be deactivated')
    expect(text).toContain('🟦 **2** to be deactivated · ⬜ **1** left alone · of 3 listed')
    expect(text).toContain('| Administrator of the organization `org-admin` | 1 | Ann `3` |')
    expect(text).toContain('Atlassian will e-mail each of them')
    expect(text).toContain(`mode: apply\napproved-plan: ${DIGEST}`)
    expect(text).toContain('[run](https://github.com/acme/people/actions/runs/7)')
  })

  test('names whom it would change, also where there is nothing to compare with', () => {
    const target = { ...line(7), line: 2, groups: 'contractors', lastActive: 'never', due: '2026-03-01' }
    const text = buildComment(report({ whom: [target] }), null, PLACE)
    expect(text).toContain('<summary>Who would be deactivated: 2 people</summary>')
    expect(text).toContain('`id-7` | contractors | never | 2026-03-01 | 2 |')
  })

  test('says the same as the summary', () => {
    const made = report({ guards: [finding({ verdict: 'reported' })], warnings: ['Look here.'] })
    const [comment, summary] = [buildComment(made, null, PLACE), summaryMarkdown(made)]
    for (const part of comment.split('\n\n').filter((text) => /^[-|🟦]/u.test(text))) expect(summary).toContain(part)
    expect(comment).toContain('- ⚠️ Not met yet:')
  })

  test('of a restore says so', () => {
    const text = buildComment(report({ change: 'restore' }), null, PLACE)
    expect(text).toContain('to be restored')
    expect(text).toContain('mode: restore')
    expect(text).not.toContain('deactivated |')
  })

  test('made offline says so', () => {
    expect(buildComment(report({ live: false }), null, PLACE)).toContain('nothing was read from Atlassian')
  })

  test('that does not know the organization shows no digest to approve, unless that is waived', () => {
    const text = buildComment(report({ organizationId: '', next: 'Set approved-plan.' }), null, PLACE)
    expect(text).toContain('Set "organization-id"')
    expect(text).not.toMatch(/approved-plan|sha256:/)
    const guards = [finding({ guard: 'admins-unknown', verdict: 'waived' })]
    expect(buildComment(report({ organizationId: '', guards }), null, PLACE)).toContain(`approved-plan: ${DIGEST}`)
  })

  test('that merging applies says so, and asks for no digest', () => {
    const settings = { 'require-approval': 'pull-request' }
    const guards = [finding({ guard: 'not-approved', verdict: 'not-checked' })]
    const text = buildComment(report({ settings, guards, next: 'Set approved-plan.' }), null, PLACE)
    expect(text).toContain('Once somebody else has approved this pull request, merging it applies this plan')
    expect(text).not.toMatch(/approved-plan|default branch with these inputs/)
  })

  test('whose list no merge can approve does not say that merging applies it', () => {
    const settings = { 'require-approval': 'pull-request' }
    const guards = [finding({ guard: 'not-approved', verdict: 'reported' })]
    expect(buildComment(report({ settings, guards }), null, PLACE)).not.toContain('merging it applies this plan')
  })

  test('that leaves nothing to do offers nothing to apply', () => {
    const text = buildComment(
      report({ outcome: 'nothing-to-do', headline: 'Nothing to do: x.', counts: counts({ planned: 0 }) }),
      null,
      PLACE,
    )
    expect(text).toContain('💤 Nothing to do')
    expect(text).not.toContain('approved-plan')
  })
})

describe('a refused plan', () => {
  const guards = [finding()]
  const headline = '612 accounts would be changed, at most 500 are allowed.'
  const text = buildComment(
    report({ outcome: 'refused', reason: 'max-users', headline, guards, next: 'Write max-users: 612.' }),
    { ...NONE, newlyTargeted: [line(1)] },
    PLACE,
  )

  test('shows no digest', () => {
    expect(text).not.toContain('sha256:')
    expect(text).not.toContain('approved-plan')
  })

  test('tells why, that nothing was changed, and what to do', () => {
    expect(text).toContain('Refused: this plan must not be applied')
    expect(text).toContain('Nothing was changed')
    expect(text).toContain('`max-users` 612 accounts would be changed, at most 500 are allowed. Write max-users: 612.')
  })
})

describe('a refused plan with bad lines', () => {
  const lines = [
    { line: 3, text: 'found "5.57E+23". A spreadsheet made a number of the id.' },
    { line: 1204, text: 'found "<b>". This is no account id.' },
  ]
  const refused = report({ outcome: 'refused', reason: 'invalid-list', counts: counts({ listed: 0 }) })

  test('names each of them', () => {
    const text = buildComment(refused, null, PLACE, lines)
    expect(text).toContain('| 3 | ')
    expect(text).toContain('| 1,204 | ')
    expect(text).not.toContain('<b>')
  })

  test('shortens them where there are many', () => {
    const many = Array.from({ length: 100 }, (_, index) => ({ line: index + 2, text: '<|>'.repeat(5000) }))
    const text = buildComment(refused, null, PLACE, many)
    expect(text.length).toBeLessThanOrEqual(65_536)
    expect(text).toContain('more, see the annotations of the run')
  })

  test('shows no digest of another guard either', () => {
    const message = `The plan's digest is ${DIGEST}.`
    const mismatch = finding({ guard: 'plan-mismatch', verdict: 'reported', message, fix: `Write ${DIGEST}.` })
    const text = buildComment({ ...refused, guards: [finding(), mismatch], warnings: [message] }, null, PLACE)
    expect(text).toContain('`max-users`')
    expect(text).not.toContain('a'.repeat(64))
    expect(text).not.toContain('plan-mismatch')
  })
})

test('an id stands as code, so that it can be copied as it is', () => {
  const changes = { ...NONE, newlyTargeted: [{ id: '557058:a|b', email: '', name: '' }] }
  expect(buildComment(report(), changes, PLACE)).toContain('| <code>557058:a\\|b</code> |')
})

describe('against the base branch', () => {
  test('each set is named with its size', () => {
    const changes = { newlyTargeted: [line(1), line(2)], noLongerTargeted: [line(3)], newlyProtected: [] }
    const text = buildComment(report(), changes, PLACE)
    expect(text).toContain('2 accounts ➕ newly to be deactivated')
    expect(text).toContain('1 account ➖ no longer to be deactivated')
    expect(text).not.toContain('newly protected')
    expect(text).toContain('Person Number 3')
  })

  test('no difference is said', () => {
    expect(buildComment(report(), NONE, PLACE)).toContain('The same accounts as before.')
  })

  test('nothing is said where nothing could be compared', () => {
    expect(buildComment(report(), null, PLACE)).not.toContain('base branch')
  })
})

test('what stands against an apply is told, and a warning only once', () => {
  const message = 'The plan is not the approved one.'
  const guards = [
    finding({ guard: 'plan-mismatch', verdict: 'reported', message, fix: 'Approve this plan.' }),
    finding({ guard: 'key-missing', verdict: 'passed', message: 'passed message' }),
  ]
  const text = buildComment(
    report({ guards, warnings: [`${message} Approve this plan.`, 'Selector 3 matches no row.'] }),
    null,
    PLACE,
  )
  expect(text).toContain('Not met yet: **Plan is the approved one** `plan-mismatch`')
  expect(text.split('The plan is not the approved one').length).toBe(2)
  expect(text).toContain('Selector 3 matches no row')
  expect(text).not.toContain('passed message')
})

test('text from outside stays text', () => {
  const evil = '<img src=x>\n## @ann [x](https://evil.example) | `code` --> <!-- x'
  const changes = { ...NONE, newlyTargeted: [{ id: evil, email: evil, name: evil }] }
  const guards = [finding({ message: evil, fix: evil })]
  const text = buildComment(
    report({ headline: evil, next: evil, source: evil, warnings: [evil], guards, runUrl: `https://x/${evil}` }),
    changes,
    PLACE,
  )
  const plain = buildComment(report({ guards: [finding()] }), { ...NONE, newlyTargeted: [line(1)] }, PLACE)
  expect(text).not.toMatch(/<img|\[x\]\(|@ann|^## /m)
  const count = (part: string, where: string) => where.split(part).length - 1
  for (const part of ['<!--', '-->', '<details>']) expect(count(part, text)).toBe(count(part, plain))
  const rows = text.split('\n').filter((row) => row.startsWith('| ') && row.includes('img'))
  expect(rows).not.toEqual([])
  for (const row of rows) expect(row.match(/(?<!\\)\|/g)?.length).toBe(2)
})

test.each([
  ['accounts', 10_000, 0],
  ['warnings', 0, 5_000],
  ['both', 100_000, 5_000],
])('many %s fit into a comment', (_, accounts, warnings) => {
  const lines = Array.from({ length: accounts }, (__, index) => line(index))
  const texts = Array.from({ length: warnings }, (__, index) => `${index}: ${'<|>'.repeat(2000)}`)
  const changes = { newlyTargeted: lines, noLongerTargeted: lines, newlyProtected: lines }
  const text = buildComment(report({ warnings: texts, headline: '|'.repeat(100_000) }), changes, PLACE)
  expect(text.length).toBeLessThanOrEqual(65_536)
  expect(text).toContain(DIGEST)
  expect(text).toMatch(/more, see (results\.csv|plan\.json)/)
})
