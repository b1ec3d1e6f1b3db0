import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { SKIP_REASONS } from '../../../src/account/decision.ts'
import { isDue } from '../../../src/list/due.ts'
import { decide } from '../../../src/plan/decide.ts'
import { account, cells, excluding, facts, groups, including, rules } from './builders.ts'

const reasonOf = (...args: Parameters<typeof decide>): string => {
  const decision = decide(...args)
  return decision.kind === 'skip' ? decision.reason : decision.kind
}

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

describe('the first reason that holds, in the order of the contract', () => {
  test('each reason gives way to the next once it no longer holds', () => {
    let who = account({ due: '2026-12-31', roles: ['Org admin'], active: false })
    let live = facts({
      presence: 'not-found',
      person: false,
      email: 'other@example.com',
      orgAdmin: true,
      active: false,
      synced: true,
      blockedBy: 'some.reason',
    })
    let rule = rules({ protectedIds: new Set([who.id]), exclude: excluding(who.id), include: including('nobody') })
    const seen: string[] = []
    const steps: (() => void)[] = [
      () => (rule = { ...rule, protectedIds: new Set() }),
      () => (rule = { ...rule, exclude: excluding('') }),
      () => (rule = { ...rule, include: including('*') }),
      () => (who = { ...who, due: '' }),
      () => (live = { ...live, presence: 'unmanaged' }),
      () => (live = { ...live, person: true }),
      () => (live = { ...live, presence: 'found' }),
      () => (live = { ...live, email: who.email }),
      () => {
        live = { ...live, orgAdmin: false }
        who = { ...who, roles: [] }
      },
      () => {
        live = { ...live, active: true }
        who = { ...who, active: true }
      },
      () => (live = { ...live, synced: false }),
      () => (live = { ...live, blockedBy: '' }),
    ]
    for (const step of steps) {
      seen.push(reasonOf(who, rule, live))
      step()
    }
    expect(seen).toEqual(SKIP_REASONS.filter((reason) => reason !== 'already-active'))
    expect(reasonOf(who, rule, live)).toBe('deactivate')
  })

  test.each([
    ['the list', account({ roles: ['User', 'ORG ADMIN'] }), null, 'org-admin'],
    ['the directory', account(), facts({ orgAdmin: true }), 'org-admin'],
    ['the list', account({ active: false }), null, 'already-inactive'],
    ['the list, though live it is active', account({ active: false }), facts(), 'already-inactive'],
    ['live', account(), facts({ active: false }), 'already-inactive'],
    ['live', account(), facts({ synced: true }), 'scim-managed'],
    ['Atlassian', account(), facts({ blockedBy: 'externalDirectory.scim' }), 'scim-managed'],
    ['Atlassian', account(), facts({ blockedBy: 'administrative.notMyself' }), 'executing-user'],
    ['Atlassian', account(), facts({ blockedBy: 'other' }), 'not-manageable'],
    ['live', account(), facts({ email: 'bob@example.com' }), 'identity-mismatch'],
    ['live, in another case', account(), facts({ email: 'ADA@example.com' }), 'deactivate'],
    ['a list without e-mails', account({ email: '' }), facts({ email: 'bob@example.com' }), 'deactivate'],
    ['a suspended one', account({ statuses: ['Suspended'] }), null, 'deactivate'],
  ])('as %s says', (_, who, live, reason) => {
    expect(reasonOf(who, rules(), live)).toBe(reason)
  })

  test.each([
    [account({ email: 'OWNER@example.com' }), null],
    [account(), facts({ email: 'Owner@Example.com' })],
  ])('the executing user is known by e-mail, in the list or live, whatever its case', (who, live) => {
    expect(reasonOf(who, rules({ executingEmail: 'owner@example.com' }), live)).toBe('executing-user')
  })

  test('an account without e-mail is not the executing user of no e-mail', () => {
    expect(reasonOf(account({ email: '' }), rules(), facts())).toBe('deactivate')
  })
})

describe('exclusions look at live facts, inclusions never do', () => {
  test.each([
    ['*@secret.org', facts({ email: 'ada@secret.org' })],
    ['group:vip', facts({ groups: ['VIP'] })],
    ['role:org-admin', facts({ roles: ['org-admin'] })],
    ['status:inactive', facts({ active: false })],
  ])('%s', (text, live) => {
    expect(reasonOf(account(), rules({ exclude: excluding(text) }), null)).toBe('deactivate')
    expect(reasonOf(account(), rules({ exclude: excluding(text) }), live)).toBe('excluded')
    expect(reasonOf(account(), rules({ include: including(text) }), live)).toBe('not-included')
  })

  test('what the list says of an excluded account still holds when live it is otherwise', () => {
    const exclude = excluding('group:vip\nada@example.com')
    expect(reasonOf(account({ groupCells: groups('vip') }), rules({ exclude }), facts({ groups: [] }))).toBe('excluded')
    expect(reasonOf(account(), rules({ exclude }), facts({ email: 'new@example.com' }))).toBe('excluded')
  })
})

describe('a restore', () => {
  test.each([
    [account({ active: false }), null, 'restore'],
    [account(), facts({ active: false }), 'restore'],
    [account(), facts({ active: true }), 'already-active'],
    [account({ roles: ['Org admin'] }), facts({ active: false, orgAdmin: true }), 'restore'],
    [account(), facts({ active: false, synced: true }), 'scim-managed'],
  ])('%#', (who, live, reason) => {
    expect(reasonOf(who, rules({ change: 'restore' }), live)).toBe(reason)
  })
})

describe('live facts only shrink', () => {
  const emails = fc.constantFrom('', 'ada@example.com', 'bob@example.com', 'owner@example.com')
  const someone = fc.record({
    email: emails,
    active: fc.boolean(),
    roles: fc.subarray(['User', 'Org admin']),
    groupCells: fc.subarray([...cells('g1', 'g1,g2', 'g3')]),
    due: fc.constantFrom('', '2026-01-31', '2026-02-01'),
  })
  const live = fc.record({
    presence: fc.constantFrom('found' as const, 'not-found' as const, 'unmanaged' as const, 'unreadable' as const),
    person: fc.boolean(),
    active: fc.boolean(),
    email: emails,
    orgAdmin: fc.boolean(),
    synced: fc.boolean(),
    blockedBy: fc.constantFrom('', 'x', 'externalDirectory.scim', 'administrative.notMyself'),
    groups: fc.subarray(['g1', 'g2', 'g3']),
    roles: fc.subarray(['User', 'Org admin']),
  })
  const texts = fc.subarray(['id-1', 'ada@example.com', '*@example.com', 'group:g1', 'group:g3', 'role:*admin'])

  test('whom list and rules leave alone, no live fact can have changed', () => {
    fc.assert(
      fc.property(
        someone,
        live,
        texts,
        texts,
        fc.constantFrom('deactivate' as const, 'restore' as const),
        (who, seen, out, into, change) => {
          const rule = rules({
            change,
            executingEmail: 'owner@example.com',
            exclude: excluding(out.join('\n')),
            include: including(into.join('\n')),
          })
          const offline = decide(account(who), rule, null)
          const online = decide(account(who), rule, facts(seen))
          if (offline.kind === 'skip') expect(online.kind).toBe('skip')
        },
      ),
      { numRuns: 2000 },
    )
  })

  test('nobody who is excluded, protected, not found, no person, unmanaged or blocked is changed', () => {
    fc.assert(
      fc.property(someone, live, texts, (who, seen, out) => {
        const listed = account(who)
        const rule = rules({ executingEmail: 'owner@example.com', exclude: excluding(out.join('\n')) })
        const protectedOne =
          out.includes('id-1') ||
          (out.includes('*@example.com') && `${who.email}${seen.email}` !== '') ||
          seen.blockedBy !== '' ||
          seen.synced ||
          seen.orgAdmin ||
          !seen.person ||
          !['found', 'unreadable'].includes(seen.presence) ||
          [who.email, seen.email].includes('owner@example.com')
        if (protectedOne) expect(decide(listed, rule, facts(seen)).kind).toBe('skip')
      }),
      { numRuns: 2000 },
    )
  })
})
