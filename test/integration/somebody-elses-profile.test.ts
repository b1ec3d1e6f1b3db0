import { describe, expect, test } from 'vitest'
import { artifactEnvironment } from '../stand-in/artifact-handlers.ts'
import { FAULTS } from '../stand-in/faults.ts'
import { brokenLaws } from './laws.ts'
import { runMain } from './run-main.ts'
import { ADMIN, CANARY, changesOf, DIRECTORY, OTHERS, openScene, TARGETS, VICTIM } from './scene.ts'

/** The search never shows a change, so that the word is the profile's. */
const SILENT = { odd: { search: { accountStatus: undefined, status: undefined } } } as const

/** What a cache or a proxy in between might give: the profile of another account, in the state that is hoped for. */
const THEIRS = FAULTS.account({ account_id: 'somebody-else', account_status: 'inactive' })

describe("somebody else's profile", () => {
  test.each(['in other letters', 'of another account'])('%s verifies no change', async (way) => {
    const id = way === 'in other letters' ? VICTIM.toUpperCase() : 'somebody-else'
    await using standIn = await openScene({ [VICTIM]: SILENT })
    const fault = FAULTS.account({ account_id: id })
    standIn.faults.order({ route: 'profile', account: VICTIM, inRollout: true, fault })
    const ran = await runMain(standIn, { inputs: DIRECTORY })
    expect(brokenLaws(ran, standIn, { listed: TARGETS })).toEqual([])
    expect(ran.row(VICTIM)).toMatchObject({ state: 'deactivated', verified: 'unread' })
    expect(ran.outputs).toMatchObject({ outcome: 'failed', reason: 'accounts-not-verified', verified: '3' })
  })

  test('lets nobody be begun after the canary', async () => {
    await using standIn = await openScene()
    standIn.faults.order({ route: 'profile', account: CANARY, inRollout: true, fault: THEIRS })
    const ran = await runMain(standIn, { inputs: DIRECTORY })
    expect(brokenLaws(ran, standIn, { listed: TARGETS })).toEqual([])
    expect(ran.outputs).toMatchObject({ outcome: 'halted', reason: 'canary-not-verified', 'not-attempted': '3' })
  })

  test.each([
    ['500', FAULTS.serverError, 0],
    ['a reset after the change', FAULTS.resetAfterChange, 1],
  ] as const)('does not show what became of a change that was answered by %s', async (_, fault, changed) => {
    await using standIn = await openScene({ [VICTIM]: SILENT })
    standIn.faults.order({ route: 'profile', account: VICTIM, inRollout: true, fault: THEIRS })
    standIn.faults.order({ route: 'disable', account: VICTIM, fault })
    const ran = await runMain(standIn, { inputs: DIRECTORY })
    expect(brokenLaws(ran, standIn, { listed: TARGETS })).toEqual([])
    expect(ran.row(VICTIM)).toMatchObject({ state: 'unknown', attempts: '1' })
    expect(changesOf(standIn, VICTIM)).toBe(changed)
    expect(ran.exitCode).toBe(1)
  })

  test('in the look beforehand leaves the account alone, and the run is not green', async () => {
    await using standIn = await openScene()
    standIn.faults.order({ route: 'profile', account: VICTIM, fault: THEIRS })
    const ran = await runMain(standIn)
    expect(brokenLaws(ran, standIn, { listed: TARGETS, protected: [VICTIM] })).toEqual([])
    expect(ran.row(VICTIM).state).not.toBe('already-inactive')
    for (const id of OTHERS) expect(ran.row(id).state).toBe('deactivated')
    expect(ran.exitCode).toBe(1)
  })

  test('does not make an executing user known', async () => {
    await using standIn = await openScene()
    standIn.faults.order({ route: 'profile', account: ADMIN, fault: THEIRS })
    const ran = await runMain(standIn, { inputs: { ...DIRECTORY, 'executing-user': ADMIN } })
    expect(ran.outputs).toMatchObject({ outcome: 'refused', reason: 'executing-user-unknown' })
    expect(standIn.organization.callsTo('disable')).toEqual([])
  })

  test('verifies nothing in a verification', async () => {
    await using standIn = await openScene()
    const env = artifactEnvironment(standIn.url, '1000')
    const applied = await runMain(standIn, { env })
    standIn.faults.order({ route: 'profile', account: VICTIM, fault: THEIRS })
    const results = { 'users-file': '', 'results-artifact': applied.outputs['artifact-name'] ?? '' }
    const ran = await runMain(standIn, { env, inputs: { mode: 'verify', ...results } })
    expect(ran.row(VICTIM)).toMatchObject({ state: 'unknown', verified: 'unread' })
    expect(ran.outputs).toMatchObject({ outcome: 'failed', reason: 'accounts-not-verified' })
  })
})
