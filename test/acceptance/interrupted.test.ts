import { describe, expect, test } from 'vitest'
import {
  changed,
  expectCancelled,
  expectFinishedAndUndone,
  expectTrue,
  PACE,
} from '../integration/interrupted-scene.ts'
import { interruptAt, openScene } from '../integration/round-trip-scene.ts'
import { FAULTS } from '../stand-in/faults.ts'
import { spawned as runner } from '../stand-in/runner.ts'

/** A test of signals that are heard: on Windows Node can send none, each of them kills. A kill is tested there too. */
const heard = test.skipIf(process.platform === 'win32')

describe('a process that is interrupted in the middle loses nothing, and changes nobody twice:', () => {
  heard('by SIGTERM', async () => {
    await using scene = await openScene({ size: 40, runner })
    scene.standIn.organization.latency = 50
    const first = await scene.run(PACE, interruptAt(changed(scene, 15), { signal: 'SIGTERM', after: 0 }))
    expectCancelled(scene, first)
    expect(scene.standIn.organization.callsTo('disable').length).toBeLessThanOrEqual(24)
  })

  heard('by the runner, while no answer comes any more: published within the ten seconds that it gives', async () => {
    await using scene = await openScene({ size: 20, runner })
    scene.standIn.faults.order({ route: 'disable', after: 5, fault: FAULTS.hangAfterChange })
    const signals = [
      { signal: 'SIGINT', after: 0 },
      { signal: 'SIGTERM', after: 7500 },
      { signal: 'SIGKILL', after: 2500 },
    ] as const
    const first = await scene.run(PACE, interruptAt(changed(scene, 8), ...signals))
    expectTrue(scene, first)
    expect(first.outputs).toMatchObject({ outcome: 'partial', reason: 'cancelled', unknown: '4', deactivated: '5' })
    expect(scene.standIn.artifacts.named('atlassian-users-apply-1', '1000')).toBeDefined()
  })

  test('by SIGKILL, after which the post step publishes', async () => {
    await using scene = await openScene({ size: 40, runner })
    scene.standIn.organization.latency = 50
    const first = await scene.run(PACE, interruptAt(changed(scene, 15), { signal: 'SIGKILL', after: 0 }))
    expectTrue(scene, first)
    expect(first.exitCode).toBeNull()
    expect(first.outputs).toMatchObject({ outcome: 'failed', reason: 'unexpected', 'artifact-name': '', listed: '40' })
    expect(first.postLog).toContain('Failed (unexpected): The run was killed before it finished.')
    expect(first.postSummary).not.toBe('')
    expect(scene.standIn.artifacts.named('atlassian-users-apply-1', '1000')).toBeDefined()
    await expectFinishedAndUndone(scene, first)
  })

  test('by SIGKILL in the look beforehand: every account has its line, and nobody was changed', async () => {
    await using scene = await openScene({ size: 20, runner })
    const { organization } = scene.standIn
    scene.standIn.faults.order({ route: 'search', after: 1, fault: FAULTS.hang })
    const looking = (): boolean => organization.callsTo('search').length > 1
    const step = await scene.run(PACE, interruptAt(looking, { signal: 'SIGKILL', after: 0 }))
    expect(step.results.map((row) => [row.account_id, row.state])).toEqual(
      scene.listed.map((id) => [id, 'not-attempted']),
    )
    expect(step.outputs).toMatchObject({ outcome: 'failed', reason: 'unexpected', listed: '20', 'not-attempted': '20' })
    expect(organization.changes).toEqual([])
    // The post step asks Atlassian for nothing: not the answer that its main step was waiting for either.
    expect(organization.callsTo('search')).toHaveLength(2)
    expect(organization.callsTo('profile')).toEqual([])
  })
})
