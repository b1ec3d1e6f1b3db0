import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { artifactEnvironment } from '../stand-in/artifact-handlers.ts'
import { workflowRun } from '../stand-in/github-handlers.ts'
import { createOrganization, crowd, toDirectoryCsv } from '../stand-in/organization.ts'
import { createJob, type Job } from '../stand-in/runner.ts'
import { type StandIn, startStandIn } from '../stand-in/server.ts'
import { zip } from '../unit/github/zip.ts'
import { inProcess } from './in-process.ts'

const people = crowd(4, 'artifact')
const list = toDirectoryCsv(people)

let standIn: StandIn
let job: Job
beforeAll(async () => {
  standIn = await startStandIn(createOrganization({ people }))
  job = await createJob({}, { ...artifactEnvironment(standIn.url, '1000'), GITHUB_API_URL: standIn.url }, inProcess())
})
afterAll(async () => {
  await standIn.close()
})

describe('a list from an artifact', () => {
  test('of this run is planned, its one CSV found without being named', async () => {
    standIn.artifacts.add(
      '1000',
      'export',
      zip([
        { name: 'lists/users.csv', text: list },
        { name: 'readme.txt', text: 'x' },
      ]),
    )
    const step = await job.run({ 'users-artifact': 'export' })
    expect(step.outputs).toMatchObject({ outcome: 'planned', listed: '4', planned: '4' })
    expect(step.summary).toContain('lists/users.csv')
  })

  test('of another run is planned, also when it was uploaded unzipped', async () => {
    standIn.github.runs['77'] = workflowRun('77')
    standIn.artifacts.add('77', 'users.csv', Buffer.from(list))
    const step = await job.run({ 'users-artifact': 'users.csv', 'users-run-id': '77' })
    expect(step.outputs).toMatchObject({ outcome: 'planned', planned: '4' })
  })

  test.each([
    ['a pull request of a fork', { event: 'pull_request', head_repository: { full_name: 'eve/users' } }],
    ['a pull request of a branch', { event: 'pull_request' }],
    ['a comment', { event: 'issue_comment' }],
    ['another repository', { repository: { full_name: 'eve/users' } }],
  ])('of a run by %s is never applied', async (_, overrides) => {
    standIn.github.runs['78'] = workflowRun('78', overrides)
    standIn.artifacts.add('78', 'theirs', Buffer.from(list))
    const step = await job.run({
      mode: 'apply',
      'users-artifact': 'theirs',
      'users-run-id': '78',
      'executing-user': 'ada@example.com',
      'api-key': standIn.organization.key,
      'organization-id': 'org-1',
      'atlassian-api-url': standIn.url,
    })
    expect(step.outputs).toMatchObject({ outcome: 'refused', reason: 'invalid-list' })
    expect(step.log).toContain('run 78 cannot be used')
    expect(standIn.organization.calls).toEqual([])
  })

  test('that holds several CSVs is refused until one is named', async () => {
    const files = ['a.csv', 'b.csv'].map((name) => ({ name, text: list }))
    standIn.artifacts.add('1000', 'several', zip(files))
    const unnamed = await job.run({ 'users-artifact': 'several' })
    expect(unnamed.outputs).toMatchObject({ outcome: 'refused', reason: 'invalid-list' })
    expect(unnamed.log).toContain('"a.csv" and "b.csv"')
    const named = await job.run({ 'users-artifact': 'several', 'users-file': 'b.csv' })
    expect(named.outputs).toMatchObject({ outcome: 'planned' })
  })

  test('that is not there is refused with the names that are', async () => {
    const step = await job.run({ 'users-artifact': 'exprt' })
    expect(step.outputs).toMatchObject({ outcome: 'refused', reason: 'invalid-list' })
    expect(step.log).toContain('"export"')
  })

  test('whose bytes are not those of its digest is refused', async () => {
    standIn.artifacts.damaged = true
    const step = await job.run({ 'users-artifact': 'users.csv', 'users-run-id': '77' })
    standIn.artifacts.damaged = false
    expect(step.outputs).toMatchObject({ outcome: 'refused', reason: 'invalid-list' })
  })

  test('has its bad rows told by line, without an annotation on a file that is not committed', async () => {
    standIn.artifacts.add('1000', 'bad', zip([{ name: 'bad.csv', text: 'account_id\n5.57E+23\n' }]))
    const step = await job.run({ 'users-artifact': 'bad' })
    expect(step.log).toContain('Line 2: ')
    expect(step.log).not.toMatch(/::error [^:]*file=/)
  })

  test('leads out of its folder by no name', async () => {
    const step = await job.run({ 'users-artifact': 'several', 'users-file': '../../../../etc/passwd' })
    expect(step.outputs).toMatchObject({ outcome: 'refused', reason: 'invalid-input' })
  })
})
