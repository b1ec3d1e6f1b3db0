import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { decodeText } from '../../../src/list/decode.ts'
import { parseList } from '../../../src/list/parse.ts'
import { listIn, problemsIn } from './lists.ts'

function fixture(name: string): string {
  const decoded = decodeText(readFileSync(new URL(`../../fixtures/lists/${name}.csv`, import.meta.url)))
  if (!decoded.ok) throw new Error(decoded.message)
  return decoded.text.toString('utf8')
}

describe('exports as they come', () => {
  test.each([
    ['directory-export', ['email', 'last-seen', 'name', 'role', 'status']],
    ['directory-export-groups', ['email', 'groups', 'last-seen', 'name', 'role', 'status']],
    ['managed-accounts-export', ['email', 'last-seen', 'name', 'status']],
    ['contractors-with-due-dates', ['due', 'email']],
    ['spreadsheet-semicolon-bom', ['email', 'name', 'role', 'status']],
  ])('%s', (name, facts) => {
    const list = listIn(fixture(name))
    expect(list.accounts.map(({ line }) => line)).toEqual(list.accounts.map((_, index) => index + 2))
    expect(list.accounts).toHaveLength(24)
    expect(list.accounts[0]).toMatchObject({ id: 'e8e25d940ed904759531985d', email: 'kofi.0@contractor.example.net' })
    expect([...list.facts].toSorted()).toEqual(facts)
    expect(list.remarks).toEqual([])
  })

  test('all of them list the same accounts', () => {
    const ids = (name: string): string[] => listIn(fixture(name)).accounts.map(({ id }) => id)
    for (const name of ['directory-export-groups', 'managed-accounts-export', 'spreadsheet-semicolon-bom']) {
      expect(ids(name)).toEqual(ids('directory-export'))
    }
  })

  test('the list that a spreadsheet damaged is refused for line 5 only', () => {
    expect(problemsIn(fixture('spreadsheet-damaged'))).toEqual([
      { line: 5, found: '5,57E+23', message: expect.stringContaining('into a number') },
    ])
    expect(parseList(Buffer.from(fixture('spreadsheet-damaged')))).toMatchObject({ total: 1 })
  })

  test('once corrected, its ids of lines 7 and 8 are trimmed with notices', () => {
    const list = listIn(fixture('spreadsheet-damaged').replace('5,57E+23', '557058:corrected'))
    expect(list.remarks).toMatchObject([
      { kind: 'notice', line: 7, found: expect.stringMatching(/ $/) },
      { kind: 'notice', line: 8, found: expect.stringMatching(/\u00a0/) },
    ])
    expect(list.accounts.slice(5, 7).map(({ id }) => id)).toEqual([
      '557058:4cdd2055-930d-6eaf-14f4-733f3e7d1bfb',
      '557058:c1d3fcff-2a3a-f4d4-6b0a-18e8830e07bc',
    ])
  })
})
