import { describe, expect, test } from 'vitest'
import { FAULTS } from '../stand-in/faults.ts'
import type { Step } from '../stand-in/runner.ts'
import { idsIn, interruptAt, isActive, openScene, type Scene } from './round-trip-scene.ts'

const PACE = { mode: 'apply', concurrency: '4' }

const changed =
  ({ standIn }: Scene, count: number): (() => boolean) =>
  () =>
    standIn.organization.changes.length >= count

/** Nothing that the organization did is missing from the results, and nothing in them is made up. */
function expectTrue({ standIn, listed }: Scene, step: Step): void {
  const changed = new Set(standIn.organization.changes.map(({ accountId }) => accountId))
  expect(step.results.map((row) => row.account_id)).toEqual(listed)
  const [deactivated, unknown] = [idsIn(step, 'deactivated'), idsIn(step, 'unknown')]
  expect(deactivated.filter((id) => !changed.has(id))).toEqual([])
  expect([...changed].filter((id) => !deactivated.includes(id) && !unknown.includes(id))).toEqual([])
  expect(deactivated.length + unknown.length + idsIn(step, 'not-attempted').length).toBe(listed.length)
  expect(unknown.length).toBeLessThanOrEqual(4)
  for (const row of step.results) {
    const calls = standIn.organization.callsTo('disable', row.account_id).length
    expect(Number(row.attempts)).toBeGreaterThanOrEqual(calls)
    if (row.state !== 'unknown') expect(Number(row.attempts)).toBe(calls)
  }
}

/** A second run finishes the rest, and a restore from both takes everybody back whom the results name. */
async function expectFinishedAndUndone(scene: Scene, first: Step): Promise<void> {
  const { standIn, listed } = scene
  standIn.faults.clear()
  standIn.organization.latency = 0
  const names = [standIn.artifacts.stored[0]?.name ?? '']
  const done = standIn.organization.changes.length
  const second = await scene.run(PACE)
  expect(second.outputs).toMatchObject({ outcome: 'completed', 'already-inactive': String(done) })
  expect(second.exitCode).toBe(0)
  names.push(second.outputs['artifact-name'] ?? '')
  expect(standIn.organization.changes.map(({ accountId }) => accountId).toSorted()).toEqual([...listed].toSorted())

  const restored = await scene.run({ mode: 'restore', 'results-artifact': names.join('\n') })
  const unknown = idsIn(first, 'unknown').filter((id) => !idsIn(second, 'deactivated').includes(id))
  expect(restored.outputs).toMatchObject({
    outcome: 'completed',
    restored: String(listed.length - unknown.length),
    verified: String(listed.length - unknown.length),
  })
  for (const id of listed) expect([id, isActive(scene, id)]).toEqual([id, !unknown.includes(id)])
  for (const id of unknown) expect(restored.log).toContain(id)
  const enabled = standIn.organization.changes.filter(({ action }) => action === 'enable').map((one) => one.accountId)
  expect(new Set(enabled).size).toBe(enabled.length)
}

/** A test of signals that are heard: on Windows Node can send none, each of them kills. A kill is tested there too. */
const heard = test.skipIf(process.platform === 'win32')

describe('a run that is interrupted in the middle loses nothing, changes nobody twice, and can be undone:', () => {
  heard.each(['SIGINT', 'SIGTERM'] as const)('by %s', async (signal) => {
    await using scene = await openScene({ size: 40 })
    scene.standIn.organization.latency = 50
    const first = await scene.run(PACE, interruptAt(changed(scene, 15), { signal, after: 0 }))
    expectTrue(scene, first)
    expect(first.outputs).toMatchObject({ outcome: 'partial', reason: 'cancelled', unknown: '0', listed: '40' })
    expect(first.outputs['artifact-name']).toBe('atlassian-users-apply-1')
    expect(first.exitCode).toBe(1)
    expect(first.postLog).toBe('')
    expect(first.log).toContain('Stopped early (cancelled)')
    expect(scene.standIn.organization.callsTo('disable').length).toBeLessThanOrEqual(24)
    await expectFinishedAndUndone(scene, first)
  })

  test('by SIGKILL, after which the post step publishes', async () => {
    await using scene = await openScene({ size: 40 })
    scene.standIn.organization.latency = 50
    const first = await scene.run(PACE, interruptAt(changed(scene, 15), { signal: 'SIGKILL', after: 0 }))
    expectTrue(scene, first)
    expect(first.outputs).toMatchObject({ outcome: 'failed', reason: 'unexpected', 'artifact-name': '', listed: '40' })
    expect(first.postLog).toContain('Failed (unexpected): The run was killed before it finished.')
    expect(first.postSummary).not.toBe('')
    expect(scene.standIn.artifacts.named('atlassian-users-apply-1', '1000')).toBeDefined()
    await expectFinishedAndUndone(scene, first)
  })

  heard('by the runner, while no answer comes any more: published within the ten seconds that it gives', async () => {
    await using scene = await openScene({ size: 20 })
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
    await expectFinishedAndUndone(scene, first)
  })

  heard('by a cancel, while the artifact service is down: the post step publishes once it is up', async () => {
    await using scene = await openScene({ size: 20 })
    const { standIn } = scene
    standIn.organization.latency = 50
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

  test('by SIGKILL in the look beforehand: every account has its line, and nobody was changed', async () => {
    await using scene = await openScene({ size: 20 })
    scene.standIn.faults.order({ route: 'search', after: 1, fault: FAULTS.hang })
    const looking = (): boolean => scene.standIn.organization.callsTo('search').length > 1
    const step = await scene.run(PACE, interruptAt(looking, { signal: 'SIGKILL', after: 0 }))
    expect(step.results.map((row) => [row.account_id, row.state])).toEqual(
      scene.listed.map((id) => [id, 'not-attempted']),
    )
    expect(step.outputs).toMatchObject({ outcome: 'failed', reason: 'unexpected', listed: '20', 'not-attempted': '20' })
    expect(scene.standIn.organization.changes).toEqual([])
  })
})

test('the post step does nothing after a main that published, and calls Atlassian never', async () => {
  await using scene = await openScene({ size: 5 })
  const step = await scene.run({ mode: 'apply' })
  expect(step.postLog).toBe('')
  expect(step.postSummary).toBe('')
  const calls = scene.standIn.organization.calls.length
  const killed = await scene.run({ mode: 'plan' }, { onOutput: (_, kill) => kill('SIGKILL') })
  expect(killed.exitCode).toBeNull()
  expect(scene.standIn.organization.calls.length).toBe(calls)
})
