import { describe, expect, test } from 'vitest'
import { crowd, person } from '../../stand-in/organization.ts'
import { openWorld, USERS } from './world.ts'

interface Page {
  readonly data: readonly Readonly<Record<string, unknown>>[]
  readonly links: { readonly next?: string | null }
}

const PEOPLE = [
  person({ id: 'ada', email: 'ada@example.com', roles: ['atlassian/org-admin'], groups: ['Admins'] }),
  person({ id: 'sam', email: 'sam@example.org', managementSource: 'synced', membershipStatus: 'suspended' }),
  person({ id: 'uma', email: 'uma@example.net', claimStatus: 'unmanaged', membershipStatus: 'no_membership' }),
  person({ id: 'ina', email: 'ina@example.com', accountStatus: 'inactive' }),
]

describe('the search', () => {
  test.each<[object, string[]]>([
    [{}, ['ada', 'sam', 'uma', 'ina']],
    [{ accountIds: ['ina', 'nobody', 'ada'] }, ['ina', 'ada']],
    [{ emails: ['sam@example.org'] }, ['sam']],
    [{ searchTerm: 'UMA@' }, ['uma']],
    [{ status: ['suspended', 'not_invited'] }, ['sam', 'uma']],
    [{ accountStatus: ['inactive'] }, ['ina']],
    [{ membershipStatus: ['no_membership'] }, ['uma']],
    [{ claimStatus: 'unmanaged' }, ['uma']],
    [{ roleIds: ['atlassian/org-admin'] }, ['ada']],
    [{ groupIds: ['g-Admins'] }, ['ada']],
    [{ emailDomains: ['example.com'] }, ['ada', 'ina']],
    [{ accountId: ['ada'] }, ['ada', 'sam', 'uma', 'ina']],
  ])('by %j finds %j', async (body, ids) => {
    const { post } = openWorld({ people: PEOPLE })
    const { data } = (await (await post(`${USERS}/search`, body)).json()) as Page
    expect(data.map(({ accountId }) => accountId)).toEqual(ids)
  })

  test.each<object | string>([
    { accountIds: [] },
    { accountIds: Array(11).fill('a') },
    { emails: Array.from({ length: 101 }, (_, index) => `${index}@example.com`) },
    { emails: ['a@example.com'], searchTerm: 'a' },
    { roleIds: ['org-admin'] },
    { accountStatus: ['gone'] },
    { claimStatus: 'claimed' },
    { limit: 0 },
    { limit: 101 },
    { expand: ['roles'] },
    { cursor: 'none of mine' },
    { cursor: Buffer.from('1').toString('base64url') },
    { cursor: 5 },
    'no JSON',
  ])('refuses %j', async (body) => {
    const { post } = openWorld({ people: PEOPLE })
    const answer = await post(`${USERS}/search`, body)
    expect(answer.status).toBe(400)
    expect(await answer.json()).toMatchObject({ errors: [{ status: '400' }] })
  })

  test.each(['absent', 'null'] as const)(
    'goes on by a bare token to a last page whose next is %s',
    async (lastPage) => {
      const people = crowd(120)
      const { post, organization } = openWorld({ people, lastPage })
      const seen: unknown[] = []
      let page = (await (
        await post(`${USERS}/search`, { expand: ['groups'], accountStatus: ['active'] })
      ).json()) as Page
      for (;;) {
        seen.push(...page.data.map(({ accountId }) => accountId))
        expect(page.data[0]).toHaveProperty('groups')
        // What is chosen by may change on the way: nobody is passed over for it.
        organization.setStatus(String(seen[0]), 'disable', '')
        const { next } = page.links
        if (typeof next !== 'string') break
        expect(next).not.toMatch(/[/?]/)
        page = (await (await post(`${USERS}/search`, { cursor: next, limit: 1, accountIds: ['x'] })).json()) as Page
      }
      expect(seen).toEqual(people.map(({ id }) => id))
      expect('next' in page.links).toBe(lastPage === 'null')
      expect(organization.callsTo('search')).toHaveLength(3)
    },
  )

  test('tells roles and groups only where they are asked for', async () => {
    const { post } = openWorld({ people: PEOPLE })
    const plain = (await (await post(`${USERS}/search`, { accountIds: ['ada'] })).json()) as Page
    expect(plain.data[0]).toMatchObject({ claimStatus: 'managed', status: 'active', later: { added: true } })
    expect(plain.data[0]).not.toHaveProperty('platformRoles')
    const body = { accountIds: ['ada'], expand: ['platformRoles', 'groups'] }
    expect(((await (await post(`${USERS}/search`, body)).json()) as Page).data[0]).toMatchObject({
      platformRoles: ['atlassian/org-admin'],
      groups: [{ id: 'g-Admins', name: 'Admins' }],
    })
  })

  test('may lag behind a change that the profile shows at once', async () => {
    const { post, statusOf, clock } = openWorld({ people: PEOPLE, searchLag: 30_000 })
    await post('/users/ada/manage/lifecycle/disable', {})
    const searched = async () =>
      ((await (await post(`${USERS}/search`, { accountIds: ['ada'] })).json()) as Page).data[0]?.accountStatus
    expect([await searched(), await statusOf('ada')]).toEqual(['active', 'inactive'])
    clock.time += 30_000
    expect(await searched()).toBe('inactive')
  })
})

describe('the organization', () => {
  test('counts by the filters of the query, and refuses values that are none', async () => {
    const { ask } = openWorld({ people: PEOPLE })
    const count = async (query: string) => (await ask(`${USERS}/count?${query}`)).json()
    expect(await count('claimStatus=managed&accountStatus=active&accountStatus=inactive')).toMatchObject({ count: 3 })
    expect(await count('accountStatus=closed')).toMatchObject({ count: 0 })
    expect((await ask(`${USERS}/count?accountStatus=active,inactive`)).status).toBe(400)
    expect(await (await ask(`${USERS}/stats`)).json()).toMatchObject({
      accountStatus: [
        { status: 'active', count: 3 },
        { status: 'inactive', count: 1 },
        { status: 'closed', count: 0 },
      ],
    })
  })

  test('lists its managed accounts page by page, with full addresses, and with another origin where ordered', async () => {
    const world = openWorld({ people: [...PEOPLE, ...crowd(100)] })
    const first = (await (await world.ask('/admin/v1/orgs/org-1/users')).json()) as Page & { meta: object }
    expect(first.meta).toEqual({ total: 103 })
    const next = new URL(String(first.links.next))
    expect(next.origin).toBe('https://api.atlassian.com')
    const second = (await (await world.ask(next.pathname + next.search)).json()) as Page
    expect([second.data.length, second.links.next]).toEqual([3, undefined])
    world.organization.nextOrigin = 'https://elsewhere.example'
    const lured = (await (await world.ask('/admin/v1/orgs/org-1/users')).json()) as Page
    expect(lured.links.next).toBe('https://elsewhere.example/admin/v1/orgs/org-1/users?cursor=100')
    expect((await world.ask('/admin/v1/orgs/org-1/users?cursor=x')).status).toBe(400)
  })

  test.each([403, 404] as const)('is closed with %i to the keys of others', async (foreignStatus) => {
    const { ask } = openWorld({ people: PEOPLE, foreignStatus })
    expect((await ask('/admin/v1/orgs/org-2/users')).status).toBe(foreignStatus)
  })

  test('tells whose its keys are, and who is provisioned', async () => {
    const { ask, organization } = openWorld({ people: PEOPLE })
    organization.apiKeys.push({ creator: 'ada', expiresAt: '2027-01-01T00:00:00Z' })
    expect(await (await ask('/admin/api-access/v1/orgs/org-1/api-keys')).json()).toMatchObject({
      data: [{ createdBy: { id: 'ada', email: 'ada@example.com' } }],
    })
    const links = async (id: string) =>
      (await ask(`/admin/user-provisioning/v1/org/org-1/user/${id}/get-scim-links`)).json()
    expect(await links('ada')).toMatchObject({ scimLinks: [] })
    expect(await links('sam')).toMatchObject({ scimLinks: [{ scimUserId: 'scim-sam' }] })
  })
})
