import { symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { commitFiles, type GitHubState, mergePull, workflowRun } from '../stand-in/github-handlers.ts'
import { crowd, toDirectoryCsv } from '../stand-in/organization.ts'
import { expectRefused, user } from './approval-scene.ts'
import { type Scene, type SceneOptions, stage } from './guard-scene.ts'

const COMMIT = 'a'.repeat(40)
const HEAD = 'b'.repeat(40)
const WORKFLOW = '.github/workflows/leavers.yml'
const PEOPLE = crowd(3)
const FILES = { 'users.csv': toDirectoryCsv(PEOPLE), 'keep.txt': '*@partner.example.org\n', [WORKFLOW]: 'on: push\n' }

const review = (state: string, login: string, commit = HEAD, type = 'User'): object => ({
  state,
  user: user(login, type),
  commit_id: commit,
  submitted_at: '2025-12-31T00:00:00Z',
})
const commit = (author: string, message = 'Leavers', committer = 'web-flow'): object => ({
  sha: HEAD,
  author: user(author),
  committer: user(committer),
  commit: { message },
})
/** Changes what GitHub tells of pull request 12. */
const edit = (github: GitHubState, overrides: object): void => {
  github.pulls['12'] = { ...github.pulls['12'], ...overrides }
  github.pullsOfCommit[COMMIT] = [github.pulls['12']]
}

describe('a pull request', () => {
  const inputs = { 'require-approval': 'pull-request', 'exclude-file': 'keep.txt' }
  const env = {
    GITHUB_EVENT_NAME: 'push',
    GITHUB_SHA: COMMIT,
    GITHUB_WORKFLOW_REF: `acme/users/${WORKFLOW}@refs/heads/main`,
    GITHUB_WORKFLOW_SHA: COMMIT,
  }
  const options: SceneOptions = { people: PEOPLE, list: FILES['users.csv'], files: FILES, env }

  /** One merged pull request of ann's, approved by ben, brought all files. */
  const prepare = ({ standIn: { github } }: Scene): GitHubState => {
    mergePull(github, {
      number: 12,
      commit: COMMIT,
      head: HEAD,
      author: user('ann'),
      reviews: [review('APPROVED', 'ben')],
      files: FILES,
    })
    github.permissions.ben = 'write'
    github.rules.main = [{ type: 'pull_request', parameters: { required_approving_review_count: 1 } }]
    github.runs['1000'] = workflowRun('1000', { event: 'push' })
    return github
  }

  test('that somebody else approved lets the run through', async () => {
    await using scene = await stage(options)
    prepare(scene)
    const step = await scene.run(inputs)
    expect(step.outputs).toMatchObject({ outcome: 'completed', deactivated: '3' })
    expect(await scene.file(step, 'plan.json')).toContain('approved by ben')
    const asked = scene.standIn.github.requests.filter((request) => !request.includes('artifacts'))
    expect(asked.every((request) => request.startsWith('GET '))).toBe(true)
  })

  test('lets a dispatch with inputs through only together with the reviewed plan', async () => {
    const event = { inputs: { list: 'users.csv' }, repository: { visibility: 'private' } }
    await using scene = await stage({ ...options, event })
    prepare(scene)
    const dispatch = { GITHUB_EVENT_NAME: 'workflow_dispatch' }
    expectRefused(scene, await scene.run(inputs, dispatch), '"approved-plan: sha256:…"')
    const plan = await scene.run({ ...inputs, mode: 'plan', 'api-key': '' }, dispatch)
    const approved = { ...inputs, 'approved-plan': plan.outputs['plan-digest'] ?? '' }
    expect((await scene.run(approved, dispatch)).outputs.outcome).toBe('completed')
  })

  test.each<[string, (github: GitHubState) => void, string]>([
    [
      'nobody reviewed',
      (github) => {
        github.reviews['12'] = []
      },
      'Nobody approved pull request 12',
    ],
    [
      'approved before its last commit',
      (github) => {
        github.reviews['12'] = [review('APPROVED', 'ben', 'c'.repeat(40))]
      },
      'before its last commit',
    ],
    [
      'approved against another base branch',
      (github) => {
        github.timelines['12'] = [{ event: 'base_ref_changed', created_at: '2026-01-01T00:00:00Z' }]
      },
      'before its base branch was changed',
    ],
    [
      'whose approval was taken back',
      (github) => {
        github.reviews['12'] = [review('APPROVED', 'ben'), review('CHANGES_REQUESTED', 'ben')]
      },
      'was taken back',
    ],
    [
      'whose approval was dismissed',
      (github) => {
        github.reviews['12'] = [review('DISMISSED', 'ben')]
      },
      'was taken back',
    ],
    [
      'approved by a bot',
      (github) => {
        github.reviews['12'] = [review('APPROVED', 'ship-it', HEAD, 'Bot')]
      },
      'No person approved pull request 12',
    ],
    [
      'approved without write permission',
      (github) => {
        github.permissions.ben = 'read'
      },
      'without write permission',
    ],
    [
      'approved by who opened it',
      (github) => {
        github.reviews['12'] = [review('APPROVED', 'ann')]
        github.permissions.ann = 'admin'
      },
      'who opened it or had a hand in a commit',
    ],
    [
      'approved by the author of a commit',
      (github) => {
        github.pullCommits['12'] = [commit('ben')]
      },
      'who opened it or had a hand in a commit',
    ],
    [
      'approved by a co-author',
      (github) => {
        github.pullCommits['12'] = [commit('ann', 'x\n\nCo-authored-by: B <7+ben@users.noreply.github.com>')]
      },
      'who opened it or had a hand in a commit',
    ],
    [
      'with an author who cannot be told',
      (github) => {
        github.pullCommits['12'] = [{ ...commit('ann'), author: null }]
      },
      'cannot be determined',
    ],
    [
      'approved by who opened it, renamed since',
      (github) => {
        github.reviews['12'] = [{ ...review('APPROVED', 'ann'), user: { ...user('ann'), login: 'anna' } }]
        github.permissions.anna = 'admin'
      },
      'Only anna approved pull request 12, who opened it',
    ],
    [
      'opened by a bot and approved by one person',
      (github) => edit(github, { user: user('github-actions[bot]', 'Bot') }),
      'not by a person',
    ],
    [
      'that changed other files only',
      (github) => {
        edit(github, { changed_files: 1 })
        github.pullFiles['12'] = [{ filename: 'readme.md' }]
      },
      'which does not change that path',
    ],
    ['that changed more files than can be listed', (github) => edit(github, { changed_files: 4000 }), '4,000 files'],
    [
      'whose exclusions are a link since to an approved file',
      (github) => commitFiles(github, COMMIT, { ...FILES, 'keep.txt': 'users.csv' }, ['keep.txt']),
      'is a link or a folder',
    ],
    [
      'whose list was changed again since',
      (github) => {
        github.branches.main = 'f'.repeat(40)
        commitFiles(github, 'f'.repeat(40), { ...FILES, 'users.csv': 'User id\r\n' })
      },
      'has changed on the default branch since',
    ],
    [
      'whose version was taken back by a merge that was pushed',
      (github) => {
        github.parents[COMMIT] = ['f'.repeat(40), HEAD]
        commitFiles(github, 'f'.repeat(40), { ...FILES, 'users.csv': 'User id\r\n' })
        github.lastCommits['users.csv'] = { sha: HEAD, commit: { message: 'Leavers' } }
        github.pullsOfCommit[HEAD] = [github.pulls['12'] ?? {}]
        for (const path of ['keep.txt', WORKFLOW]) github.lastCommits[path] = github.lastCommits['users.csv']
        github.pullsOfCommit[COMMIT] = []
      },
      'may have taken an older version back',
    ],
    [
      'beside a called workflow of another repository at a branch',
      (github) => {
        const called = { path: 'acme/ci/.github/workflows/apply.yml@main', sha: 'd'.repeat(40) }
        github.runs['1000'] = workflowRun('1000', { referenced_workflows: [called] })
      },
      "can change without anybody's approval",
    ],
    [
      'beside a called workflow of the repository that was pushed',
      (github) => {
        const path = '.github/workflows/apply.yml'
        for (const sha of [COMMIT, HEAD]) commitFiles(github, sha, { ...FILES, [path]: 'on: workflow_call\n' })
        github.lastCommits[path] = { sha: 'd'.repeat(40), commit: { message: 'Sneaky' } }
        const called = { path: `acme/users/${path}@refs/heads/main`, sha: COMMIT }
        github.runs['1000'] = workflowRun('1000', { referenced_workflows: [called] })
      },
      'The workflow file ".github/workflows/apply.yml"',
    ],
    [
      'of a run whose called workflows are not told',
      (github) => {
        github.runs['1000'] = workflowRun('1000', { referenced_workflows: null })
      },
      'which workflows this run calls',
    ],
    [
      'of a run that cannot be read',
      (github) => {
        github.forbidden = /\/runs\/1000$/
      },
      '"permissions: actions: read"',
    ],
    [
      'with more commits than GitHub lists',
      (github) => {
        edit(github, { commits: 251 })
      },
      '251 commits',
    ],
    [
      'that was never merged',
      (github) => {
        edit(github, { merged_at: null })
      },
      'through no pull request',
    ],
    [
      'merged into another branch',
      (github) => {
        edit(github, { base: { ref: 'next', repo: { full_name: 'acme/users' } } })
      },
      'through no pull request',
    ],
    [
      'without which the list was pushed',
      (github) => {
        github.pullsOfCommit[COMMIT] = []
      },
      'through no pull request',
    ],
    [
      'whose merge changed the list',
      (github) => commitFiles(github, HEAD, { ...FILES, 'users.csv': 'User id\r\n' }),
      'beyond what was reviewed',
    ],
    [
      'that did not bring the workflow file',
      (github) => {
        github.lastCommits[WORKFLOW] = { sha: 'd'.repeat(40), commit: { message: 'Sneaky' } }
      },
      'The workflow file',
    ],
    [
      'that did not bring the exclusions',
      (github) => {
        github.lastCommits['keep.txt'] = { sha: 'd'.repeat(40), commit: { message: 'Sneaky' } }
      },
      'The exclude-file',
    ],
    [
      'whose reviews cannot be read',
      (github) => {
        github.forbidden = /\/reviews$/
      },
      '"permissions: pull-requests: read"',
    ],
    [
      'whose approver cannot be looked up',
      (github) => {
        github.forbidden = /\/permission$/
      },
      'what ben may do',
    ],
  ])('%s refuses before anything is asked of Atlassian', async (_, change, told) => {
    await using scene = await stage(options)
    change(prepare(scene))
    expectRefused(scene, await scene.run(inputs), told)
  })

  test('is not needed of co-authors outside of GitHub, and is warned about where the branch demands none', async () => {
    await using scene = await stage(options)
    const github = prepare(scene)
    github.pullCommits['12'] = [commit('ann', 'x\n\nCo-authored-by: B <ben@example.com>')]
    github.rules.main = []
    const step = await scene.run(inputs)
    expect(step.outputs.outcome).toBe('completed')
    expect(step.log).toMatch(/::warning.*demand no approving review/)
  })

  test('approved by two lets through what a bot opened', async () => {
    await using scene = await stage(options)
    const github = prepare(scene)
    edit(github, { user: user('github-actions[bot]', 'Bot') })
    github.reviews['12'] = [review('APPROVED', 'ben'), review('APPROVED', 'eve')]
    github.permissions.eve = 'write'
    expect((await scene.run(inputs)).outputs.outcome).toBe('completed')
  })

  test.skipIf(process.platform === 'win32')('does not cover a link to it on the disk', async () => {
    await using scene = await stage(options)
    prepare(scene)
    await symlink('users.csv', join(scene.job.workspace, 'current.csv'))
    expectRefused(scene, await scene.run({ ...inputs, 'users-file': 'current.csv' }), 'through a symbolic link')
  })

  test.each<[string, Record<string, string>, string]>([
    [
      'a composite action',
      { GITHUB_ACTION_PATH: '/home/runner/work/users/users/.github/actions/apply' },
      'belongs to a composite action',
    ],
    ['another event', { GITHUB_EVENT_NAME: 'repository_dispatch' }, '"repository_dispatch"'],
    ['another branch', { GITHUB_REF: 'refs/heads/next' }, 'not on the default branch "main"'],
    ['a tag', { GITHUB_REF: 'refs/tags/main' }, 'not on the default branch "main"'],
    [
      'a workflow of another repository',
      { GITHUB_WORKFLOW_REF: `acme/shared/${WORKFLOW}@refs/heads/main` },
      "is not the one of this run's commit",
    ],
    ['a workflow of another commit', { GITHUB_WORKFLOW_SHA: 'e'.repeat(40) }, "is not the one of this run's commit"],
  ])('counts for nothing on %s', async (_, more, told) => {
    await using scene = await stage(options)
    prepare(scene)
    expectRefused(scene, await scene.run(inputs, more), told)
  })

  test.each([
    ['users.csv', `${FILES['users.csv']}557058:x,X,x@example.com,Active,,,,\r\n`],
    ['keep.txt', '*@nobody.example.org\n'],
  ])('does not cover a %s that a step changed', async (name, content) => {
    await using scene = await stage(options)
    prepare(scene)
    await scene.write(name, content)
    expectRefused(scene, await scene.run(inputs), 'is not the one of commit')
  })

  test('does not cover a list out of an artifact', async () => {
    await using scene = await stage(options)
    prepare(scene)
    scene.standIn.artifacts.add('1000', 'export', Buffer.from(FILES['users.csv']))
    const step = await scene.run({ ...inputs, 'users-file': '', 'users-artifact': 'export' })
    expect(step.outputs.outcome).toBe('refused')
    expect(scene.organization.calls).toEqual([])
  })
})
