import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { causeOf } from '../../../src/account/cause.ts'
import {
  type Activity,
  FACT_KINDS,
  type Facts,
  factsWith,
  isServiceAddress,
  toldSet,
  unite,
} from '../../../src/account/facts.ts'
import { decide } from '../../../src/plan/decide.ts'
import { runs } from '../../runs.ts'
import { account, DAY, facts, NOTHING, NOW, reasonOf, rules } from '../plan/builders.ts'
import { anyFacts, anyListed, anyRules } from '../plan/generated.ts'

/** Facts as far as they count: lists of values have no order, and of two keys or causes one will do. */
function counted({ cause, blockedBy, emails, groups, roles, statuses, told, ...rest }: Facts) {
  const sorted = (texts: Iterable<string>): string[] => [...texts].toSorted()
  const lists = [emails, groups, roles, statuses, told].map(sorted)
  return { ...rest, lists, isBlocked: blockedBy !== '' }
}

describe('one person whom the directory names twice', () => {
  test.each([
    ['an admin in one', { orgAdmin: true }, {}, { orgAdmin: true }],
    ['synced in one', { synced: true }, {}, { synced: true }],
    ['blocked in one', { blockedBy: 'x' }, {}, { blockedBy: 'x' }],
    ['no person in one', { person: false }, { person: true }, { person: false }],
    ['no person in one, the other does not tell', { person: false }, { person: null }, { person: false }],
    ['a person in one, the other does not tell', { person: true }, { person: null }, { person: true }],
    ['active in one alone', { active: true }, { active: false }, { active: null }],
    ['inactive in one, the other proves nothing', { active: false }, { active: null }, { active: null }],
    ['active in both', { active: true }, { active: true }, { active: true }],
    ['of several groups', { groups: ['a'] }, { groups: ['b', 'a'] }, { groups: ['a', 'b'] }],
    ['of two addresses', { emails: ['a@b.c'] }, { emails: ['A@b.c'] }, { emails: ['a@b.c', 'A@b.c'] }],
    ['of several roles', { roles: [] }, { roles: ['x'] }, { roles: ['x'] }],
    [
      'of several statuses',
      { statuses: ['active'] },
      { statuses: ['suspended'] },
      { statuses: ['active', 'suspended'] },
    ],
    [
      'told whole in one alone',
      { told: toldSet(['group', 'role']) },
      { told: toldSet(['role']) },
      { told: toldSet(['role']) },
    ],
    ['unmanaged in one', {}, { presence: 'unmanaged' }, { presence: 'unmanaged' }],
    ['not found in one', { presence: 'unmanaged' }, { presence: 'not-found' }, { presence: 'not-found' }],
    ['unreadable in one', { presence: 'not-found' }, { presence: 'unreadable' }, { presence: 'unreadable' }],
  ] as const)('%s', (_, one, other, united) => {
    expect(unite(facts(one), facts(other))).toMatchObject(united)
    expect(counted(unite(facts(other), facts(one)))).toEqual(counted(unite(facts(one), facts(other))))
  })

  test('the cause is that of the one that is worse off', () => {
    const cause = causeOf('unreadable', 'HTTP 500')
    const worse = facts({ presence: 'unreadable', cause })
    const other = facts({ presence: 'unmanaged', cause: causeOf('blocked', 'x') })
    expect([unite(worse, other).cause, unite(other, worse).cause]).toEqual([cause, cause])
  })

  const at = (time: number): Activity => ({ kind: 'at', at: time })
  const [never, notTold, old, recent] = [{ kind: 'never' }, { kind: 'not-told' }, NOW - 90 * DAY, NOW - DAY] as const
  test.each([
    ['the later of two times', at(old), at(recent), at(recent)],
    ['a time, where the other was never active', at(old), never, at(old)],
    ['never, where both say so', never, never, never],
    ['not told, where one of them is not', at(old), notTold, notTold],
    ['not told, where one was never active', never, notTold, notTold],
  ] as const)('last active: %s', (_, one, other, united) => {
    const both = [facts({ lastActive: one, addedAt: old }), facts({ lastActive: other, addedAt: old })] as const
    expect(unite(...both).lastActive).toEqual(united)
    expect(unite(both[1], both[0]).lastActive).toEqual(united)
  })

  test.each([
    ['the later of two days', old, recent, recent],
    ['the one that is told', null, recent, recent],
    ['not told', null, null, null],
  ])('joined: %s', (_, one, other, united) => {
    const both = [facts({ lastActive: at(old), addedAt: one }), facts({ lastActive: at(old), addedAt: other })] as const
    expect(unite(...both).addedAt).toBe(united)
    expect(unite(both[1], both[0]).addedAt).toBe(united)
  })

  test('the order does not matter', () => {
    fc.assert(
      fc.property(anyFacts, anyFacts, (one, other) => {
        expect(counted(unite(one, other))).toEqual(counted(unite(other, one)))
      }),
      runs(2000),
    )
  })

  test('nor how they are put together', () => {
    fc.assert(
      fc.property(anyFacts, anyFacts, anyFacts, (one, other, third) => {
        const first = unite(unite(one, other), third)
        const last = unite(one, unite(other, third))
        expect(counted(first)).toEqual(counted(last))
      }),
      runs(2000),
    )
  })

  test('the same twice is the same', () => {
    fc.assert(
      fc.property(anyFacts, (one) => {
        expect(unite(one, one)).toEqual(one)
        expect(unite(one, structuredClone(one))).toEqual(one)
      }),
    )
  })

  test('what protects in one of them protects', () => {
    fc.assert(
      fc.property(anyListed, anyRules, anyFacts, anyFacts, (who, rule, one, other) => {
        const decision = (seen: Facts) => decide(account(who), rules(rule), seen, NOTHING)
        // Whether it is done already is no protection: two that contradict each other prove nothing.
        const protects = (seen: Facts): boolean => {
          const found = decision(seen)
          return found.kind === 'unreadable' || (found.kind === 'skip' && !found.reason.startsWith('already-'))
        }
        if (protects(one) || protects(other)) expect(decision(unite(one, other)).kind).not.toBe(rule.change)
      }),
      runs(5000),
    )
  })
})

test('who counts as active, or as not told, in one of two directories does so in both', () => {
  const someFacts = anyFacts.map(({ lastActive, addedAt }) => facts({ lastActive, addedAt }))
  const isIdle = (live: Facts): boolean => reasonOf(account(), rules({ idleDays: 30 }), live) === 'deactivate'
  fc.assert(
    fc.property(someFacts, someFacts, (one, other) => {
      if (!isIdle(one) || !isIdle(other)) expect(isIdle(unite(one, other))).toBe(false)
    }),
    runs(2000),
  )
})

test('nothing is told of an account of which nothing is said', () => {
  const silent = factsWith({})
  expect(silent).toMatchObject({ presence: 'found', person: null, active: null, addedAt: null, emails: [], groups: [] })
  expect(silent.lastActive).toEqual({ kind: 'not-told' })
  expect(FACT_KINDS.filter((kind) => silent.told.has(kind))).toEqual([])
})

test.each([
  ['bot@serviceaccount.atlassian.com', true],
  ['bot@eu.serviceaccount.atlassian.com', true],
  ['Bot@ServiceAccount.Atlassian.COM', true],
  ['bot@serviceaccount.atlassian.com.example.com', false],
  ['bot@notserviceaccount.atlassian.com', false],
  ['', false],
])('%s is the address of a service account: %s', (email, expected) => expect(isServiceAddress(email)).toBe(expected))

test('what is told costs little for a million accounts: they share their sets', () => {
  expect(toldSet(['email', 'role'])).toBe(toldSet(['email', 'role']))
})
