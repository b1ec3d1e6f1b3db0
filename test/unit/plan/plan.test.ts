import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { EVERY_FACT } from '../../../src/account/facts.ts'
import { isTarget, type PlanOptions, planDigest, wantedBy } from '../../../src/plan/plan.ts'
import { account, excluding, including, NOTHING, plan, rules, targetIds } from './builders.ts'

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
    plan(accounts, rules(overrides)).digest
  const a = account({ id: 'a' })
  const both = planDigest('o', 'deactivate', ['a', 'b'])
  const onlyA = planDigest('o', 'deactivate', ['a'])

  test.each([
    ['the executing user', { owners: new Set(['b']) }, {}],
    ['the executing user by e-mail', { ownerEmail: 'b@example.com' }, {}],
    ['a status', {}, { active: false }],
    ['a role', {}, { roles: ['Org admin'] }],
    ['a claim', {}, { unclaimed: true }],
  ])('keeps whom %s takes off', (_, overrides, who) => {
    const b = account({ id: 'b', email: 'b@example.com', ...who })
    expect(digestOf(overrides, a, b)).toBe(both)
    expect(targetIds(plan([a, b], rules(overrides)))).toEqual(['a'])
  })

  test('keeps whom a protection takes off because nobody told what it asks for, now or ever', () => {
    const made = (later: PlanOptions['later']) =>
      plan([a, account({ id: 'b' })], rules({ exclude: excluding('group:vip') }), { later })
    expect([made(NOTHING).digest, targetIds(made(NOTHING))]).toEqual([both, []])
    expect([made(EVERY_FACT).digest, targetIds(made(EVERY_FACT))]).toEqual([both, ['a', 'b']])
  })

  test('keeps whose last activity nobody told: only a look tells it, and until then nobody is taken off', () => {
    const made = plan([a, account({ id: 'b' })], rules({ idleDays: 30 }), { later: NOTHING })
    expect([made.digest, targetIds(made)]).toEqual([both, ['a', 'b']])
  })

  test.each([
    ['an exclusion', { exclude: excluding('b') }, ''],
    ['an inclusion', { include: including('a') }, ''],
    ['a due date', {}, '2026-02-01'],
    ['an exclusion of the executing user', { owners: new Set(['b']), exclude: excluding('b') }, ''],
    ['a due date of the executing user', { owners: new Set(['b']) }, '2026-03-01'],
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
        const made = plan(accounts, rules({ owners: new Set(out) }))
        expect(made.entries.map((entry) => entry.account)).toEqual(accounts)
        expect(targetIds(made)).toEqual(given.filter((id) => !out.includes(id)))
        for (const id of [...given, 'stranger'])
          expect([id, isTarget(made, id)]).toEqual([id, targetIds(made).includes(id)])
      }),
    )
  })

  test('is frozen, and so are its entries', () => {
    const made = plan([account()])
    const [entry] = made.entries
    expect(() => Object.assign(made, { entries: [] })).toThrow(TypeError)
    expect(() => Object.assign(made.entries, [entry, entry])).toThrow(TypeError)
    expect(() => Object.assign(entry ?? {}, { decision: { kind: 'restore' } })).toThrow(TypeError)
    expect(() => Object.assign(entry?.decision ?? {}, { kind: 'restore' })).toThrow(TypeError)
  })

  test('selectors that match nobody are known after it, also of accounts that others take out', () => {
    const rule = rules({
      owners: new Set(['id-1']),
      exclude: excluding('ada@example.com\nid-2\nid-9'),
      include: including('id-1\nid-2\nid-3\nid-8'),
    })
    plan([account(), account({ id: 'id-2', email: '' }), account({ id: 'id-3', email: '' })], rule)
    expect([...rule.exclude.unmatched(), ...rule.include.unmatched()].map(({ text }) => text)).toEqual(['id-9', 'id-8'])
  })

  test.each([
    ['deactivate', 'inactive'],
    ['restore', 'active'],
  ] as const)('%s brings about %s', (change, status) => expect(wantedBy(change)).toBe(status))
})
