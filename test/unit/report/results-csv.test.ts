import { describe, expect, test } from 'vitest'
import { causeOf } from '../../../src/account/cause.ts'
import { SKIP_REASONS, type SkipReason } from '../../../src/account/decision.ts'
import type { AccountResult } from '../../../src/account/result.ts'
import { CONTRADICTIONS } from '../../../src/report/contradictions.ts'
import { parseResultsCsv, resultsCsv } from '../../../src/report/results-csv.ts'
import { accountResult, fromCsv, manyAccounts } from './builder.ts'

const HEADER =
  'account_id,email,name,line,decision,reason,state,verified,detail,http_status,attempts,started_at,finished_at,last_active'

const AT = '2026-03-02T08:00:01.000Z'

/** A line of an account that nothing was sent for. */
const waiting = (overrides: Partial<AccountResult>): AccountResult =>
  accountResult({
    state: 'not-attempted',
    verified: '',
    httpStatus: 0,
    attempts: 0,
    startedAt: '',
    finishedAt: '',
    ...overrides,
  })

const write = (...accounts: Parameters<typeof resultsCsv>[0][]): string =>
  [...resultsCsv(accounts.flatMap((a) => [...a]))].join('')

describe('resultsCsv', () => {
  test('writes a byte order mark, the header, CRLF, and a line per account in list order', () => {
    const text = write([
      accountResult({ id: 'a', lastActive: '2026-01-05T00:00:00.000Z' }),
      waiting({ id: 'b', lastActive: 'never' }),
    ])
    const lines = text.split('\r\n')
    expect(lines[0]).toBe(`\ufeff${HEADER}`)
    expect(lines[1]).toBe(
      'a,jane.doe@example.com,Jane Doe,2,deactivate,,deactivated,yes,,204,1,2026-03-02T08:00:01.000Z,2026-03-02T08:00:01.400Z,2026-01-05T00:00:00.000Z',
    )
    expect(lines[2]).toBe('b,jane.doe@example.com,Jane Doe,2,deactivate,,not-attempted,,,,0,,,never')
    expect(lines[3]).toBe('')
    expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/)
  })

  test('is only the header for no accounts', () => expect(write([])).toBe(`\ufeff${HEADER}\r\n`))

  test('comes in pieces that take little memory', () => {
    const pieces = [...resultsCsv(manyAccounts(10_000))]
    expect(pieces.length).toBeGreaterThan(10)
    for (const piece of pieces) expect(piece.length).toBeLessThan(80_000)
  })
})

describe('parseResultsCsv', () => {
  test('reads back all that was written, but the canaries', () => {
    const skipped = (reason: SkipReason, index: number): AccountResult => {
      const state = reason === 'already-inactive' || reason === 'already-active' ? reason : 'skipped'
      return waiting({ id: `reason-${index}`, decision: 'skip', reason, state })
    }
    const accounts = [
      accountResult({ id: 'a', canary: true, verified: 'unread' }),
      accountResult({
        id: 'b',
        state: 'failed',
        verified: '',
        httpStatus: 403,
        cause: causeOf('refused', 'forbidden'),
      }),
      accountResult({ id: 'c', state: 'unknown', verified: '', httpStatus: 0 }),
      accountResult({ id: 'd', state: 'already-inactive', verified: '', httpStatus: 409 }),
      waiting({ id: 'e' }),
      ...SKIP_REASONS.map(skipped),
    ]
    const results = accounts.map(fromCsv)
    expect(parseResultsCsv(write(accounts))).toEqual({ ok: true, results })
    const restored = [accountResult({ decision: 'restore', state: 'restored' })]
    expect(parseResultsCsv(write(restored))).toEqual({ ok: true, results: restored.map(fromCsv) })
    const planned = [waiting({ state: 'planned' })]
    expect(parseResultsCsv(write(planned))).toEqual({ ok: true, results: planned.map(fromCsv) })
  })

  test('takes a file that was saved without the mark and with LF', () => {
    const text = write([accountResult()]).replace('\ufeff', '').replaceAll('\r\n', '\n')
    expect(parseResultsCsv(text)).toEqual({ ok: true, results: [fromCsv(accountResult())] })
  })

  const good = write([accountResult({ id: 'good', name: 'two\nlines' })])
  const row = (overrides: Record<string, string>): string => {
    const cells = ['id', 'a@b.c', 'A', '2', 'deactivate', '', 'deactivated', 'yes', '', '204', '1', AT, AT, '']
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
    ['last_active', 'long ago'],
    ['http_status', '042'],
  ])('refuses %s %j, and names the line', (column, cell) => {
    const parsed = parseResultsCsv(row({ [column]: cell }))
    // The good row has a line break in a cell: it takes lines 2 and 3.
    expect(parsed).toMatchObject({ ok: false, problems: [{ line: 4 }] })
    const [problem] = parsed.ok ? [] : parsed.problems
    expect(problem?.message).toContain(column)
    // What the file says may name people: it stands apart from our words.
    expect(problem?.found).toBe(cell)
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

  const SENT = { attempts: 1, startedAt: AT, finishedAt: AT, httpStatus: 204, verified: '' } as const
  const contradictions: [string, Partial<AccountResult>][] = [
    ['it was left alone, but nothing says why', { decision: 'skip', state: 'skipped' }],
    ['it was not left alone, but a reason for that is given', { reason: 'excluded' }],
    [
      'it was left alone, but its state is not the one that its reason gives',
      { decision: 'skip', reason: 'excluded', state: 'deactivated' },
    ],
    [
      'it was left alone, but its state is not the one that its reason gives',
      { decision: 'skip', reason: 'already-inactive', state: 'skipped' },
    ],
    ['its state is none that its decision can lead to', { state: 'restored', ...SENT }],
    ['its state is none that its decision can lead to', { decision: 'restore', state: 'deactivated', ...SENT }],
    ['its state is none that its decision can lead to', { decision: 'restore', state: 'already-inactive' }],
    ['its state is none that its decision can lead to', { state: 'skipped' }],
    ['it was changed, but no request was sent', { state: 'deactivated' }],
    ['it was changed, but no request was sent', { decision: 'restore', state: 'restored' }],
    ['no request was sent, but one was answered, or took time', { httpStatus: 403 }],
    ['no request was sent, but one was answered, or took time', { state: 'failed', startedAt: AT }],
    ['no request was sent, but one was answered, or took time', { state: 'unknown', finishedAt: AT }],
    ['requests were sent, but it was left alone, or only planned', { state: 'planned', ...SENT }],
    [
      'requests were sent, but it was left alone, or only planned',
      { decision: 'skip', reason: 'excluded', state: 'skipped', ...SENT },
    ],
    ['requests were sent, but at no time', { state: 'failed', attempts: 1 }],
    ['it was changed, but at no time', { state: 'deactivated', ...SENT, finishedAt: '' }],
    ['it was read back, but not in its state', { state: 'failed', ...SENT, verified: 'yes' }],
    ['it was read back, but not in its state', { state: 'not-attempted', verified: 'unread' }],
    ['it was read back, but not in its state', { state: 'unknown', verified: 'no' }],
    ['it came back in a verification, but requests were sent', { state: 'already-active', ...SENT }],
  ]

  test.each(contradictions)('refuses a line that contradicts itself: %s: %j', (words, overrides) => {
    const parsed = parseResultsCsv(write([waiting({ id: 'good' }), waiting(overrides)]))
    const message = `The line contradicts itself: ${words}.`
    expect(parsed).toEqual({ ok: false, problems: [{ line: 3, message, found: accountResult().id }] })
  })

  test('every contradiction has such a line', () => {
    expect(new Set(contradictions.map(([words]) => words))).toEqual(new Set(Object.keys(CONTRADICTIONS)))
  })

  test.each<[string, Partial<AccountResult>, Partial<AccountResult>]>([
    ['two kinds of changes', {}, { decision: 'restore' }],
    ['a plan and a change', { state: 'planned' }, { state: 'failed', ...SENT }],
  ])('refuses lines that contradict each other: %s', (_, one, other) => {
    const parsed = parseResultsCsv(write([waiting({ id: 'a', ...one }), waiting({ id: 'b', ...other })]))
    expect(parsed).toMatchObject({ ok: false, problems: [{ line: 0, message: expect.stringContaining('each other') }] })
  })
})
