import { afterAll, beforeAll, expect, test } from 'vitest'
import { artifactEnvironment } from '../stand-in/artifact-handlers.ts'
import { createOrganization, crowd, toDirectoryCsv } from '../stand-in/organization.ts'
import { createJob, type Job } from '../stand-in/runner.ts'
import { type StandIn, startStandIn } from '../stand-in/server.ts'
import { inProcess } from './in-process.ts'

const people = crowd(5, 'masked')
let standIn: StandIn
let job: Job
let restore: Record<string, string>
beforeAll(async () => {
  standIn = await startStandIn(createOrganization({ people }))
  job = await createJob(
    { 'users.csv': toDirectoryCsv(people) },
    { ...artifactEnvironment(standIn.url, '1000'), GITHUB_API_URL: standIn.url },
    inProcess(),
  )
  const common = { 'api-key': standIn.organization.key, 'atlassian-api-url': standIn.url, privacy: 'masked' }
  const applied = await job.run({
    ...common,
    mode: 'apply',
    'users-file': 'users.csv',
    'executing-user': 'somebody@else.example',
    waive: 'admins-unknown',
  })
  expect(applied.outputs).toMatchObject({ outcome: 'completed', deactivated: '5' })
  restore = { ...common, mode: 'restore', 'results-artifact': applied.outputs['artifact-name'] ?? '' }
})
afterAll(async () => {
  await standIn.close()
})

test('an exclusion by e-mail is refused where the results hold masked addresses, because it would protect nobody', async () => {
  const step = await job.run({ ...restore, exclude: people[0]?.email ?? '' })
  expect(step.outputs).toMatchObject({ outcome: 'refused', reason: 'invalid-input', restored: '0' })
  expect(standIn.organization.changes.filter(({ action }) => action === 'enable')).toEqual([])
})

test('an exclusion by account id holds, and everybody else is restored', async () => {
  const step = await job.run({ ...restore, exclude: people[0]?.id ?? '' })
  expect(step.outputs).toMatchObject({ outcome: 'completed', restored: '4', skipped: '1' })
  const back = standIn.organization.changes
    .filter(({ action }) => action === 'enable')
    .map(({ accountId }) => accountId)
  expect(back.toSorted()).toEqual(
    people
      .slice(1)
      .map(({ id }) => id)
      .toSorted(),
  )
})
