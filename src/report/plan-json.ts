import type { RunReport } from './report.ts'
import { groupsOf } from './sift.ts'

/** Inputs that hold secrets: they are never in the settings of a report, and if they were, not in this file. */
const SECRETS: ReadonlySet<string> = new Set(['api-key', 'github-token'])

/** `plan.json` (contract, section 6). @param resultsSha256 hex digits, of `results.csv`, where the accounts stand */
export function planJson(report: RunReport, resultsSha256: string): string {
  // In the order in which the list meets them.
  const decisions = groupsOf(report.accounts, ({ decision, reason }) => `${decision}:${reason}`)
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
    privacy: report.privacy,
    emailed: report.emailed,
    counts: report.counts,
    decisions: decisions.map(({ first: { decision, reason }, all }) => ({ decision, reason, accounts: all.length })),
    guards: report.guards,
    warnings: report.warnings,
    settings: Object.fromEntries(Object.entries(report.settings).filter(([name]) => !SECRETS.has(name))),
    activeBefore: report.activeBefore,
    activity: report.activity,
    licences: report.licences,
    leftOut: report.leftOut,
    repository: report.repository,
    runId: report.runId,
    runAttempt: report.runAttempt,
    startedAt: report.startedAt,
    startedBy: report.startedBy,
    attemptStartedBy: report.attemptStartedBy,
    approvedBy: report.approvedBy,
    commit: report.commit,
    workflow: report.workflow,
    message: String(report.settings.message ?? ''),
    listSha256: report.sha256.list,
    excludeFileSha256: report.sha256.excludeFile,
    includeFileSha256: report.sha256.includeFile,
    resultsSha256,
  }
  return `${JSON.stringify(plan, null, 2)}\n`
}
