import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { planDigest } from '../../../src/plan/digest.ts'
import { applyFacts, applyRules, makePlan, targetsOf } from '../../../src/plan/plan.ts'
import { account, excluding, facts, including, rules } from './builders.ts'

const ids = fc.uniqueArray(fc.string({ unit: fc.constantFrom(...'aAbB019_|:-'), minLength: 1, maxLength: 4 }))

describe('the digest', () => {
  test('is the SHA-256 of organization, change and sorted ids', () => {
    const text = 'org-1\ndeactivate\nB\na\nb'
    const expected = `sha256:${createHash('sha256').update(text).digest('hex')}`
    expect(planDigest('org-1', 'deactivate', ['b', 'B', 'a'])).toBe(expected)
    expect(planDigest('', 'restore', [])).toBe(`sha256:${createHash('sha256').update('\nrestore\n').digest('hex')}`)
  })

  test('sorts by code units, not by the order of a language', () => {
    const sorted = ['-', '0', ':', 'A', 'Z', '_', 'a', 'z', '|']
    const expected = createHash('sha256')
      .update(`\ndeactivate\n${sorted.join('\n')}`)
      .digest('hex')
    expect(planDigest('', 'deactivate', sorted.toReversed())).toBe(`sha256:${expected}`)
  })

  test('does not depend on the order, but on every id', () => {
    fc.assert(
      fc.property(ids, fc.nat(), (given, at) => {
        const turned = [...given.slice(at % (given.length + 1)), ...given.slice(0, at % (given.length + 1))]
        const digest = planDigest('o', 'deactivate', given)
        expect(planDigest('o', 'deactivate', turned)).toBe(digest)
        expect(planDigest('o', 'deactivate', given.toReversed())).toBe(digest)
        expect(planDigest('o', 'deactivate', [...given, 'zzzzz'])).not.toBe(digest)
        expect(planDigest('o', 'restore', given)).not.toBe(digest)
        expect(planDigest('p', 'deactivate', given)).not.toBe(digest)
      }),
    )
  })

  test('does not change the ids that it is given', () => {
    const given = ['b', 'a']
    planDigest('', 'deactivate', given)
    expect(given).toEqual(['b', 'a'])
  })

  const digestOf = (overrides: Parameters<typeof rules>[0], ...accounts: ReturnType<typeof account>[]): string =>
    makePlan(accounts, rules(overrides), 'o').digest
  const a = account({ id: 'a' })
  const both = planDigest('o', 'deactivate', ['a', 'b'])
  const onlyA = planDigest('o', 'deactivate', ['a'])

  test.each([
    ['the executing user', { protectedIds: new Set(['b']) }, {}],
    ['the executing user by e-mail', { executingEmail: 'b@example.com' }, {}],
    ['a status', {}, { active: false }],
    ['a role', {}, { roles: ['Org admin'] }],
  ])('keeps whom %s takes off', (_, overrides, who) => {
    const b = account({ id: 'b', email: 'b@example.com', ...who })
    expect(digestOf(overrides, a, b)).toBe(both)
    expect(targetsOf(makePlan([a, b], rules(overrides), 'o')).map(({ record }) => record.id)).toEqual(['a'])
  })

  test.each([
    ['an exclusion', { exclude: excluding('b') }, ''],
    ['an inclusion', { include: including('a') }, ''],
    ['a due date', {}, '2026-02-01'],
    ['an exclusion of the executing user', { protectedIds: new Set(['b']), exclude: excluding('b') }, ''],
    ['a due date of the executing user', { protectedIds: new Set(['b']) }, '2026-03-01'],
  ])('leaves out whom %s leaves out', (_, overrides, due) => {
    expect(digestOf(overrides, a, account({ id: 'b', due }))).toBe(onlyA)
  })
})

describe('a plan', () => {
  test('has one entry for each listed account, in list order, and changes nobody else', () => {
    fc.assert(
      fc.property(ids, fc.array(fc.nat(5)), (given, picks) => {
        const accounts = given.map((id, index) => account({ id, line: index + 2, email: `${id}@example.com` }))
        const out = given.filter((_, index) => picks[index] === 0)
        const plan = makePlan(accounts, rules({ protectedIds: new Set(out) }), '')
        expect(plan.entries.map(({ record }) => record.id)).toEqual(given)
        const live = new Map(['stranger', ...given].map((id, index) => [id, facts({ active: picks[index] !== 1 })]))
        applyFacts(plan, live)
        const narrowed = applyRules(plan, rules({ protectedIds: new Set([...out, ...given.slice(0, 1)]) }), new Set())
        const targets = targetsOf(narrowed).map(({ record }) => record.id)
        expect(given).toEqual(expect.arrayContaining(targets))
        for (const id of [...out, ...given.slice(0, 1)]) expect(targets).not.toContain(id)
      }),
    )
  })

  test('leaves alone, as failed, whom nobody could read', () => {
    const plan = makePlan([account()], rules(), '')
    applyFacts(plan, new Map([['id-1', facts({ presence: 'unreadable', detail: 'HTTP 500' })]]))
    expect(targetsOf(plan)).toEqual([])
    expect(plan.entries[0]?.record).toMatchObject({ state: 'failed', detail: expect.stringContaining('HTTP 500') })
  })

  test('takes the live admins out of a deactivation', () => {
    const plan = makePlan([account(), account({ id: 'id-2' })], rules(), '')
    const narrowed = applyRules(plan, plan.rules, new Set(['id-2']))
    expect(targetsOf(narrowed).map(({ record }) => record.id)).toEqual(['id-1'])
    expect(narrowed.entries[1]?.record).toMatchObject({ reason: 'org-admin', state: 'skipped' })
  })

  test('never brings back whom facts took out', () => {
    const plan = makePlan([account()], rules(), '')
    applyFacts(plan, new Map([['id-1', facts({ synced: true })]]))
    applyFacts(plan, new Map([['id-1', facts()]]))
    expect(targetsOf(applyRules(plan, plan.rules, new Set()))).toEqual([])
  })

  test('selectors that match nobody are known after it, also of accounts that others take out', () => {
    const rule = rules({
      protectedIds: new Set(['id-1']),
      exclude: excluding('ada@example.com\nid-2\nid-9'),
      include: including('id-1\nid-2\nid-3\nid-8'),
    })
    makePlan([account(), account({ id: 'id-2', email: '' }), account({ id: 'id-3', email: '' })], rule, '')
    expect([...rule.exclude.unmatched(), ...rule.include.unmatched()].map(({ text }) => text)).toEqual(['id-9', 'id-8'])
  })
})
