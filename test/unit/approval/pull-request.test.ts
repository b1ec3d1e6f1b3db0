import { describe, expect, test } from 'vitest'
import { CHANGING_EVENTS, REVIEWED_EVENTS } from '../../../src/account/events.ts'
import { check, checkIn, EXCLUDED, INCLUDED, type Question, USERS } from './check.ts'
import { CALLED, HEAD, MERGE, OTHER, person, SHA, WORKFLOW, type World, world } from './world.ts'

const BEN = { id: person('ben').id, login: 'ben', through: { kind: 'pull-request', number: 12 }, commit: HEAD }

describe('an approved pull request', () => {
  test('lets the run go on, and says who approved what', async () => {
    expect(await check({})).toEqual({ approved: true, by: [BEN], warnings: [] })
  })

  test.each<[string, Partial<World>, Question?]>([
    ['on a schedule', { context: { eventName: 'schedule' } }],
    ['started by hand', { context: { eventName: 'workflow_dispatch' } }],
    [
      'started by hand with inputs and an approved plan',
      { context: { eventName: 'workflow_dispatch', dispatchInputs: true } },
      { plan: 'sha256:1' },
    ],
    ['of a repository that is written in other letters', { context: { workflowRepository: 'Acme/People' } }],
  ])('counts %s', async (_, overrides, question) => {
    expect(await check(overrides, question)).toMatchObject({ approved: true, by: [{ login: 'ben' }] })
  })

  test('is looked up for each of the files, and read once', async () => {
    const facts = world({ calls: [{ path: `acme/people/${CALLED}@refs/heads/main`, sha: SHA }] })
    await checkIn(facts)
    for (const path of ['users.csv', 'keep.txt', 'only.txt', WORKFLOW, CALLED])
      expect(facts.asked).toContain(`lastCommitOf ${path} ${SHA}`)
    for (const once of ['reviews 12', `pullsOf ${MERGE}`, `pullsOf ${SHA}`, `parentOf ${SHA}`, 'headOf main', 'run 7'])
      expect(facts.asked.filter((asked) => asked === once)).toHaveLength(1)
  })
})

test.each<[string, Partial<World>, string, string, Question?]>([
  ['a list out of an artifact', {}, 'not-from-repository', 'artifact', { files: null }],
  ['a pull request', { context: { eventName: 'pull_request' } }, 'event', '"pull_request"'],
  ['a chained run', { context: { eventName: 'workflow_run' } }, 'event', '"workflow_run"'],
  ['a payload from anywhere', { context: { eventName: 'repository_dispatch' } }, 'event', '"repository_dispatch"'],
  ['another branch', { context: { ref: 'refs/heads/dev' } }, 'default-branch', '"refs/heads/dev"'],
  [
    'a start by hand from another branch',
    { context: { eventName: 'workflow_dispatch', ref: 'refs/heads/dev' } },
    'default-branch',
    '"refs/heads/dev"',
  ],
  ['a tag with the name of the branch', { context: { ref: 'refs/tags/main' } }, 'default-branch', '"refs/tags/main"'],
  ['a branch that was the default', { defaultBranch: 'trunk' }, 'default-branch', '"trunk"'],
  ['a repository without a default branch', { defaultBranch: '' }, 'default-branch', 'not on the default branch ""'],
  [
    'inputs that nobody approved',
    { context: { eventName: 'workflow_dispatch', dispatchInputs: true } },
    'dispatch-inputs',
    'started by hand with inputs',
  ],
  [
    'a workflow of another repository',
    { context: { workflowRepository: 'acme/ci' } },
    'workflow-elsewhere',
    'workflow',
  ],
  ['a workflow of another branch', { context: { workflowBranch: 'refs/heads/x' } }, 'workflow-elsewhere', 'workflow'],
  ['a workflow of another commit', { context: { workflowSha: OTHER } }, 'workflow-elsewhere', 'workflow'],
  [
    'a composite action that holds the inputs',
    { context: { compositePath: '/home/runner/work/people/people/.github/actions/apply' } },
    'composite-action',
    '.github/actions/apply',
  ],
])('%s is refused', async (_, overrides, reason, part, question) => {
  const verdict = await check(overrides, question)
  expect(verdict).toMatchObject({ approved: false, reason, why: expect.stringContaining(part) })
  expect(verdict).toMatchObject({ why: expect.stringContaining('Required: '), fix: expect.stringMatching(/.{20}/) })
})

test('the events are those of an apply, less the one that brings what no pull request holds', () => {
  expect(CHANGING_EVENTS.filter((event) => event !== 'repository_dispatch').toSorted()).toEqual(
    [...REVIEWED_EVENTS].toSorted(),
  )
})

describe('a workflow that the run calls', () => {
  const MAKER = 'maker/deactivate-atlassian-users'
  const verdictOn = (path: string, sha: string, context: World['context'] = {}) =>
    check({ calls: [{ path, sha }], context })

  test.each<[string, string, string]>([
    ['of this repository, at the commit of the run', `acme/people/${CALLED}@refs/heads/main`, SHA],
    ['of this repository, named by commit', `acme/people/${CALLED}@${SHA}`, SHA],
    ['of this repository, without saying at what', `Acme/People/${CALLED}`, SHA],
    ['of another repository at a full commit', `acme/ci/.github/workflows/x.yml@${OTHER}`, OTHER],
    ["of the action's own repository", `${MAKER}/.github/workflows/deactivate-users.yml@v1`, OTHER],
    [
      "of the action's own repository in other letters",
      'Maker/Deactivate-Atlassian-Users/.github/workflows/x.yml@v1',
      OTHER,
    ],
  ])('%s is let through', async (_, path, sha) => {
    expect(await verdictOn(path, sha)).toMatchObject({ approved: true })
  })

  test.each<[string, string, string, World['context']?]>([
    ['of this repository at another commit', `acme/people/${CALLED}@refs/heads/main`, OTHER],
    ['of this repository at a tag that was moved', `acme/people/${CALLED}@v1`, OTHER],
    ['of another repository at a branch', 'acme/ci/.github/workflows/x.yml@main', OTHER],
    ['of another repository at a tag', 'acme/ci/.github/workflows/x.yml@v1', OTHER],
    ['of another repository at a short commit', `acme/ci/.github/workflows/x.yml@${OTHER.slice(0, 7)}`, OTHER],
    ['of another repository at a branch with the name of a commit', `acme/ci/.github/workflows/x.yml@${OTHER}`, SHA],
    ['of another repository, without saying at what', 'acme/ci/.github/workflows/x.yml', OTHER],
    ['of a repository beside the action', 'maker/other/.github/workflows/x.yml@v1', OTHER],
    ['of an action that is not told', '/x/.github/workflows/x.yml@v1', OTHER, { actionRepository: '' }],
    ['of no repository', '', OTHER],
    ['whose name hides another one', `acme/people/${CALLED}@x.yml@refs/heads/main`, SHA],
  ])('%s could be another one tomorrow, and refuses', async (_, path, sha, context) => {
    const verdict = await verdictOn(path, sha, context)
    expect(verdict).toMatchObject({ approved: false, reason: 'called-workflow' })
  })

  test('of this repository is judged like the caller', async () => {
    const pushed = world({
      calls: [{ path: `acme/people/${CALLED}@refs/heads/main`, sha: SHA }],
      lastCommitOf: (path) => ({ sha: path === CALLED ? OTHER : MERGE, author: null, committer: null, message: '' }),
    })
    const { pullsOf } = pushed
    const facts = { ...pushed, pullsOf: (sha: string) => (sha === OTHER ? [] : pullsOf(sha)) }
    const why = expect.stringContaining(`The workflow file "${CALLED}" was last changed by commit ${OTHER.slice(0, 7)}`)
    expect(await checkIn(facts)).toMatchObject({ approved: false, reason: 'no-pull-request', why })
  })

  test.each<[string, Partial<World>]>([
    ['all of which GitHub does not list', { calls: null }],
    ['in another attempt than this one', { run: { attempt: 2 } }],
  ])('%s refuses', async (_, overrides) => {
    expect(await check(overrides)).toMatchObject({ approved: false, reason: 'unreadable' })
  })
})

test.each([
  'repository',
  'run',
  'fileAt',
  'lastCommitOf',
  'pullsOf',
  'pull',
  'reviews',
  'pullCommits',
  'pullFiles',
  'baseChangeOf',
  'permissionOf',
  'headOf',
  'parentOf',
] as const)('what GitHub does not tell refuses: %s', async (name) => {
  const why = expect.stringContaining(`No ${name} (403).`)
  expect(await check({ hidden: [name] })).toMatchObject({ approved: false, reason: 'unreadable', why })
})

describe('the rules of the default branch', () => {
  test('that demand no review are warned about', async () => {
    const verdict = await check({ rules: { review: false, lastPushApproval: false } })
    expect(verdict).toMatchObject({ approved: true, warnings: [expect.stringContaining('demand no approving review')] })
  })

  test('that cannot be read are warned about', async () => {
    const verdict = await check({ hidden: ['rulesOf'] })
    expect(verdict).toMatchObject({ approved: true, warnings: [expect.stringContaining('No rulesOf (403).')] })
  })
})

test('each file of the run is covered under the path as it is written', async () => {
  const facts = world()
  const files = [{ ...USERS, path: './lists/../users.csv' }, EXCLUDED, INCLUDED]
  expect(await checkIn(facts, { files })).toMatchObject({ approved: true })
  expect(facts.asked).toContain(`lastCommitOf users.csv ${SHA}`)
})
