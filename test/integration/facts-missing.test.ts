import { describe, expect, test } from 'vitest'
import { artifactEnvironment } from '../stand-in/artifact-handlers.ts'
import type { Members, Person } from '../stand-in/organization.ts'
import { brokenLaws } from './laws.ts'
import { type Ran, runMain } from './run-main.ts'
import { ADMIN, csv, DIRECTORY, everybody, IDS_ALONE, OTHERS, openScene, TARGETS, VICTIM } from './scene.ts'

/** A fact that an exclusion asks for. */
interface Fact {
  readonly exclude: string
  /** What the results say is not known. */
  readonly word: RegExp
  readonly column: string
  /** A cell that tells the fact, and that the exclusion does not match. */
  readonly told: string
  /** Members of an answer of the search that tell it. */
  readonly members: readonly string[]
  /** What no reader can take for the fact, besides a member that is left out, `null` or a number. */
  readonly odd: readonly unknown[]
}

const FACTS: Readonly<Record<string, Fact>> = {
  group: {
    exclude: 'group:Leadership',
    word: /group/i,
    column: 'Group name',
    told: 'Staff',
    members: ['groups'],
    odd: ['Leadership', { name: 'Leadership' }, [{ id: 'g-1' }], [null], ['Leadership']],
  },
  role: {
    exclude: 'role:user-access-admin',
    word: /role/i,
    column: 'Org role',
    told: 'User',
    members: ['platformRoles'],
    odd: ['atlassian/user-access-admin', {}, [7], [null]],
  },
  'e-mail': {
    exclude: '*@board.example',
    word: /e-?mail|address/i,
    column: 'email',
    told: 'account-3@example.com',
    members: ['email'],
    odd: ['', {}, ['account-3@board.example']],
  },
  status: {
    exclude: 'status:suspended',
    word: /status/i,
    column: 'User status',
    told: 'Active',
    // Whether the account is active is told all the same: that says nothing about a suspension.
    members: ['status', 'membershipStatus'],
    odd: ['', {}, ['suspended']],
  },
}
const facts = Object.entries(FACTS)

/** Nobody tells the fact of this account, neither the search nor the profile. */
function silent({ members }: Fact, value: unknown): Partial<Person> {
  const odd: Members = Object.fromEntries(members.map((name) => [name, value]))
  return { odd: { search: odd, profile: 'email' in odd ? odd : {} } }
}

/** A list with one column besides the ids, empty for the one. */
function emptyCell({ column, told }: Fact): string {
  const cellOf = (id: string): string => (id === VICTIM ? '' : told.replace(VICTIM, id))
  return csv(
    ['User id', column],
    TARGETS.map((id) => [id, cellOf(id)]),
  )
}

/** The account was left alone for a fact that nobody told, and the others were done. */
function expectLeftAlone(ran: Ran, standIn: Awaited<ReturnType<typeof openScene>>, word: RegExp): void {
  expect(brokenLaws(ran, standIn, { listed: TARGETS, protected: [VICTIM] })).toEqual([])
  expect(ran.row(VICTIM)).toMatchObject({ decision: 'skip', reason: 'fact-unknown', state: 'skipped', attempts: '0' })
  expect(ran.row(VICTIM).detail).toMatch(word)
  for (const id of OTHERS) expect(ran.row(id)).toMatchObject({ state: 'deactivated', verified: 'yes' })
  expect(ran.outputs).toMatchObject({ outcome: 'completed', skipped: '1', deactivated: '3' })
  expect(ran.log).toMatch(/::warning.*1 account fact-unknown/)
}

const ownerById = { 'executing-user': ADMIN }

describe('an account is left alone where an exclusion asks for a fact of it that nobody told:', () => {
  const values: readonly (readonly [string, unknown])[] = [
    ['left out of the answer', undefined],
    ['null', null],
    ['a number', 5],
  ]
  const ways = facts.flatMap(([name, fact]) =>
    [...values, ...fact.odd.map((value) => [JSON.stringify(value), value] as const)].map(
      ([way, value]) => [name, way, fact, value] as const,
    ),
  )
  test.each(ways)('the %s is %s', async (_name, _way, fact, value) => {
    for (const list of [IDS_ALONE, emptyCell(fact)]) {
      await using standIn = await openScene({ [VICTIM]: silent(fact, value) })
      const inputs = { ...DIRECTORY, ...ownerById, exclude: fact.exclude }
      const ran = await runMain(standIn, { inputs, files: { 'users.csv': list } })
      expectLeftAlone(ran, standIn, fact.word)
    }
  })

  test.each(facts)('the directory alone could tell the %s, and does not know the account', async (_, fact) => {
    await using standIn = await openScene({
      [VICTIM]: { inDirectory: false, odd: { profile: { email: undefined } } },
    })
    const inputs = { ...DIRECTORY, ...ownerById, exclude: fact.exclude }
    const ran = await runMain(standIn, { inputs, files: { 'users.csv': IDS_ALONE } })
    expectLeftAlone(ran, standIn, fact.word)
  })

  test.each(facts)('the cell for the %s is empty, and there is no directory', async (_, fact) => {
    await using standIn = await openScene({ [VICTIM]: { odd: { profile: { email: null } } } })
    const inputs = { ...ownerById, exclude: fact.exclude }
    const ran = await runMain(standIn, { inputs, files: { 'users.csv': emptyCell(fact) } })
    expectLeftAlone(ran, standIn, fact.word)
  })

  test.each(facts)('a file of exclusions asks for the %s', async (_, fact) => {
    await using standIn = await openScene({ [VICTIM]: silent(fact, undefined) })
    const inputs = { ...DIRECTORY, ...ownerById, 'exclude-file': 'keep.txt' }
    const files = { 'users.csv': IDS_ALONE, 'keep.txt': `# who stays\n${fact.exclude}\n` }
    expectLeftAlone(await runMain(standIn, { inputs, files }), standIn, fact.word)
  })

  test('the groups of everybody, where not one of those who were looked at shows a group', async () => {
    await using standIn = await openScene({ ...everybody({ groups: [] }), [ADMIN]: { groups: [] } })
    const inputs = { ...DIRECTORY, exclude: 'group:Leadership' }
    const ran = await runMain(standIn, { inputs, files: { 'users.csv': IDS_ALONE } })
    expect(brokenLaws(ran, standIn, { listed: TARGETS, protected: TARGETS })).toEqual([])
    expect(ran.rows.map(({ reason }) => reason)).toEqual(TARGETS.map(() => 'fact-unknown'))
    expect(ran.outputs).toMatchObject({ outcome: 'nothing-to-do', skipped: '4' })
  })

  test.each(facts)('in a plan too, whose digest is that of the apply: the %s', async (_, fact) => {
    await using standIn = await openScene({ [VICTIM]: silent(fact, null) })
    const inputs = { ...DIRECTORY, ...ownerById, exclude: fact.exclude }
    const files = { 'users.csv': emptyCell(fact) }
    const plan = await runMain(standIn, { inputs: { ...inputs, mode: 'plan' }, files })
    expect(plan.outputs).toMatchObject({ outcome: 'planned', planned: '3', skipped: '1' })
    expect(plan.row(VICTIM)).toMatchObject({ decision: 'skip', reason: 'fact-unknown', state: 'skipped' })
    const apply = await runMain(standIn, {
      inputs: { ...inputs, 'approved-plan': plan.outputs['plan-digest'] ?? '' },
      files,
    })
    expectLeftAlone(apply, standIn, fact.word)
  })

  test.each([
    ['group', 'group:Leadership', 'groups'],
    ['role', 'role:user-access-admin', 'platformRoles'],
  ] as const)('in a restore too, whose results do not tell the %s', async (_, exclude, member) => {
    await using standIn = await openScene({ [VICTIM]: { odd: { search: { [member]: undefined } } } })
    const env = artifactEnvironment(standIn.url, '1000')
    const applied = await runMain(standIn, { env, inputs: DIRECTORY })
    expect(applied.outputs).toMatchObject({ outcome: 'completed', deactivated: '4' })
    const inputs = {
      ...DIRECTORY,
      mode: 'restore',
      'results-artifact': applied.outputs['artifact-name'] ?? '',
      exclude,
    }
    const restored = await runMain(standIn, { env, inputs })
    expect(restored.row(VICTIM)).toMatchObject({ decision: 'skip', reason: 'fact-unknown', state: 'skipped' })
    expect(restored.outputs).toMatchObject({ outcome: 'completed', restored: '3', skipped: '1' })
    expect(standIn.organization.callsTo('enable', VICTIM)).toEqual([])
  })
})

describe('an account is changed where', () => {
  test.each(facts)('the list tells the %s although Atlassian does not', async (_, fact) => {
    await using standIn = await openScene({ [VICTIM]: silent(fact, undefined) })
    const told = csv(
      ['User id', fact.column],
      TARGETS.map((id) => [id, fact.told.replace(VICTIM, id)]),
    )
    const inputs = { ...DIRECTORY, ...ownerById, exclude: fact.exclude }
    const ran = await runMain(standIn, { inputs, files: { 'users.csv': told } })
    expect(ran.outputs).toMatchObject({ outcome: 'completed', deactivated: '4' })
    expect(brokenLaws(ran, standIn, { listed: TARGETS })).toEqual([])
  })

  test.each(facts)('Atlassian tells the %s although the list does not', async (_, fact) => {
    await using standIn = await openScene({ [VICTIM]: { groups: [] } })
    const inputs = { ...DIRECTORY, ...ownerById, exclude: fact.exclude }
    const ran = await runMain(standIn, { inputs, files: { 'users.csv': emptyCell(fact) } })
    expect(ran.outputs).toMatchObject({ outcome: 'completed', deactivated: '4' })
    expect(brokenLaws(ran, standIn, { listed: TARGETS })).toEqual([])
  })

  test('no protection asks for what nobody told', async () => {
    const odd = { groups: undefined, platformRoles: null, email: undefined, status: 7, membershipStatus: undefined }
    await using standIn = await openScene({
      [VICTIM]: { odd: { search: { ...odd, accountStatus: undefined }, profile: { email: undefined } } },
    })
    const ran = await runMain(standIn, { inputs: { ...DIRECTORY, exclude: 'somebody-else' } })
    expect(ran.outputs).toMatchObject({ outcome: 'completed', deactivated: '4', verified: '4' })
    expect(brokenLaws(ran, standIn, { listed: TARGETS })).toEqual([])
  })

  test.each([
    ['the directory', DIRECTORY],
    ['the profile', {}],
  ])('%s hides an address that the list tells: that is no mismatch of identities', async (_, inputs) => {
    for (const email of [undefined, null, '', 5]) {
      await using standIn = await openScene({ [VICTIM]: { odd: { search: { email }, profile: { email } } } })
      const ran = await runMain(standIn, { inputs })
      expect(ran.row(VICTIM)).toMatchObject({ state: 'deactivated', verified: 'yes', reason: '' })
    }
  })
})

describe('the owner of the key, given by e-mail and without a directory,', () => {
  const hidden = (email: unknown): Partial<Person> => ({ odd: { profile: { email } } })

  test.each([undefined, null, '', 5])(
    'could be each of those whose own address nobody told (%s): they are left alone',
    async (email) => {
      await using standIn = await openScene({ [VICTIM]: hidden(email) })
      const ran = await runMain(standIn, { files: { 'users.csv': IDS_ALONE } })
      expectLeftAlone(ran, standIn, /e-?mail|address/i)
    },
  )

  test.each([
    ['the list has no addresses', IDS_ALONE],
    [
      'the cells are empty',
      csv(
        ['User id', 'email'],
        TARGETS.map((id) => [id, '']),
      ),
    ],
  ])('could not be recognised by anybody where Atlassian hides all addresses and %s', async (_, list) => {
    await using standIn = await openScene(everybody(hidden(undefined)))
    const ran = await runMain(standIn, { files: { 'users.csv': list } })
    expect(ran.outputs).toMatchObject({ outcome: 'refused', reason: 'executing-user-unknown', 'not-attempted': '4' })
    expect(standIn.organization.callsTo('disable')).toEqual([])
  })

  test('is recognised by an address that the list tells, whatever Atlassian hides', async () => {
    await using standIn = await openScene(everybody(hidden(undefined)))
    const list = [...standIn.organization.people.values()]
    const ran = await runMain(standIn, { list })
    expect(ran.row(ADMIN)).toMatchObject({ state: 'skipped', reason: 'executing-user' })
    expect(ran.outputs).toMatchObject({ outcome: 'completed', deactivated: '4' })
  })

  test('is recognised by the profile where the list has no addresses', async () => {
    await using standIn = await openScene({ [VICTIM]: { email: 'The.Owner@example.com' } })
    const inputs = { 'executing-user': 'the.owner@example.com' }
    const ran = await runMain(standIn, { inputs, files: { 'users.csv': IDS_ALONE } })
    expect(ran.row(VICTIM)).toMatchObject({ state: 'skipped', reason: 'executing-user' })
    expect(brokenLaws(ran, standIn, { listed: TARGETS, protected: [VICTIM] })).toEqual([])
  })

  test('asks for no address where the owner is given by id', async () => {
    await using standIn = await openScene(everybody(hidden(undefined)))
    const ran = await runMain(standIn, { inputs: ownerById, files: { 'users.csv': IDS_ALONE } })
    expect(ran.outputs).toMatchObject({ outcome: 'completed', deactivated: '4' })
  })
})
