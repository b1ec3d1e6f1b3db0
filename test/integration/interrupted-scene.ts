import { expect } from 'vitest'
import type { Step } from '../stand-in/runner.ts'
import { idsIn, isActive, type Scene } from './round-trip-scene.ts'

export const PACE = { mode: 'apply', concurrency: '4' }

/** Whether so many accounts were changed. */
export const changed =
  ({ standIn }: Scene, count: number): (() => boolean) =>
  () =>
    standIn.organization.changes.length >= count

/** Nothing that the organization did is missing from the results, and nothing in them is made up. */
export function expectTrue({ standIn, listed }: Scene, step: Step): void {
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

/** A cancelled apply of forty published everything itself, and nobody's fate is open. */
export function expectCancelled(scene: Scene, step: Step): void {
  expectTrue(scene, step)
  expect(step.outputs).toMatchObject({ outcome: 'partial', reason: 'cancelled', unknown: '0', listed: '40' })
  expect(step.outputs['artifact-name']).toBe('atlassian-users-apply-1')
  expect(step.exitCode).toBe(1)
  expect(step.postLog).toBe('')
}

/** A second run finishes the rest, and a restore from both takes everybody back whom the results name. */
export async function expectFinishedAndUndone(scene: Scene, first: Step): Promise<void> {
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
