import { describe, expect, test } from 'vitest'
import { causeOf } from '../../../src/account/cause.ts'
import { SKIP_REASONS, type SkipReason } from '../../../src/account/decision.ts'
import { EVERY_FACT, type Facts } from '../../../src/account/facts.ts'
import type { ListedAccount } from '../../../src/account/listed-account.ts'
import { isDue } from '../../../src/list/cells.ts'
import { decide, type Rules } from '../../../src/plan/decide.ts'
import { account, DAY, excluding, facts, groups, including, NOTHING, NOW, reasonOf, rules } from './builders.ts'

describe('the due date is the last day of access', () => {
  test.each([
    ['', true],
    ['2026-01-31', true],
    ['2026-02-01', false],
    ['2026-02-02', false],
    ['2025-12-31', true],
  ])('%s on 2026-02-01: %s', (due, expected) => {
    expect(isDue(due, '2026-02-01')).toBe(expected)
    expect(reasonOf(account({ due }), rules(), null)).toBe(expected ? 'deactivate' : 'not-due')
  })
})

/** What makes a reason hold, whatever else holds. */
interface Trigger {
  readonly who?: Partial<ListedAccount>
  readonly rule?: Partial<Rules>
  readonly live?: Partial<Facts>
  /** A line of the exclusions. */
  readonly exclude?: string
}

const TRIGGERS: Readonly<Record<Exclude<SkipReason, 'already-active'>, Trigger>> = {
  'executing-user': { rule: { owners: new Set(['id-1']) } },
  excluded: { exclude: 'id-1' },
  'not-included': { rule: { include: including('nobody') } },
  'not-due': { who: { due: '2026-12-31' } },
  'not-found': { live: { presence: 'not-found' } },
  'not-a-person': { live: { person: false } },
  unmanaged: { who: { unclaimed: true } },
  'identity-mismatch': { live: { emails: ['other@example.com'] } },
  'org-admin': { who: { roles: ['Org admin'] }, live: { orgAdmin: true } },
  'already-inactive': { who: { active: false } },
  'recently-active': { rule: { idleDays: 30 }, live: { lastActive: { kind: 'at', at: NOW - DAY } } },
  'scim-managed': { live: { synced: true } },
  'not-manageable': { live: { blockedBy: 'some.reason' } },
  'fact-unknown': { exclude: 'group:vip', live: { told: new Set() } },
}
const ORDER = SKIP_REASONS.filter((reason) => reason !== 'already-active')

/** The decision on an account for which all of these hold. */
function reasonWith(reasons: readonly (keyof typeof TRIGGERS)[], more: Trigger = {}): string {
  const all: readonly Trigger[] = [...reasons.map((reason) => TRIGGERS[reason]), more]
  const merged = <K extends 'who' | 'rule' | 'live'>(part: K) => Object.assign({}, ...all.map((one) => one[part]))
  const exclude = excluding(all.map((one) => one.exclude ?? '').join('\n'))
  return reasonOf(account(merged('who')), rules({ ...merged('rule'), exclude }), facts(merged('live')))
}

describe('the first reason that holds, in the order of the contract', () => {
  test('the order is that of the contract', () => {
    // Copied from section 4, so that a change of the source shows here.
    const contract =
      'executing-user excluded not-included not-due not-found not-a-person unmanaged identity-mismatch org-admin already-inactive recently-active scim-managed not-manageable fact-unknown'
    expect(ORDER).toEqual(contract.split(' '))
  })

  test.each(ORDER.map((reason, place) => [reason, ORDER.slice(place)] as const))('%s', (reason, following) => {
    expect(reasonWith(following)).toBe(reason)
    // Each of them alone gives way to it as well.
    for (const other of following) expect([other, reasonWith([other, reason])]).toEqual([other, reason])
  })

  test('none of them: the change', () => expect(reasonWith([])).toBe('deactivate'))

  test.each(ORDER.slice(0, ORDER.indexOf('org-admin')))('%s holds for an admin too', (reason) => {
    expect(reasonWith([reason, 'org-admin'])).toBe(reason)
  })

  // An account that could not be read was found, for all that anybody knows.
  test.each(ORDER.filter((reason) => reason !== 'not-found'))('%s, where it could not be read', (reason) => {
    const unread = { live: { presence: 'unreadable' } } as const
    const isEarlier = ORDER.indexOf(reason) <= ORDER.indexOf('org-admin')
    expect(reasonWith([reason], unread)).toBe(isEarlier ? reason : 'unreadable')
  })

  test.each([
    ['the list', account({ roles: ['User', 'ORG ADMIN'] }), null, 'org-admin'],
    ['the directory', account(), facts({ orgAdmin: true }), 'org-admin'],
    ['the list', account({ active: false }), null, 'already-inactive'],
    ['the list, though live it is active', account({ active: false }), facts(), 'already-inactive'],
    ['live', account(), facts({ active: false }), 'already-inactive'],
    ['live, in words that prove nothing', account(), facts({ active: null }), 'deactivate'],
    ['live', account(), facts({ synced: true }), 'scim-managed'],
    ['Atlassian', account(), facts({ blockedBy: 'externalDirectory.scim' }), 'scim-managed'],
    ['Atlassian', account(), facts({ blockedBy: 'administrative.notMyself' }), 'executing-user'],
    ['Atlassian', account(), facts({ blockedBy: 'other' }), 'not-manageable'],
    ['the list', account({ unclaimed: true }), null, 'unmanaged'],
    ['live', account(), facts({ presence: 'unmanaged' }), 'unmanaged'],
    ['live', account(), facts({ presence: 'not-found' }), 'not-found'],
    ['live', account(), facts({ person: false }), 'not-a-person'],
    ['live, where nobody told the kind', account(), facts({ person: null }), 'deactivate'],
    ['the list, by its address', account({ email: 'bot@ServiceAccount.atlassian.com' }), null, 'not-a-person'],
    ['live', account(), facts({ emails: ['bob@example.com'] }), 'identity-mismatch'],
    ['one of two directories', account(), facts({ emails: ['ada@example.com', 'b@x.y'] }), 'identity-mismatch'],
    ['live, in another case', account(), facts({ emails: ['ADA@example.com'] }), 'deactivate'],
    ['live, where the address is hidden', account(), facts({ emails: [''] }), 'deactivate'],
    ['a list without e-mails', account({ email: '' }), facts({ emails: ['bob@example.com'] }), 'deactivate'],
    ['a suspended one', account({ statuses: ['Suspended'] }), null, 'deactivate'],
  ])('as %s says (%#)', (_, who, live, reason) => {
    expect(reasonOf(who, rules(), live)).toBe(reason)
  })

  test.each([
    [account({ email: 'OWNER@example.com' }), null],
    [account(), facts({ emails: ['Owner@Example.com'] })],
    [account(), facts({ emails: ['ada@example.com', 'Owner@Example.com'] })],
  ])('the executing user is known by e-mail, in the list or live, whatever its case (%#)', (who, live) => {
    expect(reasonOf(who, rules({ ownerEmail: 'owner@example.com' }), live)).toBe('executing-user')
  })

  test('and by Unicode case folding, as everything else is', () => {
    const rule = rules({ ownerEmail: 'straße@example.com' })
    expect(reasonOf(account({ email: 'STRASSE@example.com' }), rule, null)).toBe('executing-user')
  })

  test('an account without e-mail is not the executing user of no e-mail', () => {
    expect(reasonOf(account({ email: '' }), rules(), facts())).toBe('deactivate')
  })
})

describe('why', () => {
  test.each([
    ['not-manageable', facts({ blockedBy: 'authPolicy.saml' }), causeOf('blocked', 'authPolicy.saml')],
    ['scim-managed', facts({ blockedBy: 'externalDirectory.scim' }), causeOf('blocked', 'externalDirectory.scim')],
    [
      'executing-user',
      facts({ blockedBy: 'administrative.notMyself' }),
      causeOf('blocked', 'administrative.notMyself'),
    ],
    ['scim-managed', facts({ synced: true }), null],
    ['not-found', facts({ presence: 'not-found', cause: causeOf('blocked', 'x', 'y') }), causeOf('blocked', 'x', 'y')],
    ['unmanaged', facts({ presence: 'unmanaged', cause: causeOf('blocked', 'x') }), causeOf('blocked', 'x')],
    ['unmanaged', facts({ presence: 'unmanaged' }), null],
    ['org-admin', facts({ orgAdmin: true, blockedBy: 'x' }), null],
  ] as const)("%s keeps Atlassian's own key and words (%#)", (reason, live, cause) => {
    expect(decide(account(), rules(), live, NOTHING)).toEqual({ kind: 'skip', reason, cause })
  })

  test('an account that could not be read says what stood in the way', () => {
    const cause = causeOf('unreadable', 'HTTP 500')
    const live = facts({ presence: 'unreadable', cause })
    expect(decide(account(), rules(), live, NOTHING)).toEqual({ kind: 'unreadable', cause })
    const silent = facts({ presence: 'unreadable' })
    expect(decide(account(), rules(), silent, NOTHING)).toEqual({ kind: 'unreadable', cause: causeOf('unreadable') })
  })
})

describe('exclusions look at live facts, inclusions never do', () => {
  test.each([
    ['*@secret.org', facts({ emails: ['ada@secret.org'] })],
    ['group:vip', facts({ groups: ['VIP'] })],
    ['role:org-admin', facts({ roles: ['org-admin'] })],
    ['role:org admin', facts({ roles: ['atlassian/org-admin'] })],
    ['status:inactive', facts({ statuses: ['inactive'] })],
    ['status:for_deletion', facts({ statuses: ['active', 'for_deletion'] })],
  ])('%s', (text, live) => {
    expect(reasonOf(account(), rules({ exclude: excluding(text) }), null, EVERY_FACT)).toBe('deactivate')
    expect(reasonOf(account(), rules({ exclude: excluding(text) }), live)).toBe('excluded')
    expect(reasonOf(account(), rules({ include: including(text) }), live)).toBe('not-included')
  })

  test('what matches protects, whether or not the fact was told whole', () => {
    const live = facts({ groups: ['vip'], told: new Set() })
    expect(reasonOf(account(), rules({ exclude: excluding('group:vip') }), live)).toBe('excluded')
  })

  test('what the list says of an excluded account still holds when live it is otherwise', () => {
    const exclude = excluding('group:vip\nada@example.com')
    expect(reasonOf(account({ groupCells: groups('vip') }), rules({ exclude }), facts({ groups: [] }))).toBe('excluded')
    expect(reasonOf(account(), rules({ exclude }), facts({ emails: ['new@example.com'] }))).toBe('excluded')
  })
})

describe('a restore', () => {
  test.each([
    [account({ active: false }), null, 'restore'],
    [account(), facts({ active: false }), 'restore'],
    [account(), facts({ active: null }), 'restore'],
    [account(), facts({ active: true }), 'already-active'],
    [account({ roles: ['Org admin'] }), facts({ active: false, orgAdmin: true }), 'restore'],
    [account(), facts({ active: false, synced: true }), 'scim-managed'],
    [account(), facts({ active: false, blockedBy: 'x' }), 'not-manageable'],
    [account({ email: 'x@vip.example' }), facts({ active: false }), 'excluded'],
  ])('%#', (who, live, reason) => {
    expect(reasonOf(who, rules({ change: 'restore', exclude: excluding('*@vip.example') }), live)).toBe(reason)
  })
})
