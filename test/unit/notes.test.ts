import { describe, expect, test } from 'vitest'
import { GUARDS, type GuardFinding } from '../../src/account/guard.ts'
import type { Log } from '../../src/log.ts'
import { allFindings, openNotes } from '../../src/notes.ts'
import { guardAdminsKnown, guardKeyAccepted, guardMaxUsers, notChecked, passed, waived } from '../../src/plan/guards.ts'

function open() {
  const warned: unknown[] = []
  const log = { warning: (...told: unknown[]) => warned.push(told) } as unknown as Log
  return { notes: openNotes(log), warned }
}

const refusal = guardMaxUsers(9, 5, 'deactivated')
const reported = guardAdminsKnown('', null, false, 'plan')

describe('what every guard found', () => {
  test('is listed once each, in the order of the contract', () => {
    expect(allFindings([]).map(({ guard }) => guard)).toEqual(GUARDS)
    const some = [refusal, reported, passed('invalid-input', '', '')]
    expect(allFindings(some).map(({ guard }) => guard)).toEqual(GUARDS)
    expect(allFindings(some.toReversed())).toEqual(allFindings(some))
    for (const finding of some) expect(allFindings(some)).toContainEqual(finding)
  })

  test('the order is that of the contract', () => {
    // Copied from section 4, so that a change of the source shows here.
    const contract =
      'invalid-input event-not-allowed invalid-list results-unreadable empty-list executing-user-missing admins-unknown key-missing plan-mismatch not-approved key-rejected key-scoped directory-unreadable executing-user-unknown no-account-known max-users max-percent'
    expect(GUARDS).toEqual(contract.split(' '))
  })

  test('what the run did not come to says so', () => {
    const [first] = allFindings([])
    expect(first).toMatchObject({ verdict: 'not-checked', found: 'not checked', message: expect.stringMatching(/./) })
  })

  test.each<[string, GuardFinding[], GuardFinding['verdict']]>([
    ['passed, then refused', [passed('key-rejected', 'ok', ''), guardKeyAccepted('unauthorized')], 'refused'],
    ['refused, then passed', [guardKeyAccepted('unauthorized'), passed('key-rejected', 'ok', '')], 'refused'],
    ['not checked, then passed', [notChecked('max-users', '', ''), passed('max-users', '', '')], 'passed'],
    ['passed, then waived', [passed('max-percent', '', ''), waived('max-percent', '', '')], 'waived'],
    ['waived, then refused', [waived('max-users', '', ''), refusal], 'refused'],
    ['reported, then passed', [reported, passed('admins-unknown', '', '')], 'reported'],
  ])('the worst of several counts: %s', (_, findings, verdict) => {
    const all = allFindings(findings)
    expect(all.map(({ guard }) => guard)).toEqual(GUARDS)
    expect(all.filter(({ guard }) => guard === findings[0]?.guard).map((one) => one.verdict)).toEqual([verdict])
  })

  test('of two that are as bad, the later one has the figures', () => {
    const [early, late] = [passed('max-users', '9 accounts', ''), passed('max-users', '7 accounts', '')]
    expect(allFindings([early, late])).toContainEqual(late)
    expect(allFindings([early, late])).not.toContainEqual(early)
  })
})

describe('notes', () => {
  test('know whether a guard has refused', () => {
    const { notes } = open()
    notes.guard(reported, passed('key-missing', '', ''), waived('max-percent', '', ''), notChecked('max-users', '', ''))
    expect(notes.refused()).toBe(false)
    notes.guard(refusal)
    expect(notes.refused()).toBe(true)
    expect(notes.findings).toHaveLength(5)
  })

  test('what is waived or only reported is told at once, with the way on', () => {
    const { notes, warned } = open()
    const gone = waived('max-percent', '40 %', '25 %')
    notes.guard(gone, reported, refusal, passed('key-missing', '', ''))
    expect(notes.warnings).toEqual([gone.message, `${reported.message} ${reported.fix}`])
    expect(warned).toHaveLength(2)
  })

  test('keep a warning for the reports, and tell it where it belongs', () => {
    const { notes, warned } = open()
    notes.warn('Look.', { file: 'users.csv', line: 3 })
    expect([notes.warnings, warned]).toEqual([['Look.'], [['Look.', { file: 'users.csv', line: 3 }]]])
  })

  test('take figures one after the other', () => {
    const { notes } = open()
    notes.learn({ source: 'users.csv', activeBefore: 7 })
    notes.learn({ activeAfter: 6 })
    expect(notes.figures()).toMatchObject({ source: 'users.csv', activeBefore: 7, activeAfter: 6, live: false })
  })
})
