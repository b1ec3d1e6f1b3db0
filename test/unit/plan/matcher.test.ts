import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ListFact } from '../../../src/account/listed-account.ts'
import { compileGlob } from '../../../src/plan/lookup.ts'
import { listedFacts, type SelectorFacts, unanswerable, untold } from '../../../src/plan/matcher.ts'
import { runs } from '../../runs.ts'
import { account, cells, excluding, groups, including, selectors } from './builders.ts'

function about(overrides: Partial<SelectorFacts> = {}): SelectorFacts {
  return { id: 'id-1', emails: [], groups: [], roles: [], statuses: [], ...overrides }
}

const few = (...units: readonly string[]): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(...units), maxLength: 8 })

/** What a pattern means, said slowly. */
function globs(pattern: string, text: string): boolean {
  if (pattern === '') return text === ''
  const rest = pattern.slice(1)
  if (pattern.startsWith('*')) return globs(rest, text) || (text !== '' && globs(pattern, text.slice(1)))
  return text.startsWith(pattern.charAt(0)) && globs(rest, text.slice(1))
}

describe('a pattern', () => {
  test('matches what it means', () => {
    fc.assert(
      fc.property(few('a', 'b', '*'), few('a', 'b'), (pattern, text) => {
        expect(compileGlob(pattern)(text)).toBe(globs(pattern, text))
      }),
      runs(3000),
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
      runs(2000),
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

  test.each([
    ['group:ΟΔΟΣ', { groups: groups('Οδος') }],
    ['group:straße*', { groups: groups('STRASSE 1') }],
    ['group:site admins', { groups: groups('Site\u00a0Admins') }],
    ['*@STRASSE.de', { emails: ['ada@straße.de'] }],
    ['role:org-admin', { roles: ['atlassian/org-admin'] }],
    ['role:org-admin', { roles: ['Org admin'] }],
    ['role:Org admin', { roles: ['atlassian/org-admin'] }],
    ['role:atlassian/org-admin', { roles: ['Org Admin'] }],
    ['role:Atlassian/Org Admin', { roles: ['org-admin'] }],
    ['role:atlassian/*', { roles: ['User'] }],
    ['role:*admin', { roles: ['atlassian/org-admin'] }],
    ['role:*/org-admin', { roles: ['org-admin'] }],
    ['role:user-access-admin', { roles: ['Org admin, User access admin'] }],
    ['status:FOR_DELETION', { statuses: ['active', 'for_deletion'] }],
    ['status:suspended', { statuses: ['Suspended'] }],
  ])('%s, by case folding', (text, facts) => {
    expect(excluding(text).match(about(facts))).toBe(true)
    expect(including(text).match(about(facts))).toBe(true)
  })

  test.each([
    ['role:admin', { roles: ['atlassian/org-admin'] }],
    ['role:org', { roles: ['Org admin'] }],
    ['status:for deletion', { statuses: ['for_deletion'] }],
    ['group:site-admins', { groups: groups('site admins') }],
    ['*@example.com', { emails: [] }],
    ['group:*', { groups: [] }],
    ['role:*', { roles: [] }],
    ['role:*', { roles: ['atlassian/'] }],
    ['status:*', { statuses: [] }],
  ])('not %s', (text, facts) => {
    expect(excluding(text).match(about(facts))).toBe(false)
    expect(including(text).match(about(facts))).toBe(false)
  })

  test('an exclusion, every run of neighbouring names of a cell; an inclusion, the whole cell or one name', () => {
    const name = few('a', 'b', '*').filter((text) => text !== '')
    const names = fc.array(
      few('a', 'b').filter((text) => text !== ''),
      { minLength: 1, maxLength: 5 },
    )
    fc.assert(
      fc.property(name, names, fc.constantFrom(',', ', ', ' , '), (pattern, parts, comma) => {
        const facts = about({ groups: cells(parts.join(comma)) })
        const runs = parts.flatMap((_, from) => parts.slice(from).map((__, size) => parts.slice(from, from + size + 1)))
        const whole = runs.filter(({ length }) => length === 1 || length === parts.length)
        const someOf = (found: readonly (readonly string[])[]): boolean =>
          found.some((run) => globs(pattern, run.join(',')))
        expect(excluding(`group:${pattern}`).match(facts)).toBe(someOf(runs))
        expect(including(`group:${pattern}`).match(facts)).toBe(someOf(whole))
      }),
      runs(3000),
    )
  })

  test('huge cells take time in proportion to their size', { timeout: 20_000 }, () => {
    const time = (size: number): number => {
      const start = performance.now()
      const facts = about({ groups: cells('a,b c,'.repeat(size)) })
      expect(excluding('group:x*y\ngroup:*b*x\ngroup:c').match(facts)).toBe(false)
      expect(including('group:x*y\ngroup:*b*x\ngroup:c').match(facts)).toBe(false)
      return performance.now() - start
    }
    time(1000)
    expect(time(200_000)).toBeLessThan(8 * time(50_000) + 500)
  })

  test('every one of them is asked, so that the one that matches nobody can be told', () => {
    const matcher = excluding('id-1\n*@example.com\ngroup:a\ngroup:a*\nrole:none\nid-2\n*')
    for (let round = 0; round < 2; round++) matcher.match(about({ emails: ['ada@example.com'], groups: cells('b,a') }))
    expect(matcher.unmatched().map(({ text }) => text)).toEqual(['role:none', 'id-2'])
  })

  test('whom only live facts show is not one that matches nobody', () => {
    const matcher = excluding('group:vip\nrole:org-admin\ngroup:none')
    const listed = about({ groups: groups('staff') })
    expect(matcher.match(listed)).toBe(false)
    expect(matcher.unmatched()).toHaveLength(3)
    const live = about({ groups: groups('VIP'), roles: ['atlassian/org-admin'] })
    expect(matcher.match(live)).toBe(true)
    expect(matcher.match(listed)).toBe(false)
    expect(matcher.unmatched().map(({ text }) => text)).toEqual(['group:none'])
  })

  test('the same selector twice is no selector that matches nobody', () => {
    const matcher = excluding('ada@example.com\nADA@example.com\nid-1\nid-1')
    matcher.match(about({ emails: ['ada@example.com'] }))
    expect(matcher.unmatched()).toEqual([])
  })

  test('everybody is never spelt wrong, also where there is nobody', () => {
    const matcher = excluding('*\ngroup:none')
    expect(matcher.unmatched().map(({ text }) => text)).toEqual(['group:none'])
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

describe('what nobody told', () => {
  const all = 'id-1\n*\n*@example.com\ngroup:a\nrole:b\nstatus:c'

  test.each([
    ['id-1\n*', []],
    ['*@example.com\nid-1', ['email']],
    ['group:a\ngroup:b', ['group']],
    ['role:a', ['role']],
    ['status:a', ['status']],
    [all, ['email', 'group', 'role', 'status']],
  ])('%j asks for %j', (text, asks) => {
    expect([...excluding(text).asks]).toEqual(asks)
    expect(untold(excluding(text).asks, listedFacts(account({ email: '', statuses: [] })))).toEqual(asks)
  })

  test('is what an account has nothing of', () => {
    const { asks } = excluding(all)
    const listed = listedFacts(account({ email: 'ada@example.com', statuses: [], roles: [], groupCells: [] }))
    expect(untold(asks, listed)).toEqual(['group', 'role', 'status'])
    expect(untold(asks, about({ roles: ['user'] }))).toEqual(['email', 'group', 'status'])
  })

  test('of a list are empty cells, not the columns', () => {
    const told = account({ email: 'a@b.org', statuses: ['Active'], roles: ['User'], groupCells: groups('a') })
    expect(listedFacts(told)).toEqual({
      id: 'id-1',
      emails: ['a@b.org'],
      statuses: ['Active'],
      roles: ['User'],
      groups: groups('a'),
    })
  })

  test('makes an exclusion unanswerable where it is not known of anybody', () => {
    const unanswered = (...known: readonly ListFact[]): string[] =>
      unanswerable(selectors(all), new Set(known)).map(({ text }) => text)
    expect(unanswered()).toEqual(['*@example.com', 'group:a', 'role:b', 'status:c'])
    expect(unanswered('email', 'name', 'due')).toEqual(['group:a', 'role:b', 'status:c'])
    expect(unanswered('email', 'groups', 'role', 'status')).toEqual([])
  })
})
