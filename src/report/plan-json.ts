import type { RunReport } from './report.ts'

/** `plan.json` (contract, section 6): what would be done and by which rules; the accounts stand in `results.csv`. */
export function planJson(report: RunReport): string {
  const decisions = new Map<string, number>()
  for (const { decision, reason } of report.accounts) {
    const key = decision === 'skip' ? `skip:${reason}` : decision
    decisions.set(key, (decisions.get(key) ?? 0) + 1)
  }
  const plan = {
    schemaVersion: 1,
    planDigest: report.planDigest,
    mode: report.mode,
    change: report.change,
    outcome: report.outcome,
    reason: report.reason,
    organizationId: report.organizationId,
    today: report.today,
    source: report.source,
    live: report.live,
    emailed: report.emailed,
    counts: report.counts,
    decisions: [...decisions].map(([key, accounts]) => {
      const [decision = '', reason = ''] = key.split(':')
      return { decision, reason, accounts }
    }),
    guards: report.guards,
    warnings: report.warnings,
    settings: report.settings,
    activeBefore: report.activeBefore,
    repository: report.repository,
    runId: report.runId,
    runAttempt: report.runAttempt,
    startedAt: report.startedAt,
  }
  return `${JSON.stringify(plan, null, 2)}\n`
}
