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

describe('a reviewed list', () => {
  test('is planned as a comment on the pull request, without the key', async () => {
    await using repository = await open()
    const pull = { number: 12, head: { sha: HEAD, ref: 'leavers' }, base: { ref: 'main' } }
    const run = await repository.run('pull_request', { payload: { number: 12, pull_request: pull, action: 'opened' } })
    expect(run.exitCode).toBe(0)
    expect([run.job('Plan'), run.job('Apply')]).toEqual(['succeeded', null])
    expect(repository.organization.calls).toEqual([])
    const [comment] = repository.standIn.github.comments
    expect(comment?.body).toContain(`${LEAVERS.length} `)
  })

  test('is applied after the merge, because somebody else approved the pull request', async () => {
    await using repository = await open()
    const commit = merge(repository, [APPROVAL])
    const run = await repository.run('push', {
      payload: { ref: 'refs/heads/main' },
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
      payload: { ref: 'refs/heads/main' },
      env: { GITHUB_WORKFLOW_SHA: commit },
    })
    expect(run.job('Apply')).toBe('failed')
    expect(run.log).toContain('not-approved')
    expect(repository.organization.calls).toEqual([])
  })
})
