import { setTimeout as timer } from 'node:timers/promises'
import { describe, expect, test, vi } from 'vitest'
import { connectGitHub, type GitHub } from '../../../src/github/api.ts'
import { readContext } from '../../../src/github/context.ts'
import type { Clock } from '../../../src/world/clock.ts'
import { type Answered, type Received, serve } from './server.ts'

const NOW = 1_700_000_000_000
const BEN = { id: 7, login: 'ben', type: 'User' }

/** Sleeps at once, and remembers for how long it was asked to. */
function clockOf(slept: number[]): Clock {
  return {
    now: () => NOW,
    sleep: async (milliseconds) => {
      slept.push(milliseconds)
    },
  }
}

async function connected(answer: (request: Received) => Answered, token = 'token') {
  const server = await serve(answer)
  const slept: number[] = []
  const env = {
    GITHUB_REPOSITORY: 'acme/people',
    GITHUB_API_URL: server.url,
    GITHUB_GRAPHQL_URL: `${server.url}/graphql`,
  }
  const context = readContext(env, () => '{}')
  return {
    server,
    slept,
    github: connectGitHub(context, token, { clock: clockOf(slept) }),
    [Symbol.asyncDispose]: server[Symbol.asyncDispose],
  }
}

test.each<[string, (github: GitHub) => Promise<unknown>, string]>([
  ['the repository', (github) => github.repository(), 'GET /repos/acme/people'],
  ['a run', (github) => github.run('7'), 'GET /repos/acme/people/actions/runs/7'],
  [
    'an id that is no number',
    (github) => github.run('../../user'),
    'GET /repos/acme/people/actions/runs/..%2F..%2Fuser',
  ],
  ['approvals', (github) => github.approvals('7'), 'GET /repos/acme/people/actions/runs/7/approvals'],
  ['an environment', (github) => github.environment('a/../b?c'), 'GET /repos/acme/people/environments/a%2F..%2Fb%3Fc'],
  [
    'the last change of a file',
    (github) => github.lastCommitOf('lists/a b&c.csv', 'main'),
    'GET /repos/acme/people/commits?path=lists%2Fa%20b%26c.csv&sha=main&per_page=1',
  ],
  ['rights', (github) => github.permissionOf(BEN), 'GET /repos/acme/people/collaborators/ben/permission'],
  [
    'files of a pull request',
    (github) => github.pullFiles(12),
    'GET /repos/acme/people/pulls/12/files?per_page=100&page=1',
  ],
  [
    'its timeline',
    (github) => github.baseChangeOf(12),
    'GET /repos/acme/people/issues/12/timeline?per_page=100&page=1',
  ],
  ['the head of a branch', (github) => github.headOf('a/b c'), 'GET /repos/acme/people/git/ref/heads%2Fa%2Fb%20c'],
  ['what came before', (github) => github.parentOf('abc'), 'GET /repos/acme/people/git/commits/abc'],
  [
    'the rules of a branch',
    (github) => github.rulesOf('a/b'),
    'GET /repos/acme/people/rules/branches/a%2Fb?per_page=100&page=1',
  ],
  [
    'a name with a template in it',
    (github) => github.environment('{owner}:sha'),
    'GET /repos/acme/people/environments/%7Bowner%7D%3Asha',
  ],
])('%s is asked for where GitHub documents it', async (_, ask, request) => {
  await using world = await connected(() => ({ body: [] }))
  await ask(world.github)
  const [first] = world.server.received
  expect(`${first?.method} ${first?.url}`).toBe(request)
  expect(first?.headers.authorization).toBe('token token')
})

describe('answers become facts', () => {
  test('of a run', async () => {
    const body = {
      id: 7,
      event: 'push',
      repository: { full_name: 'acme/people' },
      head_repository: null,
      path: '.github/workflows/x.yml',
      run_attempt: 2,
    }
    await using world = await connected(() => ({ body }))
    expect(await world.github.run('7')).toMatchObject({
      ok: true,
      value: { id: '7', event: 'push', repository: 'acme/people', headRepository: '', attempt: 2 },
    })
  })

  test.each([
    [{}, { actor: null, triggeringActor: null, calledWorkflows: null }],
    [{ referenced_workflows: null }, { calledWorkflows: null }],
    [{ referenced_workflows: [] }, { calledWorkflows: [] }],
    [
      { referenced_workflows: [{ path: 'a/b/.github/workflows/x.yml@v1', sha: 'abc', ref: 'refs/tags/v1' }, 7] },
      {
        calledWorkflows: [
          { path: 'a/b/.github/workflows/x.yml@v1', sha: 'abc' },
          { path: '', sha: '' },
        ],
      },
    ],
    [
      { actor: BEN, triggering_actor: { ...BEN, id: 8 } },
      { actor: BEN, triggeringActor: { ...BEN, id: 8 } },
    ],
    [{ actor: { login: 'ben', type: 'User' } }, { actor: null }],
    [{ actor: { id: 10137, login: 'ghost', type: 'User' } }, { actor: null }],
  ])('of who started a run and what it calls: %j', async (body, value) => {
    await using world = await connected(() => ({ body }))
    expect(await world.github.run('7')).toMatchObject({ ok: true, value })
  })

  test.each([
    [{ user: { id: 7, login: 'ben' }, permission: 'write' }, 'write'],
    [{ user: { id: 8, login: 'ben' }, permission: 'write' }, 'none'],
    [{ permission: 'admin' }, 'none'],
  ])('of what somebody may do, and not somebody else of that name: %j', async (body, value) => {
    await using world = await connected(() => ({ body }))
    expect(await world.github.permissionOf(BEN)).toEqual({ ok: true, value })
  })

  const demand = (parameters: object) => ({ type: 'pull_request', parameters })
  test.each<[object[], boolean, boolean]>([
    [[], false, false],
    [[{ type: 'deletion' }, { type: 'pull_request' }], false, false],
    [[demand({ required_approving_review_count: 0, require_last_push_approval: true })], false, false],
    [[demand({ required_approving_review_count: 1, require_last_push_approval: false })], true, false],
    [[demand({ required_approving_review_count: 0 }), demand({ required_approving_review_count: 2 })], true, false],
    [[demand({ required_approving_review_count: 1, require_last_push_approval: true })], true, true],
  ])('of the rules %j', async (body, review, lastPushApproval) => {
    await using world = await connected(() => ({ body }))
    expect(await world.github.rulesOf('main')).toEqual({ ok: true, value: { review, lastPushApproval } })
  })

  const EARLY = '2026-01-01T00:00:00Z'
  const LATE = '2026-01-02T00:00:00Z'
  test.each<[object[], number]>([
    [[{ event: 'reviewed', submitted_at: LATE }, { event: 'committed' }], -Infinity],
    [[{ event: 'base_ref_changed', created_at: EARLY }], Date.parse(EARLY)],
    [
      [
        { event: 'automatic_base_change_succeeded', created_at: LATE },
        { event: 'base_ref_changed', created_at: EARLY },
      ],
      Date.parse(LATE),
    ],
    [[{ event: 'base_ref_changed' }], Infinity],
  ])('of when a base branch was changed: %j', async (body, value) => {
    await using world = await connected(() => ({ body }))
    expect(await world.github.baseChangeOf(12)).toEqual({ ok: true, value })
  })

  test.each<[object, unknown]>([
    [{ parents: [{ sha: 'one' }, { sha: 'two' }] }, { ok: true, value: 'one' }],
    [{ parents: [] }, { ok: true, value: null }],
    [{}, { ok: false, reason: 'unexpected', message: expect.stringContaining('came after') }],
  ])('of a commit before another: %j', async (body, answer) => {
    await using world = await connected(() => ({ body }))
    expect(await world.github.parentOf('abc')).toEqual(answer)
  })

  test('of the files of a pull request, under both names of a renamed one', async () => {
    const body = [{ filename: 'a' }, { filename: 'c', previous_filename: 'b', status: 'renamed' }]
    await using world = await connected(() => ({ body }))
    const value = [
      { path: 'a', previousPath: '' },
      { path: 'c', previousPath: 'b' },
    ]
    expect(await world.github.pullFiles(12)).toEqual({ ok: true, value })
  })

  test.each([
    [{}, { id: 0, requiredReviewers: false, preventSelfReview: false, adminsMayBypass: true }],
    [
      {
        id: 5,
        can_admins_bypass: false,
        protection_rules: [
          { type: 'wait_timer', wait_timer: 5 },
          { type: 'required_reviewers', prevent_self_review: true, reviewers: [{ type: 'User' }] },
        ],
      },
      { id: 5, requiredReviewers: true, preventSelfReview: true, adminsMayBypass: false },
    ],
    [
      { can_admins_bypass: false, protection_rules: [{ type: 'required_reviewers', reviewers: [] }] },
      { id: 0, requiredReviewers: false, preventSelfReview: false, adminsMayBypass: false },
    ],
  ])('of the environment %j', async (body, value) => {
    await using world = await connected(() => ({ body }))
    expect(await world.github.environment('production')).toEqual({ ok: true, value })
  })

  test('of a review by a deleted account', async () => {
    const body = [{ environments: [{ id: 1, name: 'production' }], state: 'approved', user: null, comment: '' }]
    await using world = await connected(() => ({ body }))
    const value = [{ environments: [{ id: 1, name: 'production' }], state: 'approved', user: null }]
    expect(await world.github.approvals('7')).toEqual({ ok: true, value })
  })

  test.each<[unknown]>([['text'], [null], [7], [[{ environments: 'production', state: 1 }]]])(
    'also of nonsense: %j',
    async (body) => {
      await using world = await connected(() => ({ body }))
      expect(await world.github.approvals('7')).toMatchObject({ ok: true })
      expect(await world.github.pull(1)).toMatchObject({ ok: true, value: { merged: false, author: null } })
    },
  )
})

describe('a list', () => {
  const pages = (request: Received): Answered => {
    const page = Number(new URL(request.url, 'http://x').searchParams.get('page'))
    const size = page < 3 ? 100 : 5
    return { body: Array.from({ length: size }, (_, index) => ({ id: page * 1000 + index, body: 'x' })) }
  }

  test('goes on behind a page that is short, because GitHub leaves out of it what it hides', async () => {
    await using world = await connected(({ url }) => {
      const page = Number(new URL(url, 'http://x').searchParams.get('page'))
      const link = { link: `<http://x/?page=1>; rel="prev", <http://x/?page=${page + 1}>; rel="next"` }
      const sizes = [99, 0, 30]
      return {
        body: Array.from({ length: sizes[page - 1] ?? 0 }, (_, index) => ({ id: page * 1000 + index })),
        headers: page < sizes.length ? link : {},
      }
    })
    const answer = await world.github.reviews(12)
    expect(answer.ok && answer.value).toHaveLength(129)
    expect(world.server.received).toHaveLength(3)
  })

  test('is read to its last page', async () => {
    await using world = await connected(pages)
    const comments = await world.github.comments(12)
    expect(comments).toMatchObject({ ok: true, value: { length: 205 } })
    expect(world.server.received).toHaveLength(3)
  })

  test('that never ends is given up', async () => {
    await using world = await connected(() => ({ body: Array.from({ length: 100 }, () => ({})) }))
    expect(await world.github.reviews(12)).toMatchObject({ ok: false, reason: 'unexpected' })
  })

  test('that is none is refused', async () => {
    await using world = await connected(() => ({ body: { message: 'hello' } }))
    expect(await world.github.reviews(12)).toMatchObject({ ok: false, reason: 'unexpected' })
  })
})

describe('a file in a commit', () => {
  const trees = (request: Received): Answered => {
    const sha = request.url.split('/').at(-1)
    if (sha === 'commit') {
      const folder = { path: 'lists', mode: '040000', type: 'tree', sha: 'folder' }
      const link = { path: 'link', mode: '120000', type: 'blob', sha: 'link' }
      return { body: { tree: [folder, link], truncated: false } }
    }
    if (sha === 'long') return { body: { tree: [], truncated: true } }
    const tree = [
      { path: 'users.csv', mode: '100644', type: 'blob', sha: 'blob', size: 42 },
      { path: 'other', mode: '160000', type: 'commit', sha: 'sub' },
    ]
    return { body: { tree, truncated: false } }
  }

  test.each([
    ['lists/users.csv', { kind: 'file', sha: 'blob', size: 42 }],
    ['lists/none.csv', { kind: 'missing' }],
    ['none/users.csv', { kind: 'missing' }],
    ['../users.csv', { kind: 'missing' }],
    ['link', { kind: 'not-a-file' }],
    ['link/users.csv', { kind: 'not-a-file' }],
    ['lists', { kind: 'not-a-file' }],
    ['lists/other', { kind: 'not-a-file' }],
  ])('%s', async (path, value) => {
    await using world = await connected(trees)
    expect(await world.github.fileAt(path, 'commit')).toEqual({ ok: true, value })
  })

  test('asks for no folder twice', async () => {
    await using world = await connected(trees)
    for (const path of ['lists/users.csv', 'lists/none.csv', 'link']) await world.github.fileAt(path, 'commit')
    expect(world.server.received.map(({ url }) => url.split('/').at(-1))).toEqual(['commit', 'folder'])
  })

  test('is not called missing where the listing is cut', async () => {
    await using world = await connected(trees)
    expect(await world.github.fileAt('users.csv', 'long')).toMatchObject({ ok: false, reason: 'unexpected' })
  })

  test('is read byte by byte', async () => {
    const bytes = Buffer.from([0xef, 0xbb, 0xbf, 0xff, 0x0d, 0x0a])
    await using world = await connected(() => ({ body: { encoding: 'base64', content: bytes.toString('base64') } }))
    expect(await world.github.bytesOf('blob')).toEqual({ ok: true, value: bytes })
  })
})

describe('a refusal', () => {
  test.each([
    [401, {}, 'not-allowed', 'github-token'],
    [403, { message: 'Resource not accessible by integration' }, 'not-allowed', 'permissions: actions: read'],
    [404, {}, 'not-found', 'permissions: actions: read'],
    [422, { message: 'Validation Failed' }, 'unexpected', 'Validation Failed'],
  ])('%i is not tried again', async (status, body, reason, part) => {
    await using world = await connected(() => ({ status, body }))
    const answer = await world.github.approvals('7')
    expect(answer).toMatchObject({ ok: false, reason, message: expect.stringContaining(part) })
    expect(answer).toMatchObject({ message: expect.stringContaining('the deployment reviews of run 7') })
    expect(world.server.received).toHaveLength(1)
  })

  test('without a token needs no question', async () => {
    await using world = await connected(() => ({}), '')
    expect(await world.github.approvals('7')).toMatchObject({ ok: false, reason: 'no-token' })
    expect(world.server.received).toHaveLength(0)
  })
})

describe('a failure', () => {
  const failing = (times: number, answer: Answered) => {
    let left = times
    return (): Answered => (left-- > 0 ? answer : { body: { id: 1, html_url: 'u' } })
  }

  test('of the server is tried again', async () => {
    await using world = await connected(failing(2, { status: 502 }))
    expect(await world.github.repository()).toMatchObject({ ok: true })
    expect(world.slept).toEqual([1000, 2000])
  })

  test('that lasts is told after four attempts', async () => {
    await using world = await connected(() => ({ status: 503 }))
    expect(await world.github.repository()).toMatchObject({ ok: false, reason: 'unavailable' })
    expect(world.server.received).toHaveLength(4)
  })

  test('to answer at all is told', async () => {
    const world = await connected(() => ({}))
    await world[Symbol.asyncDispose]()
    const answer = await world.github.repository()
    expect(answer).toMatchObject({ ok: false, reason: 'unavailable', message: expect.stringContaining('no answer') })
  })

  test('by a secondary limit waits as long as GitHub says', async () => {
    const limit = { status: 403, headers: { 'retry-after': '7' }, body: { message: 'secondary rate limit' } }
    await using world = await connected(failing(1, limit))
    expect(await world.github.repository()).toMatchObject({ ok: true })
    expect(world.slept).toEqual([7000])
  })

  test('by a limit that lasts too long is told', async () => {
    const headers = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(NOW / 1000 + 1800) }
    await using world = await connected(() => ({ status: 403, headers }))
    expect(await world.github.repository()).toMatchObject({ ok: false, reason: 'rate-limited' })
    expect(world.server.received).toHaveLength(1)
  })

  test('of the server never writes a comment twice', async () => {
    await using world = await connected(failing(1, { status: 502 }))
    expect(await world.github.createComment(12, 'text')).toMatchObject({ ok: false, reason: 'unavailable' })
    expect(world.server.received).toHaveLength(1)
  })

  test('of the server repeats an update, which changes nothing more', async () => {
    await using world = await connected(failing(1, { status: 502 }))
    expect(await world.github.updateComment(5, 'text')).toMatchObject({ ok: true })
    expect(world.server.received.map(({ method, url, body }) => [method, url, body])).toEqual(
      Array.from({ length: 2 }, () => ['PATCH', '/repos/acme/people/issues/comments/5', '{"body":"text"}']),
    )
  })
})

describe('a cancel', () => {
  const staged = async (answer: (request: Received) => Answered) => {
    const server = await serve(answer)
    const cancel = new AbortController()
    const env = { GITHUB_REPOSITORY: 'acme/people', GITHUB_API_URL: server.url }
    const github = connectGitHub(
      readContext(env, () => '{}'),
      'token',
      { signal: cancel.signal },
    )
    return { server, github, cancel, [Symbol.asyncDispose]: server[Symbol.asyncDispose] }
  }
  /** The answer, and milliseconds from the cancel to it. */
  const cancelled = async (asked: Promise<unknown>, cancel: AbortController) => {
    const from = performance.now()
    cancel.abort()
    const answer = await asked
    return { answer, took: performance.now() - from }
  }
  const refusal = { ok: false, reason: 'cancelled', message: expect.stringContaining('cancelled before') }

  test.each<[string, Answered]>([
    ['no answer comes', { hang: true }],
    ['GitHub asks for a minute of patience', { status: 429, headers: { 'retry-after': '60' } }],
    ['a failure of the server is waited out', { status: 503 }],
  ])('is heard at once while %s', async (_, answer) => {
    await using world = await staged(() => answer)
    const asked = world.github.approvals('7')
    await vi.waitFor(() => expect(world.server.received).toHaveLength(1))
    await timer(100)
    const { answer: told, took } = await cancelled(asked, world.cancel)
    expect(told).toEqual(refusal)
    expect(took).toBeLessThan(100)
    await timer(1200)
    expect(world.server.received).toHaveLength(1)
  })

  test('is heard between the pages of a list', async () => {
    await using world = await staged(({ url }) =>
      url.includes('page=2') ? { hang: true } : { body: Array.from({ length: 100 }, () => ({})) },
    )
    const asked = world.github.reviews(12)
    await vi.waitFor(() => expect(world.server.received).toHaveLength(2))
    expect((await cancelled(asked, world.cancel)).answer).toEqual(refusal)
  })

  test('before a question keeps it from being sent', async () => {
    await using world = await staged(() => ({}))
    world.cancel.abort()
    expect(await world.github.repository()).toEqual(refusal)
    expect(await world.github.fileAt('users.csv', 'commit')).toEqual(refusal)
    expect(world.server.received).toEqual([])
  })
})

describe('the name of the token', () => {
  test('is that of its person', async () => {
    await using world = await connected(() => ({ body: { login: 'ann' } }))
    expect(await world.github.viewer()).toEqual({ ok: true, value: 'ann' })
  })

  test('of an app is asked for otherwise', async () => {
    await using world = await connected(({ url }) =>
      url === '/user' ? { status: 403 } : { body: { data: { viewer: { login: 'github-actions[bot]' } } } },
    )
    expect(await world.github.viewer()).toEqual({ ok: true, value: 'github-actions[bot]' })
    expect(world.server.received.at(-1)?.url).toBe('/graphql')
  })
})
