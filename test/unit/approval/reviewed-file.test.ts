import { describe, expect, test } from 'vitest'
import { blobSha } from '../../../src/subject/subject.ts'
import { check, EXCLUDED, INCLUDED, type Question, USERS } from './check.ts'
import {
  BEFORE,
  commit,
  FILE,
  fileAt,
  HEAD,
  MERGE,
  NOW,
  OLDER,
  OTHER,
  pull,
  pullFiles,
  review,
  SHA,
  WORKFLOW,
  type World,
} from './world.ts'

const FILES = [
  ['users-file', 'users.csv'],
  ['exclude-file', 'keep.txt'],
  ['include-file', 'only.txt'],
  ['workflow file', WORKFLOW],
] as const
const READ = [USERS, EXCLUDED, INCLUDED]
const OTHERS = pullFiles('readme.md')

/** The last change of one path is another commit than that of the rest. */
function lastChange(path: string): World['lastCommitOf'] {
  return (asked) => commit({ sha: asked === path ? OTHER : MERGE })
}

describe.each(FILES)('the %s %s', (role, path) => {
  test.each<[string, Partial<World>, string, string]>([
    ['that is not committed', { files: fileAt(path, { kind: 'missing' }, SHA) }, 'file-not-in-commit', 'is not in'],
    ['that is a link', { files: fileAt(path, { kind: 'not-a-file' }, SHA) }, 'file-not-in-commit', 'is a link'],
    ['without a history', { lastCommitOf: (asked) => (asked === path ? null : commit()) }, 'no-last-change', path],
    [
      'that was pushed',
      { lastCommitOf: lastChange(path), pullsOf: (sha) => (sha === OTHER ? [] : [pull()]) },
      'no-pull-request',
      OTHER.slice(0, 7),
    ],
    [
      'that came through an approved pull request which never touched it',
      {
        filesOf: { 12: pullFiles(...FILES.map(([, one]) => one).filter((one) => one !== path)) },
        pulls: { 12: pull({ changedFiles: 3 }) },
      },
      'not-in-pull-request',
      'pull request 12, which does not change that path',
    ],
    ['that has changed since', { files: fileAt(path, OLDER, NOW) }, 'superseded', 'since commit 1111111'],
    ['that is gone since', { files: fileAt(path, { kind: 'missing' }, NOW) }, 'superseded', 'since commit 1111111'],
    ['that is a link since', { files: fileAt(path, { kind: 'not-a-file' }, NOW) }, 'superseded', 'since commit'],
    [
      'that a merge by hand changed',
      { files: fileAt(path, OLDER, HEAD) },
      'changed-in-merge',
      'beyond what was reviewed',
    ],
    [
      'that the final head held as a link',
      { files: fileAt(path, { kind: 'not-a-file' }, HEAD) },
      'changed-in-merge',
      'beyond what was reviewed',
    ],
  ])('%s is not covered by the approval', async (_, overrides, reason, part) => {
    const verdict = await check(overrides)
    expect(verdict).toMatchObject({ approved: false, reason, why: expect.stringContaining(part) })
    expect(verdict).toMatchObject({ why: expect.stringContaining(`The ${role} "${path}"`) })
  })
})

describe.each(READ)('$role that was read', (file) => {
  const others = READ.filter((one) => one !== file)
  test.each<[string, Partial<typeof file>, string, string]>([
    ['through a link to an approved file', { realPath: 'lists/approved.txt' }, 'link', '"lists/approved.txt"'],
    ['through a folder that is a link', { path: 'current/list.txt', realPath: 'v1/list.txt' }, 'link', '"v1/list.txt"'],
    ['in other letters than on disk', { path: file.path.toUpperCase() }, 'link', 'not written as on disk'],
    [
      'after a step changed it',
      { blobSha: blobSha(Buffer.from('User id\r\n557058:2\r\n')) },
      'file-differs',
      'a step changed it',
    ],
    ['after a step emptied it', { blobSha: blobSha(Buffer.alloc(0)) }, 'file-differs', 'a step changed it'],
    ['with another size under the same hash', { size: 1 }, 'file-differs', 'is not the one of'],
  ])('%s is not covered by the approval', async (_, changed, reason, part) => {
    const files: Question['files'] = [...others, { ...file, ...changed }]
    const verdict = await check({}, { files })
    expect(verdict).toMatchObject({ approved: false, reason, why: expect.stringContaining(part) })
    expect(verdict).toMatchObject({ why: expect.stringContaining(`The ${file.role}`) })
  })
})

test.each<[string, Partial<World>]>([
  ['that is not merged', { pullsOf: () => [pull({ merged: false })] }],
  ['into another branch', { pullsOf: () => [pull({ baseRef: 'dev' })] }],
  ['into a branch that differs by case', { pullsOf: () => [pull({ baseRef: 'Main' })] }],
  ['into another repository', { pullsOf: () => [pull({ baseRepository: 'eve/people' })] }],
])('a pull request %s brought nothing', async (_, overrides) => {
  expect(await check(overrides)).toMatchObject({ approved: false, reason: 'no-pull-request' })
})

describe('of several pull requests that contain the last change', () => {
  const two = { pullsOf: () => [pull({ number: 3 }), pull()] }

  test('one that changes the file and was approved is enough', async () => {
    const verdict = await check({
      ...two,
      pullsOf: (sha) => (sha === MERGE ? two.pullsOf() : []),
      reviewsOf: { 3: [] },
    })
    expect(verdict).toMatchObject({ approved: true, by: [{ through: { number: 12 } }] })
  })

  test('one that was approved and never touched the file is not', async () => {
    const verdict = await check({
      ...two,
      pulls: { 3: pull({ number: 3, changedFiles: 1 }), 12: pull() },
      filesOf: { 3: OTHERS },
      reviewsOf: { 12: [] },
    })
    expect(verdict).toMatchObject({ approved: false })
  })

  test('those into other branches do not count', async () => {
    const pulls = [pull({ number: 3, baseRef: 'develop' }), pull({ number: 4, merged: false }), pull()]
    expect(await check({ pullsOf: () => pulls, reviewsOf: { 3: [], 4: [] } })).toMatchObject({ approved: true })
  })
})

describe('a renamed file', () => {
  const renamed = (path: string, previousPath: string) => [
    { path, previousPath },
    ...pullFiles('keep.txt', 'only.txt', WORKFLOW),
  ]

  test.each([
    ['under its new name', renamed('users.csv', 'old.csv')],
    ['under its old name', renamed('other.csv', 'users.csv')],
  ])('counts as changed %s', async (_, files) => {
    const verdict = await check({ filesOf: { 12: files }, pulls: { 12: pull({ changedFiles: 4 }) } })
    expect(verdict).toMatchObject({ approved: true })
  })
})

test.each<[string, number]>([
  ['more files than GitHub lists', 3001],
  ['fewer files than GitHub lists', 4],
  ['a number of files that is not told', 0],
])('a pull request with %s refuses', async (_, changedFiles) => {
  const verdict = await check({ pulls: { 12: pull({ changedFiles }) } })
  expect(verdict).toMatchObject({ approved: false, reason: 'too-many-files' })
})

describe("the run's own commit", () => {
  /** Pull request 13 brought it, and pull request 12 all last changes. */
  const own = (overrides: Partial<World>): Partial<World> => ({
    pullsOf: (sha) => [pull({ number: sha === SHA ? 13 : 12 })],
    pulls: { 12: pull(), 13: pull({ number: 13, headSha: OTHER, changedFiles: 1 }) },
    filesOf: { 13: OTHERS },
    ...overrides,
  })
  const takesBack = { filesOf: { 13: pullFiles('users.csv') } }

  test('may come through a pull request that nobody approved and that leaves the files alone', async () => {
    expect(await check(own({ reviewsOf: { 13: [] } }))).toMatchObject({ approved: true, by: [{ login: 'ben' }] })
  })

  test('may come through no pull request where it leaves the files alone', async () => {
    expect(await check(own({ pullsOf: (sha) => (sha === SHA ? [] : [pull()]) }))).toMatchObject({ approved: true })
  })

  test('that takes an older version back through an approved pull request names both who approved', async () => {
    const reviewsOf = { 13: [review('APPROVED', 'eve', OTHER)] }
    const permissions = { ben: 'write', eve: 'write' }
    const verdict = await check(
      own({ ...takesBack, reviewsOf, permissions, files: fileAt('users.csv', OLDER, BEFORE) }),
    )
    expect(verdict).toMatchObject({ approved: true, by: [{ login: 'ben' }, { login: 'eve', commit: OTHER }] })
  })

  test.each<[string, Partial<World>, string]>([
    ['that nobody approved', { reviewsOf: { 13: [] } }, 'not-reviewed'],
    [
      'whose final head held another version',
      { reviewsOf: { 13: [review('APPROVED', 'ben', OTHER)] }, files: fileAt('users.csv', OLDER, OTHER) },
      'changed-in-merge',
    ],
    [
      'all files of which cannot be told',
      { pulls: { 12: pull(), 13: pull({ number: 13, headSha: OTHER, changedFiles: 3001 }) } },
      'too-many-files',
    ],
  ])('that takes an older version back through a pull request %s refuses', async (_, overrides, reason) => {
    expect(await check(own({ ...takesBack, ...overrides }))).toMatchObject({ approved: false, reason })
  })

  test.each<[string, Partial<World>]>([
    ['through no pull request', { pullsOf: (sha) => (sha === SHA ? [] : [pull()]) }],
    ['that was pushed as the merge of one which left the file alone', {}],
  ])('that is a merge which takes an older version back %s refuses', async (_, overrides) => {
    const verdict = await check(own({ ...overrides, files: fileAt('users.csv', OLDER, BEFORE) }))
    const why = expect.stringContaining('may have taken an older version back')
    expect(verdict).toMatchObject({ approved: false, reason: 'changed-in-merge', why })
  })

  test('that is the first of a repository has nothing before it', async () => {
    expect(await check({ parent: null, files: (sha) => (sha === BEFORE ? OLDER : FILE) })).toMatchObject({
      approved: true,
    })
  })
})
