import { describe, expect, test } from 'vitest'
import { type AccountResult, OUTCOMES } from '../../../src/account/result.ts'
import { passed, refused } from '../../../src/plan/guards.ts'
import { endingOf, isGreen, refusedEnding, unexpectedEnding } from '../../../src/report/ending.ts'

function account(overrides: Partial<AccountResult> = {}): AccountResult {
  return {
    id: 'a',
    email: '',
    name: '',
    line: 2,
    decision: 'deactivate',
    reason: '',
    state: 'deactivated',
    verified: 'yes',
    detail: '',
    httpStatus: 204,
    attempts: 1,
    startedAt: '',
    finishedAt: '',
    lastActive: '',
    canary: false,
    ...overrides,
  }
}

const skipped = account({ decision: 'skip', reason: 'excluded', state: 'skipped', verified: '', attempts: 0 })
const obstacle = { found: '9', limit: '5', why: 'Nine is more than five.', fix: 'Set "max-users: 9".' }

describe('the outcome of a run that was not stopped', () => {
  test.each([
    ['plan', [account({ state: 'planned', verified: '' })], 'planned', ''],
    ['plan', [skipped], 'nothing-to-do', ''],
    ['plan', [account({ state: 'failed', verified: '' })], 'failed', 'accounts-failed'],
    ['apply', [account(), skipped], 'completed', ''],
    ['apply', [skipped], 'nothing-to-do', ''],
    ['apply', [account(), account({ state: 'failed', verified: '' })], 'failed', 'accounts-failed'],
    ['apply', [account(), account({ state: 'unknown', verified: 'unread' })], 'failed', 'accounts-failed'],
    ['apply', [account({ verified: 'no' })], 'failed', 'accounts-not-verified'],
    ['apply', [account({ verified: 'unread' })], 'failed', 'accounts-not-verified'],
    ['apply', [account({ verified: '' })], 'failed', 'accounts-not-verified'],
    ['apply', [account({ state: 'already-inactive', verified: '' })], 'completed', ''],
    ['restore', [account({ decision: 'restore', state: 'restored' })], 'completed', ''],
    ['verify', [account({ state: 'already-inactive' })], 'completed', ''],
    ['verify', [account({ state: 'already-active' })], 'failed', 'accounts-reactivated'],
    ['verify', [account({ state: 'unknown' })], 'failed', 'accounts-not-verified'],
    ['verify', [], 'nothing-to-do', ''],
  ] as const)('%s %# is %s', (mode, accounts, outcome, reason) => {
    expect(endingOf(mode, accounts, null)).toMatchObject({ outcome, reason })
  })
})

describe('the first cause that stops a run names outcome and reason', () => {
  test.each([
    ['canary-failed', 'halted'],
    ['canary-not-verified', 'halted'],
    ['too-many-failures', 'halted'],
    ['key-rejected', 'halted'],
    ['deadline', 'partial'],
    ['cancelled', 'partial'],
  ] as const)('%s → %s', (cause, outcome) => {
    const accounts = [account(), account({ state: 'failed' }), account({ state: 'not-attempted', verified: '' })]
    expect(endingOf('apply', accounts, cause)).toMatchObject({
      outcome,
      reason: cause,
      changed: '1 account was deactivated.',
    })
  })
})

test('a refusal is named by the first guard in order, tells all of them and how to go on', () => {
  const ending = refusedEnding([
    refused('max-users', obstacle),
    passed('event-not-allowed', '', ''),
    refused('key-missing', { ...obstacle, why: 'No key.', fix: 'Give one.' }),
  ])
  expect(ending).toMatchObject({ outcome: 'refused', reason: 'key-missing', changed: 'Nothing was changed.' })
  expect(ending.headline).toBe('No key. Also: Nine is more than five.')
  expect(ending.next).toBe('Give one. Set "max-users: 9".')
})

test('an unexpected error says what was changed until then', () => {
  expect(unexpectedEnding('disk full', [account(), account()], 'apply')).toMatchObject({
    outcome: 'failed',
    reason: 'unexpected',
    changed: '2 accounts were deactivated.',
  })
})

test('green is planned, nothing-to-do and completed, and nothing else', () => {
  expect(OUTCOMES.filter(isGreen)).toEqual(['planned', 'nothing-to-do', 'completed'])
})
