import { describe, expect, test } from 'vitest'
import { checkPullRequestApproval, type ReadFile } from '../../../src/approval/pull-request.ts'
import type { FileFacts } from '../../../src/github/api.ts'
import {
  commit,
  contextOf,
  githubOf,
  HEAD,
  LIST,
  MERGE,
  person,
  pull,
  review,
  SHA,
  WORKFLOW,
  type World,
  world,
} from './world.ts'

const USERS: ReadFile = { role: 'users-file', path: 'users.csv', bytes: LIST }
const EXCLUDED: ReadFile = { role: 'exclude-file', path: 'keep.txt', bytes: LIST }
const OLD = '9'.repeat(40)

async function check(overrides: Partial<World>, question: { files?: readonly ReadFile[] | null; plan?: string } = {}) {
  const facts = world(overrides)
  const files = question.files === undefined ? [USERS, EXCLUDED] : question.files
  const approvedPlan = question.plan ?? ''
  return checkPullRequestApproval(githubOf(facts), { context: contextOf(facts), files, approvedPlan })
}

/** The default everywhere but at one path. */
function fileAt(path: string, facts: FileFacts, at?: string): World['files'] {
  const usual = world().files
  return (sha, asked) => (asked === path && (at === undefined || at === sha) ? facts : usual(sha, asked))
}

describe('an approved pull request', () => {
  test('lets the run go on and names who approved', async () => {
    expect(await check({})).toEqual({ approved: true, by: ['ben'], warnings: [] })
  })

  test.each<[string, Partial<World>, { plan?: string }?]>([
    ['on a schedule', { context: { eventName: 'schedule' } }],
    ['started by hand', { context: { eventName: 'workflow_dispatch' } }],
    [
      'started by hand with inputs and an approved plan',
      { context: { eventName: 'workflow_dispatch', dispatchInputs: true } },
      { plan: 'sha256:1' },
    ],
    ['that was commented on later', { reviews: [review('APPROVED', 'ben'), review('COMMENTED', 'ben')] }],
    [
      'that another person would have changed',
      { reviews: [review('APPROVED', 'ben'), review('CHANGES_REQUESTED', 'eve')] },
    ],
    [
      'approved once more after a request',
      { reviews: [review('CHANGES_REQUESTED', 'ben'), review('APPROVED', 'ben')] },
    ],
    ['approved once more after a dismissal', { reviews: [review('DISMISSED', 'ben'), review('APPROVED', 'ben')] }],
    [
      'approved by an author too',
      { reviews: [review('APPROVED', 'ann'), review('APPROVED', 'ben')], permissions: { ann: 'admin', ben: 'write' } },
    ],
    ['approved by an administrator', { permissions: { ben: 'admin' } }],
    ['of a fork of that person', { commits: [commit({ committer: person('ann') })] }],
    [
      'beside one that was not approved and went elsewhere',
      { pullsOf: () => [pull({ number: 3, baseRef: 'develop' }), pull({ number: 4, merged: false }), pull()] },
    ],
    [
      'with a co-author who is somebody else',
      { commits: [commit({ message: 'x\n\nCo-authored-by: Eve <5+eve@users.noreply.github.com>' })] },
    ],
  ])('counts %s', async (_, overrides, question) => {
    expect(await check(overrides, question)).toMatchObject({ approved: true, by: ['ben'] })
  })

  test('is looked up for each of the files, and read once', async () => {
    const facts = world()
    await checkPullRequestApproval(githubOf(facts), {
      context: contextOf(facts),
      files: [USERS, EXCLUDED],
      approvedPlan: '',
    })
    for (const path of ['users.csv', 'keep.txt', WORKFLOW]) expect(facts.asked).toContain(`lastCommitOf ${path} ${SHA}`)
    expect(facts.asked.filter((asked) => asked === 'reviews 12')).toHaveLength(1)
    expect(facts.asked).toContain(`pullsOf ${MERGE}`)
  })

  test('is found under the plain name of a path', async () => {
    const facts = world()
    const files = [{ ...USERS, path: './lists/../users.csv' }]
    await checkPullRequestApproval(githubOf(facts), { context: contextOf(facts), files, approvedPlan: '' })
    expect(facts.asked).toContain(`lastCommitOf users.csv ${SHA}`)
  })
})

test.each<[string, Partial<World>, string, string, { files?: readonly ReadFile[] | null }?]>([
  ['a list out of an artifact', {}, 'not-from-repository', 'artifact', { files: null }],
  ['a pull request', { context: { eventName: 'pull_request' } }, 'event', '"pull_request"'],
  ['a chained run', { context: { eventName: 'workflow_run' } }, 'event', '"workflow_run"'],
  ['another branch', { context: { ref: 'refs/heads/dev' } }, 'default-branch', '"refs/heads/dev"'],
  ['a tag with the name of the branch', { context: { ref: 'refs/tags/main' } }, 'default-branch', '"refs/tags/main"'],
  ['a branch that was the default', { defaultBranch: 'trunk' }, 'default-branch', '"trunk"'],
  [
    'inputs that nobody approved',
    { context: { eventName: 'workflow_dispatch', dispatchInputs: true } },
    'dispatch-inputs',
    'approved-plan',
  ],
  [
    'a workflow of another repository',
    { context: { workflowRepository: 'acme/ci' } },
    'workflow-elsewhere',
    'workflow',
  ],
  ['a workflow of another branch', { context: { workflowBranch: 'refs/heads/x' } }, 'workflow-elsewhere', 'workflow'],
  ['a workflow of another commit', { context: { workflowSha: OLD } }, 'workflow-elsewhere', 'workflow'],
  [
    'a list that is not committed',
    { files: fileAt('users.csv', { kind: 'missing' }) },
    'file-not-in-commit',
    'users.csv',
  ],
  ['a link', { files: fileAt('users.csv', { kind: 'not-a-file' }) }, 'file-not-in-commit', 'a link'],
  [
    'a list that a step changed',
    {},
    'file-differs',
    'users.csv',
    { files: [{ ...USERS, bytes: Buffer.from('User id\r\n557058:2\r\n') }] },
  ],
  [
    'an exclude-file that a step changed',
    {},
    'file-differs',
    'exclude-file "keep.txt"',
    { files: [USERS, { ...EXCLUDED, bytes: Buffer.alloc(0) }] },
  ],
  ['a file without a history', { lastCommitOf: () => null }, 'no-last-change', 'no commit'],
  ['a push without a pull request', { pullsOf: () => [] }, 'no-pull-request', MERGE.slice(0, 7)],
  ['an open pull request', { pullsOf: () => [pull({ merged: false })] }, 'no-pull-request', 'no pull request'],
  ['one into another branch', { pullsOf: () => [pull({ baseRef: 'dev' })] }, 'no-pull-request', 'no pull request'],
  [
    'one into another repository',
    { pullsOf: () => [pull({ baseRepository: 'eve/people' })] },
    'no-pull-request',
    'no pull request',
  ],
  [
    'a workflow file that was pushed',
    {
      lastCommitOf: (path) => commit({ sha: path === WORKFLOW ? OLD : MERGE }),
      pullsOf: (sha) => (sha === OLD ? [] : [pull()]),
    },
    'no-pull-request',
    `The workflow file "${WORKFLOW}"`,
  ],
  [
    'an exclude-file that was pushed',
    {
      lastCommitOf: (path) => commit({ sha: path === 'keep.txt' ? OLD : MERGE }),
      pullsOf: (sha) => (sha === OLD ? [] : [pull()]),
    },
    'no-pull-request',
    'The exclude-file "keep.txt"',
  ],
  [
    'a merge that was written by hand',
    { files: fileAt('users.csv', { kind: 'file', sha: OLD, size: 1 }, HEAD) },
    'changed-in-merge',
    'beyond what was reviewed',
  ],
  ['no review', { reviews: [] }, 'not-reviewed', 'Nobody approved pull request 12'],
  ['comments only', { reviews: [review('COMMENTED', 'ben')] }, 'not-reviewed', 'Nobody'],
  ['a request for changes only', { reviews: [review('CHANGES_REQUESTED', 'ben')] }, 'not-reviewed', 'Nobody'],
  [
    'an approval of an earlier commit',
    { reviews: [review('APPROVED', 'ben', OLD)] },
    'approval-outdated',
    'ben approved',
  ],
  [
    'a request for changes after it',
    { reviews: [review('APPROVED', 'ben'), review('CHANGES_REQUESTED', 'Ben')] },
    'approval-taken-back',
    'Ben was taken back',
  ],
  ['a dismissed approval', { reviews: [review('DISMISSED', 'ben')] }, 'approval-taken-back', 'ben was taken back'],
  [
    'a dismissal of the later of two approvals',
    { reviews: [review('APPROVED', 'ben'), review('DISMISSED', 'ben')] },
    'approval-taken-back',
    'ben',
  ],
  ['a bot', { reviews: [review('APPROVED', 'ben', HEAD, 'Bot')] }, 'approver-not-a-person', 'only by ben'],
  ['a deleted account', { reviews: [review('APPROVED', null)] }, 'approver-not-a-person', 'a deleted account'],
  ['a reader', { permissions: { ben: 'read' } }, 'approver-without-write', 'without write permission'],
  ['a stranger', { permissions: {} }, 'approver-without-write', 'only by ben'],
  ['the person who opened it', { pulls: { 12: pull({ author: person('BEN') }) } }, 'approver-is-author', 'only by ben'],
  ['the author of a commit', { commits: [commit({ author: person('Ben') })] }, 'approver-is-author', 'a hand in'],
  ['the committer of one', { commits: [commit({ committer: person('ben') })] }, 'approver-is-author', 'a hand in'],
  [
    'a co-author',
    { commits: [commit({ message: 'x\n\nco-authored-by: B <7+ben@users.noreply.github.com>' })] },
    'approver-is-author',
    'a hand in',
  ],
  [
    'a co-author under an earlier login',
    { commits: [commit({ message: `x\n\nCo-Authored-By: B <${person('ben').id}+old@users.noreply.github.com>` })] },
    'approver-is-author',
    'a hand in',
  ],
  ['an author without an account', { commits: [commit({ author: null })] }, 'author-unknown', HEAD.slice(0, 7)],
  ['a committer without one', { commits: [commit({ committer: null })] }, 'author-unknown', HEAD.slice(0, 7)],
  ['a deleted opener', { pulls: { 12: pull({ author: null }) } }, 'author-unknown', 'pull request 12'],
  [
    'a co-author with an address of their own',
    { commits: [commit({ message: 'x\n\nCo-authored-by: Ben <ben@example.com>' })] },
    'author-unknown',
    'no-reply address',
  ],
  ['more commits than GitHub lists', { pulls: { 12: pull({ commits: 251 }) } }, 'too-many-commits', '251 commits'],
])('%s is refused', async (_, overrides, reason, part, question) => {
  const verdict = await check(overrides, question)
  expect(verdict).toMatchObject({ approved: false, reason, message: expect.stringContaining(part) })
  expect(verdict).toMatchObject({ message: expect.stringContaining('Nothing was changed.') })
})

test.each([
  'repository',
  'fileAt',
  'lastCommitOf',
  'pullsOf',
  'pull',
  'reviews',
  'pullCommits',
  'permissionOf',
] as const)('what GitHub does not tell refuses: %s', async (name) => {
  const message = expect.stringContaining(`No ${name} (403).`)
  expect(await check({ hidden: [name] })).toMatchObject({ approved: false, reason: 'unreadable', message })
})

test('one of two approvers whose rights cannot be read does not stand against the other', async () => {
  const facts = world({ reviews: [review('APPROVED', 'eve'), review('APPROVED', 'ben')] })
  const github = githubOf(facts)
  const permissionOf: typeof github.permissionOf = async (login) =>
    login === 'eve' ? { ok: false, reason: 'not-found', message: 'gone' } : { ok: true, value: 'write' }
  const question = { context: contextOf(facts), files: [USERS], approvedPlan: '' }
  const verdict = await checkPullRequestApproval({ ...github, permissionOf }, question)
  expect(verdict).toMatchObject({ approved: true, by: ['ben'] })
})
