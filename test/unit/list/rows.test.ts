import { describe, expect, test } from 'vitest'
import { parseList } from '../../../src/list/parse.ts'
import { MAX_PROBLEMS } from '../../../src/list/user-list.ts'
import { lines, listIn, onlyAccount, problemsIn } from './lists.ts'

const numbers = (size: number): string[] => Array.from({ length: size }, (_, index) => String(index))

describe('one bad row refuses the list', () => {
  test.each([
    ['no id', ',a@example.com', 'missing'],
    ['a blank id', '" ",a@example.com', 'missing'],
    ['a number of a spreadsheet', '5.57E+23,a@example.com', 'into a number'],
    ['the same with a decimal comma', '"5,57E+23",a@example.com', 'into a number'],
    ['an error of a spreadsheet', '#NAME?,a@example.com', 'error value'],
    ['a formula', '=A1,a@example.com', 'formula'],
    ['an e-mail', 'a@example.com,a@example.com', 'e-mail address'],
    ['a slash', 'a/../b,a@example.com', 'not an account id'],
    ['a blank within', 'a b,a@example.com', 'inside this account id'],
    ['a line break within', '"a\nb",a@example.com', 'inside this account id'],
    ['a carriage return of its own', '"a\rb",a@example.com', 'inside this account id'],
    ['a letter of another script', 'а1,a@example.com', 'not an account id'],
    ['a zero-width space', 'a\u200b,a@example.com', 'inside this account id'],
    ['more than 128 characters', `${'a'.repeat(129)},a@example.com`, 'not an account id'],
    ['too few cells', 'a', '1 cell, but the header has 2'],
    ['too many cells', 'a,b,c', '3 cells, but the header has 2'],
  ])('%s', (_, row, message) => {
    expect(problemsIn(lines('User id,email', 'good,', row, 'fine,'))).toMatchObject([
      { line: 3, message: expect.stringContaining(message) },
    ])
  })

  test('128 characters of the grammar are an id', () => {
    const id = `${'a'.repeat(120)}_|:-AZ09`
    expect(onlyAccount(lines('User id', id)).id).toBe(id)
  })

  test.each(['2026-02-30', '2026-2-3', '26-02-03', '03.02.2026', '2026-02-03T00:00:00Z', 'soon', '0', '٢٠٢٦-٠٢-٠٣'])(
    'a due date that is none: %s',
    (due) => {
      expect(problemsIn(lines('account_id,Deactivate after', `a,${due}`))).toMatchObject([{ line: 2, found: due }])
    },
  )

  test('all problems are found, of a row with two both', () => {
    const problems = problemsIn(lines('account_id,Deactivate after', ',never', 'b,', 'c d,'))
    expect(problems.map(({ line }) => line)).toEqual([2, 2, 4])
  })

  test('the first 100 problems are told, all are counted', () => {
    const outcome = parseList(Buffer.from(lines('account_id', ...numbers(250).map((number) => `bad id ${number}`))))
    expect(outcome).toMatchObject({ ok: false, total: 250 })
    expect(outcome.ok ? [] : outcome.problems.map(({ line }) => line)).toEqual(
      numbers(MAX_PROBLEMS).map((number) => Number(number) + 2),
    )
  })

  test('more accounts than allowed', () => {
    const text = lines('account_id', 'a', 'b', 'a', 'c', 'd')
    expect(parseList(Buffer.from(text), 3)).toMatchObject({ ok: false, total: 1, problems: [{ line: 6 }] })
    expect(parseList(Buffer.from(text), 4)).toMatchObject({ ok: true })
  })

  test('what is found is shortened and is told apart from the message', () => {
    const [problem] = problemsIn(lines('account_id', 'geheim '.repeat(100)))
    expect(problem?.found.length).toBe(80)
    expect(problem?.message).not.toContain('geheim')
  })
})

describe('a quoting error refuses the list with the line on which its row begins', () => {
  test.each([
    ['a quote within a cell', 'a,5" pipe'],
    ['a blank before a quote', 'a, "b"'],
    ['a blank after a quote', 'a,"b" '],
    ['text after a quote', 'a,"b"c'],
    ['a quote within quotes', 'a,"say "hi" now"'],
    ['a quote escaped by a backslash', 'a,"say \\"hi"'],
    ['an open quote', 'a,"b'],
    ['an open quote in a row of several lines', 'a,"b\r\nc""\r\n'],
  ])('%s', (_, row) => {
    expect(problemsIn(lines('User id,email', '"x","1\r\n2\r\n3"', 'y,', row, 'z,'))).toMatchObject([
      { line: 6, message: expect.stringMatching(/quote/) },
    ])
  })

  test('in the header', () => {
    expect(problemsIn(lines('User id,"email', 'a,b'))).toMatchObject([{ line: 1 }])
  })

  test('problems before it are told too', () => {
    expect(problemsIn(lines('User id,email', ',', 'b c,', 'd,"')).map(({ line }) => line)).toEqual([3, 4])
  })
})

describe('blanks', () => {
  test('rows whose cells are all empty are ignored and do not shift lines', () => {
    const text = 'User id,email\n\n,\n a,\r\n"", \n\r\n\u00a0,\t\n,,,\nb,\n'
    const list = listIn(text)
    expect(list.accounts.map(({ id, line }) => [id, line])).toEqual([
      ['a', 4],
      ['b', 9],
    ])
  })

  test.each([' a', 'a ', '\u00a0a\u00a0', '\u202fa', 'a\t', '\ufeffa'])(
    'around an id are trimmed with a notice: %j',
    (id) => {
      const list = listIn(lines('User id;email', `${id};`))
      expect(list.accounts.map((account) => account.id)).toEqual(['a'])
      expect(list.remarks).toMatchObject([{ kind: 'notice', line: 2, found: id }])
    },
  )

  test('around other cells are trimmed without one', () => {
    const list = listIn(lines('User id,email,User status', 'a,\u00a0a@example.com ,"Inactive\r"'))
    expect(list.accounts).toMatchObject([{ email: 'a@example.com', active: false }])
    expect(list.remarks).toEqual([])
  })

  test('many trimmed ids are told in six notices', () => {
    const { remarks } = listIn(lines('User id', ...numbers(50).map((number) => `${number} `)))
    expect(remarks.map(({ line }) => line)).toEqual([2, 3, 4, 5, 6, 7])
    expect(remarks.at(-1)?.message).toContain('45 rows')
  })
})

describe('the status', () => {
  test.each([
    ['Active', true],
    ['SUSPENDED', true],
    ['Yes', true],
    ['Deactivated', false],
    ['inactive', false],
    ['No', false],
  ])('%s', (status, active) => {
    const list = listIn(lines('User id,Status', `a,${status}`))
    expect(list.accounts).toMatchObject([{ active, statuses: [status] }])
    expect(list.remarks).toEqual([])
  })

  test('that nobody knows is one warning and counts as active', () => {
    const list = listIn(lines('User id,Status', 'a,Deaktiviert', 'b,', 'c,Deaktiviert'))
    expect(list.accounts.map(({ active }) => active)).toEqual([true, true, true])
    expect(list.remarks).toMatchObject([
      { kind: 'warning', line: 2, found: 'Deaktiviert', message: expect.stringContaining('2 rows') },
      { kind: 'warning', line: 3, found: '', message: expect.stringContaining('empty') },
    ])
  })

  test('texts that nobody knows in thousands are told in a few warnings', () => {
    const { remarks } = listIn(lines('User id,Status', ...numbers(3000).map((number) => `${number},odd ${number}`)))
    expect(remarks).toHaveLength(21)
    expect(remarks.at(-1)).toMatchObject({ line: 22, message: expect.stringContaining('2,980 more statuses') })
  })

  test('is known whatever its case and what nobody sees in it', () => {
    const list = listIn(lines('User id,Status', 'a,DEACTIVATED', 'b,\u200bInactive\u00a0'))
    expect(list.accounts.map(({ active }) => active)).toEqual([false, false])
    expect(list.remarks).toEqual([])
  })

  test('without a column everybody is active', () => {
    expect(onlyAccount(lines('User id', 'a'))).toMatchObject({ active: true, statuses: [] })
  })
})

describe('whether an account is claimed', () => {
  test.each([
    ['Yes', false],
    ['yes ', false],
    ['', false],
    ['No', true],
    ['NO', true],
  ])('%j', (claimed, unclaimed) => {
    const list = listIn(lines('User id,Claimed', `a,${claimed}`))
    expect(list.accounts).toMatchObject([{ unclaimed }])
    expect(list.remarks).toEqual([])
  })

  test('what nobody knows is a warning and counts as not claimed', () => {
    const list = listIn(lines('User id,Claimed', 'a,false', 'b,Yes', 'c,false'))
    expect(list.accounts.map(({ unclaimed }) => unclaimed)).toEqual([true, false, true])
    expect(list.remarks).toMatchObject([
      { kind: 'warning', line: 2, found: 'false', message: expect.stringMatching(/"Claimed".*2 rows.*No/) },
    ])
  })
})

describe('the last activity is the latest of all columns and rows', () => {
  test.each([
    [['28 Apr 2024', '12 May 2024', 'Never accessed'], '12 May 2024'],
    [['2024-05-12', '2024-04-28', ''], '2024-05-12'],
    [['Never accessed', '2024-01-31', '3 Jan 2024'], '2024-01-31'],
    [['2024-05-12T08:30:00Z', '12 May 2024', '2024-05-12'], '2024-05-12T08:30:00Z'],
    [['Never accessed', '', 'Never accessed'], 'Never accessed'],
    [['', '', ''], ''],
  ])('%j', (seen, latest) => {
    const header = 'User id,Last seen in Jira,Last seen in Wiki,Last active'
    expect(onlyAccount(lines(header, `a,${seen.join(',')}`)).lastSeen).toBe(latest)
    expect(onlyAccount(lines('User id,Last active', ...seen.map((text) => `a,${text}`))).lastSeen).toBe(latest)
  })
})

describe('many problems and odd texts', () => {
  test('are counted without comparing each with all others', { timeout: 30_000 }, () => {
    const many = numbers(100_000)
    const rows = [...many.map((number) => `a${number},odd ${number}`), ...many.map(() => 'b c,')]
    const outcome = parseList(Buffer.from(`User id,Status\n${rows.join('\n')}\n`))
    expect(outcome).toMatchObject({ ok: false, total: many.length })
  })
})
