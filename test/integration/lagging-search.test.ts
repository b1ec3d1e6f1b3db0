import { describe, expect, test } from 'vitest'
import { artifactEnvironment } from '../stand-in/artifact-handlers.ts'
import { FAULTS } from '../stand-in/faults.ts'
import { changesOf, DIRECTORY, OTHERS, openScene, openTimed, TARGETS, type Timed, VICTIM } from './scene.ts'

const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE

interface Results extends Timed {
  /** Runs a mode on the results of the apply. */
  on(mode: string): ReturnType<Timed['run']>
  /** Whose profiles were read since the apply. */
  readBack(): readonly string[]
}

/** An apply of all four, after which the search lags; it shows what was so long ago. */
async function openApplied(lag: number): Promise<Results> {
  const timed = await openTimed((behaviour) => openScene({}, behaviour))
  const { standIn } = timed
  const env = artifactEnvironment(standIn.url, '1000')
  const applied = await timed.run({ env, inputs: DIRECTORY })
  expect(applied.outputs).toMatchObject({ outcome: 'completed', deactivated: '4', verified: '4' })
  standIn.organization.searchLag = lag
  const before = standIn.organization.calls.length
  return {
    ...timed,
    on: (mode) => {
      const results = { 'users-file': '', 'results-artifact': applied.outputs['artifact-name'] ?? '' }
      const inputs = { ...DIRECTORY, mode, ...results }
      return timed.run({ env, inputs })
    },
    readBack: () => {
      const { calls } = standIn.organization
      const read = calls
        .slice(before)
        .filter(({ route, accountId }) => route === 'profile' && TARGETS.includes(accountId))
      return [...new Set(read.map(({ accountId }) => accountId))].toSorted()
    },
  }
}

const sorted = (ids: readonly string[]): string[] => ids.toSorted()

describe('a verification', () => {
  test.each([
    ['right after the apply', 0],
    ['an hour later', 60 * MINUTE],
  ])('%s reports nobody as come back whom only a search that lags shows active', async (_, wait) => {
    await using results = await openApplied(DAY)
    await results.time.clock.advance(wait)
    const ran = await results.on('verify')
    expect(ran.outputs).toMatchObject({ outcome: 'completed', 'already-inactive': '4', 'already-active': '0' })
    expect(ran.rows.map(({ verified }) => verified)).toEqual(TARGETS.map(() => 'yes'))
    expect(results.readBack()).toEqual(sorted(TARGETS))
  })

  test('does not miss somebody who came back within ten minutes, whom a search that lags shows inactive', async () => {
    await using results = await openApplied(5 * MINUTE)
    const { clock } = results.time
    await clock.advance(6 * MINUTE)
    results.standIn.organization.setStatus(VICTIM, 'enable', '')
    await clock.advance(MINUTE)
    const ran = await results.on('verify')
    expect(ran.row(VICTIM)).toMatchObject({ state: 'already-active', verified: 'no' })
    expect(ran.outputs).toMatchObject({ outcome: 'failed', reason: 'accounts-reactivated', 'already-inactive': '3' })
    expect(results.readBack()).toEqual(sorted(TARGETS))
  })

  test('of older changes goes by the directory where it shows somebody inactive, and says so', async () => {
    await using results = await openApplied(0)
    await results.time.clock.advance(11 * MINUTE)
    const ran = await results.on('verify')
    expect(ran.outputs).toMatchObject({ outcome: 'completed', 'already-inactive': '4' })
    expect(results.readBack()).toEqual([])
    expect(ran.summary).toMatch(/directory[^\n]*\balone\b|\balone\b[^\n]*directory/i)
  })

  test('of older changes reads the profile of somebody whom the directory shows active', async () => {
    await using results = await openApplied(0)
    await results.time.clock.advance(11 * MINUTE)
    results.standIn.organization.setStatus(VICTIM, 'enable', '')
    const ran = await results.on('verify')
    expect(ran.row(VICTIM)).toMatchObject({ state: 'already-active', verified: 'no' })
    expect(ran.outputs).toMatchObject({ outcome: 'failed', reason: 'accounts-reactivated', 'already-inactive': '3' })
    expect(results.readBack()).toEqual([VICTIM])
  })

  test.each([
    ['out of reach', FAULTS.serverError],
    ['of somebody else', FAULTS.account({ account_id: 'somebody-else' })],
    ['in a state that nobody documents', FAULTS.account({ account_status: 'pending' })],
  ])('does not know of somebody whom the search shows active, and whose profile is %s', async (_, fault) => {
    await using results = await openApplied(DAY)
    results.standIn.faults.order({ route: 'profile', account: VICTIM, fault })
    const ran = await results.on('verify')
    expect(ran.row(VICTIM)).toMatchObject({ state: 'unknown', verified: 'unread' })
    expect(ran.outputs).toMatchObject({ outcome: 'failed', reason: 'accounts-not-verified', 'already-inactive': '3' })
  })
})

describe('a restore', () => {
  test('right after the apply restores everybody, also whom a search that lags still shows active', async () => {
    await using results = await openApplied(5 * MINUTE)
    const plan = await results.on('plan')
    expect(plan.outputs).toMatchObject({ outcome: 'planned', planned: '4' })
    const ran = await results.on('restore')
    expect(ran.outputs).toMatchObject({ outcome: 'completed', restored: '4', verified: '4', 'already-active': '0' })
    expect(results.standIn.organization.callsTo('enable')).toHaveLength(4)
    const { people } = results.standIn.organization
    expect(TARGETS.map((id) => people.get(id)?.accountStatus)).toEqual(TARGETS.map(() => 'active'))
  })

  test('asks for nobody whose profile shows that somebody else was quicker', async () => {
    await using results = await openApplied(5 * MINUTE)
    results.standIn.organization.setStatus(VICTIM, 'enable', '')
    const ran = await results.on('restore')
    expect(ran.row(VICTIM)).toMatchObject({ state: 'already-active', attempts: '0' })
    expect(ran.outputs).toMatchObject({ outcome: 'completed', restored: '3', 'already-active': '1' })
    expect(results.standIn.organization.callsTo('enable', VICTIM)).toEqual([])
  })

  test('is not green where the search alone calls somebody active, right after the apply', async () => {
    await using results = await openApplied(5 * MINUTE)
    results.standIn.faults.order({ route: 'profile', account: VICTIM, fault: FAULTS.serverError })
    const ran = await results.on('restore')
    expect(ran.row(VICTIM).state).not.toBe('already-active')
    expect(ran.exitCode).toBe(1)
    for (const id of OTHERS) expect(ran.row(id)).toMatchObject({ state: 'restored' })
  })

  test('is read back by the profile where the search does not show it yet', async () => {
    await using results = await openApplied(0)
    await results.time.clock.advance(20 * MINUTE)
    results.standIn.organization.searchLag = 5 * MINUTE
    const ran = await results.on('restore')
    expect(ran.outputs).toMatchObject({ outcome: 'completed', restored: '4', verified: '4' })
    expect(TARGETS.map((id) => changesOf(results.standIn, id))).toEqual([2, 2, 2, 2])
  })
})

test('an apply under a search that lags by a day is read back by the profiles, in full', async () => {
  await using timed = await openTimed((behaviour) => openScene({}, { ...behaviour, searchLag: DAY }))
  const ran = await timed.run({ inputs: DIRECTORY })
  expect(ran.outputs).toMatchObject({ outcome: 'completed', deactivated: '4', verified: '4' })
  const { calls } = timed.standIn.organization
  for (const id of TARGETS)
    expect(calls.some(({ accountId, shows }) => accountId === id && shows === 'inactive')).toBe(true)
})
