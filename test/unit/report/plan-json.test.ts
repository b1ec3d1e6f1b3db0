import { describe, expect, test } from 'vitest'
import { planJson } from '../../../src/report/plan-json.ts'
import { accountResult, runReport } from './builder.ts'
import { HOSTILE } from './hostile.ts'

describe('planJson', () => {
  test('tells the digest, the day, the guards, the settings, and who is e-mailed', () => {
    const report = runReport({ emailed: 7 })
    expect(JSON.parse(planJson(report, 'ab'.repeat(32)))).toMatchObject({
      schemaVersion: 1,
      planDigest: report.planDigest,
      today: '2026-03-02',
      emailed: 7,
      guards: report.guards,
      settings: report.settings,
      counts: report.counts,
    })
  })

  test('counts accounts by decision and reason', () => {
    const skip = accountResult({ decision: 'skip', reason: 'org-admin', state: 'skipped' })
    const accounts = [accountResult(), skip, accountResult(), { ...skip, reason: 'excluded' as const }, skip]
    expect(JSON.parse(planJson(runReport({ accounts }), 'ab'.repeat(32))).decisions).toEqual([
      { decision: 'deactivate', reason: '', accounts: 2 },
      { decision: 'skip', reason: 'org-admin', accounts: 2 },
      { decision: 'skip', reason: 'excluded', accounts: 1 },
    ])
  })

  test('holds no account and no secret', () => {
    const settings = { mode: 'apply', 'api-key': 'topsecret', 'github-token': 'topsecret' }
    const text = planJson(runReport({ settings }), 'ab'.repeat(32))
    expect(text).not.toContain('topsecret')
    expect(text).not.toContain('jane.doe')
  })

  test.each(HOSTILE)('holds %j as text', (hostile) => {
    const report = runReport({
      source: hostile,
      warnings: [hostile],
      settings: { [hostile]: hostile },
      guards: [
        { guard: 'max-users', verdict: 'waived', found: hostile, limit: hostile, message: hostile, fix: hostile },
      ],
    })
    const { source, warnings, settings, guards } = JSON.parse(planJson(report, 'ab'.repeat(32)))
    expect({ source, warnings, settings, guards }).toEqual({
      source: hostile,
      warnings: [hostile],
      settings: JSON.parse(JSON.stringify({ [hostile]: hostile })),
      guards: report.guards,
    })
  })
})
