import { describe, expect, test } from 'vitest'
import { FAULTS, type Fault, type FaultOrder } from '../stand-in/faults.ts'
import { type Person, person } from '../stand-in/organization.ts'
import { brokenLaws } from './laws.ts'
import {
  CANARY,
  changesOf,
  DIRECTORY,
  openScene,
  openTimed,
  SECOND,
  TARGETS,
  type Timed,
  type TimedStaging,
  VICTIM,
} from './scene.ts'

const SECOND_OF_TIME = 1000
const MINUTE = 60 * SECOND_OF_TIME

/** The answer is lost at once; the change is made later than the look for it has patience, about two seconds. */
const LATE = FAULTS.lostLateChange(4 * SECOND_OF_TIME)

/** What the same account is answered when it is asked again, and by then has been changed. */
const REFUSALS: readonly (readonly [string, Fault | null])[] = [
  ['409, because it is so already', null],
  ['403', FAULTS.forbidden],
  ['403 with a reason', FAULTS.refused('managedAccount')],
  ['404', FAULTS.notFound],
  ['400', FAULTS.badRequest],
  ['500 for ever', FAULTS.serverError],
  ['a reset for ever', FAULTS.reset],
  ['429 for ever', FAULTS.throttled()],
]

const open = (): Promise<Timed> => openTimed((behaviour) => openScene({}, behaviour))

/** Every request for the account after the first one; an order hits no call that an earlier one has hit. */
function orderAfterwards({ faults }: Timed['standIn'], account: string, answer: Fault | null): void {
  // Handled only when the first change has been made.
  faults.order({ route: 'disable', account, fault: answer ?? FAULTS.lateChange(5 * SECOND_OF_TIME) })
}

/** What ends the run once the change has landed, while the account waits to be asked again. */
const STOPS: readonly (readonly [string, TimedStaging, FaultOrder | null, object])[] = [
  ['a cancel', { cancelAfter: 20 * SECOND_OF_TIME }, null, { outcome: 'partial', reason: 'cancelled' }],
  ['a deadline', { inputs: { 'deadline-minutes': '1' } }, null, {}],
  [
    'too many failures',
    { inputs: { 'max-failures': '0' } },
    { route: 'disable', account: 'account-4', fault: FAULTS.lateChange(20 * SECOND_OF_TIME) },
    { outcome: 'halted', reason: 'too-many-failures' },
  ],
]

describe('a change that lands after it was looked for twice', () => {
  for (const [who, account] of [
    ['in the rollout', VICTIM],
    ['of the canary', CANARY],
  ] as const) {
    test.each(REFUSALS)(
      `${who} is deactivated where a read shows it, whatever it is answered then: %s`,
      async (_, answer) => {
        for (const inputs of [DIRECTORY, {}]) {
          await using scene = await open()
          const { standIn } = scene
          standIn.faults.order({ route: 'disable', account, times: 1, fault: LATE })
          orderAfterwards(standIn, account, answer)
          const ran = await scene.run({ inputs: { ...inputs, 'deadline-minutes': '30' } }, 60)
          expect(brokenLaws(ran, standIn, { listed: TARGETS })).toEqual([])
          expect(ran.row(account)).toMatchObject({ state: 'deactivated', verified: 'yes' })
          expect(changesOf(standIn, account)).toBe(1)
          expect(ran.outputs).toMatchObject({ failed: '0', unknown: '0' })
        }
      },
    )

    test.each(REFUSALS)(`${who} is unknown where nobody can read it any more: %s`, async (_, answer) => {
      await using scene = await open()
      const { standIn } = scene
      standIn.faults.order({ route: 'disable', account, times: 1, fault: LATE })
      orderAfterwards(standIn, account, answer)
      const { organization, faults } = standIn
      // Readable as long as it looks unchanged, and never after.
      const when = (): boolean => changesOf(standIn, account) > 0
      faults.order({ route: 'profile', account, when, fault: FAULTS.serverError })
      faults.order({ route: 'search', when, fault: FAULTS.serverError })
      const ran = await scene.run({ inputs: { ...DIRECTORY, 'deadline-minutes': '30' } }, 60)
      expect(ran.row(account)).toMatchObject({ state: 'unknown' })
      expect(ran.exitCode).toBe(1)
      expect(organization.changes.filter(({ accountId }) => accountId === account)).toHaveLength(1)
    })
  }

  test.each(STOPS)('is never "not attempted" for a stop that comes after it: %s', async (_, staging, order, ending) => {
    await using scene = await open()
    const { standIn } = scene
    standIn.faults.order({ route: 'disable', account: VICTIM, times: 1, fault: LATE })
    orderAfterwards(standIn, VICTIM, FAULTS.throttled())
    if (order !== null) {
      standIn.faults.order(order)
      standIn.organization.people.set('account-4', { ...fourth(standIn), disableRefusal: { status: 403, body: {} } })
    }
    const ran = await scene.run({ ...staging, inputs: { ...DIRECTORY, ...staging.inputs } }, 60)
    expect(brokenLaws(ran, standIn, { listed: TARGETS })).toEqual([])
    expect(['deactivated', 'unknown']).toContain(ran.row(VICTIM).state)
    expect(ran.outputs).toMatchObject(ending)
  })

  test('is not told from a guess where the key is rejected on the way', async () => {
    await using scene = await open()
    const { standIn } = scene
    standIn.faults.order({ route: 'disable', account: VICTIM, times: 1, fault: LATE })
    orderAfterwards(standIn, VICTIM, FAULTS.unauthorized)
    const ran = await scene.run({ inputs: DIRECTORY }, 60)
    expect(brokenLaws(ran, standIn, { listed: TARGETS })).toEqual([])
    expect(ran.outputs).toMatchObject({ outcome: 'halted', reason: 'key-rejected' })
  })
})

const fourth = ({ organization }: Timed['standIn']): Person => organization.people.get('account-4') ?? person()

describe('an account whose answer was lost', () => {
  test('and that is still unchanged at the very end has failed, by a read that comes after everything else', async () => {
    await using scene = await open()
    const { standIn } = scene
    standIn.faults.order({ route: 'disable', account: SECOND, times: 1, fault: FAULTS.reset })
    standIn.faults.order({ route: 'disable', account: SECOND, fault: FAULTS.forbidden })
    standIn.faults.order({ route: 'disable', account: 'account-4', fault: FAULTS.delay(MINUTE / 2) })
    const ran = await scene.run({ inputs: DIRECTORY })
    expect(brokenLaws(ran, standIn, { listed: TARGETS })).toEqual([])
    expect(ran.row(SECOND)).toMatchObject({ state: 'failed', attempts: '2', http_status: '403' })
    const { calls } = standIn.organization
    const lastChange = calls.findLastIndex(({ route }) => route === 'disable')
    const lastRead = calls.findLastIndex(({ route, accountId }) => route === 'profile' && accountId === SECOND)
    expect(lastRead).toBeGreaterThan(lastChange)
    expect(calls[lastRead]?.shows).toBe('active')
  })

  test('and that lands while the others are still being changed is seen at the end', async () => {
    await using scene = await open()
    const { standIn } = scene
    standIn.faults.order({
      route: 'disable',
      account: SECOND,
      times: 1,
      fault: FAULTS.lostLateChange(20 * SECOND_OF_TIME),
    })
    standIn.faults.order({ route: 'disable', account: SECOND, fault: FAULTS.forbidden })
    standIn.faults.order({ route: 'disable', account: 'account-4', fault: FAULTS.delay(25 * SECOND_OF_TIME) })
    const ran = await scene.run({ inputs: DIRECTORY })
    expect(brokenLaws(ran, standIn, { listed: TARGETS })).toEqual([])
    expect(ran.row(SECOND)).toMatchObject({ state: 'deactivated', verified: 'yes' })
    expect(ran.outputs).toMatchObject({ outcome: 'completed', deactivated: '4', verified: '4' })
  })

  test('and that failed in the rollout counts against "max-failures" until it is seen done', async () => {
    await using scene = await open()
    const { standIn } = scene
    standIn.faults.order({ route: 'disable', account: SECOND, times: 1, fault: FAULTS.lostLateChange(MINUTE) })
    standIn.faults.order({ route: 'disable', account: SECOND, fault: FAULTS.forbidden })
    const ran = await scene.run({ inputs: { ...DIRECTORY, 'max-failures': '0', concurrency: '1' } })
    expect(ran.outputs).toMatchObject({ outcome: 'halted', reason: 'too-many-failures', deactivated: '2' })
    expect(ran.row(VICTIM)).toMatchObject({ state: 'not-attempted', attempts: '0' })
  })
})
