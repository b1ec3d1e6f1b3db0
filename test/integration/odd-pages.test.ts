import { describe, expect, test } from 'vitest'
import { artifactEnvironment } from '../stand-in/artifact-handlers.ts'
import { FAULTS, type Fault } from '../stand-in/faults.ts'
import { type Call, createOrganization, crowd, person, serviceAccount } from '../stand-in/organization.ts'
import { type StandIn, startStandIn } from '../stand-in/server.ts'
import { brokenLaws } from './laws.ts'
import { runMain } from './run-main.ts'
import { ADMIN, admin, csv, DIRECTORY, IDS_ALONE, OTHERS, openScene, TARGETS, VICTIM } from './scene.ts'

/** Pages of which nobody can tell whether they are the last. A new one each time: one of them remembers. */
const ENDLESS: readonly (readonly [string, () => Fault])[] = [
  ['whose links are an array', () => FAULTS.members({ links: [] })],
  ['whose links are a text', () => FAULTS.members({ links: 'none' })],
  ['whose links are null', () => FAULTS.members({ links: null })],
  ['whose next is an object', () => FAULTS.next({ cursor: 'more' })],
  ['whose next is a number', () => FAULTS.next(2)],
  ['whose next is zero', () => FAULTS.next(0)],
  ['without data', () => FAULTS.members({ data: undefined })],
  ['whose data are an object', () => FAULTS.members({ data: { 0: {} } })],
]

/** A slower clock: what is only waited for a little while must come in time on a busy machine too. */
const CALM = { factor: 20 }

/** Calls of the search, by what they ask for. */
const SEARCHES: readonly (readonly [string, (call: Call) => boolean, Readonly<Record<string, string>>])[] = [
  ['the admins', ({ body }) => body.includes('"roleIds"'), {}],
  // One of the admins is known by their list.
  ['the executing user', ({ body }) => body.includes('"the.owner@'), { 'executing-user': 'the.owner@example.com' }],
  ['the accounts', ({ body }) => body.includes(`"${VICTIM}"`) || body.includes(`"${VICTIM}@example.com"`), {}],
]

describe('a page of the search', () => {
  const cases = SEARCHES.flatMap(([whose, when, inputs]) =>
    ENDLESS.map(([name, fault]) => [whose, name, when, inputs, fault] as const),
  )
  test.each(cases)('for %s %s refuses before the first change', async (_whose, _name, when, inputs, fault) => {
    await using standIn = await openScene()
    const order = standIn.faults.order({ route: 'search', when, fault: fault() })
    const ran = await runMain(standIn, { inputs: { ...DIRECTORY, ...inputs } })
    expect(order.hits).toBeGreaterThan(0)
    expect(brokenLaws(ran, standIn, { listed: TARGETS })).toEqual([])
    expect(ran.outputs).toMatchObject({ outcome: 'refused', reason: 'directory-unreadable', 'not-attempted': '4' })
    expect(standIn.organization.callsTo('disable')).toEqual([])
  })

  test.each([...ENDLESS, ['that leads back to itself', FAULTS.repeatingNext] as const])(
    'in the middle of a walk %s refuses as well',
    async (_, fault) => {
      await using standIn = await startStandIn(createOrganization({ people: [admin(), ...crowd(350)] }))
      // Without addresses, going through everybody is far cheaper than asking for ten ids at a time.
      const ids = [...standIn.organization.people.keys()].slice(1).map((id) => [id])
      const order = standIn.faults.order({
        route: 'search',
        fault: fault(),
        when: ({ body }) => body.includes('"cursor"'),
      })
      const files = { 'users.csv': csv(['User id'], ids) }
      const ran = await runMain(standIn, { ...CALM, inputs: { ...DIRECTORY, mode: 'plan' }, files })
      expect(order.hits).toBeGreaterThan(0)
      expect(ran.outputs).toMatchObject({ outcome: 'refused', reason: 'directory-unreadable' })
    },
  )

  test.each([
    ['without an id', undefined],
    ['whose id is null', null],
    ['whose id is a number', 7],
    ['whose id is empty', ''],
    ['whose id is none that an account can have', 'an id'],
  ])('that names an admin %s refuses: that one could not be protected', async (_, accountId) => {
    const elsewhere = person({ id: 'second-admin', roles: ['atlassian/org-admin'], odd: { search: { accountId } } })
    await using standIn = await startStandIn(
      createOrganization({ people: [admin(), elsewhere, ...TARGETS.map((id) => person({ id }))] }),
    )
    const ran = await runMain(standIn, { inputs: DIRECTORY })
    expect(ran.outputs).toMatchObject({ outcome: 'refused', reason: 'directory-unreadable' })
    expect(standIn.organization.changes).toEqual([])
  })

  test.each(['absent', 'null'] as const)('whose next is %s is the last one, and all is well', async (lastPage) => {
    await using standIn = await openScene({}, { lastPage })
    const ran = await runMain(standIn, { inputs: DIRECTORY })
    expect(ran.outputs).toMatchObject({ outcome: 'completed', deactivated: '4', verified: '4' })
  })

  test.each(ENDLESS)('%s at the read-back leaves the word to the profiles', async (_, fault) => {
    await using standIn = await openScene()
    const { changes } = standIn.organization
    standIn.faults.order({ route: 'search', fault: fault(), when: () => changes.length > 0 })
    const ran = await runMain(standIn, { inputs: DIRECTORY })
    expect(brokenLaws(ran, standIn, { listed: TARGETS })).toEqual([])
    expect(ran.outputs).toMatchObject({ outcome: 'completed', deactivated: '4', verified: '4' })
  })

  test.each([
    ['restore', 'enable'],
    ['verify', 'permissions'],
  ] as const)('of which nobody can tell whether it is the last refuses a %s', async (mode, route) => {
    await using standIn = await openScene()
    const env = artifactEnvironment(standIn.url, '1000')
    const applied = await runMain(standIn, { env, inputs: DIRECTORY })
    const calls = standIn.organization.callsTo(route).length
    standIn.faults.order({ route: 'search', fault: FAULTS.next({}) })
    const inputs = { ...DIRECTORY, mode, 'results-artifact': applied.outputs['artifact-name'] ?? '' }
    const ran = await runMain(standIn, { env, inputs })
    expect(ran.outputs).toMatchObject({ outcome: 'refused', reason: 'directory-unreadable' })
    if (mode === 'restore') expect(standIn.organization.callsTo(route)).toHaveLength(calls)
  })
})

describe('the figures of the organization', () => {
  const warned = (log: string): string[] =>
    log.split('\n').filter((line) => line.startsWith('::warning') && /\b3\b.*admin|admin.*\b3\b/i.test(line))

  test('that count more admins than the directory lists are a warning with both numbers', async () => {
    await using standIn = await openScene({}, { hiddenAdmins: 2 })
    const ran = await runMain(standIn, { ...CALM, inputs: DIRECTORY })
    expect(ran.outputs).toMatchObject({ outcome: 'completed', deactivated: '4' })
    expect(warned(ran.log)).toHaveLength(1)
    expect(warned(ran.log)[0]).toMatch(/\b1\b/)
    expect(ran.summary).toMatch(/\b3\b[^\n]*admin|admin[^\n]*\b3\b/i)
  })

  test('that agree with it are none', async () => {
    await using standIn = await openScene({}, { hiddenAdmins: 0 })
    const ran = await runMain(standIn, { ...CALM, inputs: DIRECTORY })
    expect(standIn.organization.callsTo('stats').length).toBeGreaterThan(0)
    expect(warned(ran.log)).toEqual([])
  })

  test.each<[string, Fault]>([
    ['refused', FAULTS.notPermitted],
    ['out of order', FAULTS.serverError],
    ['without roles', FAULTS.members({ roles: undefined })],
    ['of another shape', FAULTS.members({ roles: [{ roleId: 'atlassian/org-admin', count: 'many' }, null] })],
  ])('are best effort: %s, they hold up nothing', async (_, fault) => {
    await using standIn = await openScene({}, { hiddenAdmins: 2 })
    standIn.faults.order({ route: 'stats', fault })
    const ran = await runMain(standIn, { ...CALM, inputs: DIRECTORY })
    expect(ran.outputs).toMatchObject({ outcome: 'completed', deactivated: '4' })
    expect(warned(ran.log)).toEqual([])
  })
})

describe('the API keys of the organization', () => {
  const endless = '2999-01-01T00:00:00Z'

  /** Keys of people who are not listed, and the last one of the account that is. */
  async function openWithKeys(keys: number): Promise<StandIn> {
    const standIn = await openScene({}, { keysNeedPageSize: true })
    const others = crowd(keys - 1).map(({ id }) => ({ creator: id, expiresAt: endless }))
    standIn.organization.apiKeys.push(...others, { creator: VICTIM, expiresAt: endless })
    return standIn
  }

  test.each([1, 100, 101, 350])('are read to their end, with a page size in every call: %i keys', async (keys) => {
    await using standIn = await openWithKeys(keys)
    const ran = await runMain(standIn, { ...CALM, inputs: DIRECTORY })
    expect(brokenLaws(ran, standIn, { listed: TARGETS, protected: [VICTIM] })).toEqual([])
    expect(ran.row(VICTIM)).toMatchObject({ state: 'skipped', reason: 'executing-user' })
    const calls = standIn.organization.callsTo('api-keys')
    expect(calls.length).toBeGreaterThanOrEqual(Math.ceil(keys / 100))
    expect(calls.filter(({ path }) => !/[?&]pageSize=\d+/.test(path))).toEqual([])
  })

  test.each(ENDLESS.filter(([name]) => !name.includes('data')))(
    'on a page %s are protected as far as they were read, and a notice says that there may be more',
    async (_, fault) => {
      await using standIn = await openScene()
      standIn.organization.apiKeys.push({ creator: VICTIM, expiresAt: endless })
      standIn.faults.order({ route: 'api-keys', fault: fault() })
      const ran = await runMain(standIn, { ...CALM, inputs: DIRECTORY })
      expect(brokenLaws(ran, standIn, { listed: TARGETS, protected: [VICTIM] })).toEqual([])
      expect(ran.row(VICTIM)).toMatchObject({ state: 'skipped', reason: 'executing-user' })
      expect(ran.outputs).toMatchObject({ outcome: 'completed', deactivated: '3' })
      expect(ran.log).toMatch(/::(notice|warning).*API keys?/)
    },
  )
})

describe('a service account is no person, told by', () => {
  const bot = serviceAccount({ id: VICTIM })
  const told: readonly (readonly [string, typeof bot, string, Readonly<Record<string, string>>])[] = [
    ['its address in the search', bot, IDS_ALONE, DIRECTORY],
    ['its address in other letters', { ...bot, email: 'Bot@ServiceAccount.Atlassian.COM' }, IDS_ALONE, DIRECTORY],
    ['its type in the profile', { ...bot, odd: { profile: { email: undefined } } }, IDS_ALONE, {}],
    [
      'its address in the list, which Atlassian hides',
      { ...bot, odd: { search: { accountType: 'atlassian', email: undefined }, profile: { email: undefined } } },
      csv(
        ['User id', 'email'],
        TARGETS.map((id) => [id, id === VICTIM ? bot.email : `${id}@example.com`]),
      ),
      DIRECTORY,
    ],
  ]
  test.each(told)('%s', async (_, someone, list, inputs) => {
    await using standIn = await openScene({ [VICTIM]: someone })
    const ran = await runMain(standIn, { inputs: { ...inputs, 'executing-user': ADMIN }, files: { 'users.csv': list } })
    expect(brokenLaws(ran, standIn, { listed: TARGETS, protected: [VICTIM] })).toEqual([])
    expect(ran.row(VICTIM)).toMatchObject({ decision: 'skip', state: 'skipped', reason: 'not-a-person' })
    for (const id of OTHERS) expect(ran.row(id).state).toBe('deactivated')
  })

  test('nothing of an address that is only like it', async () => {
    const like = [
      'x@serviceaccount.atlassian.com.example.org',
      'x@notserviceaccount.atlassian.com',
      'serviceaccount.atlassian.com@example.com',
    ]
    for (const email of like) {
      await using standIn = await openScene({ [VICTIM]: { email } })
      const ran = await runMain(standIn, { inputs: DIRECTORY })
      expect(ran.row(VICTIM)).toMatchObject({ state: 'deactivated' })
    }
  })
})
