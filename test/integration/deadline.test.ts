import { describe, expect, test } from 'vitest'
import { FAULTS } from '../stand-in/faults.ts'
import type { Person } from '../stand-in/organization.ts'
import type { StandIn } from '../stand-in/server.ts'
import { brokenLaws } from './laws.ts'
import { CANARY, DIRECTORY, openScene, openTimed, TARGETS, type Timed, VICTIM } from './scene.ts'

const MINUTE = 60_000

/** What ends the run: the deadline of one minute, or a cancel after one. */
const ENDS = [
  ['deadline', { 'deadline-minutes': '1' }],
  ['cancelled', {}],
] as const

const open = (): Promise<Timed> => openTimed((behaviour) => openScene({}, behaviour))

const listOf = ({ organization }: StandIn, ids: readonly string[]): Person[] =>
  ids.flatMap((id) => organization.people.get(id) ?? [])

describe.each(ENDS)('a run that is ended by "%s" while its canary is still to be seen', (reason, inputs) => {
  /** The canary alone, canaries alone, and with somebody after them. */
  const lists = [
    ['the only target', [CANARY], '1'],
    ['one of the canaries that are all', TARGETS, '4'],
    ['the first of four', TARGETS, '1'],
  ] as const
  const ways = [
    ['with the directory', DIRECTORY],
    ['without it', {}],
  ] as const
  const cases = lists.flatMap(([who, listed, size]) =>
    ways.map(([way, directory]) => [who, way, listed, size, directory] as const),
  )

  test.each(cases)('is partial during the read-back of %s, %s', async (_who, _way, listed, size, directory) => {
    await using scene = await open()
    const { standIn } = scene
    const { changes } = standIn.organization
    standIn.faults.order({
      route: 'profile',
      account: CANARY,
      when: () => changes.length > 0,
      fault: { kind: 'stale-profile' },
    })
    // The canary's minute of patience begins close to the end.
    standIn.faults.order({ route: 'disable', account: CANARY, fault: FAULTS.delay(0.6 * MINUTE) })
    const ran = await scene.run({
      list: listOf(standIn, listed),
      inputs: { ...directory, ...inputs, 'canary-size': size },
      ...(reason === 'cancelled' ? { cancelAfter: MINUTE } : {}),
    })
    expect(brokenLaws(ran, standIn, { listed })).toEqual([])
    expect(ran.outputs).toMatchObject({ outcome: 'partial', reason, deactivated: '1', verified: '0' })
    expect(ran.exitCode).toBe(1)
    expect(ran.row(CANARY)).toMatchObject({ state: 'deactivated' })
    expect(ran.row(CANARY).verified).not.toBe('yes')
    expect(changes.map(({ accountId }) => accountId)).toEqual([CANARY])
  })

  test.each(cases)('is partial during the pause after %s, %s', async (_who, _way, listed, size, directory) => {
    await using scene = await open()
    const { standIn } = scene
    const ran = await scene.run({
      list: listOf(standIn, listed),
      inputs: { ...directory, ...inputs, 'canary-size': size, 'canary-pause-seconds': '3600' },
      ...(reason === 'cancelled' ? { cancelAfter: MINUTE } : {}),
    })
    expect(brokenLaws(ran, standIn, { listed })).toEqual([])
    expect(ran.outputs).toMatchObject({ outcome: 'partial', reason, deactivated: size })
    expect(ran.exitCode).toBe(1)
    expect(standIn.organization.changes).toHaveLength(Number(size))
    expect(ran.minutes).toBeLessThan(6)
  })

  test('is partial where the canary, the only target, came back in the pause', async () => {
    await using scene = await open()
    const { standIn } = scene
    standIn.faults.order({ route: 'disable', account: CANARY, fault: FAULTS.comesBack(MINUTE / 2) })
    const ran = await scene.run({
      list: listOf(standIn, [CANARY]),
      inputs: { ...DIRECTORY, ...inputs, 'canary-pause-seconds': '3600' },
      ...(reason === 'cancelled' ? { cancelAfter: MINUTE } : {}),
    })
    expect(ran.outputs).toMatchObject({ outcome: 'partial', reason, deactivated: '1' })
    expect(ran.exitCode).toBe(1)
  })

  test('is partial while the change of the canary, the only target, is under way', async () => {
    await using scene = await open()
    const { standIn } = scene
    standIn.faults.order({ route: 'disable', account: CANARY, fault: FAULTS.delay(1.05 * MINUTE) })
    const ran = await scene.run({
      list: listOf(standIn, [CANARY]),
      inputs: { ...DIRECTORY, ...inputs },
      ...(reason === 'cancelled' ? { cancelAfter: MINUTE } : {}),
    })
    expect(ran.outputs).toMatchObject({ outcome: 'partial', reason })
    expect(ran.exitCode).toBe(1)
  })
})

describe('the canary', () => {
  test('that came back in the pause is not verified, also where it is the only target', async () => {
    await using scene = await open()
    const { standIn } = scene
    standIn.faults.order({ route: 'disable', account: CANARY, fault: FAULTS.comesBack(MINUTE / 2) })
    const inputs = { ...DIRECTORY, 'canary-pause-seconds': '120' }
    const ran = await scene.run({ list: listOf(standIn, [CANARY]), inputs })
    expect(ran.row(CANARY)).toMatchObject({ state: 'deactivated', verified: 'no' })
    expect(ran.outputs).toMatchObject({ outcome: 'halted', reason: 'canary-not-verified' })
  })

  test('that was seen twice lets the run be green, whatever the deadline says afterwards', async () => {
    await using scene = await open()
    const { standIn } = scene
    const inputs = { ...DIRECTORY, 'canary-pause-seconds': '30', 'deadline-minutes': '1' }
    const ran = await scene.run({ list: listOf(standIn, [CANARY]), inputs })
    expect(ran.outputs).toMatchObject({ outcome: 'completed', reason: '', deactivated: '1', verified: '1' })
  })
})

test('a deadline in the rollout, when nobody is left to be begun, leaves nothing undone', async () => {
  await using scene = await open()
  const { standIn } = scene
  const { changes } = standIn.organization
  const late = (): boolean => changes.some(({ accountId }) => accountId === VICTIM)
  standIn.faults.order({ route: 'search', when: late, fault: FAULTS.delay(0.7 * MINUTE), times: 1 })
  const ran = await scene.run({ inputs: { ...DIRECTORY, 'deadline-minutes': '1' } })
  expect(brokenLaws(ran, standIn, { listed: TARGETS })).toEqual([])
  expect(ran.outputs).toMatchObject({ outcome: 'completed', reason: '', deactivated: '4', verified: '4' })
})
