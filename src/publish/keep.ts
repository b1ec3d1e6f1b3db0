import { writeCheckpoint } from '../ledger/checkpoint.ts'
import { UNFINISHED } from '../report/ending.ts'
import { timestamp } from '../world/clock.ts'
import { setOutputs } from './outputs.ts'
import { reportWithoutAccounts, shownAccounts } from './report-of.ts'
import { saveForPost } from './saved.ts'
import type { Run } from './story.ts'

// Main's care for the day that it dies: what it writes before its end is what the post step, and the outputs, would tell.

/** Keeps what is known before the first request, and tells the post step of it, once it is there. */
export function keepFirst(run: Run): void {
  const { resultsPath, artifactName, settings } = run.job
  writeCheckpoint(resultsPath, reportWithoutAccounts(run, UNFINISHED))
  saveForPost({ resultsPath, artifactName, retentionDays: settings.retentionDays })
}

/** Keeps the accounts and the report as they are now: what the journal says from then on is added to them. */
export function keepAll(run: Run): void {
  const report = reportWithoutAccounts(run, UNFINISHED)
  writeCheckpoint(run.job.resultsPath, report, shownAccounts(run))
  setOutputs(report)
}

/** Sets the outputs as they would be if the run died now. */
export function keepOutputs(run: Run): void {
  setOutputs(reportWithoutAccounts(run, UNFINISHED))
}

/** Writes the journal's first line, once the digest is known or the run ends without one. */
export function beginJournal({ job, ledger }: Run): void {
  const { runUrl, runAttempt } = job.context
  ledger.note({
    event: 'run',
    schemaVersion: 1,
    at: timestamp(job.world.clock.now()),
    run: runUrl === '' ? `attempt ${runAttempt}` : `${runUrl}/attempts/${runAttempt}`,
    mode: job.settings.mode,
    digest: ledger.plan()?.digest ?? '',
  })
}
