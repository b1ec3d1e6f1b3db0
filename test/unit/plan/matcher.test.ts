import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compileGlob } from '../../../src/plan/glob.ts'
import type { SelectorFacts } from '../../../src/plan/matcher.ts'
import { cells, excluding, groups, including, selectors } from './builders.ts'

function about(overrides: Partial<SelectorFacts> = {}): SelectorFacts {
  return { id: 'id-1', emails: [], groups: [], roles: [], statuses: [], ...overrides }
}

/** What a pattern means, said slowly. */
function globs(pattern: string, text: string): boolean {
  if (pattern === '') return text === ''
  const rest = pattern.slice(1)
  if (pattern.startsWith('*')) return globs(rest, text) || (text !== '' && globs(pattern, text.slice(1)))
  return text.startsWith(pattern.charAt(0)) && globs(rest, text.slice(1))
}

describe('a pattern', () => {
  const few = (...units: readonly string[]): fc.Arbitrary<string> =>
    fc.string({ unit: fc.constantFrom(...units), maxLength: 8 })

  test('matches what it means', () => {
    fc.assert(
      fc.property(few('a', 'b', '*'), few('a', 'b'), (pattern, text) => {
        expect(compileGlob(pattern)(text)).toBe(globs(pattern, text))
      }),
      { numRuns: 3000 },
    )
  })

  test('takes its letters as letters', () => {
    expect(compileGlob('a.c*')('abc')).toBe(false)
    expect(compileGlob('[a]*')('a')).toBe(false)
    expect(compileGlob('(a+)+*$')('(a+)+b$')).toBe(true)
  })

  test('of a selector matches an e-mail as it means, whatever shape it has', () => {
    const part = few('a', 'b', '.', '*').filter((text) => text !== '')
    const plain = few('a', 'b', '.')
    fc.assert(
      fc.property(part, part, plain, plain, (local, domain, name, host) => {
        fc.pre(!`.${domain}.`.includes('..'))
        const email = `${name}@${host}`
        expect(excluding(`${local}@${domain}`).match(about({ emails: [email] }))).toBe(
          globs(`${local}@${domain}`, email),
        )
      }),
      { numRuns: 2000 },
    )
  })

  test('of many stars takes no time', { timeout: 5000 }, () => {
    expect(compileGlob(`${'a*'.repeat(200)}b`)('a'.repeat(20_000))).toBe(false)
  })
})

describe('selectors match', () => {
  test.each([
    ['ADA@Example.com', { emails: ['ada@example.COM'] }],
    ['*@EXAMPLE.com', { emails: ['ada@example.com'] }],
    ['*@example.com', { emails: ['old@other.org', 'ada@example.com'] }],
    ['*@example.com', { emails: ['"a@b"@example.com'] }],
    ['müller@example.com', { emails: ['Mu\u0308ller@example.com'] }],
    ['ada@example.com', { emails: ['ada@example.com\u200b'] }],
    ['group:TEAM a', { groups: cells('x, Team A ,y') }],
    ['group:team*', { groups: cells('x', 'Team A') }],
    ['role:*admin*', { roles: ['User', 'Org Admin'] }],
    ['status:active', { statuses: ['ACTIVE'] }],
    ['id-1', {}],
    ['*', {}],
  ])('%s', (text, facts) => {
    expect(excluding(text).match(about(facts))).toBe(true)
    expect(including(text).match(about(facts))).toBe(true)
  })

  test.each([
    ['ID-1', {}],
    ['id-10', {}],
    ['id', {}],
    ['ada@example.com', { emails: ['ada@example.com.evil.org', 'xada@example.com'] }],
    ['*@example.com', { emails: ['ada@sub.example.com', 'ada@notexample.com', 'ada@example.com.org', ''] }],
    ['*@*', { emails: [''] }],
    ['group:Team', { groups: cells('Team A', 'My Team') }],
    ['group:*', { groups: cells() }],
    ['role:admin', { roles: ['Org admin'] }],
    ['status:active', { statuses: ['inactive'] }],
    ['group:Ada', { roles: ['Ada'], statuses: ['Ada'], emails: ['Ada'] }],
  ])('and nothing else: %s', (text, facts) => {
    expect(excluding(text).match(about(facts))).toBe(false)
    expect(including(text).match(about(facts))).toBe(false)
  })

  test.each([
    ['group:Sales*EMEA', cells('Sales, EMEA'), true, true],
    ['group:Sales*EMEA', groups('Sales, EMEA'), true, true],
    ['group:Sales*EMEA', groups('Sales,EMEA'), true, true],
    ['group:Sales*EMEA', cells('staff, Sales, EMEA, jira'), true, false],
    ['group:EMEA', cells('Sales, EMEA'), true, true],
    ['group:EMEA', groups('Sales, EMEA'), false, false],
    ['group:Sales', groups('Sales, EMEA'), false, false],
    ['group:*EMEA', groups('Sales, EMEA'), true, true],
    ['group:Sales*EMEA', cells('EMEA, Sales'), false, false],
    ['group:Sales*EMEA', cells('My Sales, EMEA, Sales'), false, false],
    ['group:*@example.com', cells('a, team@example.com, b'), true, true],
  ])('%s in the cells %j: excluded %j, included %j', (text, groupCells, excluded, included) => {
    expect(excluding(text).match(about({ groups: groupCells }))).toBe(excluded)
    expect(including(text).match(about({ groups: groupCells }))).toBe(included)
  })

  test('every one of them is asked, so that the one that matches nobody can be told', () => {
    const matcher = excluding('id-1\n*@example.com\ngroup:a\ngroup:a*\nrole:none\nid-2\n*')
    for (let round = 0; round < 2; round++) matcher.match(about({ emails: ['ada@example.com'], groups: cells('b,a') }))
    expect(matcher.unmatched().map(({ text }) => text)).toEqual(['role:none', 'id-2'])
  })

  test('the same selector twice is no selector that matches nobody', () => {
    const matcher = excluding('ada@example.com\nADA@example.com\nid-1\nid-1')
    matcher.match(about({ emails: ['ada@example.com'] }))
    expect(matcher.unmatched()).toEqual([])
  })

  test('a group is found again in later accounts', () => {
    const matcher = excluding('group:a')
    const found = ['a', 'b', 'a', 'b'].map((cell) => matcher.match(about({ groups: cells(cell) })))
    expect(found).toEqual([true, false, true, false])
  })

  test('of several, one is enough', () => {
    fc.assert(
      fc.property(fc.subarray(['id-1', 'id-2', '*@a.org', 'group:g', 'role:r']), (lines) => {
        const facts = about({ emails: ['x@a.org'], groups: cells('g') })
        const one = lines.some((line) => excluding(line).match(facts))
        expect(excluding(lines.join('\n')).match(facts)).toBe(one)
        expect(selectors(lines.join('\n'))).toHaveLength(lines.length)
      }),
    )
  })
})
