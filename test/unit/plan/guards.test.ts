import { describe, expect, test } from 'vitest'
import { GUARDS, type GuardFinding } from '../../../src/account/guard.ts'
import * as guards from '../../../src/plan/guards.ts'
import { refusedEnding } from '../../../src/report/ending.ts'

const DIGEST = `sha256:${'a'.repeat(64)}`
const OTHER = `sha256:${'b'.repeat(64)}`

/** Every way in which a guard refuses an apply, with what its message must name: the finding, and the limit. */
const REFUSED: readonly [string, GuardFinding, readonly string[]][] = [
  [
    'event',
    guards.guardEvent('apply', 'pull_request'),
    ['"apply"', '"pull_request"', 'workflow_dispatch, schedule, push or repository_dispatch'],
  ],
  ['restore on an event', guards.guardEvent('restore', 'pull_request_target'), ['"restore"', '"pull_request_target"']],
  ['list', guards.guardList('The list "users.csv" has 2 problems.', '2 problems'), ['2 problems']],
  ['empty list', guards.guardListNotEmpty(0), ['0 accounts', 'at least 1 account']],
  ['results', guards.guardResults('Artifact "x" was not found.'), ['"x"']],
  ['executing user', guards.guardExecutingUser('', 'apply'), ['"executing-user" is empty']],
  ['admins', guards.guardAdminsKnown('', null, false, 'apply'), ['"organization-id" is empty']],
  ['no admin', guards.guardAdminsKnown('org', 0, false, 'apply'), ['no active organization admin']],
  ['key', guards.guardKeyGiven(false, 'apply'), ['"api-key" is empty', '"apply"']],
  ['digest', guards.guardPlanDigest(DIGEST, OTHER, 'apply'), [DIGEST, OTHER]],
  [
    'approval',
    guards.guardApproval({ approved: false, why: 'Nobody approved it.', fix: 'Write "x: y".' }, 'r', 'apply'),
    ['Nobody approved it.'],
  ],
  ['key rejected', guards.guardKeyAccepted('unauthorized'), ['HTTP 401', 'a valid organization API key']],
  ['key scoped', guards.guardKeyAccepted('scoped'), ['a key with scopes', 'a key without scopes']],
  ['directory', guards.guardDirectoryReadable('HTTP 403'), ['HTTP 403', 'readable directory']],
  ['executing user unknown', guards.guardExecutingUserKnown('a@b.c', 'no such'), ['"a@b.c"', 'no such', 'an account']],
  ['accounts', guards.guardAnyAccountKnown(0, 4), ['4 accounts', 'at least 1 account']],
  ['users', guards.guardMaxUsers(12, 11, 'deactivated'), ['12 accounts', '11', '"max-users"']],
  ['percent', guards.guardMaxPercent(26, 100, 25, false), ['26 accounts of 100 (26.0 %)', '25 %', '"max-percent"']],
]

describe('a guard that refuses', () => {
  test.each(REFUSED)('%s says what was found, what is allowed, and the line to write', (_, finding, told) => {
    expect(finding.verdict).toBe('refused')
    for (const part of told) expect(finding.message).toContain(part)
    expect(finding.found).not.toBe('')
    expect(finding.limit).not.toBe('')
    // An input with a colon, or in quotes by its name.
    expect(finding.fix).toMatch(/"[a-z]+(-[a-z]+)*(: ?[^"]*)?"/)
    expect(refusedEnding([finding]).changed).toBe('Nothing was changed.')
  })

  test('is there for every guard but that for the inputs, whose problems say it themselves', () => {
    expect(new Set(REFUSED.map(([, { guard }]) => guard))).toEqual(new Set(GUARDS.slice(1)))
  })

  test('comes first in the order of the contract, whenever it was found, and all are told', () => {
    const ending = refusedEnding(REFUSED.map(([, finding]) => finding).toReversed())
    expect(ending.reason).toBe('event-not-allowed')
    for (const [, { message, fix }] of REFUSED) {
      expect(ending.headline).toContain(message)
      expect(ending.next).toContain(fix)
    }
  })
})

describe('max-percent', () => {
  test.each([
    [25, 100, 25, 'passed'],
    [26, 100, 25, 'refused'],
    [2501, 10_000, 25, 'refused'],
    [0, 0, 0, 'passed'],
    [1, 0, 100, 'refused'],
    [1, 1000, 0, 'refused'],
    [0, 1000, 0, 'passed'],
    [29, 100, 29, 'passed'],
    [3, 7, 42, 'refused'],
    [101, 100, 100, 'refused'],
  ])('%i of %i with %i %% is %s', (changes, active, maxPercent, verdict) => {
    expect(guards.guardMaxPercent(changes, active, maxPercent, false).verdict).toBe(verdict)
  })

  test('never shows the limit itself as more than the limit', () => {
    expect(guards.guardMaxPercent(2501, 10_000, 25, false).found).toContain('25.01 %')
    expect(guards.guardMaxPercent(25, 100, 25, false).found).toContain('25.0 %')
  })

  test('names a limit that lets the same plan through, and only one that can be written', () => {
    for (let changes = 1; changes <= 120; changes++) {
      const { verdict, fix } = guards.guardMaxPercent(changes, 100, 0, false)
      expect(verdict).toBe('refused')
      const [, limit] = /"max-percent: (\d+)"/.exec(fix) ?? []
      if (changes > 100) expect(limit).toBeUndefined()
      else expect(guards.guardMaxPercent(changes, 100, Number(limit), false).verdict).toBe('passed')
      expect(fix).toContain('"waive: max-percent"')
    }
  })

  test('is not checked without the directory, and shown waived only where it would refuse', () => {
    expect(guards.guardMaxPercent(5, null, 25, false).verdict).toBe('not-checked')
    expect(guards.guardMaxPercent(5, 100, 25, true).verdict).toBe('passed')
    const waived = guards.guardMaxPercent(50, 100, 25, true)
    expect(waived).toMatchObject({ verdict: 'waived', message: expect.stringContaining('"waive: max-percent"') })
  })
})

describe('a plan', () => {
  test.each<[string, GuardFinding]>([
    ['executing-user-missing', guards.guardExecutingUser('', 'plan')],
    ['admins-unknown', guards.guardAdminsKnown('', null, false, 'plan')],
    ['plan-mismatch', guards.guardPlanDigest(DIGEST, OTHER, 'plan')],
    ['not-approved', guards.guardApproval({ approved: false, why: 'No.', fix: 'x' }, 'r', 'plan')],
  ])('only reports %s', (guard, finding) => {
    expect(finding).toMatchObject({ guard, verdict: 'reported' })
    expect(finding.message).toContain('An apply would be refused.')
  })

  test('without a key is made offline', () => {
    expect(guards.guardKeyGiven(false, 'plan').verdict).toBe('not-checked')
  })
})

test.each(['restore', 'verify'])('%s needs no executing user and no admins', (mode) => {
  expect(guards.guardExecutingUser('', mode).verdict).toBe('not-checked')
  expect(guards.guardAdminsKnown('', null, false, mode).verdict).toBe('not-checked')
})
