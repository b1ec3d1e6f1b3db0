import { describe, expect, test } from 'vitest'
import { planJson } from '../../../src/report/plan-json.ts'
import { accountResult, runReport } from './builder.ts'

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

  test('tells who, by whom approved, from which commit, and the hashes of what was read and written', () => {
    const approvedBy = [{ id: 2, login: 'ben', through: { kind: 'pull-request' as const, number: 7 }, commit: 'abc' }]
    const sha256 = { list: '11', excludeFile: '22', includeFile: '33' }
    const report = runReport({ approvedBy, sha256, settings: { message: 'Left' }, attemptStartedBy: 'cy' })
    expect(JSON.parse(planJson(report, '44'))).toMatchObject({
      startedBy: 'ada',
      attemptStartedBy: 'cy',
      approvedBy,
      commit: report.commit,
      workflow: report.workflow,
      message: 'Left',
      listSha256: '11',
      excludeFileSha256: '22',
      includeFileSha256: '33',
      resultsSha256: '44',
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
})
