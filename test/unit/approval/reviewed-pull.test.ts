import { describe, expect, test } from 'vitest'
import { checkPullRequestApproval } from '../../../src/approval/pull-request.ts'
import { check, USERS } from './check.ts'
import {
  commit,
  contextOf,
  githubOf,
  HEAD,
  OTHER,
  person,
  pull,
  REVIEWED_AT,
  review,
  type World,
  world,
} from './world.ts'

const ben = person('ben')
const renamed = { ...ben, login: 'ben2' }
const trailer = (who: string) => ({ commits: [commit({ message: `x\n\nCo-authored-by: ${who}` })] })
const both = { ann: 'admin', ben: 'write', ben2: 'write', eve: 'write' }

test.each<[string, Partial<World>]>([
  ['that was commented on later', { reviews: [review('APPROVED', 'ben'), review('COMMENTED', 'ben')] }],
  [
    'that another person would have changed',
    { reviews: [review('APPROVED', 'ben'), review('CHANGES_REQUESTED', 'eve')] },
  ],
  [
    'whose other approval was dismissed',
    { reviews: [review('DISMISSED', 'eve'), review('APPROVED', 'ben'), review('DISMISSED', 'eve')] },
  ],
  ['approved once more after a request', { reviews: [review('CHANGES_REQUESTED', 'ben'), review('APPROVED', 'ben')] }],
  ['approved once more after a dismissal', { reviews: [review('DISMISSED', 'ben'), review('APPROVED', 'ben')] }],
  ['approved before a push and after it', { reviews: [review('APPROVED', 'ben', OTHER), review('APPROVED', 'ben')] }],
  ['whose base was changed before it was approved', { baseChangedAt: REVIEWED_AT - 1 }],
  ['approved by an author too', { reviews: [review('APPROVED', 'ann'), review('APPROVED', 'ben')], permissions: both }],
  ['approved by a bot too', { reviews: [review('APPROVED', 'gate', HEAD, 'Bot'), review('APPROVED', 'ben')] }],
  ['approved by an administrator', { permissions: { ben: 'admin' } }],
  ['committed by its author', { commits: [commit({ committer: person('ann') })] }],
  [
    'of a person who has the earlier name of the approver',
    { pulls: { 12: pull({ author: person('ben', 'User', 5) }) } },
  ],
  ['with a co-author who is somebody else', trailer('Eve <5+eve@users.noreply.github.com>')],
  ['with a co-author outside of GitHub', trailer('Ben <ben@example.com>')],
  ['with a co-author who is no address', trailer('Ben')],
])('a pull request %s counts', async (_, overrides) => {
  expect(await check(overrides)).toMatchObject({ approved: true, by: [{ id: ben.id, login: 'ben' }] })
})

test.each<[string, Partial<World>, string, string]>([
  ['no review', { reviews: [] }, 'not-reviewed', 'Nobody approved pull request 12'],
  ['comments only', { reviews: [review('COMMENTED', 'ben')] }, 'not-reviewed', 'Nobody'],
  ['a review that is not handed in', { reviews: [review('PENDING', 'ben')] }, 'not-reviewed', 'Nobody'],
  ['a state that is not known', { reviews: [review('approved', 'ben')] }, 'not-reviewed', 'Nobody'],
  ['a request for changes only', { reviews: [review('CHANGES_REQUESTED', 'ben')] }, 'not-reviewed', 'Nobody'],
  ['an approval of an earlier commit', { reviews: [review('APPROVED', 'ben', OTHER)] }, 'approval-outdated', 'ben'],
  [
    'an approval of a head that is not told',
    { reviews: [review('APPROVED', 'ben', '')], pulls: { 12: pull({ headSha: '' }) } },
    'approval-outdated',
    'ben',
  ],
  ['an approval of what it was against another base', { baseChangedAt: REVIEWED_AT + 1 }, 'approval-outdated', 'base'],
  ['an approval as the base was changed', { baseChangedAt: REVIEWED_AT }, 'approval-outdated', 'base'],
  [
    'an approval before a change of the base at no known time',
    { baseChangedAt: Infinity },
    'approval-outdated',
    'base',
  ],
  [
    'a request for changes after it',
    { reviews: [review('APPROVED', 'ben'), review('CHANGES_REQUESTED', 'ben')] },
    'approval-taken-back',
    'ben was taken back',
  ],
  [
    'a request for changes after it by the same person under another name',
    { reviews: [review('APPROVED', 'ben'), review('CHANGES_REQUESTED', renamed)] },
    'approval-taken-back',
    'ben2 was taken back',
  ],
  [
    'a request for changes after it, to another commit',
    { reviews: [review('APPROVED', 'ben'), review('CHANGES_REQUESTED', 'ben', OTHER)] },
    'approval-taken-back',
    'ben was taken back',
  ],
  ['a dismissed approval', { reviews: [review('DISMISSED', 'ben')] }, 'approval-taken-back', 'ben was taken back'],
  [
    'a dismissal of the later of two approvals',
    { reviews: [review('APPROVED', 'ben'), review('DISMISSED', 'ben')] },
    'approval-taken-back',
    'ben',
  ],
  ['a bot', { reviews: [review('APPROVED', 'ben', HEAD, 'Bot')] }, 'approver-not-a-person', 'only ben'],
  [
    'a person who became an organization',
    { reviews: [review('APPROVED', 'ben', HEAD, 'Organization')] },
    'approver-not-a-person',
    'only ben',
  ],
  ['a deleted account', { reviews: [review('APPROVED', null)] }, 'approver-not-a-person', 'a deleted account'],
  ['a reader', { permissions: { ben: 'read' } }, 'approver-without-write', 'without write permission'],
  ['a stranger', { permissions: {} }, 'approver-without-write', 'Only ben'],
  ['the person who opened it', { pulls: { 12: pull({ author: ben }) } }, 'approver-is-author', 'Only ben'],
  [
    'the person who opened it, renamed since',
    { reviews: [review('APPROVED', renamed)], permissions: { ben2: 'write' }, pulls: { 12: pull({ author: ben }) } },
    'approver-is-author',
    'Only ben2',
  ],
  ['the author of a commit', { commits: [commit({ author: ben })] }, 'approver-is-author', 'a hand in'],
  [
    'the author of a commit, renamed since',
    { commits: [commit({ author: renamed })] },
    'approver-is-author',
    'a hand in',
  ],
  ['the committer of one', { commits: [commit({ committer: ben })] }, 'approver-is-author', 'a hand in'],
  ['a co-author', trailer(`B <${ben.id}+ben@users.noreply.github.com>`), 'approver-is-author', 'a hand in'],
  ['a co-author by the name alone', trailer('B <5+ben@users.noreply.github.com>'), 'approver-is-author', 'a hand in'],
  ['a co-author by an old address', trailer('B <BEN@users.noreply.github.com>'), 'approver-is-author', 'a hand in'],
  [
    'a co-author under an earlier name',
    trailer(`B <${ben.id}+x@users.noreply.github.com>`),
    'approver-is-author',
    'a hand',
  ],
  ['a commit whose author has no account', { commits: [commit({ author: null })] }, 'author-unknown', HEAD.slice(0, 7)],
  ['a commit whose committer has none', { commits: [commit({ committer: null })] }, 'author-unknown', HEAD.slice(0, 7)],
  ['a deleted opener', { pulls: { 12: pull({ author: null }) } }, 'author-unknown', 'pull request 12'],
  ['more commits than GitHub lists', { pulls: { 12: pull({ commits: 251 }) } }, 'too-many-commits', '251 commits'],
  ['no number of commits', { pulls: { 12: pull({ commits: 0 }) } }, 'too-many-commits', '0 commits'],
])('%s is no approval', async (_, overrides, reason, part) => {
  const verdict = await check(overrides)
  expect(verdict).toMatchObject({ approved: false, reason, why: expect.stringContaining(part) })
})

describe('a pull request that a bot opened', () => {
  const opened = (author = person('github-actions[bot]', 'Bot')): Partial<World> => ({
    pulls: { 12: pull({ author }) },
    commits: [commit({ author, committer: person('web-flow') })],
    permissions: both,
  })
  const two = { reviews: [review('APPROVED', 'ben'), review('APPROVED', 'eve')] }

  test('needs two people, because who had it open that could be one', async () => {
    const verdict = await check(opened())
    expect(verdict).toMatchObject({ approved: false, reason: 'opened-by-bot', why: expect.stringContaining('ben') })
    expect(await check({ ...opened(), ...two })).toMatchObject({
      approved: true,
      by: [{ login: 'ben' }, { login: 'eve' }],
    })
  })

  test('needs one where the branch demands approval of the last push', async () => {
    const verdict = await check({ ...opened(), rules: { review: true, lastPushApproval: true } })
    expect(verdict).toMatchObject({ approved: true, by: [{ login: 'ben' }] })
  })

  test.each<[string, Partial<World>]>([
    ['the same person twice', { reviews: [review('APPROVED', 'ben'), review('APPROVED', renamed)] }],
    ['a second one without write permission', { ...two, permissions: { ben: 'write', eve: 'read' } }],
    ['a second one who is a bot', { reviews: [review('APPROVED', 'ben'), review('APPROVED', 'gate', HEAD, 'Bot')] }],
    ['a second one who wrote in it', { ...two, commits: [commit({ author: person('eve') })] }],
    ['a second one on an earlier commit', { reviews: [review('APPROVED', 'ben'), review('APPROVED', 'eve', OTHER)] }],
    ['rules that cannot be read', { rules: { review: true, lastPushApproval: true }, hidden: ['rulesOf'] }],
  ])('is not approved by %s', async (_, overrides) => {
    expect(await check({ ...opened(), ...overrides })).toMatchObject({ approved: false, reason: 'opened-by-bot' })
  })

  test.each(['Bot', 'Organization', 'Mannequin', ''])('is one that anything but a person opened: %j', async (type) => {
    expect(await check(opened(person('x', type)))).toMatchObject({ approved: false, reason: 'opened-by-bot' })
  })
})

test('one of two approvers whose rights cannot be read does not stand against the other', async () => {
  const facts = world({ reviews: [review('APPROVED', 'eve'), review('APPROVED', 'ben')] })
  const github = githubOf(facts)
  const permissionOf: typeof github.permissionOf = async ({ login }) =>
    login === 'eve' ? { ok: false, reason: 'not-found', message: 'gone' } : { ok: true, value: 'write' }
  const verdict = await checkPullRequestApproval({ ...github, permissionOf }, contextOf(facts), [USERS], '')
  expect(verdict).toMatchObject({ approved: true, by: [{ login: 'ben' }] })
})
