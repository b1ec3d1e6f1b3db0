import { describe, expect, test } from 'vitest'
import { FAULTS, type Fault } from '../stand-in/faults.ts'
import { brokenLaws } from './laws.ts'
import { runMain } from './run-main.ts'
import { CANARY, changesOf, openScene, openTimed, TARGETS, type Timed, VICTIM } from './scene.ts'

const OWNER = { 'executing-user': 'admin-of-the-organization' }
const html: Fault = { kind: 'answer', status: 200, body: '<html>maintenance</html>' }
const noStatus: Fault = { kind: 'answer', status: 200, body: { account: { account_id: 'x' } } }

/** Reads that come to nothing, however often they are tried. */
/** Name, fault, and whether the answer never comes. */
const UNREADABLE: readonly (readonly [string, Fault, boolean])[] = [
  ['403', FAULTS.forbidden, false],
  ['404', FAULTS.notFound, false],
  ['409', FAULTS.conflict, false],
  ['400', FAULTS.badRequest, false],
  ['500', FAULTS.serverError, false],
  ['502 with HTML', FAULTS.badGateway, false],
  ['504 with HTML', FAULTS.gatewayTimeout, false],
  ['a reset', FAULTS.reset, false],
  ['no answer', FAULTS.hang, true],
  ['a redirect', FAULTS.redirect, false],
  ['200 with HTML', html, false],
  ['a profile without a status', noStatus, false],
]

/** Reads that go well in the end. */
const PASSING: readonly (readonly [string, Fault, number])[] = [
  ['500 twice', FAULTS.serverError, 2],
  ['HTML twice', html, 2],
  ['a reset', FAULTS.reset, 1],
  ['429 three times', FAULTS.throttled(), 3],
  ['429 with Retry-After', FAULTS.throttled({ 'retry-after': '3' }), 1],
  ['a profile that lags', { kind: 'stale-profile' }, 3],
]

/** Simulated time stands still while an answer is waited for: one that never comes is waited for in real time, shortly. */
async function open(hangs: boolean): Promise<Pick<Timed, 'standIn' | 'run'> & AsyncDisposable> {
  if (!hangs) return openTimed((behaviour) => openScene({}, behaviour))
  const standIn = await openScene()
  const impatient = { answerTimeout: 100, factor: 5000 }
  return {
    standIn,
    run: async ({ inputs } = {}) => {
      const ran = await runMain(standIn, { ...impatient, inputs: { ...inputs, 'deadline-minutes': '7200' } })
      return { ...ran, minutes: 0 }
    },
    [Symbol.asyncDispose]: standIn.close,
  }
}

describe('a read-back', () => {
  test.each(PASSING)('that meets %s is repeated until it shows the change', async (_, fault, times) => {
    for (const account of [CANARY, VICTIM]) {
      await using standIn = await openScene()
      standIn.faults.order({ route: 'profile', account, fault, times, inRollout: true })
      const ran = await runMain(standIn, { inputs: OWNER })
      expect(brokenLaws(ran, standIn, { listed: TARGETS })).toEqual([])
      expect(ran.outputs).toMatchObject({ outcome: 'completed', deactivated: '4', verified: '4' })
    }
  })

  test.each(UNREADABLE)('that meets %s only is "unread"; the change stands', async (_, fault, hangs) => {
    await using timed = await open(hangs)
    const { standIn } = timed
    standIn.faults.order({ route: 'profile', account: VICTIM, fault, inRollout: true })
    const ran = await timed.run({ inputs: OWNER })
    expect(brokenLaws(ran, standIn, { listed: TARGETS })).toEqual([])
    expect(ran.row(VICTIM)).toMatchObject({ state: 'deactivated', verified: 'unread', attempts: '1' })
    expect(ran.outputs).toMatchObject({ outcome: 'failed', reason: 'accounts-not-verified', verified: '3' })
  })

  test.each(UNREADABLE)('of the canary that meets %s only keeps the rest from being begun', async (_, fault, hangs) => {
    await using timed = await open(hangs)
    const { standIn } = timed
    standIn.faults.order({ route: 'profile', account: CANARY, fault, inRollout: true })
    const ran = await timed.run({ inputs: OWNER })
    expect(brokenLaws(ran, standIn, { listed: TARGETS })).toEqual([])
    expect(ran.row(CANARY)).toMatchObject({ state: 'deactivated', verified: 'unread' })
    expect(ran.outputs).toMatchObject({ outcome: 'halted', reason: 'canary-not-verified', 'not-attempted': '3' })
    expect(standIn.organization.changes).toHaveLength(1)
  })

  test('that shows the account unchanged for a minute is "no"; the change stands', async () => {
    await using timed = await open(false)
    const { standIn } = timed
    standIn.faults.order({ route: 'profile', account: VICTIM, fault: { kind: 'stale-profile' }, inRollout: true })
    const ran = await timed.run({ inputs: OWNER })
    expect(brokenLaws(ran, standIn, { listed: TARGETS })).toEqual([])
    expect(ran.row(VICTIM)).toMatchObject({ state: 'deactivated', verified: 'no', attempts: '1' })
    expect(ran.outputs).toMatchObject({ outcome: 'failed', reason: 'accounts-not-verified' })
  })

  test('of a canary that never shows the change halts', async () => {
    await using timed = await open(false)
    const { standIn } = timed
    standIn.faults.order({ route: 'profile', account: CANARY, fault: { kind: 'stale-profile' }, inRollout: true })
    const ran = await timed.run({ inputs: OWNER })
    expect(brokenLaws(ran, standIn, { listed: TARGETS })).toEqual([])
    expect(ran.row(CANARY)).toMatchObject({ state: 'deactivated', verified: 'no' })
    expect(ran.outputs).toMatchObject({ outcome: 'halted', reason: 'canary-not-verified' })
  })

  test.each([CANARY, VICTIM])('of %s that is answered 401 stops the run at once', async (account) => {
    await using standIn = await openScene()
    standIn.faults.order({ route: 'profile', account, fault: FAULTS.unauthorized, inRollout: true })
    const ran = await runMain(standIn, { inputs: { ...OWNER, concurrency: '1' } })
    expect(brokenLaws(ran, standIn, { listed: TARGETS })).toEqual([])
    expect(ran.row(account)).toMatchObject({ state: 'deactivated', verified: 'unread' })
    expect(ran.outputs).toMatchObject({ outcome: 'halted', reason: 'key-rejected' })
    expect(standIn.organization.changes).toHaveLength(TARGETS.indexOf(account) + 1)
  })
})

describe('a lost answer', () => {
  test.each(UNREADABLE)('of an account whose profile meets %s is unknown', async (_, fault, hangs) => {
    const ways = [
      [VICTIM, FAULTS.resetAfterChange, 1],
      [CANARY, FAULTS.conflict, 0],
      [CANARY, FAULTS.errorAfterChange, 1],
      [VICTIM, FAULTS.reset, 0],
    ] as const
    // Dozens of reads wait their time out one after the other.
    for (const [account, lost, changed] of hangs ? ways.slice(0, 2) : ways) {
      await using timed = await open(hangs)
      const { standIn } = timed
      standIn.faults.order({ route: 'profile', account, fault, inRollout: true })
      standIn.faults.order({ route: 'disable', account, fault: lost })
      const ran = await timed.run({ inputs: OWNER })
      expect(brokenLaws(ran, standIn, { listed: TARGETS })).toEqual([])
      expect(ran.row(account)).toMatchObject({ state: 'unknown', verified: '', attempts: '1' })
      expect(changesOf(standIn, account)).toBe(changed)
      expect(ran.outputs).toMatchObject(
        account === CANARY
          ? { outcome: 'halted', reason: 'canary-not-verified', unknown: '1', 'not-attempted': '3' }
          : { outcome: 'failed', reason: 'accounts-failed', unknown: '1', deactivated: '3' },
      )
    }
  })

  test('after a change that shows late is not sent again', async () => {
    await using standIn = await openScene()
    standIn.faults.order({ route: 'disable', account: VICTIM, fault: FAULTS.resetAfterChange })
    standIn.faults.order({
      route: 'profile',
      account: VICTIM,
      fault: { kind: 'stale-profile' },
      times: 1,
      inRollout: true,
    })
    const ran = await runMain(standIn, { inputs: OWNER })
    expect(ran.row(VICTIM)).toMatchObject({ state: 'deactivated', verified: 'yes', attempts: '1' })
    expect(brokenLaws(ran, standIn, { listed: TARGETS })).toEqual([])
  })

  test('of a change that shows too late is sent again, and the 409 that comes is understood', async () => {
    await using standIn = await openScene()
    standIn.faults.order({ route: 'disable', account: VICTIM, fault: FAULTS.resetAfterChange, times: 1 })
    standIn.faults.order({
      route: 'profile',
      account: VICTIM,
      fault: { kind: 'stale-profile' },
      times: 2,
      inRollout: true,
    })
    const ran = await runMain(standIn, { inputs: OWNER })
    expect(ran.row(VICTIM)).toMatchObject({ state: 'deactivated', attempts: '2', http_status: '409', verified: 'yes' })
    expect(brokenLaws(ran, standIn, { listed: TARGETS })).toEqual([])
  })

  test('is unknown where the key is rejected while it is read', async () => {
    await using standIn = await openScene()
    standIn.faults.order({ route: 'disable', account: VICTIM, fault: FAULTS.resetAfterChange })
    standIn.faults.order({ route: 'profile', account: VICTIM, fault: FAULTS.unauthorized, inRollout: true })
    const ran = await runMain(standIn, { inputs: { ...OWNER, concurrency: '1' } })
    expect(ran.row(VICTIM)).toMatchObject({ state: 'unknown', attempts: '1' })
    expect(ran.outputs).toMatchObject({ outcome: 'halted', reason: 'key-rejected', 'not-attempted': '1' })
    expect(brokenLaws(ran, standIn, { listed: TARGETS })).toEqual([])
  })
})

describe('an account that is inactive already', () => {
  const inactive = { accountStatus: 'inactive' } as const
  /** In the look beforehand the account was still active. */
  const SEEN_ACTIVE = { route: 'profile', times: 1, fault: { kind: 'stale-profile' } } as const

  test('is found out by 409 and a read, is never a failure, and another takes its place as canary', async () => {
    await using standIn = await openScene({ [CANARY]: inactive, [VICTIM]: inactive })
    for (const account of [CANARY, VICTIM]) standIn.faults.order({ ...SEEN_ACTIVE, account })
    const listed = [...standIn.organization.people.values()].slice(1).map((one) => ({ ...one }))
    for (const one of listed) one.accountStatus = 'active'
    const ran = await runMain(standIn, { inputs: OWNER, list: listed })
    expect(brokenLaws(ran, standIn, { listed: TARGETS })).toEqual([])
    expect(ran.outputs).toMatchObject({ outcome: 'completed', deactivated: '2', 'already-inactive': '2' })
    expect(ran.row(CANARY)).toMatchObject({ state: 'already-inactive', http_status: '409', attempts: '1' })
    const canaries = ran.journal.filter((line) => line.event === 'intent' && line.canary === true)
    expect(canaries.map((line) => line.account)).toContain('account-2')
    const first = standIn.organization.callsTo('disable').map(({ accountId }) => accountId)
    expect(first.slice(0, 2)).toEqual([CANARY, 'account-2'])
  })

  test('and answered 204 counts as deactivated: nothing shows the difference', async () => {
    await using standIn = await openScene({ [VICTIM]: inactive })
    standIn.organization.alreadySo = 204
    standIn.faults.order({ ...SEEN_ACTIVE, account: VICTIM })
    const listed = [...standIn.organization.people.values()].slice(1).map((one) => ({ ...one }))
    for (const one of listed) one.accountStatus = 'active'
    const ran = await runMain(standIn, { inputs: OWNER, list: listed })
    expect(ran.row(VICTIM)).toMatchObject({ state: 'deactivated', verified: 'yes', http_status: '204' })
    expect(changesOf(standIn, VICTIM)).toBe(0)
  })

  test('by the list is not called at all', async () => {
    await using standIn = await openScene({ [VICTIM]: inactive })
    const ran = await runMain(standIn, { inputs: OWNER })
    expect(ran.row(VICTIM)).toMatchObject({ state: 'already-inactive', attempts: '0', decision: 'skip' })
    expect(standIn.organization.calls.filter(({ accountId }) => accountId === VICTIM)).toEqual([])
    expect(ran.outputs.outcome).toBe('completed')
  })
})
