import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { FAULTS } from '../stand-in/faults.ts'
import { person } from '../stand-in/organization.ts'
import { createJob } from '../stand-in/runner.ts'
import { inProcess } from './in-process.ts'
import { idsIn, isActive, openScene } from './round-trip-scene.ts'

test('plan, apply, verify and restore are one round: what was planned is done, shown, found again and undone', async () => {
  await using scene = await openScene()
  const { standIn, listed } = scene
  const plan = await scene.run({ mode: 'plan' })
  expect(plan.outputs).toMatchObject({ outcome: 'planned', planned: '12', listed: '12', reason: '' })
  expect(standIn.organization.changes).toEqual([])

  const digest = plan.outputs['plan-digest'] ?? ''
  const apply = await scene.run({ mode: 'apply', 'approved-plan': digest, message: 'Left us' })
  expect(apply.outputs).toMatchObject({
    outcome: 'completed',
    deactivated: '12',
    verified: '12',
    'plan-digest': digest,
  })
  expect(standIn.organization.changes.map(({ accountId }) => accountId).toSorted()).toEqual([...listed].toSorted())
  expect(standIn.organization.changes.every(({ message }) => message === 'Left us')).toBe(true)
  expect(apply.postLog).toBe('')

  const results = { 'results-artifact': apply.outputs['artifact-name'] ?? '' }
  const verified = await scene.run({ mode: 'verify', ...results })
  expect(verified.outputs).toMatchObject({ outcome: 'completed', 'already-inactive': '12', 'already-active': '0' })

  const planned = await scene.run({ mode: 'plan', ...results })
  expect(planned.outputs).toMatchObject({ outcome: 'planned', planned: '12' })
  const restore = await scene.run({
    mode: 'restore',
    ...results,
    'approved-plan': planned.outputs['plan-digest'] ?? '',
  })
  expect(restore.outputs).toMatchObject({ outcome: 'completed', restored: '12', verified: '12', reason: '' })
  for (const id of listed) expect(isActive(scene, id)).toBe(true)

  const gone = await scene.run({ mode: 'verify', ...results })
  expect(gone.outputs).toMatchObject({ outcome: 'failed', reason: 'accounts-reactivated', 'already-active': '12' })
  expect(gone.exitCode).toBe(1)
})

test('a verification names who came back, with the identity provider as the cause where there is one', async () => {
  const people = [1, 2, 3].map((number) => person({ id: `557058:back-${number}` }))
  const synced = person({ id: '557058:synced', managementSource: 'synced' })
  await using scene = await openScene({ people: [...people, synced] })
  const apply = await scene.run({ mode: 'apply' })
  expect(idsIn(apply, 'skipped')).toEqual([synced.id])
  scene.standIn.organization.setStatus('557058:back-2', 'enable', '')
  const results = { 'results-artifact': apply.outputs['artifact-name'] ?? '' }
  const verify = await scene.run({ mode: 'verify', ...results })
  expect(verify.outputs).toMatchObject({ outcome: 'failed', reason: 'accounts-reactivated', 'already-inactive': '2' })
  expect(idsIn(verify, 'already-active')).toEqual(['557058:back-2'])
  expect(verify.summary).toContain('557058:back-2')

  const synced2 = scene.standIn.organization.people.get('557058:back-2')
  if (synced2 !== undefined)
    scene.standIn.organization.people.set(synced2.id, { ...synced2, managementSource: 'synced' })
  const again = await scene.run({ mode: 'verify', ...results })
  expect(again.results.find((row) => row.state === 'already-active')?.detail).toBe(
    'synced from an identity provider: externalDirectory.scim',
  )

  scene.standIn.organization.setStatus('557058:back-2', 'disable', '')
  scene.standIn.organization.people.delete('557058:back-3')
  const unread = await scene.run({ mode: 'verify', ...results })
  expect(unread.outputs).toMatchObject({ outcome: 'failed', reason: 'accounts-not-verified', unknown: '1' })
  expect(idsIn(unread, 'unknown')).toEqual(['557058:back-3'])
})

test('a verification of results in which nobody was deactivated reads nothing', async () => {
  await using scene = await openScene({ size: 2 })
  const plan = await scene.run({ mode: 'plan' })
  const { calls } = scene.standIn.organization
  const before = calls.length
  const verify = await scene.run({ mode: 'verify', 'results-artifact': plan.outputs['artifact-name'] ?? '' })
  expect(verify.outputs).toMatchObject({ outcome: 'nothing-to-do', listed: '0' })
  expect(calls.slice(before)).toEqual([])
})

test('a verification whose key is rejected while it reads is refused, and says of nobody what it did not see', async () => {
  await using scene = await openScene({ size: 2 })
  const apply = await scene.run({ mode: 'apply' })
  scene.standIn.faults.order({ route: 'any', fault: FAULTS.unauthorized })
  const verify = await scene.run({ mode: 'verify', 'results-artifact': apply.outputs['artifact-name'] ?? '' })
  expect(verify.outputs).toMatchObject({ outcome: 'refused', reason: 'key-rejected', 'not-attempted': '2' })
})

describe('a restore', () => {
  test('touches exactly those that the results call deactivated, less what is excluded', async () => {
    await using scene = await openScene({ size: 6 })
    const [first = '', second = '', third = ''] = scene.listed
    scene.standIn.organization.setStatus(first, 'disable', '')
    const apply = await scene.run({ mode: 'apply' })
    expect(apply.outputs).toMatchObject({ deactivated: '5', 'already-inactive': '1' })
    scene.standIn.organization.setStatus(second, 'enable', '')
    const results = { 'results-artifact': apply.outputs['artifact-name'] ?? '' }
    const restore = await scene.run({ mode: 'restore', ...results, exclude: third })
    expect(restore.outputs).toMatchObject({ outcome: 'completed', restored: '3', 'already-active': '1', skipped: '1' })
    expect(isActive(scene, first)).toBe(false)
    expect(isActive(scene, third)).toBe(false)
    expect(scene.standIn.organization.callsTo('enable', first)).toEqual([])
    expect(scene.standIn.organization.callsTo('enable', second)).toEqual([])
  })

  test.each([
    ['are damaged', {}, true],
    ['do not exist', { 'results-artifact': 'nothing-of-that-name' }, false],
    ['belong to a run that is not known', { 'results-run-id': '77' }, false],
  ] as const)('is refused when its results %s', async (_, inputs, damaged) => {
    await using scene = await openScene({ size: 4 })
    const apply = await scene.run({ mode: 'apply' })
    scene.standIn.artifacts.damaged = damaged
    const results = { 'results-artifact': apply.outputs['artifact-name'] ?? '', ...inputs }
    const restore = await scene.run({ mode: 'restore', ...results })
    expect(restore.outputs).toMatchObject({ outcome: 'refused', reason: 'results-unreadable' })
    expect(restore.exitCode).toBe(1)
    expect(restore.log).not.toMatch(/^ {4}at /m)
    expect(scene.standIn.organization.callsTo('enable')).toEqual([])
  })

  test.each(['pull_request', 'pull_request_target'])('is refused when a %s made the results', async (event) => {
    await using scene = await openScene({ size: 4 })
    const apply = await scene.run({ mode: 'apply' })
    const { standIn } = scene
    standIn.github.runs['77'] = {
      id: 77,
      event,
      repository: { full_name: 'acme/users' },
      head_repository: { full_name: 'acme/users' },
    }
    const stored = standIn.artifacts.named(apply.outputs['artifact-name'] ?? '')
    standIn.artifacts.add('77', 'theirs', stored?.bytes ?? Buffer.alloc(0))
    const restore = await scene.run({ mode: 'restore', 'results-artifact': 'theirs', 'results-run-id': '77' })
    expect(restore.outputs).toMatchObject({ outcome: 'refused', reason: 'results-unreadable' })
    expect(restore.log).toContain(`triggered by "${event}"`)
    expect(standIn.organization.callsTo('enable')).toEqual([])
  })

  test('of a push of the same repository is done', async () => {
    await using scene = await openScene({ size: 4 })
    const apply = await scene.run({ mode: 'apply' })
    const { standIn } = scene
    const repository = { full_name: 'acme/users' }
    standIn.github.runs['77'] = { id: 77, event: 'push', repository, head_repository: repository }
    const stored = standIn.artifacts.named(apply.outputs['artifact-name'] ?? '')
    standIn.artifacts.add('77', 'ours', stored?.bytes ?? Buffer.alloc(0))
    const restore = await scene.run({ mode: 'restore', 'results-artifact': 'ours', 'results-run-id': '77' })
    expect(restore.outputs).toMatchObject({ outcome: 'completed', restored: '4' })
  })
})

describe('a plan of each list that people have', async () => {
  const folder = join(import.meta.dirname, '..', 'fixtures', 'lists')
  test.each(await readdir(folder))('%s: all outputs are set, every account has its line', async (name) => {
    const job = await createJob({ 'list.csv': await readFile(join(folder, name)) }, {}, inProcess())
    const step = await job.run({ mode: 'plan', 'users-file': 'list.csv', privacy: 'full' })
    const damaged = name === 'spreadsheet-damaged.csv'
    expect(step.outputs).toMatchObject(
      damaged ? { outcome: 'refused', reason: 'invalid-list' } : { outcome: 'planned' },
    )
    expect(step.exitCode).toBe(damaged ? 1 : 0)
    expect(step.log).not.toMatch(/^ {4}at /m)
    expect(step.outputs.listed).toBe(damaged ? '0' : '24')
    expect(step.results).toHaveLength(damaged ? 0 : 24)
    if (damaged) expect(step.log).toContain('5,57E+23')
  })
})
