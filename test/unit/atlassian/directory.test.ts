import { describe, expect, test } from 'vitest'
import { unreadable } from '../../../src/atlassian/answers.ts'
import { type Directory, idsWith, isSearchable, ORG_ADMINS, openDirectory } from '../../../src/atlassian/directory.ts'
import { body, inTurn, type Read, type Recorded, recorded } from './recorded.ts'

const STOP = new AbortController().signal
const USERS = '/admin/v2/orgs/org%2F1/directories/-/users'

function directoryOf(...answers: readonly Read[]): Recorded & { directory: Directory } {
  const all = recorded(inTurn(...answers))
  return { ...all, directory: openDirectory(all.atlassian, 'org/1', false, () => 0) }
}

const person = (id: unknown, more: object = {}) => ({ accountId: id, accountType: 'atlassian', ...more })
const people = (count: number, from = 0) => Array.from({ length: count }, (_, index) => person(`id-${from + index}`))
const refused = (status: number) => unreadable('refused', status)
const idsOf = (read: Awaited<ReturnType<Directory['search']>>) =>
  read.kind === 'read' ? read.value.map(({ id }) => id) : read

describe('where a page ends', () => {
  test.each([
    ['no links, and the page is not full', { data: people(99) }],
    ['links without a next', { data: people(100), links: {} }],
    ['links with a self alone', { data: people(100), links: { self: 'x' } }],
    ['next is null', { data: people(100), links: { next: null } }],
    ['next is empty', { data: people(100), links: { next: '' } }],
    ['nobody at all', { data: [] }],
  ])('is the end: %s', async (_, page) => {
    const { directory, requests } = directoryOf(body(page))
    expect(idsOf(await directory.search({}, STOP))).toEqual(page.data.map(({ accountId }) => accountId))
    expect(requests).toHaveLength(1)
  })

  test.each([
    ['no links, and the page is full', { data: people(100) }],
    ['links are null', { data: people(3), links: null }],
    ['no links, and the page is more than full', { data: people(101) }],
    ['links are a list', { data: people(3), links: [] }],
    ['links are a list of links', { data: people(3), links: [{ next: 'x' }] }],
    ['links are a text', { data: people(3), links: 'next' }],
    ['links are a number', { data: people(3), links: 0 }],
    ['next is a number', { data: people(3), links: { next: 2 } }],
    ['next is an object', { data: people(3), links: { next: { cursor: 'x' } } }],
    ['next is a list', { data: people(3), links: { next: ['x'] } }],
    ['next is false', { data: people(3), links: { next: false } }],
    ['no data', { links: {} }],
    ['data are null', { data: null, links: {} }],
    ['data are an object', { data: { 0: person('a') }, links: {} }],
  ])('cannot be told: %s', async (_, page) => {
    const { directory } = directoryOf(body(page))
    expect(await directory.search({}, STOP)).toMatchObject({
      kind: 'unreadable',
      key: expect.stringContaining('user search'),
    })
    expect(await directory.search(ORG_ADMINS, STOP)).toMatchObject({ kind: 'unreadable' })
    expect(await directory.search({ accountIds: ['a'] }, STOP)).toMatchObject({ kind: 'unreadable' })
    expect(await directory.search({ emails: ['a@b.c'] }, STOP)).toMatchObject({ kind: 'unreadable' })
  })

  test('every page is asked for with the cursor of the one before, also behind an empty one', async () => {
    const { directory, requests } = directoryOf(
      body({ data: people(100), links: { next: 'c2' } }),
      body({ data: [], links: { next: 'c3' } }),
      body({ data: people(1, 100), links: {} }),
    )
    expect(idsOf(await directory.search({}, STOP))).toHaveLength(101)
    const first = { expand: ['platformRoles', 'productAccess'], limit: 100 }
    expect(requests).toEqual([
      { method: 'POST', path: `${USERS}/search`, body: first },
      { method: 'POST', path: `${USERS}/search`, body: { ...first, cursor: 'c2' } },
      { method: 'POST', path: `${USERS}/search`, body: { ...first, cursor: 'c3' } },
    ])
  })

  test.each([
    ['the same at once', ['c2', 'c2']],
    ['in a circle', ['c2', 'c3', 'c2']],
  ])('cursors that repeat themselves end the read: %s', async (_, cursors) => {
    const pages = cursors.map((next) => body({ data: people(1), links: { next } }))
    const { directory, requests } = directoryOf(...pages)
    expect(await directory.search({}, STOP)).toMatchObject({
      kind: 'unreadable',
      key: expect.stringContaining('repeat'),
    })
    expect(requests.length).toBeLessThanOrEqual(cursors.length)
  })

  test.each([
    ['stays out of reach', unreadable('HTTP 500', 0), unreadable('HTTP 500', 0)],
    [
      'is refused',
      { ...unreadable('forbidden', 403), words: 'Ask Ada' },
      { ...unreadable('forbidden', 403), words: 'Ask Ada' },
    ],
    ['meets a conflict', unreadable('conflict', 409), unreadable('conflict', 409)],
    ['rejects the key', { kind: 'key-rejected', why: 'scoped' }, { kind: 'key-rejected', why: 'scoped' }],
    ['is withheld', { kind: 'withheld' }, { kind: 'withheld' }],
  ] as const)('a later page that %s leaves nothing of those before', async (_, answer, outcome) => {
    const { directory } = directoryOf(body({ data: people(1), links: { next: 'c2' } }), answer)
    expect(await directory.search({}, STOP)).toEqual(outcome)
  })
})

describe('what is asked', () => {
  const last = body({ data: [], links: {} })
  const common = { expand: ['platformRoles', 'productAccess'], limit: 100 }

  test.each([
    [
      'people by id',
      (one: Directory) => one.search({ accountIds: ['a', 'b'] }, STOP),
      { accountIds: ['a', 'b'], ...common },
    ],
    ['people by e-mail', (one: Directory) => one.search({ emails: ['a@b.c'] }, STOP), { emails: ['a@b.c'], ...common }],
    ['admins', (one: Directory) => one.search(ORG_ADMINS, STOP), { roleIds: ['atlassian/org-admin'], ...common }],
  ])('%s', async (_, ask, asked) => {
    const { directory, requests, stops } = directoryOf(last)
    await ask(directory)
    expect(requests).toEqual([{ method: 'POST', path: `${USERS}/search`, body: asked }])
    expect(stops).toEqual([STOP])
  })

  test('groups are asked for only where somebody needs them', async () => {
    const { atlassian, requests } = recorded(inTurn(last))
    await openDirectory(atlassian, 'o', true, () => 0).search({}, STOP)
    expect(requests[0]?.body).toMatchObject({ expand: ['platformRoles', 'productAccess', 'groups'] })
  })

  test('the present is asked for anew with each person: a long walk meets later activity', async () => {
    let now = 0
    const { atlassian } = recorded((_, call) => {
      now = Date.UTC(2026, 0, 1 + call)
      const productAccess = [{ lastActiveTimestamp: new Date(now).toISOString() }]
      const links = call === 0 ? { next: 'c' } : {}
      return body({ data: [person(`id-${call}`, { productAccess })], links })
    })
    const read = await openDirectory(atlassian, 'o', false, () => now).search({}, STOP)
    expect(read.kind === 'read' && read.value.map(({ facts }) => facts.lastActive.kind)).toEqual(['at', 'at'])
  })
})

describe('somebody without an id', () => {
  test.each([undefined, null, '', ' ', 'a b', '../a', 7, ['a'], { id: 'a' }])('%j', async (id) => {
    const { directory } = directoryOf(body({ data: [person('a'), person(id)], links: {} }))
    expect(await directory.search(ORG_ADMINS, STOP)).toMatchObject({
      kind: 'unreadable',
      key: expect.stringContaining('no account id'),
    })
    expect(idsOf(await directory.search({}, STOP))).toEqual(['a'])
    expect(idsOf(await directory.search({ accountIds: ['a'] }, STOP))).toEqual(['a'])
  })

  test.each([null, 'a', 7])('an admin that is %j is nobody with an id either', async (item) => {
    const { directory } = directoryOf(body({ data: [item], links: {} }))
    expect(await directory.search(ORG_ADMINS, STOP)).toMatchObject({ kind: 'unreadable' })
  })
})

test('an address finds those who have exactly it, each id once, whatever its case', async () => {
  const { directory } = directoryOf(
    body({
      data: [
        person('a', { email: 'Ada@Example.com' }),
        person('a', { email: 'ada@example.com' }),
        person('b', { email: 'ada@example.com.evil' }),
        person('c', { email: null }),
        person('d', {}),
      ],
      links: {},
    }),
  )
  const read = await directory.search({}, STOP)
  expect(read.kind === 'read' && idsWith('ada@EXAMPLE.com', read.value)).toEqual(['a'])
})

test.each([
  ['ada.lovelace@example.com', true],
  ["Ada.O'Neil+test_1%x@sub.example-1.co", true],
  ['', false],
  ['ada', false],
  ['@example.com', false],
  ['ada@', false],
  ['j…@example.com', false],
  ['ädä@example.com', false],
  ['ada@exämple.com', false],
  ['"ada lovelace"@example.com', false],
  ['ada @example.com', false],
  ['ada@example.com,ben@example.com', false],
  ['ada@ben@example.com', false],
  ['*@example.com', false],
  ['ada@example.com\n', false],
  [`${'a'.repeat(65)}@example.com`, false],
])('somebody can be searched for by %j: %s', (address, can) => {
  expect(isSearchable(address)).toBe(can)
})

describe('counts', () => {
  const odd = [undefined, null, '12', -1, 1.5, Number.NaN, 2 ** 53, true, [12], {}]

  test('active managed accounts', async () => {
    const { directory, requests } = directoryOf(...[12, 0, ...odd].map((count) => body({ count })))
    expect(await directory.countActive(STOP)).toEqual({ kind: 'read', value: 12 })
    expect(requests).toEqual([{ method: 'GET', path: `${USERS}/count?claimStatus=managed&accountStatus=active` }])
    expect(await directory.countActive(STOP)).toEqual({ kind: 'read', value: 0 })
    for (const count of odd)
      expect([count, await directory.countActive(STOP)]).toMatchObject([count, { kind: 'unreadable' }])
  })

  test('admins and everybody, by one call', async () => {
    const roles = [{ roleId: 'atlassian/user', count: 90 }, null, { roleId: 'atlassian/org-admin', count: 3 }]
    const accountStatus = ['active', 'inactive', 'closed'].map((status, index) => ({ status, count: 10 ** index }))
    const { directory, requests } = directoryOf(body({ roles, accountStatus }))
    expect(await directory.stats(STOP)).toEqual({ kind: 'read', value: { admins: 3, people: 111 } })
    expect(requests).toEqual([{ method: 'GET', path: `${USERS}/stats` }])
  })

  test.each([
    ...odd.map((count) => ({
      roles: [{ roleId: 'atlassian/org-admin', count }],
      accountStatus: [{ count: 1 }, { count }],
    })),
    { roles: [], accountStatus: [] },
    { roles: 'x', accountStatus: 7 },
    {},
  ])('admins and everybody may be untold: %j', async (answer) => {
    const { directory } = directoryOf(body(answer))
    expect(await directory.stats(STOP)).toEqual({ kind: 'read', value: { admins: null, people: null } })
  })

  test('a rejected key is told as that', async () => {
    const rejected = { kind: 'key-rejected', why: 'unauthorized' } as const
    const { directory } = directoryOf(rejected)
    expect([await directory.countActive(STOP), await directory.stats(STOP)]).toEqual([rejected, rejected])
  })
})

describe('the API keys', () => {
  const KEYS = '/admin/api-access/v1/orgs/org%2F1/api-keys'
  const key = (id: string) => ({ id, createdBy: { id }, expiresAt: '2026-06-01T00:00:00Z', scopes: [] })
  const creators = ({ keys }: Awaited<ReturnType<Directory['apiKeys']>>) => keys.map(({ creator }) => creator)

  test('are read page by page, with a size and a cursor', async () => {
    const { directory, requests } = directoryOf(
      body({ data: [key('a')], links: { next: 'c/2 &x' } }),
      body({ data: [key('b')], links: {} }),
    )
    const read = await directory.apiKeys(STOP)
    expect([creators(read), read.isComplete]).toEqual([['a', 'b'], true])
    expect(requests).toEqual([
      { method: 'GET', path: `${KEYS}?pageSize=100` },
      { method: 'GET', path: `${KEYS}?pageSize=100&cursor=c%2F2%20%26x` },
    ])
  })

  test.each([
    ['is refused', refused(403)],
    ['stays out of reach', unreadable('HTTP 500', 0)],
    ['rejects the key', { kind: 'key-rejected', why: 'scoped' }],
    ['is withheld', { kind: 'withheld' }],
    ['has no data', body({ links: {} })],
    ['does not say whether it is the last', body({ data: [], links: [] })],
    ['has a cursor that was there before', body({ data: [], links: { next: 'c2' } })],
  ] as const)('keep those read where a later page %s, and say that there may be more', async (_, answer) => {
    const { directory } = directoryOf(body({ data: [key('a')], links: { next: 'c2' } }), answer)
    const read = await directory.apiKeys(STOP)
    expect([creators(read), read.isComplete]).toEqual([['a'], false])
  })

  test('are complete with a first page without links that is not full; those of a full one are kept', async () => {
    const full = Array.from({ length: 100 }, (_, index) => key(`id-${index}`))
    const { directory } = directoryOf(body({ data: [key('a')] }), body({ data: full }))
    expect((await directory.apiKeys(STOP)).isComplete).toBe(true)
    const read = await directory.apiKeys(STOP)
    expect([creators(read).length, read.isComplete]).toEqual([100, false])
  })
})
