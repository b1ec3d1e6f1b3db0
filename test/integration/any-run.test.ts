import fc from 'fast-check'
import { expect, test } from 'vitest'
import { runs } from '../runs.ts'
import { FAULTS, type Fault, type FaultOrder } from '../stand-in/faults.ts'
import { createOrganization, type Person, person } from '../stand-in/organization.ts'
import { type StandIn, startStandIn } from '../stand-in/server.ts'
import { brokenLaws } from './laws.ts'
import { type Ran, runMain } from './run-main.ts'
import { ADMIN, admin } from './scene.ts'

const CHANGE_FAULTS: readonly Fault[] = [
  FAULTS.unauthorized,
  FAULTS.scoped,
  FAULTS.forbidden,
  FAULTS.refused('externalDirectory.scim'),
  FAULTS.notFound,
  FAULTS.conflict,
  FAULTS.serverError,
  FAULTS.badGateway,
  FAULTS.wrongSuccess,
  FAULTS.wrongSuccessAfterChange,
  FAULTS.redirect,
  FAULTS.throttled(),
  FAULTS.throttled({ 'retry-after': '5' }),
  FAULTS.reset,
  FAULTS.resetAfterChange,
  FAULTS.errorAfterChange,
  // By the run's clock, seconds after it was looked for.
  FAULTS.lostLateChange(4),
  FAULTS.lostLateChange(12),
]
const READ_FAULTS: readonly Fault[] = [
  FAULTS.unauthorized,
  FAULTS.forbidden,
  FAULTS.notFound,
  FAULTS.serverError,
  FAULTS.badGateway,
  FAULTS.throttled(),
  FAULTS.reset,
  { kind: 'stale-profile' },
  { kind: 'answer', status: 200, body: '<html>' },
  FAULTS.account({ account_status: 'pending' }),
  FAULTS.account({ account_status: undefined }),
  FAULTS.account({ account_id: 'somebody-else', account_status: 'inactive' }),
]
/** Pages that hide what they know: the word is the list's, where it tells. */
const BLINDING: readonly Fault[] = [
  FAULTS.items((item) => ({ ...item, accountId: undefined })),
  FAULTS.items((item) => ({ ...item, accountStatus: 'pending', status: 'pending' })),
  FAULTS.items((item) => ({ ...item, groups: null, email: 5, platformRoles: undefined })),
]
const PAGE_FAULTS: readonly Fault[] = [
  FAULTS.members({ links: [] }),
  FAULTS.next({}),
  FAULTS.next(1),
  FAULTS.members({ data: undefined }),
  ...BLINDING,
]

interface Somebody {
  readonly domain: number
  readonly is: (typeof KINDS)[number]
  readonly excluded: boolean
}

/** What people can be besides active. */
const KINDS = [
  'active',
  'inactive',
  'inactive, but listed as active',
  'app',
  'unmanaged',
  'refused',
  'of a protected group by the second directory',
  'of groups that nobody tells',
  'of an address that nobody tells',
  'suspended',
  'pending by the search',
  'pending by the profile',
  'absent from the directory',
] as const

/** An exclusion that asks for a fact, or none. */
const RULES = { none: '', group: 'group:Protected', email: '*@board.example', status: 'status:suspended' } as const

interface Planned {
  readonly people: readonly Somebody[]
  readonly rule: keyof typeof RULES
  readonly faults: readonly { who: number; read: boolean; fault: number; times: number; after: number }[]
  readonly pages: readonly { fault: number; times: number; after: number }[]
  readonly cancelAt: number | null
  readonly cancelFirst: boolean
  readonly inputs: Record<string, string>
  readonly alreadySo: 204 | 409
  readonly directory: boolean
}

const somebody: fc.Arbitrary<Somebody> = fc.record({
  domain: fc.nat(2),
  is: fc.oneof(
    { weight: 6, arbitrary: fc.constant('active' as const) },
    { weight: 4, arbitrary: fc.constantFrom(...KINDS) },
  ),
  excluded: fc.oneof({ weight: 5, arbitrary: fc.constant(false) }, fc.boolean()),
})

const planned: fc.Arbitrary<Planned> = fc.record({
  // More than ten are looked at by their addresses.
  people: fc.oneof(
    { weight: 2, arbitrary: fc.array(somebody, { minLength: 1, maxLength: 9 }) },
    { weight: 1, arbitrary: fc.array(somebody, { minLength: 11, maxLength: 14 }) },
  ),
  faults: fc.array(
    fc.record({
      who: fc.nat(9),
      read: fc.boolean(),
      fault: fc.nat(CHANGE_FAULTS.length - 1),
      times: fc.integer({ min: 1, max: 8 }),
      after: fc.nat(2),
    }),
    { maxLength: 5 },
  ),
  rule: fc.constantFrom('none', 'none', 'group', 'email', 'status'),
  pages: fc.oneof(
    { weight: 3, arbitrary: fc.constant([]) },
    fc.array(
      fc.record({ fault: fc.nat(PAGE_FAULTS.length - 1), times: fc.integer({ min: 1, max: 3 }), after: fc.nat(4) }),
      { maxLength: 2 },
    ),
  ),
  cancelAt: fc.oneof({ weight: 2, arbitrary: fc.constant(null) }, fc.integer({ min: 1, max: 30 })),
  cancelFirst: fc.boolean(),
  inputs: fc.record({
    'canary-size': fc.constantFrom('1', '2', '5'),
    'canary-pause-seconds': fc.constantFrom('0', '10'),
    'max-failures': fc.constantFrom('0', '1', '5'),
    concurrency: fc.constantFrom('1', '3', '8'),
  }),
  alreadySo: fc.constantFrom(204 as const, 409 as const),
  directory: fc.boolean(),
})

const ANYBODY: Somebody = { domain: 0, is: 'active', excluded: false }
const idOf = (index: number): string => `account-${index}`

function personOf({ domain, is }: Somebody, index: number): Person {
  const common = { id: idOf(index), email: `p${index}@${['example.com', 'example.net', 'example.org'][domain]}` }
  switch (is) {
    case 'active':
      return person(common)
    case 'app':
      return person({ ...common, accountType: 'app' })
    case 'unmanaged':
      return person({ ...common, claimStatus: 'unmanaged' })
    case 'refused':
      return person({ ...common, manageRefusal: 'authPolicy.saml' })
    case 'of a protected group by the second directory':
      return person({ ...common, elsewhere: [{ groups: ['Protected'] }, { groups: ['Staff'] }] })
    case 'of groups that nobody tells':
      return person({ ...common, odd: { search: { groups: undefined } } })
    case 'of an address that nobody tells':
      return person({ ...common, odd: { search: { email: null }, profile: { email: undefined } } })
    case 'suspended':
      return person({ ...common, membershipStatus: 'suspended' })
    case 'pending by the search':
      return person({ ...common, odd: { search: { accountStatus: 'pending', status: undefined } } })
    case 'pending by the profile':
      return person({ ...common, odd: { profile: { account_status: 'pending' } } })
    case 'absent from the directory':
      return person({ ...common, inDirectory: false })
    default:
      return person({ ...common, accountStatus: 'inactive' })
  }
}

/** How the list has somebody: what it does not tell, nobody tells of these. */
function listedAs(one: Person, { is }: Somebody): Person {
  if (is === 'inactive, but listed as active') return { ...one, accountStatus: 'active' }
  if (is === 'of an address that nobody tells') return { ...one, email: '' }
  return is === 'of groups that nobody tells' || is === 'absent from the directory' ? { ...one, groups: [] } : one
}

/** Whether a protection holds the account, by what is true of the person and what is told of it. */
function isProtected({ is, excluded }: Somebody, { rule, directory, pages }: Planned): boolean {
  const seen = directory && !pages.some(({ fault }) => BLINDING.includes(PAGE_FAULTS[fault] ?? FAULTS.serverError))
  if (excluded) return true
  if (is === 'of an address that nobody tells') return rule === 'email' || !directory
  if (is === 'of groups that nobody tells' || is === 'absent from the directory') return rule === 'group'
  if (is === 'of a protected group by the second directory') return rule === 'group' && seen
  return is === 'suspended' && rule === 'status' && seen
}

function orderOf({ who, read, fault, times, after }: Planned['faults'][number]): FaultOrder {
  const faults = read ? READ_FAULTS : CHANGE_FAULTS
  return {
    route: read ? 'profile' : 'disable',
    account: idOf(who),
    times,
    after,
    fault: faults[fault % faults.length] ?? FAULTS.serverError,
  }
}

async function carryOut(plan: Planned): Promise<{ standIn: StandIn; ran: Ran; broken: string[] }> {
  const people = plan.people.map(personOf)
  const standIn = await startStandIn(createOrganization({ people: [admin(), ...people] }))
  standIn.organization.alreadySo = plan.alreadySo
  for (const order of plan.faults.map(orderOf)) standIn.faults.order(order)
  for (const { fault, ...when } of plan.pages)
    standIn.faults.order({ route: 'search', ...when, fault: PAGE_FAULTS[fault] ?? FAULTS.serverError })
  const list = people.map((one, index) => listedAs(one, plan.people[index] ?? ANYBODY))
  const excluded = people.filter((_, index) => plan.people[index]?.excluded === true).map(({ id }) => id)
  const { cancelAt } = plan
  const ran = await runMain(standIn, {
    list,
    factor: 1000,
    inputs: {
      ...plan.inputs,
      exclude: [...excluded, RULES[plan.rule]].join('\n'),
      ...(plan.directory ? { 'organization-id': 'org-1', waive: 'max-percent' } : {}),
    },
    onCancel: (cancel) => {
      if (cancelAt === null) return
      const timer = setInterval(() => {
        if (standIn.organization.calls.length < cancelAt) return
        clearInterval(timer)
        cancel()
      }, 1)
      timer.unref()
    },
  })
  const listed = list.map(({ id }) => id)
  const safe = listed.filter((_, index) => isProtected(plan.people[index] ?? ANYBODY, plan))
  const broken = brokenLaws(ran, standIn, { listed, protected: [...safe, ADMIN] })
  return { standIn, ran, broken }
}

test('no list, fault or cancel breaks a law, and a second run finishes the rest without changing anybody twice', async () => {
  await fc.assert(
    fc.asyncProperty(planned, async (plan) => {
      const { standIn, ran, broken } = await carryOut(plan)
      await using _open = standIn
      expect({ broken, outcome: ran.outputs.outcome }).toEqual({ broken: [], outcome: ran.outputs.outcome })
      expect(ran.log).not.toContain('    at ')
      standIn.faults.clear()
      const people = plan.people.map(personOf)
      const { people: known } = standIn.organization
      for (const [id, one] of known) known.set(id, { ...one, odd: {}, elsewhere: [], inDirectory: true })
      const again = await runMain(standIn, {
        list: people.map((one) => ({ ...one, accountStatus: 'active' })),
        factor: 1000,
        inputs: { exclude: plan.people.flatMap((one, index) => (one.excluded ? [idOf(index)] : [])).join('\n') },
      })
      const twice = people.filter(
        ({ id }) => standIn.organization.changes.filter((change) => change.accountId === id).length > 1,
      )
      expect(twice).toEqual([])
      if (again.outputs.outcome !== 'refused') expect(again.outputs['not-attempted']).toBe('0')
    }),
    runs(100),
  )
}, 180_000)
