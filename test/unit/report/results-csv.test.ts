import { parse } from 'csv-parse/sync'
import { describe, expect, test } from 'vitest'
import { SKIP_REASONS } from '../../../src/account/decision.ts'
import { STATES } from '../../../src/account/result.ts'
import { parseResultsCsv, resultsCsv } from '../../../src/report/results-csv.ts'
import { accountResult, manyAccounts } from './builder.ts'
import { HOSTILE } from './hostile.ts'

const HEADER =
  'account_id,email,name,line,decision,reason,state,verified,detail,http_status,attempts,started_at,finished_at'

const write = (...accounts: Parameters<typeof resultsCsv>[0][]): string =>
  [...resultsCsv(accounts.flatMap((a) => [...a]))].join('')

describe('resultsCsv', () => {
  test('writes a byte order mark, the header, CRLF, and a line per account in list order', () => {
    const text = write([
      accountResult({ id: 'a' }),
      accountResult({ id: 'b', httpStatus: 0, attempts: 0, startedAt: '', finishedAt: '' }),
    ])
    const lines = text.split('\r\n')
    expect(lines[0]).toBe(`\ufeff${HEADER}`)
    expect(lines[1]).toBe(
      'a,jane.doe@example.com,Jane Doe,2,deactivate,,deactivated,yes,,204,1,2026-03-02T08:00:01.000Z,2026-03-02T08:00:01.400Z',
    )
    expect(lines[2]).toBe('b,jane.doe@example.com,Jane Doe,2,deactivate,,deactivated,yes,,,0,,')
    expect(lines[3]).toBe('')
    expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/)
  })

  test('is only the header for no accounts', () => expect(write([])).toBe(`\ufeff${HEADER}\r\n`))

  test('comes in pieces that take little memory', () => {
    const pieces = [...resultsCsv(manyAccounts(10_000))]
    expect(pieces.length).toBeGreaterThan(10)
    for (const piece of pieces) expect(piece.length).toBeLessThan(80_000)
  })

  test.each(HOSTILE)('holds %j as text in a cell that is no formula', (hostile) => {
    const text = hostile.toWellFormed()
    const account = accountResult({ email: text, name: text, detail: text })
    const bytes = Buffer.from(write([account]))
    const rows = parse(bytes, { bom: true, record_delimiter: '\r\n' })
    expect(rows).toHaveLength(2)
    for (const index of [1, 2, 8]) expect(rows[1]?.[index]).not.toMatch(/^[\s\u00a0]*[=+\-@＝＋－＠]|^[\t\r\n]/)
    expect(parseResultsCsv(bytes)).toEqual({ ok: true, results: [account] })
  })
})

describe('parseResultsCsv', () => {
  test('reads back all that was written, but the canaries', () => {
    const accounts = [
      ...STATES.map((state, index) => accountResult({ id: `state-${index}`, state })),
      ...SKIP_REASONS.map((reason, index) =>
        accountResult({ id: `reason-${index}`, decision: 'skip', reason, state: 'skipped' }),
      ),
      accountResult({ id: 'x', canary: true, verified: 'unread', decision: 'restore' }),
    ]
    const results = accounts.map((account) => ({ ...account, canary: false }))
    expect(parseResultsCsv(write(accounts))).toEqual({ ok: true, results })
  })

  test('takes a file that was saved without the mark and with LF', () => {
    const text = write([accountResult()]).replace('\ufeff', '').replaceAll('\r\n', '\n')
    expect(parseResultsCsv(text)).toEqual({ ok: true, results: [accountResult()] })
  })

  const good = write([accountResult({ id: 'good', name: 'two\nlines' })])
  const row = (overrides: Record<string, string>): string => {
    const cells = ['id', 'a@b.c', 'A', '2', 'deactivate', '', 'deactivated', 'yes', '', '204', '1', '', '']
    const names = HEADER.split(',')
    return `${good}${cells.map((cell, index) => overrides[names[index] ?? ''] ?? cell).join(',')}\r\n`
  }

  test.each([
    ['account_id', ''],
    ['account_id', 'has blank'],
    ['account_id', '../../etc'],
    ['account_id', 'a'.repeat(129)],
    ['line', '1e3'],
    ['decision', 'delete'],
    ['reason', 'because'],
    ['state', 'Deactivated'],
    ['verified', 'maybe'],
    ['http_status', '2040'],
    ['attempts', '-1'],
    ['started_at', 'yesterday'],
    ['finished_at', '2026-03-02'],
  ])('refuses %s %j, and names the line', (column, cell) => {
    const parsed = parseResultsCsv(row({ [column]: cell }))
    // The good row has a line break in a cell: it takes lines 2 and 3.
    expect(parsed).toMatchObject({ ok: false, problems: [{ line: 4 }] })
    expect(parsed.ok ? '' : parsed.problems[0]?.message).toContain(column)
  })

  test('refuses an account that is there twice', () => {
    expect(parseResultsCsv(row({ account_id: 'good' }))).toMatchObject({ ok: false, problems: [{ line: 4 }] })
  })

  test.each([
    ['an empty file', ''],
    ['another header', 'account_id,state\r\na,deactivated\r\n'],
    ['a header in another order', good.replace('account_id,email', 'email,account_id')],
    ['too few cells', `${good}a,b\r\n`],
    ['too many cells', `${good.trimEnd()},x\r\n`],
    ['an open quote', `${good}"a`],
    ['something behind a quote', `${good}"a"b,c\r\n`],
    ['no text', '\u0000\u0001\u0002'],
  ])('refuses %s', (_, text) => {
    const parsed = parseResultsCsv(text)
    expect(parsed.ok).toBe(false)
    expect(parsed.ok ? [] : parsed.problems).not.toEqual([])
  })
})
