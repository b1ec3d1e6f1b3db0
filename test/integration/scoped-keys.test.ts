import { describe, expect, test } from 'vitest'
import { artifactEnvironment } from '../stand-in/artifact-handlers.ts'
import { FAULTS } from '../stand-in/faults.ts'
import type { Call, Person, Route } from '../stand-in/organization.ts'
import type { StandIn } from '../stand-in/server.ts'
import { planned, planOf, runFind } from './find-scene.ts'
import { type Ran, runMain, type Staging } from './run-main.ts'
import { ADMIN, CANARY, DIRECTORY, everybody, openScene, SECOND, TARGETS, VICTIM } from './scene.ts'

const ORGANIZATION: readonly Route[] = ['search', 'count', 'stats', 'users', 'api-keys']
/** What scopes may reach. */
const REACHES = new Map<string, readonly Route[]>(
  (
    [
      [...ORGANIZATION, 'profile'],
      ORGANIZATION,
      ['search'],
      ['search', 'profile'],
      ['users'],
      ['users', 'stats'],
      ['users', 'count', 'api-keys', 'profile'],
      ['users', 'profile'],
    ] as const
  ).map((reach) => [reach.join(', '), reach]),
)
/** Slow enough that no answer is taken for one that does not come. */
const FACTOR = 20
const INPUTS = { ...DIRECTORY, 'executing-user': 'the.admin@example.com' }

/** What a key with scopes must not do: try a refused kind of call again, or change an account. */
function misbehaved({ organization: { calls } }: StandIn): readonly string[] {
  const refused = calls.filter(({ status }) => status === 403).map(({ route }) => route)
  const again = refused.filter((route, index) => refused.indexOf(route) !== index)
  return [...again, ...calls.filter(({ path }) => path.includes('/lifecycle/')).map(({ path }) => path)]
}

function guard({ outputs }: Ran, name: string): { readonly verdict?: string; readonly message?: string } {
  return JSON.parse(outputs.result ?? '{}').guards.find(({ guard }: { guard: string }) => guard === name) ?? {}
}

const opened = (reach: readonly Route[], overrides: Parameters<typeof openScene>[0] = {}): Promise<StandIn> =>
  openScene(overrides, { reach: new Set(reach) })
const plan = (standIn: StandIn, staging: Staging = {}): Promise<Ran> =>
  runMain(standIn, { factor: FACTOR, ...staging, inputs: { mode: 'plan', ...INPUTS, ...staging.inputs } })

describe.each([...REACHES])('a key whose scopes reach %s', (_, reach) => {
  test('finds people, and its plan of the list finds the same', async () => {
    await using standIn = await opened(reach)
    const found = await runFind(standIn, { factor: FACTOR })
    expect(found.outputs).toMatchObject({ outcome: 'planned', planned: '4' })
    expect([...found.people.keys()]).toEqual(TARGETS.toSorted())
    expect(guard(found, 'key-scoped').verdict).toBe('reported')
    expect(misbehaved(standIn)).toEqual([])
    standIn.organization.calls.length = 0
    const planOfList = await planOf(standIn, found, { factor: FACTOR })
    expect(planOfList.outputs.outcome).toBe('planned')
    expect(planned(planOfList)).toEqual([...found.people.keys()])
    expect(misbehaved(standIn)).toEqual([])
  })

  test('is reported by a plan, which has the digest of any key and says what was not read', async () => {
    await using standIn = await opened(reach)
    const ran = await plan(standIn)
    expect(ran.outputs).toMatchObject({ outcome: 'planned', planned: '4' })
    expect(guard(ran, 'key-scoped').verdict).toBe('reported')
    expect(guard(ran, 'admins-unknown').verdict).toBe(reach.includes('search') ? 'passed' : 'reported')
    expect(misbehaved(standIn)).toEqual([])
    for (const text of [ran.log, ran.summary]) {
      expect(text.includes('the list of managed accounts replaces it')).toBe(!reach.includes('search'))
    }
    standIn.organization.reach = null
    expect((await plan(standIn)).outputs['plan-digest']).toBe(ran.outputs['plan-digest'])
  })

  test('verifies earlier results, and says whose word counts', async () => {
    await using standIn = await openScene()
    const env = artifactEnvironment(standIn.url, '1000')
    const applied = await runMain(standIn, { env, inputs: DIRECTORY })
    expect(applied.outputs).toMatchObject({ outcome: 'completed', deactivated: '4' })
    const inputs = {
      ...DIRECTORY,
      mode: 'verify',
      'users-file': '',
      'results-artifact': applied.outputs['artifact-name'] ?? '',
    }
    const { organization } = standIn
    organization.reach = new Set(reach)
    organization.calls.length = 0
    const verified = await runMain(standIn, { env, inputs, factor: FACTOR })
    expect(verified.outputs).toMatchObject({ outcome: 'completed', 'already-inactive': '4' })
    expect(misbehaved(standIn)).toEqual([])
    const said = verified.summary.includes('the status in the directory counts')
    expect(said).toBe(!reach.includes('profile'))
    expect(verified.log.includes('as the directory alone shows')).toBe(!reach.includes('profile'))

    organization.setStatus(VICTIM, 'enable', '')
    organization.calls.length = 0
    const back = await runMain(standIn, { env, inputs, factor: FACTOR })
    expect(back.outputs).toMatchObject({ outcome: 'failed', reason: 'accounts-reactivated', 'already-active': '1' })
    expect(misbehaved(standIn)).toEqual([])

    const restored = await runMain(standIn, { env, inputs: { ...inputs, mode: 'restore' } })
    expect(restored.outputs).toMatchObject({ outcome: 'refused', reason: 'key-scoped', restored: '0' })
    expect(misbehaved(standIn).filter((call) => call.includes('/'))).toEqual([])
  })

  test('is refused by an apply, before anything else is asked', async () => {
    await using standIn = await opened(reach)
    const ran = await runMain(standIn, { inputs: INPUTS })
    expect(ran.outputs).toMatchObject({ outcome: 'refused', reason: 'key-scoped' })
    expect(standIn.organization.calls.map(({ route }) => route)).toEqual(['permissions'])
  })
})

test('a key whose scopes reach nothing is refused, in words for what is missing', async () => {
  await using standIn = await opened([])
  for (const ran of [await runFind(standIn, { factor: FACTOR }), await plan(standIn)]) {
    expect(ran.outputs).toMatchObject({ outcome: 'refused', reason: 'directory-unreadable' })
    expect(ran.log).toContain('neither the user search nor the list of managed accounts')
  }
})

test('without an organization a key with scopes plans from the list alone, and says so', async () => {
  await using standIn = await opened(ORGANIZATION)
  const ran = await plan(standIn, { inputs: { 'organization-id': '' } })
  expect(ran.outputs).toMatchObject({ outcome: 'planned', planned: '4' })
  expect(JSON.parse(ran.outputs.result ?? '')).toMatchObject({ live: false })
  expect(ran.log).toContain('nothing is read about anybody without "organization-id"')
  expect(misbehaved(standIn)).toEqual([])
})

describe('an executing user given by id, where profiles are out of reach,', () => {
  test.each([
    ['is one whom the directory knows', ['search'], ADMIN, {}, 'planned', 'passed'],
    ['is refused where the directory knows no such account', ['search'], 'somebody-else', {}, 'refused', 'refused'],
    [
      'is protected by that id without an organization',
      ORGANIZATION,
      ADMIN,
      { 'organization-id': '' },
      'planned',
      'not-checked',
    ],
  ] as const)('%s', async (_, reach, who, inputs, outcome, verdict) => {
    await using standIn = await opened(reach)
    const ran = await plan(standIn, { inputs: { 'executing-user': who, ...inputs } })
    expect(ran.outputs.outcome).toBe(outcome)
    expect(guard(ran, 'executing-user-unknown').verdict).toBe(verdict)
    expect(misbehaved(standIn)).toEqual([])
  })

  test('is not known where the search fails', async () => {
    await using standIn = await opened(['search'])
    const asksForOwner = ({ body }: Call): boolean => body.includes(`"accountIds":["${ADMIN}"]`)
    const failed = standIn.faults.order({ route: 'search', when: asksForOwner, fault: FAULTS.forbidden })
    const ran = await plan(standIn, { inputs: { 'executing-user': ADMIN } })
    expect(ran.outputs).toMatchObject({ outcome: 'refused', reason: 'directory-unreadable' })
    expect(failed.hits).toBe(1)
  })
})

describe('where the list of managed accounts stands in', () => {
  const reach: readonly Route[] = ['users']

  test.each(['group:vip', 'role:*admin'])('an exclusion by %s is refused: nobody tells that', async (exclude) => {
    await using standIn = await opened(reach)
    const found = await runFind(standIn, { factor: FACTOR, inputs: { exclude } })
    expect(found.outputs).toMatchObject({ outcome: 'refused', reason: 'invalid-input' })
    expect(found.log).toContain(exclude)
    expect(found.list).toBe('')
    const ids = `User id,email\r\n${TARGETS.map((id) => `${id},${id}@example.com\r\n`).join('')}`
    const ran = await plan(standIn, { inputs: { exclude }, files: { 'users.csv': ids } })
    expect(ran.outputs).toMatchObject({ outcome: 'refused', reason: 'invalid-input' })
  })

  test('a plan whose list tells groups takes an exclusion by group', async () => {
    await using standIn = await opened(reach, { [SECOND]: { groups: ['vip'] } })
    const ran = await plan(standIn, { inputs: { exclude: 'group:vip' } })
    expect(ran.row(SECOND)).toMatchObject({ reason: 'excluded' })
  })

  test('activity, status, kind and e-mail are told; who never was active is not known to be idle', async () => {
    await using standIn = await opened(reach, {
      [CANARY]: { lastActive: '2026-01-01T00:00:00Z' },
      [SECOND]: { lastActive: new Date(Date.now() - 86_400_000).toISOString() },
      [VICTIM]: { lastActive: null },
      'account-4': { accountStatus: 'inactive' },
    })
    const inputs = { 'idle-days': '90' }
    const found = await runFind(standIn, { factor: FACTOR, inputs })
    expect([...found.people.keys()]).toEqual([CANARY])
    expect(found.row(SECOND)).toMatchObject({ reason: 'recently-active' })
    expect(found.row(VICTIM)).toMatchObject({ reason: 'fact-unknown' })
    expect(found.row('account-4')).toEqual({})
  })

  test('admins are known by the exclusions alone', async () => {
    await using standIn = await opened(reach)
    const found = await runFind(standIn, { factor: FACTOR, inputs: { 'executing-user': '' } })
    expect(found.people.has(ADMIN)).toBe(true)
    expect(found.log).toContain('This key may not search the directory for its admins')
  })

  test.each([
    ['by an address that it names', 'the.admin@example.com', 'planned', 'passed'],
    ['by an address that it does not name', 'nobody@example.com', 'refused', 'refused'],
    ['by an id that it names', ADMIN, 'planned', 'passed'],
    ['by an id that it does not name', 'somebody-else', 'planned', 'not-checked'],
  ])('the executing user is given %s', async (_, who, outcome, verdict) => {
    await using standIn = await opened(reach)
    const found = await runFind(standIn, { factor: FACTOR, inputs: { 'executing-user': who } })
    expect(found.outputs.outcome).toBe(outcome)
    expect(guard(found, 'executing-user-unknown').verdict).toBe(verdict)
    expect(misbehaved(standIn)).toEqual([])
  })

  test('billable accounts are told', async () => {
    await using standIn = await opened(reach, { [VICTIM]: { odd: { users: { access_billable: false } } } })
    const found = await runFind(standIn, { factor: FACTOR })
    const { licences } = JSON.parse(found.outputs.result ?? '')
    expect(licences).toEqual({ products: [{ product: 'jira', people: 4 }], billable: 3, unknown: 0 })
    expect(found.summary).toContain('Billable accounts')
  })

  test('it is read to its end, page by page', async () => {
    const people = Object.fromEntries(TARGETS.map((id) => [id, {}]))
    await using standIn = await opened(reach, people)
    const more = Array.from({ length: 250 }, (_, index): Partial<Person> => ({ id: `more-${index}` }))
    const [template] = standIn.organization.people.values()
    for (const one of more) {
      const id = one.id ?? ''
      if (template !== undefined)
        standIn.organization.people.set(id, { ...template, id, email: `${id}@example.com`, roles: [] })
    }
    const found = await runFind(standIn, { factor: FACTOR })
    expect(found.people.size).toBe(254)
    expect(standIn.organization.callsTo('users')).toHaveLength(3)
    expect(misbehaved(standIn)).toEqual([])
  })

  test.each(['https://evil.example', 'http://127.0.0.1:9'])(
    'its next page is not followed to %s',
    async (nextOrigin) => {
      await using standIn = await opened(reach, everybody({}))
      const [template] = standIn.organization.people.values()
      for (let index = 0; index < 120 && template !== undefined; index++) {
        standIn.organization.people.set(`more-${index}`, {
          ...template,
          id: `more-${index}`,
          email: `m${index}@example.com`,
        })
      }
      standIn.organization.nextOrigin = nextOrigin
      const found = await runFind(standIn, { factor: FACTOR })
      expect(found.outputs).toMatchObject({ outcome: 'refused', reason: 'directory-unreadable' })
      expect(found.log).toContain('leads somewhere else')
      expect([...standIn.organization.authorizations.keys()]).toEqual([standIn.url])
    },
  )
})
