import * as core from '@actions/core'
import { writeCheckpoint } from '../ledger/checkpoint.ts'
import { UNFINISHED } from '../report/ending.ts'
import { timestamp } from '../world/clock.ts'
import { setOutputs } from './outputs.ts'
import { reportWithoutAccounts, shownAccounts } from './report-of.ts'
import type { Standing } from './story.ts'

/** Keeps the report and the accounts as they are, for the post step to publish, with the journal, should main die. */
export function keep(run: Standing): void {
  const { resultsPath, artifactName, settings } = run.job
  const report = reportWithoutAccounts(run, UNFINISHED)
  writeCheckpoint(resultsPath, report, shownAccounts(run))
  // The post step is told of the checkpoint when it is there.
  saveForPost({ resultsPath, artifactName, retentionDays: settings.retentionDays })
  setOutputs(report)
}

/** Sets the outputs as they would be if the run died now. */
export function keepOutputs(run: Standing): void {
  setOutputs(reportWithoutAccounts(run, UNFINISHED))
}

/** Writes the journal's first line, once the digest is known or the run ends without one. */
export function beginJournal({ job, ledger }: Standing): void {
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

const NOTHING = {
  resultsPath: '',
  artifactName: '',
  /** Days; null: as the repository is set. */
  retentionDays: null as number | null,
  /** Nothing is left to do but, where an artifact is named, to upload its page. */
  published: false,
  artifact: '',
  /** Lines of the journal that there was no room for. */
  unwritten: [] as readonly string[],
}

/** Tells the post step what to do where main cannot publish itself; what is told later counts. */
export function saveForPost(saved: Partial<typeof NOTHING>): void {
  for (const [name, value] of Object.entries(saved)) core.saveState(name, JSON.stringify(value))
}

/** What main saved; all of it is empty where it never came to save anything. */
export function readSaved(): Readonly<typeof NOTHING> {
  const told = Object.keys(NOTHING).map((name) => [name, core.getState(name)] as const)
  const saved = told.filter(([, text]) => text !== '').map(([name, text]) => [name, JSON.parse(text)])
  return { ...NOTHING, ...Object.fromEntries(saved) }
}
