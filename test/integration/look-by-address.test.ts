import { describe, expect, test } from 'vitest'
import { FAULTS } from '../stand-in/faults.ts'
import { type Call, createOrganization, crowd, type Person, person } from '../stand-in/organization.ts'
import { type StandIn, startStandIn } from '../stand-in/server.ts'
import { brokenLaws } from './laws.ts'
import { type Ran, runMain } from './run-main.ts'
import { admin, changesOf, csv, DIRECTORY } from './scene.ts'

/** So many that a search by address is cheaper than by id. */
const OTHERS = crowd(24)
/** So many that nobody walks through all of them. */
const BYSTANDERS = crowd(300, 'bystander')
const SPECIAL = 'special-1'
const LISTED = [SPECIAL, ...OTHERS.map(({ id }) => id)]

interface Looked {
  readonly standIn: StandIn
  readonly ran: Ran
  /** Ids that a search asked for before the first change. */
  readonly ids: readonly string[]
  readonly addresses: readonly string[]
}

/** An apply to the special one, and to a crowd about which there is nothing to say. */
async function apply(
  special: Partial<Person>,
  { email = special.email ?? 'special@example.com', more = [] as readonly Person[], inputs = {} } = {},
  prepare: (standIn: StandIn) => void = () => undefined,
): Promise<Looked & AsyncDisposable> {
  const own = person({ id: SPECIAL, email: 'special@example.com', ...special })
  const standIn = await startStandIn(createOrganization({ people: [admin(), own, ...OTHERS, ...more, ...BYSTANDERS] }))
  prepare(standIn)
  const rows = [own, ...OTHERS].map((one) => [one.id, one.id === SPECIAL ? email : one.email])
  const files = { 'users.csv': csv(['User id', 'email'], rows) }
  const ran = await runMain(standIn, { files, inputs: { ...DIRECTORY, ...inputs } })
  const { calls } = standIn.organization
  const searches = calls.slice(
    0,
    calls.findIndex(({ route }) => route === 'disable'),
  )
  return {
    standIn,
    ran,
    ids: searches.flatMap((call) => asked(call).accountIds ?? []),
    addresses: searches.flatMap((call) => asked(call).emails ?? []),
    [Symbol.asyncDispose]: () => standIn.close(),
  }
}

function asked({ route, body }: Call): { accountIds?: readonly string[]; emails?: readonly string[] } {
  return route === 'search' ? (JSON.parse(body) as object) : {}
}

const NOBODY_ELSE = { listed: LISTED, protected: ['admin-of-the-organization'] }
const SPECIAL_LEFT_ALONE = { ...NOBODY_ELSE, protected: [...NOBODY_ELSE.protected, SPECIAL] }

test('a list with addresses is looked at by them alone', async () => {
  await using looked = await apply({})
  expect(brokenLaws(looked.ran, looked.standIn, NOBODY_ELSE)).toEqual([])
  expect(looked.ran.outputs).toMatchObject({ outcome: 'completed', deactivated: '25', verified: '25' })
  expect(looked.ids).toEqual([])
  expect(looked.addresses.toSorted()).toEqual(['special@example.com', ...OTHERS.map(({ email }) => email)].toSorted())
})

describe('somebody found by the address is left alone for all that the directory tells', () => {
  test.each<[string, Partial<Person>, Readonly<Record<string, string>>]>([
    ['org-admin', { roles: ['atlassian/org-admin'] }, {}],
    ['scim-managed', { managementSource: 'synced' }, {}],
    ['unmanaged', { claimStatus: 'unmanaged' }, {}],
    ['not-a-person', { accountType: 'app' }, {}],
    ['already-inactive', { accountStatus: 'inactive' }, {}],
    ['excluded', { groups: ['Board'] }, { exclude: 'group:Board' }],
    ['excluded', { membershipStatus: 'suspended' }, { exclude: 'status:suspended' }],
  ])('%s', async (reason, special, inputs) => {
    await using looked = await apply(special, { inputs })
    expect(brokenLaws(looked.ran, looked.standIn, SPECIAL_LEFT_ALONE)).toEqual([])
    expect(looked.ran.row(SPECIAL)).toMatchObject({ decision: 'skip', reason })
    expect(looked.addresses).toContain('special@example.com')
    expect(looked.ids).toEqual([])
  })
})

describe('somebody whom the address does not bring is asked for by id', () => {
  test.each<[string, Partial<Person>, string, string]>([
    ['a new name', { email: 'married@example.com' }, 'special@example.com', 'identity-mismatch'],
    ['a wrong address', {}, 'nobody.there@example.com', 'identity-mismatch'],
    ['the address of somebody else', {}, OTHERS[5]?.email ?? '', 'identity-mismatch'],
    ['an address that Atlassian hides', { email: '' }, 'special@example.com', ''],
    ['no address in the list', {}, '', ''],
    ['an odd address', {}, 'special one@example.com', 'identity-mismatch'],
    ['a masked address', {}, 's…@example.com', 'identity-mismatch'],
    ['an address in other letters', { email: 'Special@Example.com' }, 'special@example.com', ''],
  ])('%s', async (_, special, email, reason) => {
    await using looked = await apply(special, { email })
    expect(looked.ids).toEqual([SPECIAL])
    expect(looked.ran.row(SPECIAL).reason).toBe(reason)
    expect(brokenLaws(looked.ran, looked.standIn, reason === '' ? NOBODY_ELSE : SPECIAL_LEFT_ALONE)).toEqual([])
    expect(looked.ran.outputs).toMatchObject({ outcome: 'completed', deactivated: reason === '' ? '25' : '24' })
  })

  test('but not where the list only shouts the address', async () => {
    await using looked = await apply({}, { email: 'SPECIAL@Example.com' })
    expect(looked.ids).toEqual([])
    expect(looked.ran.outputs).toMatchObject({ outcome: 'completed', deactivated: '25', verified: '25' })
  })

  test('and by the profile where the directory does not know that id either', async () => {
    await using looked = await apply({ inDirectory: false })
    const { organization } = looked.standIn
    const first = organization.calls.findIndex(({ route }) => route === 'disable')
    expect(organization.calls.slice(0, first)).toContainEqual(
      expect.objectContaining({ route: 'profile', accountId: SPECIAL, status: 200 }),
    )
    expect(looked.ids).toEqual([SPECIAL])
    expect(looked.ran.outputs).toMatchObject({ outcome: 'completed', deactivated: '25', verified: '25' })
  })
})

describe('one address', () => {
  test('that brings several people touches those of the list alone', async () => {
    const twin = person({ id: 'twin', email: 'special@example.com' })
    await using looked = await apply({}, { more: [twin] })
    expect(brokenLaws(looked.ran, looked.standIn, NOBODY_ELSE)).toEqual([])
    expect(looked.ran.outputs).toMatchObject({ outcome: 'completed', deactivated: '25', verified: '25' })
    expect(changesOf(looked.standIn, 'twin')).toBe(0)
  })

  test('that two rows of the list have is asked for once, and both people are told apart', async () => {
    const shared = OTHERS[3]?.email ?? ''
    await using looked = await apply({ email: shared, managementSource: 'synced' })
    expect(looked.ran.row(SPECIAL)).toMatchObject({ reason: 'scim-managed' })
    expect(looked.addresses.filter((address) => address === shared)).toHaveLength(1)
    expect(looked.ran.outputs).toMatchObject({ outcome: 'completed', deactivated: '24', verified: '24' })
  })

  test('that is moved to somebody else makes nobody a target', async () => {
    const heir = person({ id: 'heir', email: 'special@example.com' })
    await using looked = await apply({ email: 'gone@example.com' }, { email: 'special@example.com', more: [heir] })
    expect(looked.ran.row(SPECIAL)).toMatchObject({ state: 'skipped', reason: 'identity-mismatch' })
    expect(brokenLaws(looked.ran, looked.standIn, SPECIAL_LEFT_ALONE)).toEqual([])
    expect(changesOf(looked.standIn, 'heir')).toBe(0)
  })

  test.each([
    ['refuses', FAULTS.badRequest],
    ['answers without an end', FAULTS.members({ links: [] })],
  ])('for which Atlassian %s the search leaves the word to the ids', async (_, fault) => {
    await using looked = await apply({}, {}, ({ faults }) => {
      faults.order({ route: 'search', when: ({ body }) => body.includes('special@example.com'), fault })
    })
    expect(looked.ran.outputs).toMatchObject({ outcome: 'completed', deactivated: '25', verified: '25' })
    expect(looked.ids.toSorted()).toEqual(LISTED.toSorted())
  })
})

describe('a person whom two directories name', () => {
  const board = { exclude: 'group:Board' }

  test('by the same address is united', async () => {
    await using looked = await apply({ elsewhere: [{ groups: ['Board'] }] }, { inputs: board })
    expect(brokenLaws(looked.ran, looked.standIn, SPECIAL_LEFT_ALONE)).toEqual([])
    expect(looked.ran.row(SPECIAL)).toMatchObject({ state: 'skipped', reason: 'excluded' })
  })

  test('by two addresses is united too, once anybody shows that there are several directories', async () => {
    const elsewhere = [{ email: 'chair@board.example', groups: ['Board'] }]
    const [first] = OTHERS
    await using looked = await apply({ elsewhere }, { inputs: board }, ({ organization }) => {
      if (first !== undefined) organization.people.set(first.id, { ...first, elsewhere: [{}] })
    })
    expect(brokenLaws(looked.ran, looked.standIn, SPECIAL_LEFT_ALONE)).toEqual([])
    expect(looked.ran.row(SPECIAL)).toMatchObject({ state: 'skipped', reason: 'excluded' })
    expect(looked.ids.toSorted()).toEqual(LISTED.toSorted())
  })
})

describe('a search by address', () => {
  test.each([
    ['that stays out of reach', FAULTS.serverError, 'directory-unreadable'],
    ['that rejects the key', FAULTS.unauthorized, 'key-rejected'],
  ])('%s refuses before the first change', async (_, fault, reason) => {
    await using looked = await apply({}, {}, ({ faults }) => {
      faults.order({ route: 'search', when: ({ body }) => body.includes('"emails"'), fault })
    })
    expect(brokenLaws(looked.ran, looked.standIn, NOBODY_ELSE)).toEqual([])
    expect(looked.ran.outputs).toMatchObject({ outcome: 'refused', reason, 'not-attempted': '25' })
    expect(looked.standIn.organization.callsTo('disable')).toEqual([])
  })
})

describe('the calls that every run makes', () => {
  test('are the key, the admins, their number, the keys, and three counts of the active', async () => {
    await using looked = await apply({})
    const { byRoute } = looked.standIn.organization.counts()
    expect(byRoute).toEqual({
      permissions: 1,
      // The admins, the look and the read-back.
      search: 3,
      stats: 1,
      'api-keys': 1,
      count: 3,
      disable: 25,
      // The canary.
      profile: 1,
    })
  })

  test('are one more where who owns the key is not among the admins', async () => {
    const owner = person({ id: 'owner', email: 'the.owner@example.com' })
    await using looked = await apply({}, { more: [owner], inputs: { 'executing-user': 'The.Owner@example.com' } })
    expect(
      looked.standIn.organization
        .callsTo('search')
        .map(({ body }) => body)
        .join(),
    ).toContain('he.Owner@')
    expect(looked.ran.outputs).toMatchObject({ outcome: 'completed', deactivated: '25' })
  })

  test('are no more than four for each account without the directory', async () => {
    await using looked = await apply({}, { inputs: { 'organization-id': '', waive: 'admins-unknown' } })
    expect(looked.ran.outputs).toMatchObject({ outcome: 'completed', deactivated: '25', verified: '25' })
    expect(looked.standIn.organization.counts().byRoute).toEqual({ permissions: 25, profile: 50, disable: 25 })
    expect(looked.ran.log).toContain('Without "organization-id", 25 accounts take about 100 calls')
    expect(looked.ran.log).toMatch(/With it, the directory would make that about 35\b/)
  })
})
