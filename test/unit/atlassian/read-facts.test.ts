import { describe, expect, test } from 'vitest'
import { FACT_KINDS, type FactKind } from '../../../src/account/facts.ts'
import { accountFacts, personFacts, readTime } from '../../../src/atlassian/read-facts.ts'

const NOW = Date.UTC(2026, 1, 1, 12)

/** Somebody of the user search, told whole. */
const WHOLE = {
  accountId: 'a',
  accountType: 'atlassian',
  accountStatus: 'active',
  status: 'active',
  membershipStatus: 'active',
  claimStatus: 'managed',
  managementSource: 'invited',
  email: 'ada@example.com',
  platformRoles: ['atlassian/user'],
  groups: [{ id: '1', name: 'dev' }],
  productAccess: [{ key: 'jira', lastActiveTimestamp: '2026-01-30T10:00:00.000Z' }],
  addedToOrg: '2025-01-01T00:00:00Z',
} as const

const read = (overrides: object = {}) => personFacts({ ...WHOLE, ...overrides }, NOW)
const toldOf = (overrides: object): readonly FactKind[] => FACT_KINDS.filter((kind) => read(overrides).told.has(kind))
/** Values that no documented answer holds. */
const ODD: readonly unknown[] = [null, undefined, 0, 7, true, false, '', {}, [], [null], { name: 'x' }]

test('all that one person of the search tells', () => {
  expect(read()).toEqual({
    presence: 'found',
    cause: null,
    person: true,
    active: true,
    emails: ['ada@example.com'],
    groups: ['dev'],
    roles: ['atlassian/user'],
    statuses: ['active'],
    told: new Set(FACT_KINDS),
    orgAdmin: false,
    synced: false,
    blockedBy: '',
    lastActive: { kind: 'at', at: Date.UTC(2026, 0, 30, 10) },
    addedAt: Date.UTC(2025, 0, 1),
    licences: { products: ['jira'], billable: null },
  })
})

test('nothing is told by an answer that holds nothing', () => {
  expect(personFacts({}, NOW)).toMatchObject({
    presence: 'found',
    person: null,
    active: null,
    emails: [],
    groups: [],
    roles: [],
    statuses: [],
    told: new Set(),
    orgAdmin: false,
    synced: false,
    lastActive: { kind: 'not-told' },
    addedAt: null,
  })
})

describe.each([
  ['email', 'email'],
  ['platformRoles', 'role'],
  ['groups', 'group'],
  ['status', 'status'],
] as const)('the member %s tells the fact %s', (member, kind) => {
  // An empty list is told: it says that there is none.
  const isList = member === 'platformRoles' || member === 'groups'
  test.each(ODD.filter((value) => !(isList && Array.isArray(value) && value.length === 0)))(
    'but not as %j',
    (value) => {
      expect(toldOf({ [member]: value })).toEqual(FACT_KINDS.filter((other) => other !== kind))
    },
  )
  test('and nothing of the others', () => expect(toldOf({ [member]: WHOLE[member] })).toEqual(FACT_KINDS))
})

describe('a list of roles or groups', () => {
  test.each([
    ['empty', [], [], true],
    ['of names', [{ name: 'a' }, { name: 'b' }], ['a', 'b'], true],
    ['with a group without a name', [{ name: 'a' }, { id: '2' }], ['a'], false],
    ['with a name that is empty', [{ name: '' }], [], false],
    ['of bare names', ['a'], [], false],
    ['with nothing in it', [null], [], false],
    ['that is an object', { name: 'a' }, [], false],
  ])('groups %s', (_, groups, names, isTold) => {
    expect(read({ groups }).groups).toEqual(names)
    expect(toldOf({ groups }).includes('group')).toBe(isTold)
  })

  test.each([
    [['atlassian/org-admin'], true, true],
    [['atlassian/user', 'org-admin'], true, true],
    [['ATLASSIAN/Org-Admin'], true, true],
    [['atlassian/org-admin', 5], false, true],
    [['atlassian/user'], true, false],
    [[], true, false],
    ['atlassian/org-admin', false, false],
  ])('roles %j', (platformRoles, isTold, orgAdmin) => {
    expect(read({ platformRoles }).orgAdmin).toBe(orgAdmin)
    expect(toldOf({ platformRoles }).includes('role')).toBe(isTold)
  })
})

describe('the status', () => {
  test.each<[unknown, boolean | null]>([
    ['active', true],
    ['inactive', false],
    ['closed', false],
    ['Active', null],
    ['suspended', null],
    ['deactivated', null],
    ['not_invited', null],
    ['unknown', null],
    ...ODD.map((value): [unknown, null] => [value, null]),
  ])('%j of the account proves %j', (accountStatus, active) => {
    expect(read({ accountStatus }).active).toBe(active)
    expect(accountFacts({ type: 'atlassian', status: accountStatus, email: '' }).active).toBe(active)
  })

  test('of a membership alone proves nothing about the account', () => {
    expect(
      read({ accountStatus: undefined, status: 'deactivated', membershipStatus: 'no_membership' }).active,
    ).toBeNull()
  })

  test.each(['active', 'suspended', 'not_invited', 'deactivated', 'for_deletion'])('%s is told', (status) => {
    expect(toldOf({ status })).toContain('status')
    expect(read({ status }).statuses[0]).toBe(status)
  })

  test.each(['Suspended', 'paused', 'closed'])(
    '%s is a word that nobody knows: not told, and still matched',
    (status) => {
      expect(toldOf({ status })).not.toContain('status')
      expect(read({ status }).statuses).toContain(status)
    },
  )

  test('every word of it can be matched, each once', () => {
    const all = { status: 'suspended', accountStatus: 'active', membershipStatus: 'suspended' }
    expect(read(all).statuses).toEqual(['suspended', 'active'])
  })
})

describe('the kind of the account', () => {
  test.each([
    ['atlassian', 'a@b.c', true],
    ['app', 'a@b.c', false],
    ['customer', 'a@b.c', false],
    ['service', 'a@b.c', false],
    ['Atlassian', 'a@b.c', false],
    ['', 'a@b.c', null],
    [undefined, '', null],
    [null, 'a@b.c', null],
    [5, 'a@b.c', null],
    ['atlassian', 'bot@serviceaccount.atlassian.com', false],
    [undefined, 'Bot@ServiceAccount.atlassian.com', false],
  ])('type %j with %s', (type, email, person) => {
    expect(accountFacts({ type, status: 'active', email }).person).toBe(person)
    expect(read({ accountType: type, email }).person).toBe(person)
  })
})

describe('the claim and the source', () => {
  test.each([
    ['unmanaged', 'unmanaged'],
    ['UNMANAGED', 'unmanaged'],
    ['managed', 'found'],
    [null, 'found'],
    [undefined, 'found'],
    [7, 'found'],
  ])('%j', (claimStatus, presence) => expect(read({ claimStatus }).presence).toBe(presence))

  test.each([
    ['synced', true],
    ['Synced', true],
    ['invited', false],
    [null, false],
    [undefined, false],
  ])('%j', (managementSource, synced) => expect(read({ managementSource }).synced).toBe(synced))
})

describe('the last activity', () => {
  const entry = (lastActiveTimestamp: unknown) => ({ key: 'jira', lastActiveTimestamp })
  const at = (text: string) => ({ kind: 'at', at: Date.parse(text) })
  const [never, notTold] = [{ kind: 'never' }, { kind: 'not-told' }]

  test.each([
    ['missing', undefined, notTold],
    ['null', null, notTold],
    ['no list', { key: 'jira' }, notTold],
    ['a text', '2026-01-01T00:00:00Z', notTold],
    ['empty', [], never],
    ['entries without a time', [{ key: 'jira' }, entry(null), entry(undefined)], never],
    ['one time', [entry('2026-01-01T00:00:00Z')], at('2026-01-01T00:00:00Z')],
    [
      'the latest of several',
      [entry('2026-01-01T00:00:00Z'), entry('2026-01-03T00:00:00Z'), entry(null), entry('2026-01-02T00:00:00Z')],
      at('2026-01-03T00:00:00Z'),
    ],
    ['a day: its last moment', [entry('2026-01-01')], at('2026-01-01T23:59:59.999Z')],
    ['this very day', [entry('2026-02-01')], at('2026-02-01T23:59:59.999Z')],
    ['tomorrow', [entry('2026-02-02')], notTold],
    ['with a zone', [entry('2026-01-01T12:00:00+02:00')], at('2026-01-01T10:00:00Z')],
    ['without a zone: UTC', [entry('2026-01-01T12:00:00')], at('2026-01-01T12:00:00Z')],
    ['this very moment', [entry('2026-02-01T12:00:00.000Z')], at('2026-02-01T12:00:00Z')],
    ['a moment in the future', [entry('2026-02-01T12:00:00.001Z')], notTold],
    ['an old one and one of the future', [entry('2026-01-01T00:00:00Z'), entry('2027-01-01')], notTold],
    ['an old one and a malformed one', [entry('2026-01-01T00:00:00Z'), entry('yesterday')], notTold],
    ['an empty text', [entry('')], notTold],
    ['a number', [entry(1_769_940_000_000)], notTold],
    ['a truth', [entry(true)], notTold],
    ['a day that no calendar has', [entry('2026-01-32')], notTold],
    ['a day that its month does not have', [entry('2025-02-30T00:00:00Z')], notTold],
    ['an entry that is nothing', [null], notTold],
    ['an entry that is a text', ['jira'], notTold],
    ['an entry that is a list', [[]], notTold],
    ['an old one and an entry that is nothing', [entry('2026-01-01T00:00:00Z'), null], notTold],
  ])('%s', (_, productAccess, expected) => expect(read({ productAccess }).lastActive).toEqual(expected))
})

describe('the day of joining', () => {
  test.each<[unknown, number | null]>([
    ['2025-03-04T05:06:07.890Z', Date.UTC(2025, 2, 4, 5, 6, 7, 890)],
    ['2025-03-04', Date.UTC(2025, 2, 4, 23, 59, 59, 999)],
    ...ODD.map((value): [unknown, null] => [value, null]),
    ['soon', null],
  ])('%j', (addedToOrg, addedAt) => expect(read({ addedToOrg }).addedAt).toBe(addedAt))
})

describe('readTime', () => {
  test.each<[unknown, number | null]>([
    ['2026-01-31', Date.UTC(2026, 0, 31)],
    ['2024-02-29', Date.UTC(2024, 1, 29)],
    ['2026-01-31T10:20', Date.UTC(2026, 0, 31, 10, 20)],
    ['2026-01-31T10:20Z', Date.UTC(2026, 0, 31, 10, 20)],
    ['2026-01-31T10:20:30', Date.UTC(2026, 0, 31, 10, 20, 30)],
    ['2026-01-31T10:20:30.123456Z', Date.UTC(2026, 0, 31, 10, 20, 30, 123)],
    ['2026-01-31T10:20:30+0200', Date.UTC(2026, 0, 31, 8, 20, 30)],
    ['2026-01-31T10:20:30-02:30', Date.UTC(2026, 0, 31, 12, 50, 30)],
    ['2026-02-29', null],
    ['2026-04-31T10:00:00Z', null],
    ['2026-13-01', null],
    ['2026-00-10', null],
    ['2026-01-31T25:00:00Z', null],
    ['2026-01-31T10:60:00Z', null],
    ['2026-01-31T10:20:30+99:99', null],
    ['2026-01-31 10:20:30', null],
    [' 2026-01-31', null],
    ['2026-01-31\n', null],
    ['31.01.2026', null],
    ['January 31, 2026', null],
    ['1769940000000', null],
    ['+012026-01-31T00:00:00Z', null],
    [1_769_940_000_000, null],
    [new Date(), null],
    ...ODD.map((value): [unknown, null] => [value, null]),
  ])('%j', (value, expected) => expect(readTime(value)).toBe(expected))
})
