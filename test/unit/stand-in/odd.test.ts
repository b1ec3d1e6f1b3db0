import { describe, expect, test } from 'vitest'
import { FAULTS, type Fault } from '../../stand-in/faults.ts'
import { crowd, type Members, type Person, person, serviceAccount } from '../../stand-in/organization.ts'
import { openWorld, USERS } from './world.ts'

const ann = (overrides: Partial<Person> = {}): Person[] => [person({ id: 'ann', groups: ['Staff'], ...overrides })]
const KEYS = '/admin/api-access/v1/orgs/org-1/api-keys'
const MANAGED = '/admin/v1/orgs/org-1/users'
const EVERYTHING = ['platformRoles', 'groups', 'productAccess']

async function searched(world: ReturnType<typeof openWorld>, body: object = {}): Promise<readonly Members[]> {
  const answer = await world.post(`${USERS}/search`, { expand: EVERYTHING, ...body })
  return ((await answer.json()) as { data: readonly Members[] }).data
}

const read = async (answer: Promise<Response>): Promise<Members> => (await (await answer).json()) as Members

describe('a member of an answer', () => {
  test.each<[string, unknown]>([
    ['left out', undefined],
    ['null', null],
    ['of another type', 5],
    ['of an unknown value', 'pending'],
  ])('may be %s, in the search, the list and the profile', async (_, value) => {
    const names = ['groups', 'status', 'productAccess']
    const members = Object.fromEntries(names.map((name) => [name, value]))
    const world = openWorld({ people: ann({ odd: { search: members, users: members, profile: members } }) })
    const [entry] = await searched(world)
    const [managed] = (await read(world.ask(MANAGED))).data as readonly Members[]
    const { account } = (await read(world.ask('/users/ann/manage/profile'))) as { account: Members }
    for (const answer of [entry, managed, account]) {
      for (const name of names) expect([name in (answer ?? {}), answer?.[name]]).toEqual([value !== undefined, value])
    }
    const [plain] = await searched(world, { expand: [] })
    expect(plain).not.toHaveProperty('groups')
  })

  test('tells of activity, or that there was none', async () => {
    const people = [...ann({ lastActive: '2026-02-03T04:05:06Z' }), person({ id: 'bob', lastActive: null })]
    const world = openWorld({ people })
    expect((await searched(world)).map(({ productAccess }) => productAccess)).toEqual([
      [{ id: 'product-1', key: 'jira', lastActiveTimestamp: '2026-02-03T04:05:06Z' }],
      [{ id: 'product-1', key: 'jira' }],
    ])
    const { data } = (await read(world.ask(MANAGED))) as { data: readonly Members[] }
    expect(data.map(({ last_active: last }) => last)).toEqual(['2026-02-03T04:05:06Z', undefined])
  })
})

test('a person of two directories is named twice, far apart, and found by what either says', async () => {
  const elsewhere = [{ groups: ['Owners'], managementSource: 'synced', roles: ['atlassian/org-admin'] } as const]
  const world = openWorld({ people: [...ann({ elsewhere }), person({ id: 'bob' })] })
  const all = await searched(world)
  expect(all.map(({ accountId, managementSource }) => [accountId, managementSource])).toEqual([
    ['ann', 'invited'],
    ['bob', 'invited'],
    ['ann', 'synced'],
  ])
  const groups = (await searched(world, { accountIds: ['ann'] })).map((entry) => entry.groups)
  expect(groups).toEqual([[{ id: 'g-Staff', name: 'Staff' }], [{ id: 'g-Owners', name: 'Owners' }]])
  expect(await searched(world, { roleIds: ['atlassian/org-admin'] })).toMatchObject([{ accountId: 'ann' }])
  expect(await read(world.ask(`${USERS}/stats`))).toMatchObject({
    roles: expect.arrayContaining([{ roleId: 'atlassian/org-admin', count: 1 }]),
  })
})

test('a person may be unknown to the directory, but not to the list of managed accounts or the own calls', async () => {
  const world = openWorld({ people: ann({ inDirectory: false }) })
  expect(await searched(world, { accountIds: ['ann'] })).toEqual([])
  expect(await read(world.ask(`${USERS}/count`))).toMatchObject({ count: 0 })
  expect(await read(world.ask(MANAGED))).toMatchObject({ data: [{ account_id: 'ann' }] })
  expect(await world.statusOf('ann')).toBe('active')
})

test('a service account is an app by its profile and the managed accounts, and a person by the search', async () => {
  const world = openWorld({ people: [serviceAccount({ id: 'bot' })] })
  expect(await searched(world)).toMatchObject([{ accountType: 'atlassian', email: 'bot@serviceaccount.atlassian.com' }])
  expect(await read(world.ask(MANAGED))).toMatchObject({ data: [{ account_type: 'app' }] })
  expect(await read(world.ask('/users/bot/manage/profile'))).toMatchObject({ account: { account_type: 'app' } })
})

describe('a page', () => {
  test.each<[string, Fault, Members]>([
    ['without data', FAULTS.members({ data: undefined }), {}],
    ['with links that are an array', FAULTS.members({ links: [] }), { links: [] }],
    ['with an object as next', FAULTS.next({ cursor: 'x' }), { links: { next: { cursor: 'x' } } }],
    ['with a number as next', FAULTS.next(5), { links: { next: 5 } }],
  ])('may come %s', async (_, fault, expected) => {
    const world = openWorld({ people: ann() })
    world.faults.order({ route: 'search', fault })
    const page = await read(world.post(`${USERS}/search`, {}))
    expect(page).toMatchObject(expected)
    expect('data' in page).toBe('links' in expected)
  })

  test('may hold an admin without an id', async () => {
    const world = openWorld({ people: ann({ roles: ['atlassian/org-admin'] }) })
    world.faults.order({ route: 'search', fault: FAULTS.items((item) => ({ ...item, accountId: 7 })) })
    expect(await searched(world, { roleIds: ['atlassian/org-admin'] })).toMatchObject([{ accountId: 7 }])
  })

  test('may lead to one that was there before, for ever', async () => {
    const world = openWorld({ people: crowd(5) })
    world.faults.order({ route: 'search', fault: FAULTS.repeatingNext() })
    const next = async (cursor?: unknown): Promise<unknown> => {
      const page = await read(world.post(`${USERS}/search`, cursor === undefined ? { limit: 2 } : { cursor }))
      return (page.links as Members).next
    }
    const first = await next()
    expect([typeof first, await next(first), await next(first)]).toEqual(['string', first, first])
  })
})

test('figures may count admins whom no search names', async () => {
  const world = openWorld({ people: ann({ roles: ['atlassian/org-admin'] }), hiddenAdmins: 2 })
  expect(await read(world.ask(`${USERS}/stats`))).toMatchObject({
    roles: expect.arrayContaining([{ roleId: 'atlassian/org-admin', count: 3 }]),
  })
})

test('API keys are listed by the page size that is asked for, and where ordered not without one', async () => {
  const world = openWorld({ people: ann(), keysNeedPageSize: true })
  world.organization.apiKeys.push(...crowd(5).map(({ id }) => ({ creator: id, expiresAt: '2027-01-01T00:00:00Z' })))
  expect((await world.ask(KEYS)).status).toBe(500)
  expect(await read(world.ask(`${KEYS}?pageSize=2&cursor=2`))).toMatchObject({
    data: [{ id: 'key-2' }, { id: 'key-3' }],
    links: { next: '4' },
  })
  expect((await world.ask(`${KEYS}?pageSize=none`)).status).toBe(400)
})

test('a key with scopes reaches the calls they are for, and is told of the others in their own words', async () => {
  const world = openWorld({ people: ann(), reach: new Set(['users', 'stats']) })
  const answers = await Promise.all([
    world.ask(MANAGED),
    world.ask(`${USERS}/stats`),
    world.post(`${USERS}/search`, {}),
    world.ask('/users/ann/manage/profile'),
    world.ask(KEYS),
  ])
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 403, 403, 403])
  expect(await answers[2]?.json()).toMatchObject({ message: 'User has no permission to access resource.' })
  expect(await answers[3]?.json()).toMatchObject({ key: 'forbidden.insufficientScope' })
})

describe('time', () => {
  test('a change may land long after its answer was lost', async () => {
    const world = openWorld({ people: ann() })
    world.faults.order({ route: 'disable', times: 1, fault: FAULTS.lostLateChange(20) })
    expect((await world.post('/users/ann/manage/lifecycle/disable', {})).type).toBe('error')
    expect(await world.statusOf('ann')).toBe('active')
    await new Promise((resolve) => setTimeout(resolve, 40))
    expect(await world.statusOf('ann')).toBe('inactive')
    expect(world.organization.callsTo('disable')[0]?.status).toBe(0)
  })

  test('a search that lags shows what was, also where more than one change came since', async () => {
    const { post, clock, ...world } = openWorld({ people: ann(), searchLag: 30_000 })
    const status = async () => (await searched({ post, clock, ...world }))[0]?.accountStatus
    await post('/users/ann/manage/lifecycle/disable', {})
    clock.time += 20_000
    await post('/users/ann/manage/lifecycle/enable')
    expect(await status()).toBe('active')
    clock.time += 10_000
    expect(await status()).toBe('inactive')
    clock.time += 20_000
    expect(await status()).toBe('active')
  })

  test('a profile may be that of somebody else, or of a state that nobody documents', async () => {
    const world = openWorld({ people: ann() })
    world.faults.order({
      route: 'profile',
      fault: FAULTS.account({ account_id: 'bob', account_status: undefined }),
    })
    const { account } = (await read(world.ask('/users/ann/manage/profile'))) as { account: Members }
    expect([account.account_id, 'account_status' in account]).toEqual(['bob', false])
  })
})
