import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { AccountResult } from '../../../src/account/result.ts'
import { reportPage } from '../../../src/report/page.ts'
import type { RunReport } from '../../../src/report/report.ts'
import { manyAccounts, runReport } from './builder.ts'
import { readHtml } from './read-back.ts'

const page = (report: RunReport) => readHtml([...reportPage(report)].join(''))
const rowsOf = (report: RunReport): unknown[][] => {
  const data = page(report).find(({ attributes }) => attributes.id === 'data')
  return data === undefined ? [] : JSON.parse(data.text).rows
}
const textOf = (report: RunReport): string => page(report).find(({ name }) => name === 'body')?.text ?? ''

describe('the page', () => {
  test('lets only its own style and script run, and loads nothing', () => {
    const elements = page(runReport())
    const policy = elements.find(({ attributes }) => attributes['http-equiv'] === 'Content-Security-Policy')
    const hash = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`
    const style = elements.find(({ name }) => name === 'style')
    const script = elements.findLast(({ name }) => name === 'script')
    expect(policy?.attributes.content).toContain("default-src 'none'")
    expect(policy?.attributes.content).toContain(`style-src ${hash(style?.text ?? '')}`)
    expect(policy?.attributes.content).toContain(`script-src ${hash(script?.text ?? '')}`)
    expect(policy?.attributes.content).not.toContain('unsafe')
  })

  test('says the verdict, what to do next, the guards, and whom Atlassian has e-mailed', () => {
    const text = textOf(runReport({ next: 'Look at the table.', emailed: 12 }))
    for (const part of [
      '1 account was deactivated and confirmed by a read',
      'Look at the table.',
      'max-users',
      'at most 500',
      'e-mailed 12 people',
    ])
      expect(text).toContain(part)
  })

  test('tells waived guards apart', () => {
    const waived = { found: 'nobody', limit: 'one', message: 'No administrator is known.', fix: '' }
    const text = textOf(runReport({ guards: [{ guard: 'admins-unknown', verdict: 'waived', ...waived }] }))
    expect(text).toContain(
      'Waived: Organization admins are known admins-unknown No administrator is known. Allowed: one.',
    )
  })

  test('needs no accounts at all', () => {
    const empty = runReport({ accounts: [], outcome: 'refused', reason: 'invalid-list', guards: [], settings: {} })
    expect(page(empty).map(({ attributes }) => attributes.id)).not.toContain('accounts')
    expect(textOf(empty)).not.toContain('Skip to the accounts')
    expect(rowsOf(empty)).toEqual([])
  })

  test('lists 50,000 accounts in list order', () => {
    const accounts = manyAccounts(50_000)
    expect(rowsOf(runReport({ accounts })).map((row) => row[0])).toEqual(accounts.map(({ id }) => id))
  })

  test('lists those that need attention of more, and says so', () => {
    const accounts = manyAccounts(50_001)
    const urgent = accounts.filter(({ state }) => state === 'failed' || state === 'unknown')
    const report = runReport({ accounts })
    expect(rowsOf(report).map((row) => row[0])).toEqual(urgent.map(({ id }) => id))
    expect(textOf(report)).toContain(`${urgent.length} accounts that need attention most, of 50,001 in all`)
  })

  test('lists the most urgent where too many need attention', () => {
    const accounts = manyAccounts(
      60_000,
      (index): Partial<AccountResult> => ({
        state: index >= 59_990 ? 'failed' : 'not-attempted',
        decision: 'deactivate',
        reason: '',
      }),
    )
    const rows = rowsOf(runReport({ accounts }))
    expect(rows).toHaveLength(50_000)
    expect(rows.filter((row) => row[4] === 6)).toHaveLength(10)
  })
})
