import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { lines, listIn, onlyAccount, problemsIn } from './lists.ts'

const HEADER = 'User id,email,User name,User status,Org role,Group name,Deactivate after'

describe('several rows of one account are one account, united to the safe side', () => {
  test('all groups and roles, the latest due date, active if any row says so, the first line', () => {
    const account = onlyAccount(
      lines(
        HEADER,
        'a,,,Deactivated,,g1,2026-01-31',
        'a,ada@example.com,Ada,Active,Org admin,g2,2026-02-01',
        'a,ADA@example.com,Ada L,Deactivated,User,g1,',
      ),
    )
    expect(account).toEqual({
      id: 'a',
      line: 2,
      email: 'ada@example.com',
      name: 'Ada',
      active: true,
      statuses: ['Deactivated', 'Active'],
      roles: ['Org admin', 'User'],
      unclaimed: false,
      groupCells: [
        { text: 'g1', several: true },
        { text: 'g2', several: true },
      ],
      lastSeen: '',
      due: '2026-02-01',
    })
  })

  test('not claimed if any row says so', () => {
    const rows = ['a,Yes', 'a,No', 'a,']
    for (const [first = '', ...others] of [rows, rows.toReversed()]) {
      expect(onlyAccount(lines('User id,Claimed', first, ...others)).unclaimed).toBe(true)
    }
  })

  test.each([
    ['ADA@example.com', 'ada@EXAMPLE.com'],
    ['οδος@example.com', 'ΟΔΟΣ@example.com'],
    ['straße@example.com', 'STRASSE@example.com'],
    ['Jose\u0301@example.com', 'JOSÉ@example.com'],
  ])('%s and %s are one e-mail', (one, other) => {
    expect(onlyAccount(lines('User id,email', `a,${one}`, `a,${other}`)).email).toBe(one)
  })

  test('ids are told apart by case', () => {
    expect(listIn(lines('User id', 'abc', 'ABC')).accounts.map(({ id }) => id)).toEqual(['abc', 'ABC'])
  })

  test('two e-mails of one account refuse the list', () => {
    const problems = problemsIn(lines('User id,email', 'a,a@example.com', 'b,', 'a,', 'a,b@example.com'))
    expect(problems).toMatchObject([{ line: 5, found: 'b@example.com', message: expect.stringContaining('line 2') }])
  })

  test('one account does not change another that shares its texts', () => {
    const { accounts } = listIn(lines('User id,Group name', 'a,g1', 'b,g1', 'a,g2', 'c,g1'))
    expect(accounts.map(({ groupCells }) => groupCells.map(({ text }) => text))).toEqual([['g1', 'g2'], ['g1'], ['g1']])
  })

  test('many rows of one account take time in proportion to their number', { timeout: 10_000 }, () => {
    const rows = Array.from({ length: 60_000 }, (_, index) => `a,group ${index % 50_000}`)
    expect(onlyAccount(lines('User id,Group name', ...rows)).groupCells).toHaveLength(50_000)
  })

  test('another row never makes an account less safe', () => {
    const row = fc.record({
      status: fc.constantFrom('Active', 'Deactivated', 'odd', ''),
      role: fc.constantFrom('', 'User', 'Org admin'),
      group: fc.constantFrom('', 'g1', 'g2', 'g3'),
      due: fc.constantFrom('', '2026-01-01', '2026-12-31'),
    })
    const write = ({
      status,
      role,
      group,
      due,
    }: {
      status: string
      role: string
      group: string
      due: string
    }): string => `a,a@example.com,A,${status},${role},${group},${due}`
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 60 }), row, (rows, more) => {
        const before = onlyAccount(lines(HEADER, ...rows.map(write)))
        const after = onlyAccount(lines(HEADER, ...[...rows, more].map(write)))
        expect(after.active || !before.active).toBe(true)
        expect(after.groupCells).toEqual(expect.arrayContaining([...before.groupCells]))
        expect(after.roles).toEqual(expect.arrayContaining([...before.roles]))
        expect(after.due >= before.due && after.due >= more.due).toBe(true)
        const own = onlyAccount(lines(HEADER, write(more)))
        expect(after.active || !own.active).toBe(true)
        expect(after.groupCells).toEqual(expect.arrayContaining([...own.groupCells]))
      }),
    )
  })
})
