import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import type { AccountResult } from '../../../src/account/result.ts'
import { planJson } from '../../../src/report/plan-json.ts'
import { readResults, resultsCsv } from '../../../src/report/results-csv.ts'
import { accountResult, fromCsv, runReport } from './builder.ts'

const ACCOUNTS: readonly AccountResult[] = [
  accountResult({ id: 'a' }),
  accountResult({ id: 'b', state: 'failed', verified: '', httpStatus: 403 }),
]
const CSV = Buffer.from([...resultsCsv(ACCOUNTS)].join(''))
const PLAN: Readonly<Record<string, unknown>> = JSON.parse(planJson(runReport({ accounts: ACCOUNTS }), ''))
const COUNTS = PLAN.counts as Readonly<Record<string, number>>
const SHA = createHash('sha256').update(CSV).digest('hex')
const read = (plan: object | string | null, csv = CSV, masked = false) =>
  readResults(csv, typeof plan === 'object' && plan !== null ? JSON.stringify(plan) : plan, masked)

test('results are taken that go with their plan', () => {
  expect(read(PLAN)).toEqual({ ok: true, results: ACCOUNTS.map(fromCsv) })
  expect(read({ ...PLAN, resultsSha256: SHA })).toEqual({ ok: true, results: ACCOUNTS.map(fromCsv) })
})

test.each<[string, object | string | null, string]>([
  ['without a plan', null, 'no plan.json'],
  ['beside a text that is no plan', 'plan', 'not in the form that this version writes'],
  ['beside a plan of another version', { ...PLAN, schemaVersion: 2 }, 'not in the form that this version writes'],
  ['with another SHA-256', { ...PLAN, resultsSha256: SHA.replace(/^./, 'x') }, 'SHA-256'],
  [
    'with fewer accounts deactivated',
    { ...PLAN, counts: { ...COUNTS, deactivated: 0 } },
    '1 accounts that are "deactivated"',
  ],
  ['with other accounts failed', { ...PLAN, counts: { ...COUNTS, failed: 2 } }, '"failed", and plan.json says 2'],
  ['with more accounts listed', { ...PLAN, counts: { ...COUNTS, listed: 3 } }, '"listed"'],
  ['with fewer accounts read back', { ...PLAN, counts: { ...COUNTS, verified: 0 } }, '"verified"'],
  ['without counts', { ...PLAN, counts: {} }, 'plan.json says no number'],
  ['of another change', { ...PLAN, change: 'restore' }, 'another change'],
  ['of a plan', { ...PLAN, mode: 'plan' }, 'the mode "plan"'],
  ['of a verification', { ...PLAN, mode: 'verify' }, 'the mode "verify"'],
])('results are refused %s', (_, plan, part) => {
  expect(read(plan)).toMatchObject({ ok: false, why: expect.stringContaining(part) })
})

test('planned accounts are refused where the plan says that it was carried out', () => {
  const accounts = [
    accountResult({ state: 'planned', verified: '', httpStatus: 0, attempts: 0, startedAt: '', finishedAt: '' }),
  ]
  const csv = Buffer.from([...resultsCsv(accounts)].join(''))
  const plan: object = JSON.parse(planJson(runReport({ accounts, mode: 'plan' }), ''))
  expect(read(plan, csv).ok).toBe(true)
  expect(read({ ...plan, mode: 'apply' }, csv)).toMatchObject({ ok: false, why: expect.stringContaining('"apply"') })
})

test('what stands in a line that is wrong is told, but not where names are masked', () => {
  const csv = Buffer.from(CSV.toString().replace(',deactivate,', ',Jane Doe,'))
  expect(read(PLAN, csv)).toMatchObject({
    why: expect.stringContaining('line 2: The column "decision" never holds this. Found "Jane Doe".'),
  })
  expect(JSON.stringify(read(PLAN, csv, true))).not.toContain('Jane')
})
