import fc from 'fast-check'
import { expect, test } from 'vitest'
import { runs } from '../runs.ts'
import { createOrganization, type Members, type Person, person, type Route } from '../stand-in/organization.ts'
import { startStandIn } from '../stand-in/server.ts'
import { planned, planOf, type RanFind, runFind } from './find-scene.ts'
import { admin } from './scene.ts'

const DAY = 86_400_000
const NOW = Date.now()
const ago = (days: number): string => new Date(NOW - days * DAY).toISOString()

const when = fc.constantFrom(0.01, 1, 29, 31, 400, 400, 400).map(ago)
/** Activity in every shape that an answer may have. */
const anyProducts: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom(
    null,
    undefined,
    'jira',
    {},
    [],
    [{}],
    [{ key: 'jira' }],
    [7],
    [{ lastActiveTimestamp: 'soon' }],
    [{ lastActiveTimestamp: ago(-3) }],
  ),
  fc.array(
    fc.record({ key: fc.constantFrom('jira', 'confluence'), lastActiveTimestamp: fc.oneof(when, fc.constant(null)) }),
    { maxLength: 3 },
  ),
)
/** One or two of these members, and seldom: of several odd ones the first would hide the others. */
function few<T extends object>(members: { readonly [name in keyof T]: fc.Arbitrary<T[name]> }): fc.Arbitrary<Members> {
  const names = Object.keys(members) as (keyof T)[]
  const chosen = fc.tuple(fc.record(members), fc.subarray(names, { minLength: 1, maxLength: 2 }))
  const some = chosen.map(([all, picked]) => Object.fromEntries(picked.map((name) => [name, all[name]])))
  return fc.oneof({ weight: 2, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: some })
}

const odd = few({
  productAccess: anyProducts,
  addedToOrg: fc.oneof(when, fc.constantFrom(null, undefined, 'long ago', 7)),
  accountStatus: fc.constantFrom('active', 'ACTIVE', 'pending', null, undefined),
  accountType: fc.constantFrom('atlassian', 'app', null, undefined),
  claimStatus: fc.constantFrom('managed', 'unmanaged', null, undefined),
  status: fc.constantFrom('active', 'suspended', null),
  email: fc.constantFrom('a@example.com', null, undefined, '', 'bot@serviceaccount.atlassian.com'),
  name: fc.constantFrom('=1+1', 'a;@b', null, 7, '"', 'x\ny'),
  groups: fc.constantFrom(null, undefined, [], [{ name: 'vip' }], [{ name: 'a, vip' }], [{}], 'vip'),
  platformRoles: fc.constantFrom(null, undefined, [], ['atlassian/org-admin'], ['atlassian/ai-access'], [null]),
  managementSource: fc.constantFrom('synced', 'invited', null),
})
const oddList = few({
  product_access: fc.constantFrom(null, undefined, [], [{ key: 'jira', last_active: ago(400) }], 'x', [
    { last_active: 'soon' },
  ]),
  last_active: fc.oneof(when, fc.constantFrom(null, undefined, 'soon', 7, ago(-1))),
  account_status: fc.constantFrom('active', 'inactive', 'closed', 'x', null),
  access_billable: fc.constantFrom(true, false, null, 'yes'),
  email: fc.constantFrom(null, undefined, 'a@example.com'),
})

interface Case {
  readonly people: readonly (Partial<Person> & {
    readonly more: readonly Members[]
    readonly search: Members
    readonly users: Members
  })[]
  readonly inputs: Readonly<Record<string, string>>
  readonly reach: readonly Route[] | null
  /** Who is active between the list and the apply. */
  readonly back: readonly number[]
}

const anyCase: fc.Arbitrary<Case> = fc.record({
  people: fc.array(
    fc.record({
      lastActive: fc.oneof(when, fc.constant(null)),
      addedToOrg: when,
      groups: fc.subarray(['jira', 'vip', 'a, b']),
      accountStatus: fc.constantFrom('active', 'active', 'active', 'inactive'),
      membershipStatus: fc.constantFrom('active', 'suspended'),
      manageRefusal: fc.constantFrom(
        '',
        '',
        '',
        'externalDirectory.google',
        'externalDirectory.scim',
        'administrative.notMyself',
      ),
      search: odd,
      users: oddList,
      more: fc.oneof(fc.constant([]), fc.array(odd, { maxLength: 2 })),
    }),
    { minLength: 4, maxLength: 8 },
  ),
  inputs: fc.record(
    {
      'idle-days': fc.constantFrom('0', '30', '30'),
      exclude: fc
        .subarray(['id-1', 'a@example.com', 'group:vip', 'role:*admin', 'status:suspended', 'p3@*'], { maxLength: 2 })
        .map((lines) => lines.join('\n')),
      include: fc.constantFrom(
        ...['*', '*', '*@example.com', '*@example.com'],
        'group:jira',
        'group:vip',
        'id-0\nid-2',
        'p1@example.com',
        'status:suspended',
      ),
      'executing-user': fc.constantFrom('the.admin@example.com', 'admin-of-the-organization', 'p1@example.com', ''),
      'notice-days': fc.constant('0'),
    },
    { requiredKeys: [] },
  ),
  reach: fc.constantFrom(null, null, null, ['users', 'profile'], ['search', 'count', 'stats', 'users', 'api-keys']),
  back: fc.array(fc.nat(7), { minLength: 1, maxLength: 3 }),
})

const organizationOf = ({ people, reach }: Case, order: (all: Person[]) => Person[] = (all) => all) =>
  createOrganization({
    people: order([
      { ...admin(), name: 'Ada' },
      ...people.map(({ more, search, users, ...one }, index) =>
        person({
          id: `id-${index}`,
          name: `Person ${index}`,
          email: `p${index}@example.com`,
          ...one,
          odd: { search, users },
          elsewhere: more.map((entry) => ({
            ...one,
            name: `Person ${index}`,
            email: `p${index}@example.com`,
            odd: { search: entry },
          })),
        }),
      ),
    ]),
    reach: reach === null ? null : new Set(reach),
  })

test('whatever the directory says, a plan of the list finds the same people, and nobody active since is changed', async () => {
  const seen = { lists: 0, changed: 0 }
  await fc.assert(
    fc.asyncProperty(anyCase, async (one) => {
      const { inputs, back } = one
      await using standIn = await startStandIn(organizationOf(one))
      const { organization } = standIn
      const found = await runFind(standIn, { inputs, factor: 50 })
      expect(organization.calls.filter(({ path }) => path.includes('/lifecycle/'))).toEqual([])
      if (found.outputs.outcome === 'refused') {
        expect(found.list).toBe('')
        return
      }
      const ids = [...found.people.keys()]
      expect(ids).toEqual(planned(found))
      expect(['planned', 'nothing-to-do', 'failed']).toContain(found.outputs.outcome)
      if (found.outputs.outcome === 'failed') expect(found.outputs.reason).toBe('accounts-not-found')
      await sameAgain(one, found)
      if (ids.length === 0) return
      seen.lists++
      const plan = await planOf(standIn, found, { inputs, factor: 50 })
      expect(planned(plan)).toEqual(ids)
      expect(plan.outputs.outcome).toBe('planned')

      organization.reach = null
      const awake = ids.filter((id) => back.includes(Number(id.slice(3))))
      for (const id of awake) {
        const { elsewhere, odd: _, ...known } = organization.people.get(id) ?? person()
        organization.people.set(id, { ...known, odd: {}, elsewhere: elsewhere.map(() => ({})), lastActive: ago(0) })
      }
      const applied = await planOf(standIn, found, { inputs: { ...inputs, mode: 'apply' }, factor: 50 })
      const changed = [...new Set(organization.changes.map(({ accountId }) => accountId))]
      expect(ids).toEqual(expect.arrayContaining(changed))
      if (inputs['idle-days'] === '30') expect(changed.filter((id) => awake.includes(id))).toEqual([])
      expect(applied.outputs.deactivated).toBe(String(changed.length))
      seen.changed += changed.length
    }),
    runs(60),
  )
  // A run in which nothing came up would prove nothing.
  for (const number of Object.values(seen)) expect(number).toBeGreaterThan(0)
}, 240_000)

/** The same organization, told in another order, makes the same bytes. */
async function sameAgain(one: Case, found: RanFind): Promise<void> {
  await using standIn = await startStandIn(organizationOf(one, (all) => all.toReversed()))
  const again = await runFind(standIn, { inputs: one.inputs, factor: 50 })
  expect(again.list).toBe(found.list)
}
