import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { user } from '../integration/approval-scene.ts'
import { ENV, only, options, PLAN } from '../integration/comment-scene.ts'
import { stage } from '../integration/guard-scene.ts'
import { idsIn, isActive, openScene } from '../integration/round-trip-scene.ts'
import { workflowRun } from '../stand-in/github-handlers.ts'
import { crowd, toDirectoryCsv } from '../stand-in/organization.ts'
import { spawned as runner } from '../stand-in/runner.ts'

// What runs in process elsewhere, once through the built action: that a wire is there, not all that goes over it.

test('an apply uploads its results, masked where that is asked for, and a restore downloads them', async () => {
  const people = crowd(6)
  await using scene = await openScene({ people, runner })
  const apply = await scene.run({ mode: 'apply', privacy: 'masked', message: 'Left us' })
  expect(apply.outputs).toMatchObject({ outcome: 'completed', deactivated: '6', verified: '6' })
  expect(apply.exitCode).toBe(0)
  expect([apply.postLog, apply.postSummary]).toEqual(['', ''])
  const { changes } = scene.standIn.organization
  expect(changes.map(({ accountId }) => accountId).toSorted()).toEqual([...scene.listed].toSorted())
  expect(changes.every(({ message }) => message === 'Left us')).toBe(true)
  const files = scene.standIn.artifacts.filesOf(apply.outputs['artifact-name'] ?? '')
  expect(Object.keys(files)).toEqual(
    expect.arrayContaining(['journal.jsonl', 'junit.xml', 'plan.json', 'report.html', 'results.csv']),
  )
  const told = [apply.log, apply.summary, JSON.stringify(apply.outputs), ...Object.values(files).map(String)].join('\n')
  expect(told).toContain(people[0]?.id)
  for (const { email, name } of people) for (const hidden of [email, name]) expect(told).not.toContain(hidden)

  const [kept = ''] = scene.listed
  const results = { 'results-artifact': apply.outputs['artifact-name'] ?? '' }
  const restore = await scene.run({ mode: 'restore', ...results, exclude: kept })
  expect(restore.outputs).toMatchObject({ outcome: 'completed', restored: '5', skipped: '1', verified: '5' })
  expect(idsIn(restore, 'skipped')).toEqual([kept])
  for (const id of scene.listed) expect(isActive(scene, id)).toBe(id !== kept)
})

test('a plan on a pull request writes its comment', async () => {
  await using scene = await stage({ ...options(), runner })
  const plan = await scene.run(PLAN, ENV)
  expect(plan.outputs).toMatchObject({ outcome: 'planned', planned: '6' })
  expect(only(scene)).toContain(`approved-plan: ${plan.outputs['plan-digest']}`)
  expect(scene.organization.changes).toEqual([])
})

test('an apply waits for nobody but who approved it', async () => {
  await using scene = await stage({ people: crowd(3), runner })
  const { github } = scene.standIn
  github.runs['1000'] = workflowRun('1000', { actor: user('starter'), triggering_actor: user('starter') })
  const inputs = { 'require-approval': 'environment:production' }
  const refused = await scene.run(inputs)
  expect(refused.outputs).toMatchObject({ outcome: 'refused', reason: 'not-approved', deactivated: '0' })
  expect(refused.exitCode).toBe(1)
  expect(scene.organization.calls).toEqual([])
  github.approvals['1000'] = [
    { environments: [{ id: 1, name: 'production' }], state: 'approved', user: user('ben'), comment: '' },
  ]
  const approved = await scene.run(inputs)
  expect(approved.outputs).toMatchObject({ outcome: 'completed', deactivated: '3' })
  expect(await scene.file(approved, 'plan.json')).toContain('approved by ben')
})

test('a plan takes its list from an artifact of another run', async () => {
  const people = crowd(4)
  await using scene = await stage({ people, runner })
  const { github, artifacts } = scene.standIn
  github.runs['77'] = workflowRun('77')
  artifacts.addFiles('77', 'export', { 'users.csv': toDirectoryCsv(people) })
  const source = { 'users-file': '', 'users-artifact': 'export', 'users-run-id': '77' }
  const plan = await scene.run({ ...PLAN, ...source })
  expect(plan.outputs).toMatchObject({ outcome: 'planned', listed: '4', planned: '4' })
})

/** There is no such call elsewhere. */
test.skipIf(process.platform !== 'linux')('a disk that is full from the start changes nobody', async () => {
  await using scene = await openScene({ runner })
  // As if the disk were full: no file of the process grows beyond so many bytes.
  const onStart = (pid: number): void => void execFileSync('prlimit', ['--pid', String(pid), '--fsize=1024:'])
  const step = await scene.run({ mode: 'apply' }, { onStart })
  expect(scene.standIn.organization.callsTo('disable')).toEqual([])
  expect(step.exitCode).toBe(1)
  expect(['planned', 'nothing-to-do', 'completed']).not.toContain(step.outputs.outcome)
})
