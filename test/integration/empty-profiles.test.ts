import { describe, expect, test } from 'vitest'
import { FAULTS } from '../stand-in/faults.ts'
import { brokenLaws } from './laws.ts'
import { runMain } from './run-main.ts'
import { ADMIN, changesOf, DIRECTORY, OTHERS, openScene, TARGETS, VICTIM } from './scene.ts'

describe.each([
  ['nothing', { account: undefined }],
  ['null', { account: null }],
  ['an account without members', { account: {} }],
  ['a list', { account: [] }],
])('a profile that holds %s is none that was read', (_, members) => {
  const fault = FAULTS.members(members)

  test('so that the account is left alone, and the run is not green', async () => {
    await using standIn = await openScene()
    standIn.faults.order({ route: 'profile', account: VICTIM, fault })
    const ran = await runMain(standIn)
    expect(brokenLaws(ran, standIn, { listed: TARGETS, protected: [VICTIM] })).toEqual([])
    expect(changesOf(standIn, VICTIM)).toBe(0)
    expect(ran.row(VICTIM).state).toBe('failed')
    for (const id of OTHERS) expect(ran.row(id).state).toBe('deactivated')
    expect(ran.exitCode).toBe(1)
  })

  test('so that an executing user is not known by it', async () => {
    await using standIn = await openScene()
    standIn.faults.order({ route: 'profile', account: ADMIN, fault })
    const ran = await runMain(standIn, { inputs: { ...DIRECTORY, 'executing-user': ADMIN } })
    expect(ran.outputs).toMatchObject({ outcome: 'refused', reason: 'executing-user-unknown' })
    expect(standIn.organization.callsTo('disable')).toEqual([])
  })
})
