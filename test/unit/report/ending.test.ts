import { describe, expect, test } from 'vitest'
import { STOP_CAUSES, type StopCause } from '../../../src/account/reasons.ts'
import { type AccountResult, OUTCOMES, tally } from '../../../src/account/result.ts'
import { passed, refused } from '../../../src/plan/guards.ts'
import {
  type EndingFacts,
  endingOf,
  isGreen,
  refusedEnding,
  UNFINISHED,
  unexpectedEnding,
} from '../../../src/report/ending.ts'
import { accountResult as account } from './builder.ts'

const skipped = account({ decision: 'skip', reason: 'excluded', state: 'skipped', verified: '', attempts: 0 })
const left = account({ state: 'not-attempted', verified: '' })
const obstacle = { found: '9', limit: '5', message: 'Nine is more than five.', fix: 'Set "max-users: 9".' }

/** The ending of a run that got past its canary, without a stop. */
function endOf(
  mode: EndingFacts['mode'],
  accounts: readonly AccountResult[],
  overrides: Partial<EndingFacts> = {},
): ReturnType<typeof endingOf> {
  const change = mode === 'restore' ? 'restore' : 'deactivate'
  const common = { mode, change, tally: tally(accounts), byDirectoryAlone: 0 } as const
  return endingOf({ ...common, stopCause: null, canaryPassed: true, ...overrides })
}

describe('the outcome of a run that was not stopped', () => {
  test.each([
    ['plan', [account({ state: 'planned', verified: '' })], 'planned', ''],
    ['plan', [skipped], 'nothing-to-do', ''],
    ['plan', [], 'nothing-to-do', ''],
    ['plan', [account({ state: 'failed', verified: '' })], 'failed', 'accounts-failed'],
    ['apply', [account(), skipped], 'completed', ''],
    ['apply', [skipped], 'nothing-to-do', ''],
    ['apply', [account(), account({ state: 'failed', verified: '' })], 'failed', 'accounts-failed'],
    ['apply', [account(), account({ state: 'unknown', verified: 'unread' })], 'failed', 'accounts-failed'],
    ['apply', [account(), left], 'failed', 'accounts-failed'],
    ['apply', [account({ verified: 'no' })], 'failed', 'accounts-not-verified'],
    ['apply', [account({ verified: 'unread' })], 'failed', 'accounts-not-verified'],
    ['apply', [account({ verified: '' })], 'failed', 'accounts-not-verified'],
    ['apply', [account({ state: 'already-inactive', verified: '' })], 'completed', ''],
    ['restore', [account({ decision: 'restore', state: 'restored' })], 'completed', ''],
    [
      'restore',
      [account({ decision: 'restore', state: 'restored', verified: 'no' })],
      'failed',
      'accounts-not-verified',
    ],
    ['restore', [account({ decision: 'restore', state: 'already-active', verified: '' })], 'completed', ''],
    ['verify', [account({ state: 'already-inactive' })], 'completed', ''],
    ['verify', [account({ state: 'already-active' })], 'failed', 'accounts-reactivated'],
    ['verify', [account({ state: 'unknown' })], 'failed', 'accounts-not-verified'],
    ['verify', [account({ state: 'already-active' }), account({ state: 'unknown' })], 'failed', 'accounts-reactivated'],
    ['verify', [], 'nothing-to-do', ''],
  ] as const)('%s %# is %s', (mode, accounts, outcome, reason) => {
    expect(endOf(mode, accounts)).toMatchObject({ outcome, reason })
  })

  test('says of a verification how many the directory alone told, which may lag', () => {
    const inactive = [account({ state: 'already-inactive' }), account({ state: 'already-inactive' })]
    expect(endOf('verify', inactive, { byDirectoryAlone: 1 }).headline).toContain('1 of them as the directory alone')
    expect(endOf('verify', inactive).headline).not.toContain('directory')
  })
})

describe('the first cause that stops a run names outcome and reason', () => {
  const OUTCOME_OF: Readonly<Record<StopCause, string>> = {
    'canary-failed': 'halted',
    'canary-not-verified': 'halted',
    'too-many-failures': 'halted',
    'key-rejected': 'halted',
    deadline: 'partial',
    cancelled: 'partial',
    unexpected: 'failed',
  }
  const accounts = [account(), account({ state: 'failed' }), left]

  test.each(STOP_CAUSES)('%s', (stopCause) => {
    for (const canaryPassed of [true, false]) {
      const ending = endOf('apply', accounts, { stopCause, canaryPassed })
      expect(ending).toMatchObject({ outcome: OUTCOME_OF[stopCause], reason: stopCause })
      expect(ending.changed).toBe('1 account was deactivated.')
      expect(ending.next).not.toBe('')
    }
  })

  test.each(STOP_CAUSES.filter((cause) => cause !== 'deadline'))('%s, also with nobody left to begin', (stopCause) => {
    expect(endOf('apply', [account()], { stopCause })).toMatchObject({
      outcome: OUTCOME_OF[stopCause],
      reason: stopCause,
    })
  })

  test.each(['deadline', 'cancelled'] as const)(
    '%s during the canary is partial, however many are left',
    (stopCause) => {
      for (const targets of [
        [account()],
        [account({ verified: 'no' })],
        [account({ state: 'failed' })],
        [account(), left],
      ]) {
        const ending = endOf('apply', targets, { stopCause, canaryPassed: false })
        expect(ending).toMatchObject({ outcome: 'partial', reason: stopCause })
      }
    },
  )

  test('a cancel before the list was read counts nobody', () => {
    expect(endOf('apply', [], { stopCause: 'cancelled' }).headline).toBe('The run was cancelled.')
  })

  test.each(STOP_CAUSES)('%s counts who was not started', (stopCause) => {
    expect(endOf('apply', [account(), left], { stopCause }).headline).toContain('1 account was not started')
    expect(endOf('apply', [left, left], { stopCause }).headline).toContain('2 accounts were not started')
  })

  test('never says that nothing was changed while an account may be', () => {
    const unknown = account({ state: 'unknown', verified: 'unread' })
    const changedOf = (...accounts: AccountResult[]): string =>
      endOf('apply', accounts, { stopCause: 'cancelled', canaryPassed: false }).changed
    expect(changedOf(left)).toBe('Nothing was changed.')
    expect(changedOf(unknown, left)).toBe('Nothing is known to be changed; 1 account ended in an unknown state.')
    expect(changedOf(account(), unknown, left)).toBe('1 account was deactivated; 1 account ended in an unknown state.')
    expect(endOf('apply', [unknown]).headline).toContain('nobody is known to be changed')
    expect(unexpectedEnding('x', tally([unknown]), 'restore').changed).toContain('Nothing is known to be changed')
  })

  test('a deadline that left nobody behind is none', () => {
    const late = { stopCause: 'deadline' } as const
    expect(endOf('apply', [account(), skipped], late)).toMatchObject({ outcome: 'completed', reason: '' })
    const failed = [account(), account({ state: 'failed', verified: '' })]
    expect(endOf('apply', failed, late)).toMatchObject({ outcome: 'failed', reason: 'accounts-failed' })
    expect(endOf('apply', [account({ verified: 'no' })], late)).toMatchObject({ reason: 'accounts-not-verified' })
    expect(endOf('apply', [account(), left], late)).toMatchObject({ outcome: 'partial', reason: 'deadline' })
  })

  test.each(['deadline', 'cancelled'] as const)('%s of a run that changes nobody is partial too', (stopCause) => {
    const planned = [account({ state: 'planned', verified: '' })]
    expect(endOf('plan', planned, { stopCause })).toMatchObject({ outcome: 'partial', changed: 'Nothing was changed.' })
    const unread = [account({ state: 'already-inactive' }), left]
    expect(endOf('verify', unread, { stopCause })).toMatchObject({
      outcome: 'partial',
      changed: 'Nothing was changed.',
    })
  })
})

describe('what was changed', () => {
  const restored = account({ decision: 'restore', state: 'restored' })
  test.each([
    ['apply', [left], 'Nothing was changed.'],
    ['apply', [account(), left], '1 account was deactivated.'],
    ['apply', [account(), account(), left], '2 accounts were deactivated.'],
    ['restore', [restored, left], '1 account was restored.'],
    ['restore', [restored, restored, left], '2 accounts were restored.'],
  ] as const)('%s %#: %s', (mode, accounts, changed) => {
    for (const stopCause of STOP_CAUSES) expect(endOf(mode, accounts, { stopCause }).changed).toBe(changed)
  })
})

test('a refusal is named by the first guard in order, tells all of them and how to go on', () => {
  const ending = refusedEnding([
    refused('max-users', obstacle),
    passed('event-not-allowed', '', ''),
    refused('key-missing', { ...obstacle, message: 'No key.', fix: 'Give one.' }),
  ])
  expect(ending).toMatchObject({ outcome: 'refused', reason: 'key-missing', changed: 'Nothing was changed.' })
  expect(ending.headline).toBe('No key. Also: Nine is more than five.')
  expect(ending.next).toBe('Give one. Set "max-users: 9".')
})

test('an unexpected error says what was changed until then', () => {
  expect(unexpectedEnding('disk full', tally([account(), account()]), 'apply')).toMatchObject({
    outcome: 'failed',
    reason: 'unexpected',
    headline: expect.stringContaining('disk full'),
    changed: '2 accounts were deactivated.',
  })
})

test('before anything is known the outputs say that it failed', () => {
  expect(UNFINISHED).toMatchObject({ outcome: 'failed', reason: 'unexpected' })
})

test('green is planned, nothing-to-do and completed, and nothing else', () => {
  expect(OUTCOMES.filter(isGreen)).toEqual(['planned', 'nothing-to-do', 'completed'])
})
