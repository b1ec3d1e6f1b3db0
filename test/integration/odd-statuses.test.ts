import { describe, expect, test } from 'vitest'
import { artifactEnvironment } from '../stand-in/artifact-handlers.ts'
import { FAULTS, type Fault } from '../stand-in/faults.ts'
import type { Person } from '../stand-in/organization.ts'
import type { StandIn } from '../stand-in/server.ts'
import { brokenLaws } from './laws.ts'
import { runMain, type Staging } from './run-main.ts'
import { CANARY, changesOf, csv, DIRECTORY, openScene, TARGETS, VICTIM } from './scene.ts'

/** What proves neither that an account is active nor that it is not. */
const UNREADABLE: readonly (readonly [string, unknown])[] = [
  ['pending', 'pending'],
  ['ACTIVE', 'ACTIVE'],
  ['deactivated', 'deactivated'],
  ['a blank', ' inactive'],
  ['null', null],
  ['left out', undefined],
]

/** The search never shows a change, so that every word about one is the profile's. */
const SILENT_SEARCH = { search: { status: undefined, accountStatus: undefined } } as const

/** The profile of one account shows this once its change was asked for. */
async function openWith(account: string, status: unknown, overrides: Partial<Person> = {}): Promise<StandIn> {
  const standIn = await openScene({ [account]: { odd: SILENT_SEARCH, ...overrides } })
  const { organization, faults } = standIn
  const when = (): boolean => organization.callsTo('disable', account).length > 0
  faults.order({ route: 'profile', account, when, fault: FAULTS.account({ account_status: status }) })
  return standIn
}

const LOST: readonly (readonly [string, Fault, 0 | 1])[] = [
  ['500', FAULTS.serverError, 0],
  ['a reset', FAULTS.reset, 0],
  ['a reset after the change', FAULTS.resetAfterChange, 1],
  ['409', FAULTS.conflict, 0],
]

describe('a profile whose status is none that is documented proves nothing:', () => {
  test.each(UNREADABLE)('%s after a change that was answered 204', async (_, status) => {
    await using standIn = await openWith(VICTIM, status)
    const ran = await runMain(standIn, { inputs: DIRECTORY })
    expect(brokenLaws(ran, standIn, { listed: TARGETS })).toEqual([])
    expect(ran.row(VICTIM)).toMatchObject({ state: 'deactivated', verified: 'unread', attempts: '1' })
    expect(ran.outputs).toMatchObject({ outcome: 'failed', reason: 'accounts-not-verified', verified: '3' })
  })

  test.each(UNREADABLE)('%s of the canary, and the rest is not begun', async (_, status) => {
    await using standIn = await openWith(CANARY, status)
    const ran = await runMain(standIn, { inputs: DIRECTORY })
    expect(brokenLaws(ran, standIn, { listed: TARGETS })).toEqual([])
    expect(ran.row(CANARY)).toMatchObject({ state: 'deactivated', verified: 'unread' })
    expect(ran.outputs).toMatchObject({ outcome: 'halted', reason: 'canary-not-verified', 'not-attempted': '3' })
  })

  const lost = UNREADABLE.flatMap(([name, status]) =>
    LOST.map(([how, fault, changed]) => [name, how, status, fault, changed] as const),
  )
  test.each(lost)(
    '%s after %s: the account is unknown, and nothing is sent again',
    async (_n, _h, status, fault, changed) => {
      await using standIn = await openWith(VICTIM, status)
      standIn.faults.order({ route: 'disable', account: VICTIM, fault })
      const ran = await runMain(standIn, { inputs: DIRECTORY })
      expect(brokenLaws(ran, standIn, { listed: TARGETS })).toEqual([])
      expect(ran.row(VICTIM)).toMatchObject({ state: 'unknown', attempts: '1' })
      expect(ran.outputs).toMatchObject({
        outcome: 'failed',
        reason: 'accounts-failed',
        unknown: '1',
        deactivated: '3',
      })
      expect(changesOf(standIn, VICTIM)).toBe(changed)
    },
  )

  test.each(UNREADABLE)('%s in a verification', async (_, status) => {
    await using standIn = await openScene()
    const env = artifactEnvironment(standIn.url, '1000')
    const applied = await runMain(standIn, { env })
    standIn.faults.order({ route: 'profile', account: VICTIM, fault: FAULTS.account({ account_status: status }) })
    const inputs = { mode: 'verify', 'results-artifact': applied.outputs['artifact-name'] ?? '' }
    const ran = await runMain(standIn, { env, inputs })
    expect(ran.row(VICTIM)).toMatchObject({ state: 'unknown', verified: 'unread' })
    expect(ran.outputs).toMatchObject({ outcome: 'failed', reason: 'accounts-not-verified', 'already-inactive': '3' })
  })

  test.each(UNREADABLE)('%s in a restore whose answer was lost', async (_, status) => {
    await using standIn = await openScene({ [VICTIM]: { odd: SILENT_SEARCH } })
    const env = artifactEnvironment(standIn.url, '1000')
    const applied = await runMain(standIn, { env, inputs: DIRECTORY })
    const { organization, faults } = standIn
    const when = (): boolean => organization.callsTo('enable', VICTIM).length > 0
    faults.order({ route: 'profile', account: VICTIM, when, fault: FAULTS.account({ account_status: status }) })
    faults.order({ route: 'enable', account: VICTIM, fault: FAULTS.serverError })
    const inputs = { ...DIRECTORY, mode: 'restore', 'results-artifact': applied.outputs['artifact-name'] ?? '' }
    const ran = await runMain(standIn, { env, inputs })
    expect(ran.row(VICTIM)).toMatchObject({ state: 'unknown', attempts: '1' })
    expect(ran.outputs).toMatchObject({ outcome: 'failed', reason: 'accounts-failed', restored: '3' })
    expect(ran.exitCode).toBe(1)
  })
})

describe('a profile whose status is documented proves what it says:', () => {
  test.each(['inactive', 'closed'])('%s shows that a lost change was made', async (status) => {
    await using standIn = await openWith(VICTIM, status)
    standIn.faults.order({ route: 'disable', account: VICTIM, fault: FAULTS.errorAfterChange })
    const ran = await runMain(standIn, { inputs: DIRECTORY })
    expect(ran.row(VICTIM)).toMatchObject({ state: 'deactivated', verified: 'yes', attempts: '1' })
    expect(ran.outputs).toMatchObject({ outcome: 'completed', deactivated: '4', verified: '4' })
  })

  test('active shows that it was not', async () => {
    await using standIn = await openWith(VICTIM, 'active')
    standIn.faults.order({ route: 'disable', account: VICTIM, times: 1, fault: FAULTS.serverError })
    standIn.faults.order({ route: 'disable', account: VICTIM, fault: FAULTS.forbidden })
    const ran = await runMain(standIn, { inputs: DIRECTORY })
    expect(ran.row(VICTIM)).toMatchObject({ state: 'failed', attempts: '2' })
    expect(ran.outputs).toMatchObject({ outcome: 'failed', reason: 'accounts-failed' })
  })
})

describe('a status in the look beforehand that nobody can read leaves the word to the list:', () => {
  /** The account as the look finds it; read back, it is what it is. */
  const looks: readonly (readonly [string, (status: unknown) => Partial<Person>, Staging['inputs']])[] = [
    ['the search', (status) => ({ odd: { search: { accountStatus: status, status: undefined } } }), DIRECTORY],
    ['the profile', () => ({}), {}],
  ]
  const cases = looks.flatMap(([where, facts, inputs]) =>
    UNREADABLE.map(([name, status]) => [where, name, status, facts(status), inputs] as const),
  )

  test.each(cases)(
    '%s says %s of an active account: it is deactivated',
    async (where, _, status, facts, inputs = {}) => {
      await using standIn = await openScene({ [VICTIM]: facts })
      const { organization, faults } = standIn
      const when = (): boolean => organization.callsTo('disable', VICTIM).length === 0
      if (where === 'the profile')
        faults.order({ route: 'profile', account: VICTIM, when, fault: FAULTS.account({ account_status: status }) })
      const ran = await runMain(standIn, { inputs })
      expect(brokenLaws(ran, standIn, { listed: TARGETS })).toEqual([])
      expect(ran.row(VICTIM)).toMatchObject({ state: 'deactivated', verified: 'yes' })
      expect(ran.outputs).toMatchObject({ outcome: 'completed', deactivated: '4' })
    },
  )

  test.each(UNREADABLE)('the search says %s of those that a restore is about: they are restored', async (_, status) => {
    const odd = { search: { accountStatus: status, status: undefined } }
    await using standIn = await openScene({ [VICTIM]: { odd } })
    const env = artifactEnvironment(standIn.url, '1000')
    const applied = await runMain(standIn, { env, inputs: DIRECTORY })
    const inputs = { ...DIRECTORY, mode: 'restore', 'results-artifact': applied.outputs['artifact-name'] ?? '' }
    const ran = await runMain(standIn, { env, inputs })
    expect(ran.row(VICTIM)).toMatchObject({ state: 'restored', verified: 'yes' })
    expect(ran.outputs).toMatchObject({ outcome: 'completed', restored: '4' })
  })
})

describe('an exclusion by status matches the live one:', () => {
  const ALIVE: readonly (readonly [string, Partial<Person>])[] = [
    ['suspended', { membershipStatus: 'suspended' }],
    ['Suspended', { membershipStatus: 'suspended' }],
    ['susp*', { membershipStatus: 'suspended' }],
    ['not_invited', { membershipStatus: 'no_membership' }],
    ['pending', { odd: { search: { status: 'pending' } } }],
    ['deactivated', { accountStatus: 'inactive' }],
    ['inactive', { accountStatus: 'inactive' }],
    ['for_deletion', { accountStatus: 'inactive', forDeletion: true }],
    ['closed', { accountStatus: 'closed' }],
  ]
  const list = csv(
    ['User id', 'User status'],
    TARGETS.map((id) => [id, 'Active']),
  )
  test.each(ALIVE)('status:%s', async (status, facts) => {
    await using standIn = await openScene({ [VICTIM]: facts })
    const inputs = { ...DIRECTORY, exclude: `status:${status}` }
    const ran = await runMain(standIn, { inputs, files: { 'users.csv': list } })
    expect(brokenLaws(ran, standIn, { listed: TARGETS, protected: [VICTIM] })).toEqual([])
    expect(ran.row(VICTIM)).toMatchObject({ decision: 'skip', state: 'skipped', reason: 'excluded' })
    expect(ran.outputs).toMatchObject({ outcome: 'completed', deactivated: '3' })
  })

  test('but nobody is kept by one that is not theirs', async () => {
    await using standIn = await openScene()
    const inputs = { ...DIRECTORY, exclude: 'status:suspended\nstatus:not_invited' }
    const ran = await runMain(standIn, { inputs, files: { 'users.csv': list } })
    expect(ran.outputs).toMatchObject({ outcome: 'completed', deactivated: '4' })
  })
})
