import { join } from 'node:path'
import * as core from '@actions/core'
import { MODES } from '../account/mode.ts'
import { uploadPage, uploadResults } from '../github/artifacts.ts'
import type { RunContext } from '../github/context.ts'
import type { Job } from '../job.ts'
import { writeCheckpoint } from '../ledger/checkpoint.ts'
import type { Journal } from '../ledger/journal.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Log } from '../log.ts'
import { allFindings, type Notes } from '../notes.ts'
import { guardInput } from '../plan/guards.ts'
import { isGreen, refusedEnding, UNFINISHED } from '../report/ending.ts'
import type { RunReport } from '../report/report.ts'
import { summaryMarkdown } from '../report/summary.ts'
import { errorText } from '../text/words.ts'
import { timestamp } from '../world/clock.ts'
import type { World } from '../world/world.ts'
import { artifactNameOf } from './artifact-name.ts'
import { emptyReport } from './empty-report.ts'
import { endingText, tellEnding } from './end-log.ts'
import { outputsOf, setOutputs } from './outputs.ts'
import { publishComment, publishRefusedComment } from './publish-comment.ts'
import { reportOf, reportWithoutAccounts, shownAccounts, usesOf } from './report-of.ts'
import { writePage, writeResultFiles } from './result-files.ts'
import { markPublished, saveForPost, saveUnwritten } from './saved.ts'
import type { Story } from './story.ts'

/** An upload may take this long; after a cancel the runner kills the step within seconds. Milliseconds. */
const UPLOAD_TIMEOUT = 5 * 60_000
const HURRIED_UPLOAD_TIMEOUT = 3000
const HURRIED_PAGE_TIMEOUT = 1500

/** Writes the outputs of a run that is killed before its end, so that they are never unset. */
export function startOutputs(world: World): void {
  setOutputs(outputsOf(emptyReport('plan', UNFINISHED, timestamp(world.clock.now()))))
}

/** Ends a run whose inputs are wrong: there is nothing yet to put into an artifact. @returns the exit code */
export async function publishRefusedInputs(
  world: World,
  context: RunContext,
  { problems, hidden }: { readonly problems: readonly string[]; readonly hidden: number },
): Promise<number> {
  const mode = MODES.find((known) => known === world.env.INPUT_MODE?.trim())
  const finding = guardInput(problems.map(world.log.clean), hidden)
  const ending = refusedEnding([finding])
  const report = {
    ...emptyReport(mode ?? 'plan', ending, timestamp(world.clock.now())),
    guards: allFindings([finding]),
    uses: usesOf(world.env),
  }
  setOutputs(outputsOf(report))
  await writeSummary(report, world)
  world.log.error(endingText(report))
  await publishRefusedComment(world, context, { ...report, runUrl: context.runUrl })
  return 1
}

/**
 * Main's care for the day that it dies: what it writes before its end is what the post step, and the outputs, would tell.
 * Written before the first request, and again as the run learns more.
 */
export interface Keeper {
  /** The outputs as they would be if the run died now. */
  outputs(): void
  /** The accounts and the report as well: what the journal says from then on is added to them. */
  checkpoint(): void
}

export function openKeeper(job: Job, notes: Notes, ledger: Ledger): Keeper {
  const report = (): RunReport => reportWithoutAccounts(job, notes, ledger, UNFINISHED)
  const { settings, resultsPath } = job
  // The post step is told of the checkpoint when it is there.
  writeCheckpoint(resultsPath, report())
  saveForPost({ resultsPath, artifactName: artifactNameOf(job), retentionDays: settings.retentionDays })
  return {
    outputs: () => setOutputs(outputsOf(report())),
    checkpoint: () => {
      const now = report()
      writeCheckpoint(resultsPath, now, shownAccounts(job, ledger))
      setOutputs(outputsOf(now))
    },
  }
}

/** Writes the journal's first line, once the digest is known or the run ends without one. */
export function beginJournal({ context, settings, world }: Job, ledger: Ledger): void {
  const { runUrl, runAttempt } = context
  ledger.note({
    event: 'run',
    schemaVersion: 1,
    at: timestamp(world.clock.now()),
    run: runUrl === '' ? `attempt ${runAttempt}` : `${runUrl}/attempts/${runAttempt}`,
    mode: settings.mode,
    digest: ledger.plan()?.digest ?? '',
  })
}

/** Publishes all that a run leaves: files, artifact, summary, outputs, comment, and the last word in the log. @returns the exit code */
export async function publish(job: Job, notes: Notes, ledger: Ledger, journal: Journal, story: Story): Promise<number> {
  const { world, context, settings, resultsPath } = job
  const { ending, hurried } = story
  beginJournal(job, ledger)
  ledger.note({ event: 'end', at: timestamp(world.clock.now()), outcome: ending.outcome, reason: ending.reason })
  const draft = reportOf(job, notes, ledger, ending)
  const written = await writeFiles(job, draft, journal, hurried)
  if (!written.ok) return publishWithoutFiles(job, draft, written.why, journal.retry())
  setOutputs(outputsOf(draft))
  const artifactName = artifactNameOf(job)
  const upload = { context, log: world.log, artifactName, retentionDays: settings.retentionDays, hurried }
  const published = await world.log.folded('Uploading the results', () => uploadReport(draft, written.files, upload))
  if (published.outcome !== draft.outcome) writeResultFiles(resultsPath, published)
  setOutputs(outputsOf(published))
  await writeSummary(published, world)
  await publishComment(job, published, story, notes.figures().lineProblems.problems)
  const { artifact } = published
  // After a cancel the post step has more time than this one: it tries again what could not be uploaded.
  if (artifact !== null || !hurried) markPublished(artifact)
  const uploadedPage =
    artifact !== null &&
    (await world.log.folded('Uploading the page', () => uploadPageAlone(resultsPath, artifact.name, upload)))
  if (uploadedPage) markPublished(null)
  tellEnding(world.log, published, notes.figures().lineProblems)
  return isGreen(published.outcome) ? 0 : 1
}

/** Waits for room on a full disk, before the files are given up. Milliseconds. */
const ROOM_WAITS = [0, 2000, 5000, 20_000]

/** Writes the result files, and what the journal still lacks. */
async function writeFiles(
  { world, resultsPath }: Job,
  report: RunReport,
  journal: Journal,
  hurried: boolean,
): Promise<{ readonly ok: true; readonly files: readonly string[] } | { readonly ok: false; readonly why: string }> {
  let why = ''
  for (const wait of hurried ? ROOM_WAITS.slice(0, 1) : ROOM_WAITS) {
    await world.clock.sleep(wait)
    if (journal.retry().length > 0) {
      why = 'the journal could not be written to its end'
      continue
    }
    try {
      const files = writeResultFiles(resultsPath, report)
      journal.close()
      return { ok: true, files }
    } catch (error) {
      why = errorText(error)
    }
  }
  return { ok: false, why }
}

/** Tells by number what was done where there is no room for files: the post step tries again to publish them. */
async function publishWithoutFiles(
  { world }: Job,
  draft: RunReport,
  why: string,
  unwritten: readonly string[],
): Promise<number> {
  const report: RunReport = {
    ...draft,
    outcome: 'failed',
    reason: isGreen(draft.outcome) ? 'not-published' : draft.reason,
    headline: `${draft.headline} But the results could not be written to the disk: ${why}.`,
    next: 'Make room on the runner. The post step tries once more to write and upload the results; the numbers here stand.',
  }
  const attempt = async (work: () => void | Promise<void>): Promise<void> => {
    try {
      await work()
    } catch (error) {
      world.log.warning(errorText(error))
    }
  }
  world.log.error(endingText(report))
  await attempt(() => setOutputs(outputsOf(report)))
  await attempt(() => writeSummary(report, world))
  await attempt(() => saveUnwritten(unwritten))
  return 1
}

export interface Upload {
  readonly context: RunContext
  readonly log: Log
  readonly artifactName: string
  readonly retentionDays: number | null
  /** Only seconds are left. */
  readonly hurried: boolean
}

/** Uploads the files. An artifact that cannot be uploaded fails a run that went well, and loses nothing. */
export async function uploadReport(report: RunReport, files: readonly string[], upload: Upload): Promise<RunReport> {
  const { context, log, artifactName: name, retentionDays } = upload
  const timeout = upload.hurried ? HURRIED_UPLOAD_TIMEOUT : UPLOAD_TIMEOUT
  const { clean } = log
  const sent = { context, name, retentionDays, timeout, clean, files, root: report.resultsPath }
  const uploaded = await uploadResults(sent)
  if (uploaded.ok) {
    const complete: RunReport = { ...report, artifact: uploaded.artifact }
    writePage(report.resultsPath, complete)
    return complete
  }
  if (uploaded.reason === 'unsupported' || uploaded.reason === 'no-service') {
    log.notice(
      `${uploaded.message} The results are in ${report.resultsPath} on the runner: the output "results-path" names that folder for a later step.`,
    )
    return report
  }
  log.error(`${uploaded.message} The results are in ${report.resultsPath} on the runner.`)
  if (!isGreen(report.outcome)) return report
  return {
    ...report,
    outcome: 'failed',
    reason: 'not-published',
    headline: `${report.headline} But the results artifact could not be uploaded.`,
    next: `The accounts' states stand. Save the files of the folder in the output "results-path" in a later step, or copy the job summary. ${clean(uploaded.message)}`,
  }
}

/**
 * Uploads the page unzipped, so that it opens in the browser.
 *
 * @param artifact name of the results artifact
 * @returns whether it is there
 */
export async function uploadPageAlone(resultsPath: string, artifact: string, upload: Upload): Promise<boolean> {
  const { context, log, retentionDays, hurried } = upload
  const name = `${artifact}.html`
  const timeout = hurried ? HURRIED_PAGE_TIMEOUT : UPLOAD_TIMEOUT
  const opened = await uploadPage({
    context,
    name,
    retentionDays,
    timeout,
    clean: log.clean,
    file: join(resultsPath, 'report.html'),
  })
  if (opened.ok || hurried) return opened.ok
  log.warning(
    `The page could not be uploaded on its own; it is in the results artifact as report.html. ${opened.message}`,
  )
  return false
}

/** Writes the job summary; a runner without one is no failure. */
export async function writeSummary(report: RunReport, { env, log }: World): Promise<void> {
  if ((env.GITHUB_STEP_SUMMARY ?? '') === '') return
  try {
    await core.summary.addRaw(summaryMarkdown(report)).write()
  } catch (error) {
    log.warning(`The job summary could not be written: ${errorText(error)}`)
  }
}
