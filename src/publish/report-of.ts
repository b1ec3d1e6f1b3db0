import { cleanCause } from '../account/cause.ts'
import type { AccountResult } from '../account/result.ts'
import { fullName } from '../github/context.ts'
import { type Job, shownBy } from '../job.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { allFindings, type Notes } from '../notes.ts'
import type { Ending } from '../report/ending.ts'
import { maskAccount } from '../report/mask-account.ts'
import type { RunReport } from '../report/report.ts'
import { timestamp } from '../world/clock.ts'

/** The report of the run as it stands, with all personal data masked where privacy asks for it. */
export function reportOf(job: Job, notes: Notes, ledger: Ledger, ending: Ending): RunReport {
  return { ...reportWithoutAccounts(job, notes, ledger, ending), accounts: [...shownAccounts(job, ledger)] }
}

/** The same with its counts, but without a line for each account: they may be a million. */
export function reportWithoutAccounts(job: Job, notes: Notes, ledger: Ledger, ending: Ending): RunReport {
  const { settings, context, world, change, privacy } = job
  const { clean } = world.log
  const { counts } = ledger.tally()
  const { source, columns, lineProblems: _, ...figures } = notes.figures()
  return {
    mode: settings.mode,
    change,
    outcome: ending.outcome,
    reason: ending.reason,
    headline: clean(ending.headline),
    changed: clean(ending.changed),
    next: clean(ending.next),
    planDigest: ledger.plan()?.digest ?? '',
    today: job.today,
    source: clean(source),
    columns: clean(columns),
    organizationId: settings.organizationId,
    privacy,
    ...figures,
    counts,
    guards: allFindings(notes.findings).map((finding) => ({
      ...finding,
      found: clean(finding.found),
      limit: clean(finding.limit),
      message: clean(finding.message),
      fix: clean(finding.fix),
    })),
    warnings: notes.warnings.map(clean),
    emailed: change === 'restore' ? 0 : counts.planned + counts.deactivated,
    settings: Object.fromEntries(Object.entries(settings.given).map(([name, value]) => [name, clean(value)])),
    accounts: [],
    startedAt: timestamp(job.startedAt),
    finishedAt: timestamp(world.clock.now()),
    repository: fullName(context.repository),
    runId: context.runId,
    runAttempt: context.runAttempt,
    runUrl: context.runUrl,
    artifact: null,
    resultsPath: job.resultsPath,
  }
}

/** The accounts without what must not be shown. */
export function* shownAccounts(job: Job, ledger: Ledger): Generator<AccountResult> {
  const shown = shownBy(job)
  for (const account of ledger.results()) {
    const cleaned = account.cause === null ? account : { ...account, cause: cleanCause(account.cause, shown) }
    yield job.privacy === 'masked' ? maskAccount(cleaned) : cleaned
  }
}
