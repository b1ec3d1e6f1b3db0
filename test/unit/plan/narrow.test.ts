import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { causeOf } from '../../../src/account/cause.ts'
import { toldSet } from '../../../src/account/facts.ts'
import { isTarget, narrow, type Plan, type Seen } from '../../../src/plan/plan.ts'
import { runs } from '../../runs.ts'
import { account, excluding, facts, groups, NOW, plan, rules, seen, targetIds } from './builders.ts'
import { anyFacts, anyListed, anyRules, anyTold } from './generated.ts'

const two = [account(), account({ id: 'id-2' })]
const decisionOf = ({ entries }: Plan, place: number) => entries[place]?.decision

describe('narrow', () => {
  const someSeen = fc
    .record({
      facts: fc.array(fc.tuple(fc.constantFrom('id-1', 'id-2', 'id-3', 'stranger'), anyFacts)),
      owners: fc.subarray(['id-1', 'id-2', 'stranger']),
      admins: fc.subarray(['id-1', 'id-3', 'stranger']),
    })
    .map(
      ({ facts, owners, admins }): Seen => ({
        facts: new Map(facts),
        owners: new Set(owners),
        admins: new Set(admins),
      }),
    )

  test('never adds a target, whatever is seen and however often', () => {
    const listed = fc.array(anyListed, { maxLength: 4 })
    fc.assert(
      fc.property(listed, anyRules, fc.array(someSeen, { maxLength: 3 }), anyTold, (people, rule, sights, later) => {
        const accounts = people.map((person, index) => account({ ...person, id: `id-${index + 1}` }))
        let before = plan(accounts, rules(rule), { later })
        for (const sight of sights) {
          const kept = structuredClone(before.entries)
          const after = narrow(before, sight)
          expect(targetIds(before)).toEqual(expect.arrayContaining([...targetIds(after)]))
          expect(after.entries.map((entry) => entry.account)).toEqual(accounts)
          expect([after.digest, after.waiting]).toEqual([before.digest, before.waiting])
          // Nobody who was left alone gets another reason, and the plan before stands as it was.
          for (const [place, { decision }] of before.entries.entries()) {
            if (decision.kind !== before.rules.change) expect(decisionOf(after, place)).toBe(decision)
          }
          expect(before.entries).toEqual(kept)
          for (const id of sight.owners) expect(targetIds(after).includes(id) && sight.facts.has(id)).toBe(false)
          before = after
        }
      }),
      runs(1000),
    )
  })

  test('is frozen too', () => {
    const narrowed = narrow(plan(two), seen({ 'id-1': facts() }))
    const [entry] = narrowed.entries
    expect(() => Object.assign(narrowed, { digest: '' })).toThrow(TypeError)
    expect(() => Object.assign(narrowed.entries, [entry])).toThrow(TypeError)
    expect(() => Object.assign(entry ?? {}, { decision: { kind: 'restore' } })).toThrow(TypeError)
  })

  test('never brings back whom facts took out', () => {
    const out = narrow(plan([account()]), seen({ 'id-1': facts({ synced: true }) }))
    expect(targetIds(narrow(out, seen({ 'id-1': facts() })))).toEqual([])
  })

  test('leaves alone, as unreadable, whom nobody could read', () => {
    const cause = causeOf('unreadable', 'HTTP 500')
    const narrowed = narrow(plan([account()]), seen({ 'id-1': facts({ presence: 'unreadable', cause }) }))
    expect(targetIds(narrowed)).toEqual([])
    expect(decisionOf(narrowed, 0)).toEqual({ kind: 'unreadable', cause })
  })

  test('says nothing new of an account that nobody looked at', () => {
    const before = plan(two)
    expect(narrow(before, seen({ 'id-1': facts({ active: false }) })).entries[1]).toBe(before.entries[1])
  })

  test('keeps when each was active last, also of those who are taken out', () => {
    const lastActive = { kind: 'at', at: NOW } as const
    const narrowed = narrow(
      plan(two),
      seen({ 'id-1': facts({ lastActive, synced: true }), 'id-2': facts({ lastActive: { kind: 'never' } }) }),
    )
    expect(narrowed.entries.map((entry) => entry.lastActive)).toEqual([lastActive, { kind: 'never' }])
    expect(plan(two).entries[0]?.lastActive).toEqual({ kind: 'not-told' })
  })

  test('isTarget follows the plan that it is asked with', () => {
    const before = plan([...two, account({ id: 'id-3', active: false })])
    const after = narrow(before, seen({ 'id-1': facts(), 'id-2': facts({ active: false }) }))
    const asked = (made: Plan) => ['id-1', 'id-2', 'id-3', 'stranger', ''].map((id) => isTarget(made, id))
    expect(asked(before)).toEqual([true, true, false, false, false])
    expect(asked(after)).toEqual([true, false, false, false, false])
  })
})

describe('whom the organization protects', () => {
  test('live admins are taken out of a deactivation', () => {
    const narrowed = narrow(plan(two), seen({ 'id-1': facts(), 'id-2': facts() }, { admins: new Set(['id-2']) }))
    expect(targetIds(narrowed)).toEqual(['id-1'])
    expect(decisionOf(narrowed, 1)).toMatchObject({ kind: 'skip', reason: 'org-admin' })
  })

  test('an admin may be restored', () => {
    const rule = rules({ change: 'restore' })
    const sight = seen({ 'id-1': facts({ active: false }) }, { admins: new Set(['id-1']) })
    expect(targetIds(narrow(plan([account()], rule), sight))).toEqual(['id-1'])
  })

  test.each(['deactivate', 'restore'] as const)('owners of keys are taken out: %s', (change) => {
    const before = plan(two, rules({ change, owners: new Set(['id-2']) }))
    const live = facts({ active: change === 'deactivate' })
    const narrowed = narrow(before, seen({ 'id-1': live }, { owners: new Set(['id-1']) }))
    expect(targetIds(narrowed)).toEqual([])
    expect(narrowed.entries.map(({ decision }) => decision)).toEqual([
      { kind: 'skip', reason: 'executing-user', cause: null },
      { kind: 'skip', reason: 'executing-user', cause: null },
    ])
    // Those of before stay protected in the next look as well.
    expect([...narrowed.rules.owners].toSorted()).toEqual(['id-1', 'id-2'])
    expect([...before.rules.owners]).toEqual(['id-2'])
  })
})

describe('a directory in which nobody shows a group has not told the groups', () => {
  const rule = rules({ exclude: excluding('group:vip') })
  const empty = facts({ told: toldSet(['group', 'role', 'status']) })
  const shows = facts({ groups: ['dev'] })

  test('so an exclusion by group leaves them all alone', () => {
    const narrowed = narrow(plan(two, rule), seen({ 'id-1': empty, 'id-2': empty }))
    expect(targetIds(narrowed)).toEqual([])
    const untold = { kind: 'skip', reason: 'fact-unknown', cause: causeOf('not-told', 'groups') }
    expect(narrowed.entries.map(({ decision }) => decision)).toEqual([untold, untold])
  })

  test('but not where one of them shows a group', () => {
    expect(targetIds(narrow(plan(two, rule), seen({ 'id-1': empty, 'id-2': shows })))).toEqual(['id-1', 'id-2'])
  })

  test('nor those whose groups the list tells', () => {
    const listed = plan([account({ groupCells: groups('dev') }), account({ id: 'id-2' })], rule)
    expect(targetIds(narrow(listed, seen({ 'id-1': empty, 'id-2': empty })))).toEqual(['id-1'])
  })

  test('nor where no exclusion asks for groups', () => {
    const other = plan(two, rules({ exclude: excluding('role:guest') }))
    expect(targetIds(narrow(other, seen({ 'id-1': empty, 'id-2': empty })))).toEqual(['id-1', 'id-2'])
  })
})
