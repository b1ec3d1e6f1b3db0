import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { mergePull } from '../stand-in/github-handlers.ts'
import { crowd, toDirectoryCsv } from '../stand-in/organization.ts'
import { ADMIN, openRepository, type Repository, withInputs } from './act.ts'

const PEOPLE = crowd(8)
const [KEPT, ...LEAVERS] = PEOPLE
const HEAD = 'b'.repeat(40)
const FILES = { 'users.csv': toDirectoryCsv([ADMIN, ...PEOPLE]), 'exclusions.txt': `${KEPT?.email ?? ''}\n` }

function open(): Promise<Repository> {
  return openRepository({
    people: [ADMIN, ...PEOPLE],
    workflow: 'examples/reviewed-list.yml',
    files: FILES,
    adapt: (workflow) => withInputs(workflow, { 'max-percent': '100' }),
  })
}

/** One merged pull request of ann's brought all files; `reviews` are those of its head. */
function merge({ standIn: { github }, folder }: Repository, reviews: readonly object[]): string {
  const commit = execFileSync('git', ['-C', folder, 'rev-parse', 'HEAD'], { encoding: 'utf8' }).trim()
  const workflow = '.github/workflows/reviewed-list.yml'
  const files = { ...FILES, [workflow]: readFileSync(join(folder, workflow), 'utf8') }
  const author = { id: 1, login: 'ann', type: 'User' }
  mergePull(github, { number: 12, commit, head: HEAD, author, reviews, files })
  github.permissions.ben = 'write'
  return commit
}

const APPROVAL = { state: 'APPROVED', user: { id: 7, login: 'ben', type: 'User' }, commit_id: HEAD }

const PULL = { number: 12, head: { sha: HEAD, ref: 'leavers' }, base: { ref: 'main' } }
const PULL_REQUEST = { number: 12, pull_request: PULL, action: 'opened' }
const PUSH = { ref: 'refs/heads/main' }
const NO_VARIABLES = { ATLASSIAN_ORGANIZATION_ID: '', ATLASSIAN_KEY_OWNER: '' }

function digestIn(files: Readonly<Record<string, Buffer>>): unknown {
  return (JSON.parse(files['plan.json']?.toString() ?? '{}') as { planDigest?: unknown }).planDigest
}

describe('a reviewed list', () => {
  test('is planned as a comment on the pull request, without the key', async () => {
    await using repository = await open()
    const run = await repository.run('pull_request', { payload: PULL_REQUEST })
    expect(run.exitCode).toBe(0)
    expect([run.job('Plan'), run.job('Apply')]).toEqual(['succeeded', null])
    expect(repository.organization.calls).toEqual([])
    const [{ body = '' } = {}] = repository.standIn.github.comments
    expect(body).toContain(`Plan: ${LEAVERS.length} of ${PEOPLE.length + 1} listed accounts would be deactivated`)
    expect(body).toContain('Once somebody else has approved this pull request, merging it applies this plan')
    expect(body).not.toMatch(/⚠️|approved-plan|sha256:/)
  })

  test("of a fork's pull request, which sees no variables, shows no digest to approve and says what is missing", async () => {
    await using repository = await open()
    const run = await repository.run('pull_request', { payload: PULL_REQUEST, vars: NO_VARIABLES })
    expect(run.exitCode).toBe(0)
    const [{ body = '' } = {}] = repository.standIn.github.comments
    expect(body).toMatch(/`executing-user-missing`.*`admins-unknown`.*Add "organization-id/s)
    expect(body).not.toMatch(/approved-plan|sha256:/)
  })

  test('is planned with the digest that its apply takes', async () => {
    await using repository = await open()
    const { artifacts } = repository.standIn
    await repository.run('pull_request', { runId: '1000', payload: PULL_REQUEST })
    const commit = merge(repository, [APPROVAL])
    await repository.run('push', { runId: '1001', payload: PUSH, env: { GITHUB_WORKFLOW_SHA: commit } })
    const [plan, apply] = [
      digestIn(artifacts.filesOf('atlassian-users-plan-1', '1000')),
      digestIn(artifacts.filesOf('atlassian-users-apply-1', '1001')),
    ]
    expect(plan).toMatch(/^sha256:/)
    expect(plan).toBe(apply)
  })

  test('is applied after the merge, because somebody else approved the pull request', async () => {
    await using repository = await open()
    const commit = merge(repository, [APPROVAL])
    const run = await repository.run('push', {
      payload: PUSH,
      env: { GITHUB_WORKFLOW_SHA: commit },
    })
    expect([run.job('Plan'), run.job('Apply')]).toEqual([null, 'succeeded'])
    const changed = repository.organization.changes.map(({ accountId }) => accountId)
    expect(changed.toSorted()).toEqual(LEAVERS.map(({ id }) => id).toSorted())
  })

  test('that nobody approved changes nobody', async () => {
    await using repository = await open()
    const commit = merge(repository, [])
    const run = await repository.run('push', {
      payload: PUSH,
      env: { GITHUB_WORKFLOW_SHA: commit },
    })
    expect(run.job('Apply')).toBe('failed')
    expect(run.log).toContain('not-approved')
    expect(repository.organization.calls).toEqual([])
  })
})
