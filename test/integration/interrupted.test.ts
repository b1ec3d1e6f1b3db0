import { describe, expect, test } from 'vitest'
import { FAULTS } from '../stand-in/faults.ts'
import { inHaste } from './haste.ts'
import { inProcess } from './in-process.ts'
import { changed, expectCancelled, expectFinishedAndUndone, expectTrue, PACE } from './interrupted-scene.ts'
import { interruptAt, openScene } from './round-trip-scene.ts'

/** Answers in flight get five seconds of the run's clock: here these are real ones. */
const runner = inProcess({ factor: 1 })

describe('a run that is cancelled in the middle loses nothing, changes nobody twice, and can be undone:', () => {
  test('while answers come', async () => {
    await using scene = await openScene({ size: 40, runner })
    scene.standIn.organization.latency = 20
    const first = await scene.run(PACE, interruptAt(changed(scene, 15), { signal: 'SIGINT', after: 0 }))
    expectCancelled(scene, first)
    expect(first.log).toContain('Stopped early (cancelled)')
    expect(scene.standIn.organization.callsTo('disable').length).toBeLessThanOrEqual(24)
    await expectFinishedAndUndone(scene, first)
  })

  test('while no answer comes any more', async () => {
    await using scene = await openScene({ size: 20 })
    scene.standIn.faults.order({ route: 'disable', after: 5, fault: FAULTS.hangAfterChange })
    const first = await scene.run(PACE, interruptAt(changed(scene, 8), { signal: 'SIGINT', after: 0 }))
    expectTrue(scene, first)
    expect(first.outputs).toMatchObject({ outcome: 'partial', reason: 'cancelled', unknown: '4', deactivated: '5' })
    expect(scene.standIn.artifacts.named('atlassian-users-apply-1', '1000')).toBeDefined()
    await expectFinishedAndUndone(scene, first)
  })

  test('by a cancel, while the artifact service is down: the post step publishes once it is up', async () => {
    await using scene = await openScene({ size: 20, runner: inProcess({ factor: 1, answerTimeout: 1_000_000 }) })
    const { standIn } = scene
    standIn.organization.latency = 20
    // The client would go on in the tests that follow.
    using _hasty = inHaste()
    standIn.artifacts.down = true
    const interrupt = interruptAt(changed(scene, 6), { signal: 'SIGINT', after: 0 })
    const first = await scene.run(PACE, {
      onOutput: (text, kill) => {
        interrupt.onOutput?.(text, kill)
        if (text.includes('Stopped early (cancelled)')) standIn.artifacts.down = false
      },
    })
    expectTrue(scene, first)
    expect(first.outputs).toMatchObject({ outcome: 'partial', reason: 'cancelled', 'artifact-name': '' })
    expect(first.postLog).toContain('Stopped early (cancelled)')
    expect(standIn.artifacts.named('atlassian-users-apply-1', '1000')).toBeDefined()
  })
})
