import { describe, expect, test } from 'vitest'
import { FAULTS } from '../stand-in/faults.ts'
import { createOrganization, crowd } from '../stand-in/organization.ts'
import { type StandIn, startStandIn } from '../stand-in/server.ts'
import { brokenLaws } from './laws.ts'
import { type Ran, runMain, type Staging } from './run-main.ts'
import { admin, CANARY, DIRECTORY, openScene, openTimed, TARGETS, type Timed, VICTIM } from './scene.ts'

/** Profiles that the look beforehand reads of the scene. */
const LOOKED = TARGETS.length

/** Calls the runner's cancel when the stand-in has seen so many calls. */
function cancelAfter(
  standIn: StandIn,
  route: 'disable' | 'profile' | 'permissions',
  calls: number,
): NonNullable<Staging['onCancel']> {
  return (cancel) => {
    const timer = setInterval(() => {
      if (standIn.organization.callsTo(route).length < calls) return
      clearInterval(timer)
      cancel()
    }, 1)
    timer.unref()
  }
}

async function openCrowd(size: number): Promise<{ standIn: StandIn; listed: string[] }> {
  const people = crowd(size)
  const standIn = await startStandIn(createOrganization({ people: [admin(), ...people] }))
  return { standIn, listed: people.map(({ id }) => id) }
}

/** The same in simulated time. */
async function openTimedCrowd(size: number): Promise<{ timed: Timed; listed: string[] }> {
  const people = crowd(size)
  const timed = await openTimed((behaviour) =>
    startStandIn(createOrganization({ people: [admin(), ...people], ...behaviour })),
  )
  return { timed, listed: people.map(({ id }) => id) }
}

/** What is left was never called; the stand-in and the results agree about the rest. */
function expectStopped(ran: Ran, standIn: StandIn, listed: readonly string[]): void {
  expect(brokenLaws(ran, standIn, { listed })).toEqual([])
  const left = ran.rows.filter(({ state }) => state === 'not-attempted').map(({ account_id: id }) => id)
  expect(left.length).toBeGreaterThan(0)
  expect(standIn.organization.changes.filter((change) => left.includes(change.accountId))).toEqual([])
}

describe('a cancel', () => {
  test('in the rollout lets answers in flight come in, and begins nobody else', async () => {
    const { standIn, listed } = await openCrowd(40)
    await using _open = standIn
    standIn.organization.latency = 5
    const ran = await runMain(standIn, {
      inputs: { concurrency: '4' },
      onCancel: cancelAfter(standIn, 'disable', 10),
      factor: 5,
    })
    expectStopped(ran, standIn, listed)
    expect(ran.outputs).toMatchObject({ outcome: 'partial', reason: 'cancelled', unknown: '0', failed: '0' })
    expect(ran.exitCode).toBe(1)
  })

  test('while answers hang gives them up after five seconds, and calls them unknown', async () => {
    const { standIn, listed } = await openCrowd(20)
    await using _open = standIn
    standIn.faults.order({ route: 'disable', after: 4, fault: FAULTS.hangAfterChange })
    const began = Date.now()
    const ran = await runMain(standIn, {
      inputs: { concurrency: '3' },
      onCancel: cancelAfter(standIn, 'disable', 7),
    })
    expect(Date.now() - began).toBeLessThan(3000)
    expectStopped(ran, standIn, listed)
    expect(ran.outputs).toMatchObject({ outcome: 'partial', reason: 'cancelled', unknown: '3' })
  })

  test.each(['profile', 'permissions'] as const)(
    'in the look beforehand, while a %s hangs, changes nobody',
    async (route) => {
      const { standIn, listed } = await openCrowd(20)
      await using _open = standIn
      standIn.faults.order({ route, after: 3, fault: FAULTS.hang })
      const began = Date.now()
      const ran = await runMain(standIn, { onCancel: cancelAfter(standIn, route, 5) })
      expect(Date.now() - began).toBeLessThan(3000)
      expect(brokenLaws(ran, standIn, { listed })).toEqual([])
      expect(ran.outputs).toMatchObject({ outcome: 'partial', reason: 'cancelled', 'not-attempted': '20' })
      expect(standIn.organization.callsTo('disable')).toEqual([])
    },
  )

  test('during the canary is partial, and the rest is not begun', async () => {
    await using standIn = await openScene()
    standIn.faults.order({ route: 'profile', account: CANARY, inRollout: true, fault: { kind: 'stale-profile' } })
    const ran = await runMain(standIn, {
      onCancel: cancelAfter(standIn, 'profile', LOOKED + 2),
    })
    expectStopped(ran, standIn, TARGETS)
    expect(ran.row(CANARY)).toMatchObject({ state: 'deactivated', attempts: '1' })
    expect(ran.outputs).toMatchObject({ outcome: 'partial', reason: 'cancelled', 'not-attempted': '3' })
  })

  test('during the pause after the canary is partial', async () => {
    await using standIn = await openScene()
    const ran = await runMain(standIn, {
      inputs: { 'canary-pause-seconds': '3600' },
      onCancel: cancelAfter(standIn, 'profile', LOOKED + 1),
    })
    expectStopped(ran, standIn, TARGETS)
    expect(ran.row(CANARY)).toMatchObject({ state: 'deactivated', verified: 'yes' })
    expect(ran.outputs).toMatchObject({ outcome: 'partial', reason: 'cancelled' })
  })

  test('that comes before the list is read changes nobody', async () => {
    await using standIn = await openScene()
    const ran = await runMain(standIn, { onCancel: (cancel) => cancel() })
    expect(ran.outputs).toMatchObject({ outcome: 'partial', reason: 'cancelled', listed: '4', 'not-attempted': '4' })
    expect(standIn.organization.calls).toEqual([])
  })

  test('that comes while the run publishes, or later, is no error', async () => {
    await using standIn = await openScene()
    let cancel = (): void => undefined
    const ran = await runMain(standIn, { onCancel: (handler) => (cancel = handler) })
    expect(cancel).not.toThrow()
    expect(ran.outputs).toMatchObject({ outcome: 'completed', deactivated: '4' })
  })

  test('during a pause that Atlassian asked for is heard at once', async () => {
    await using standIn = await openScene()
    standIn.faults.order({ route: 'disable', account: VICTIM, fault: FAULTS.throttled({ 'retry-after': '900' }) })
    const ran = await runMain(standIn, {
      inputs: { concurrency: '1' },
      onCancel: cancelAfter(standIn, 'disable', 3),
      factor: 100,
    })
    expectStopped(ran, standIn, TARGETS)
    expect(ran.row(VICTIM)).toMatchObject({ state: 'not-attempted', attempts: '1', http_status: '429' })
    expect(ran.outputs).toMatchObject({ outcome: 'partial', reason: 'cancelled' })
  })
})

describe('a deadline', () => {
  const minute = { 'deadline-minutes': '1' }
  /** A minute that is long enough for a slow machine to come as far as the test wants. */
  const factor = 50

  test('in the rollout leaves the rest not attempted, and has been announced', async () => {
    const { timed, listed } = await openTimedCrowd(400)
    await using _open = timed
    // A minute is over long before half of them are through: reads and changes take half a second each.
    timed.standIn.organization.latency = 500
    const ran = await timed.run({ inputs: { ...minute, ...DIRECTORY, concurrency: '2' } })
    expectStopped(ran, timed.standIn, listed)
    expect(ran.outputs).toMatchObject({ outcome: 'partial', reason: 'deadline' })
    expect(ran.log).toMatch(/At the pace so far .*"deadline-minutes" ends the run before/)
    const { deactivated, verified } = ran.outputs
    expect(verified).toBe(deactivated)
  })

  test('in the look beforehand changes nobody', async () => {
    const { standIn, listed } = await openCrowd(40)
    await using _open = standIn
    standIn.faults.order({ route: 'profile', after: 3, fault: FAULTS.hang })
    const ran = await runMain(standIn, { inputs: { 'deadline-minutes': '1' } })
    expect(brokenLaws(ran, standIn, { listed })).toEqual([])
    expect(ran.outputs).toMatchObject({ outcome: 'partial', reason: 'deadline', 'not-attempted': '40' })
    expect(standIn.organization.callsTo('disable')).toEqual([])
  })

  test('during the canary is partial', async () => {
    await using standIn = await openScene()
    const ran = await runMain(standIn, { inputs: { ...minute, 'canary-pause-seconds': '3600' }, factor })
    expectStopped(ran, standIn, TARGETS)
    expect(ran.outputs).toMatchObject({ outcome: 'partial', reason: 'deadline', deactivated: '1' })
  })

  test('that comes when nobody is left to be begun leaves nothing undone', async () => {
    await using standIn = await openScene()
    const fault = { kind: 'stale-profile' } as const
    const order = { route: 'profile', account: VICTIM, inRollout: true } as const
    standIn.faults.order({ ...order, fault, times: 3 })
    standIn.faults.order({ ...order, times: 1, fault: { kind: 'delay', milliseconds: 2000 } })
    const ran = await runMain(standIn, { inputs: minute, factor })
    expect(ran.journal.some((line) => line.event === 'stop' && line.cause === 'deadline')).toBe(true)
    expect(ran.outputs).toMatchObject({ outcome: 'completed', reason: '', deactivated: '4', verified: '4' })
  })
})

test('accounts that do not show their change share one minute of patience', async () => {
  const { timed, listed } = await openTimedCrowd(40)
  await using _open = timed
  const { standIn } = timed
  for (const id of listed.slice(1))
    standIn.faults.order({ route: 'profile', account: id, inRollout: true, fault: { kind: 'stale-profile' } })
  const ran = await timed.run({ inputs: { concurrency: '4' } })
  expect(brokenLaws(ran, standIn, { listed })).toEqual([])
  expect(ran.outputs).toMatchObject({ outcome: 'failed', reason: 'accounts-not-verified', verified: '1' })
  expect(ran.rows.slice(1).every(({ verified }) => verified === 'no')).toBe(true)
  const at = (event: string): number => Date.parse(String(ran.journal.findLast((line) => line.event === event)?.at))
  expect(at('read') - at('intent')).toBeGreaterThan(60_000)
  expect(at('read') - at('intent')).toBeLessThan(3 * 60_000)
})

describe('max-failures', () => {
  test.each([
    ['0', 1],
    ['1', 2],
    ['2', 3],
  ])('of %s halts when %i accounts have failed', async (most, failed) => {
    const { standIn, listed } = await openCrowd(12)
    await using _open = standIn
    standIn.faults.order({ route: 'disable', after: 3, fault: FAULTS.forbidden })
    const ran = await runMain(standIn, { inputs: { 'max-failures': most, concurrency: '1' } })
    expectStopped(ran, standIn, listed)
    expect(ran.outputs).toMatchObject({ outcome: 'halted', reason: 'too-many-failures', failed: String(failed) })
    expect(ran.outputs.deactivated).toBe('3')
  })

  test('counts unknown accounts, and not those that are inactive already', async () => {
    const { standIn, listed } = await openCrowd(12)
    await using _open = standIn
    for (const id of listed.slice(1, 6)) {
      standIn.organization.setStatus(id, 'disable', '')
      standIn.faults.order({ route: 'profile', account: id, times: 1, fault: { kind: 'stale-profile' } })
    }
    standIn.organization.changes.length = 0
    standIn.faults.order({ route: 'disable', account: listed[7] ?? '', fault: FAULTS.resetAfterChange })
    standIn.faults.order({ route: 'profile', account: listed[7] ?? '', inRollout: true, fault: FAULTS.notFound })
    const list = [...standIn.organization.people.values()].slice(1).map((one) => ({ ...one }))
    for (const one of list) one.accountStatus = 'active'
    const inputs = { 'max-failures': '0', concurrency: '1' }
    const ran = await runMain(standIn, { inputs, list })
    expectStopped(ran, standIn, listed)
    expect(ran.outputs).toMatchObject({ outcome: 'halted', reason: 'too-many-failures', unknown: '1', failed: '0' })
    expect(ran.outputs['already-inactive']).toBe('5')
  })
})

describe('the canary', () => {
  test('that is undone during the pause is not verified, and the rest is not begun', async () => {
    await using standIn = await openScene()
    standIn.faults.order({
      route: 'profile',
      account: CANARY,
      inRollout: true,
      after: 1,
      fault: { kind: 'stale-profile' },
    })
    const ran = await runMain(standIn, { inputs: { 'canary-pause-seconds': '60' } })
    expectStopped(ran, standIn, TARGETS)
    expect(ran.row(CANARY)).toMatchObject({ state: 'deactivated', verified: 'no' })
    expect(ran.outputs).toMatchObject({ outcome: 'halted', reason: 'canary-not-verified' })
  })

  test('of several is changed one by one, one mail domain after the other', async () => {
    const { standIn, listed } = await openCrowd(9)
    await using _open = standIn
    const ran = await runMain(standIn, { inputs: { 'canary-size': '4' } })
    expect(brokenLaws(ran, standIn, { listed })).toEqual([])
    const [a, b, c, d] = [listed[0], listed[1], listed[2], listed[3]]
    const changing = standIn.organization.calls.slice(
      standIn.organization.calls.findIndex(({ route }) => route === 'disable'),
    )
    const routes = changing.filter(({ accountId }) => [a, b, c, d].includes(accountId))
    expect(routes.map(({ accountId, route }) => [accountId, route])).toEqual(
      [a, b, c, d].flatMap((id) => [
        [id, 'disable'],
        [id, 'profile'],
      ]),
    )
  })

  test('may be everybody', async () => {
    await using standIn = await openScene()
    const ran = await runMain(standIn, { inputs: { 'canary-size': '100' } })
    expect(brokenLaws(ran, standIn, { listed: TARGETS })).toEqual([])
    expect(ran.outputs).toMatchObject({ outcome: 'completed', deactivated: '4', verified: '4' })
    expect(standIn.organization.callsTo('disable').map(({ accountId }) => accountId)).toEqual(TARGETS)
  })
})
