import { describe, expect, test } from 'vitest'
import { FAULTS } from '../stand-in/faults.ts'
import { crowd, type Person, person } from '../stand-in/organization.ts'
import { changedIds, decisionOf, stage } from './guard-scene.ts'

/** Somebody of whom the list only tells the id and the address, so that what is known comes from the directory. */
function plainList(people: readonly Person[]): string {
  return `User id,email\r\n${people.map(({ id, email }) => `${id},${email}\r\n`).join('')}`
}

const some = (overrides: Partial<Person>): Person =>
  person({ id: 'special-1', email: 'special@example.com', ...overrides })

const DECISIONS: readonly [string, Partial<Person>, string][] = [
  ['an admin by role only', { roles: ['atlassian/org-admin'] }, 'skip: org-admin'],
  ['an inactive admin', { roles: ['atlassian/org-admin'], accountStatus: 'inactive' }, 'skip: org-admin'],
  ['a synced user', { managementSource: 'synced' }, 'skip: scim-managed'],
  ['an app', { accountType: 'app' }, 'skip: not-a-person'],
  ['a customer', { accountType: 'customer' }, 'skip: not-a-person'],
  ['somebody of another domain', { claimStatus: 'unmanaged' }, 'skip: unmanaged'],
  ['an unmanaged app', { claimStatus: 'unmanaged', accountType: 'app' }, 'skip: not-a-person'],
  ['somebody who is inactive', { accountStatus: 'inactive' }, 'skip: already-inactive'],
  ['somebody whose account is closed', { accountStatus: 'closed' }, 'skip: already-inactive'],
  [
    'a synced user who is inactive',
    { managementSource: 'synced', accountStatus: 'inactive' },
    'skip: already-inactive',
  ],
  ['somebody who is suspended', { membershipStatus: 'suspended' }, 'deactivate'],
  ['anybody else', {}, 'deactivate'],
]

describe('from what the directory tells', () => {
  test.each(DECISIONS)('%s is decided on', async (_, overrides, decision) => {
    const special = some(overrides)
    await using scene = await stage({ people: [...crowd(3), special], list: plainList([special]) })
    const step = await scene.run()
    expect(decisionOf(step, special.id)).toBe(decision)
    expect(changedIds(scene.organization)).toEqual(decision === 'deactivate' ? [special.id] : [])
    expect(step.outputs.outcome).toBe(decision === 'deactivate' ? 'completed' : 'nothing-to-do')
  })

  const several: Partial<Person> = {
    roles: ['atlassian/org-admin'],
    managementSource: 'synced',
    accountStatus: 'inactive',
  }
  test.each<[string, Partial<Person>, string, Record<string, string>]>([
    ['excluded', { accountType: 'app', claimStatus: 'unmanaged' }, 'other@example.com', { exclude: 'special-1' }],
    ['not-included', { accountType: 'app', claimStatus: 'unmanaged' }, 'other@example.com', { include: 'role:x' }],
    ['not-a-person', { accountType: 'app', claimStatus: 'unmanaged' }, 'other@example.com', {}],
    ['unmanaged', { claimStatus: 'unmanaged' }, 'other@example.com', {}],
    ['identity-mismatch', {}, 'other@example.com', {}],
    ['already-inactive', {}, 'special@example.com', {}],
  ])('%s comes before the reasons after it', async (reason, overrides, email, inputs) => {
    const special = some({ ...several, roles: [], ...overrides })
    await using scene = await stage({
      people: [special, ...crowd(2)],
      list: `User id,email\r\n${special.id},${email}\r\n`,
    })
    expect(decisionOf(await scene.run(inputs), special.id)).toBe(`skip: ${reason}`)
    expect(scene.organization.changes).toEqual([])
  })

  test('another address than the one of the list leaves the account alone', async () => {
    const special = some({})
    const list = `User id,email\r\n${special.id},somebody.else@example.com\r\n`
    await using scene = await stage({ people: [special], list })
    const step = await scene.run()
    expect(decisionOf(step, special.id)).toBe('skip: identity-mismatch')
    expect(scene.organization.changes).toEqual([])
  })

  test('the same address in other letters is no other address', async () => {
    const special = some({})
    await using scene = await stage({
      people: [special],
      list: `User id,email\r\n${special.id},SPECIAL@Example.com\r\n`,
    })
    expect((await scene.run()).outputs).toMatchObject({ outcome: 'completed', deactivated: '1' })
  })

  test('an exclusion matches the live address and the live groups, from either input', async () => {
    const [byGroup, byFile, byEmail, other] = [
      person({ id: 'in-group', groups: ['partners'] }),
      person({ id: 'in-file', groups: ['board'] }),
      person({ id: 'by-email', email: 'chief@vip.example.com' }),
      person({ id: 'other' }),
    ]
    const people = [byGroup, byFile, byEmail, other]
    const list = `User id\r\n${people.map(({ id }) => `${id}\r\n`).join('')}`
    await using scene = await stage({ people, list, files: { 'keep.txt': 'group:board\n' } })
    const step = await scene.run({ exclude: 'group:partners\n*@vip.example.com', 'exclude-file': 'keep.txt' })
    expect(changedIds(scene.organization)).toEqual(['other'])
    for (const { id } of [byGroup, byFile, byEmail]) expect(decisionOf(step, id)).toBe('skip: excluded')
  })

  test('a group that only the exclude-file names is looked for in the directory', async () => {
    const people = [person({ id: 'in-file', groups: ['board'] }), person({ id: 'other' })]
    const files = { 'keep.txt': 'group:board\n' }
    await using scene = await stage({ people, list: 'User id\r\nin-file\r\nother\r\n', files })
    await scene.run({ 'exclude-file': 'keep.txt' })
    expect(changedIds(scene.organization)).toEqual(['other'])
  })

  test('an inclusion matches the list alone', async () => {
    const people = [person({ id: 'in-group', groups: ['leavers'] }), person({ id: 'other' })]
    await using scene = await stage({ people, list: 'User id,Group 1\r\nin-group,\r\nother,leavers\r\n' })
    const step = await scene.run({ include: 'group:leavers' })
    expect(decisionOf(step, 'in-group')).toBe('skip: not-included')
    expect(changedIds(scene.organization)).toEqual(['other'])
  })
})

describe('an account that the directory does not know', () => {
  test('is not-found only once its profile says so', async () => {
    const people = crowd(3)
    const list = plainList([...people, person({ id: '557058:gone', email: 'gone@example.com' })])
    await using scene = await stage({ people, list })
    const step = await scene.run()
    expect(decisionOf(step, '557058:gone')).toBe('skip: not-found')
    expect(scene.organization.callsTo('profile', '557058:gone').length).toBe(1)
    expect(scene.organization.callsTo('disable', '557058:gone')).toEqual([])
    expect(step.outputs).toMatchObject({ outcome: 'completed', deactivated: '3' })
    expect(step.log).toMatch(/::warning.*1 account not-found/)
  })

  test('is changed where its profile shows it: the search may lag', async () => {
    const people = crowd(3)
    await using scene = await stage({ people, list: plainList(people) })
    const [missing] = people
    // The look at the listed accounts comes after the admins and the executing user.
    scene.standIn.faults.order({
      route: 'search',
      after: 2,
      times: 1,
      fault: { kind: 'answer', status: 200, body: { data: [], links: {} } },
    })
    const step = await scene.run()
    expect(scene.organization.callsTo('profile', missing?.id).length).toBeGreaterThan(0)
    expect(step.outputs).toMatchObject({ outcome: 'completed', deactivated: '3' })
  })

  test('whose profile tells the reason key why it cannot be managed is not-manageable', async () => {
    const special = some({ manageRefusal: 'externalDirectory.google' })
    await using scene = await stage({ people: [special, ...crowd(2)], list: plainList([special]) })
    const step = await scene.run()
    expect(decisionOf(step, special.id)).toBe('skip: not-manageable')
    expect(step.results[0]?.detail).toContain('externalDirectory.google')
    expect(scene.organization.callsTo('disable')).toEqual([])
  })
})

describe('without the directory, account by account', () => {
  test.each<[string, Partial<Person>, string]>([
    ['a synced user', { manageRefusal: 'externalDirectory.scim' }, 'skip: scim-managed'],
    ['a user of Google', { manageRefusal: 'externalDirectory.google' }, 'skip: not-manageable'],
    ['somebody under export control', { manageRefusal: 'blocked.exportControl' }, 'skip: not-manageable'],
    ['the owner of the key', { manageRefusal: 'administrative.notMyself' }, 'skip: executing-user'],
    ['an app', { accountType: 'app' }, 'skip: not-a-person'],
    ['somebody of another domain', { claimStatus: 'unmanaged' }, 'skip: unmanaged'],
    ['somebody who is inactive', { accountStatus: 'inactive' }, 'skip: already-inactive'],
    ['anybody else', {}, 'deactivate'],
  ])('%s is decided on', async (_, overrides, decision) => {
    const special = some(overrides)
    const people = [person({ id: 'other-1' }), special]
    await using scene = await stage({ people, list: plainList(people) })
    const step = await scene.run({ 'organization-id': '', waive: 'admins-unknown' })
    expect(decisionOf(step, special.id)).toBe(decision)
    expect(scene.organization.callsTo('disable', special.id).length).toBe(decision === 'deactivate' ? 1 : 0)
    expect(scene.organization.callsTo('search')).toEqual([])
    if (decision === 'skip: not-manageable') {
      expect(step.results.find(({ account_id }) => account_id === special.id)?.detail).toContain(
        overrides.manageRefusal,
      )
    }
  })
})

describe('the owner of the key', () => {
  test.each([
    ['e-mail', { 'executing-user': 'OWNER@Example.com' }],
    ['account id', { 'executing-user': 'owner-1' }],
  ])('named by %s is never changed, and told if no admin', async (_, inputs) => {
    const owner = person({ id: 'owner-1', email: 'owner@example.com' })
    const people = [owner, ...crowd(3)]
    await using scene = await stage({ people, list: `User id\r\n${people.map(({ id }) => `${id}\r\n`).join('')}` })
    const step = await scene.run(inputs)
    expect(decisionOf(step, 'owner-1')).toBe('skip: executing-user')
    expect(step.outputs).toMatchObject({ outcome: 'completed', deactivated: '3' })
    expect(scene.organization.callsTo('disable', 'owner-1')).toEqual([])
    expect(step.log).toMatch(/::warning.*executing user is not an organization admin/)
  })

  test('who is an admin is no reason for a warning', async () => {
    await using scene = await stage({ people: crowd(2) })
    expect((await scene.run()).log).not.toContain('is no organization admin')
  })

  test('of another live key is protected as well, of an expired one not', async () => {
    const people = crowd(4)
    const [live, expired] = people
    await using scene = await stage({ people })
    scene.organization.apiKeys.push(
      { creator: live?.id ?? '', expiresAt: '2999-01-01T00:00:00Z' },
      { creator: expired?.id ?? '', expiresAt: '2020-01-01T00:00:00Z' },
    )
    const step = await scene.run()
    expect(decisionOf(step, live?.id ?? '')).toBe('skip: executing-user')
    expect(changedIds(scene.organization).toSorted()).toEqual(
      people
        .slice(1)
        .map(({ id }) => id)
        .toSorted(),
    )
  })

  test.each([
    [5.5, 'in 5 days'],
    [1.5, 'in 1 day'],
    [0.5, 'in less than a day'],
  ])('is warned when the key ends within two weeks: %d days are %s, and the run goes on', async (days, told) => {
    const owner = person({ id: 'owner-1', email: 'owner@example.com', roles: ['atlassian/org-admin'] })
    await using scene = await stage({ people: [owner, ...crowd(2)] })
    const expiresAt = new Date(Date.now() + days * 86_400_000).toISOString()
    scene.organization.apiKeys.push({ creator: owner.id, expiresAt })
    const step = await scene.run({ 'executing-user': owner.id })
    const warning = `The API key ends on ${expiresAt.slice(0, 10)}, ${told}.`
    expect(step.outputs.outcome).toBe('completed')
    expect(step.log).toContain(`::warning title=Deactivate Atlassian users::${warning}`)
    expect(step.summary).toContain(warning)
  })

  test('of a live key on a later page of keys is protected too', async () => {
    const people = crowd(3)
    const late = people[0]?.id ?? ''
    await using scene = await stage({ people })
    const ended = Array.from({ length: 250 }, () => ({ creator: 'gone', expiresAt: '2020-01-01T00:00:00Z' }))
    scene.organization.apiKeys.push(...ended, { creator: late, expiresAt: '2999-01-01T00:00:00Z' })
    expect(decisionOf(await scene.run(), late)).toBe('skip: executing-user')
    expect(changedIds(scene.organization)).not.toContain(late)
  })

  test('of keys before a page that cannot be read are protected, and the log says that there are more', async () => {
    const people = crowd(3)
    const early = people[0]?.id ?? ''
    await using scene = await stage({ people })
    const key = { creator: early, expiresAt: '2999-01-01T00:00:00Z' }
    scene.organization.apiKeys.push(...Array.from({ length: 101 }, () => key))
    scene.standIn.faults.order({ route: 'api-keys', fault: FAULTS.forbidden, after: 1 })
    const step = await scene.run()
    expect(decisionOf(step, early)).toBe('skip: executing-user')
    expect(step.log).toMatch(/::notice.*Only 100 API keys of the organization could be listed/)
  })

  test('of other keys is only told about where the keys may not be listed', async () => {
    await using scene = await stage({ people: crowd(2) })
    scene.standIn.faults.order({ route: 'api-keys', fault: FAULTS.forbidden })
    const step = await scene.run()
    expect(step.outputs.outcome).toBe('completed')
    expect(step.log).toMatch(/::notice.*API keys could not be listed/)
  })
})
