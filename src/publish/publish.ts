import { join } from 'node:path'
import type { GitHub } from '../github/api.ts'
import { uploadPage, uploadResults } from '../github/artifacts.ts'
import type { RunContext } from '../github/context.ts'
import type { Job } from '../job.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Log } from '../log.ts'
import { isGreen } from '../report/ending.ts'
import type { RunReport } from '../report/report.ts'
import { errorText } from '../text/words.ts'
import { timestamp } from '../world/clock.ts'
import { changesOf } from './base-changes.ts'
import { endingText, tellEnding } from './end-log.ts'
import { beginJournal, saveForPost } from './keep.ts'
import { setOutputs, writeSummary } from './outputs.ts'
import { publishComment } from './publish-comment.ts'
import { reportOf } from './report-of.ts'
import { writePage, writeResultFiles } from './result-files.ts'
import type { Standing, Story } from './story.ts'

/** Publishes all that a run leaves: files, artifact, summary, outputs, comment, last words. @returns the exit code */
export async function publish(run: Standing, { ending, read }: Story): Promise<number> {
  const { job, notes, ledger, stop } = run
  const { world, context, settings, resultsPath, artifactName: name } = job
  const { log, clock } = world
  const hurried = stop.cause() === 'cancelled'
  beginJournal(run)
  ledger.note({ event: 'end', at: timestamp(clock.now()), outcome: ending.outcome, reason: ending.reason })
  const draft = reportOf(run, ending)
  const files = await writeFiles(run, draft, hurried ? ROOM_WAITS.slice(0, 1) : ROOM_WAITS)
  if (typeof files === 'string') return publishWithoutFiles(job, ledger, draft, files)
  setOutputs(draft)
  const upload = { context, log, name, retentionDays: settings.retentionDays, hurried }
  const report = await log.folded('Uploading the results', () => uploadReport(draft, files, upload))
  if (report.outcome !== draft.outcome) writeResultFiles(resultsPath, report)
  setOutputs(report)
  await writeSummary(report, world)
  const { lineProblems } = notes.figures()
  const compare = (github: GitHub) => changesOf(job, report, read, github)
  // After a cancel only seconds are left, and the comment of an unfinished plan would tell nothing.
  if (!hurried) await publishComment(world, context, report, lineProblems.problems, compare)
  const { artifact } = report
  // After a cancel the post step has more time than this one: it tries again what could not be uploaded.
  if (artifact !== null || !hurried) saveForPost({ published: true, artifact: artifact?.name ?? '' })
  const alone = () => uploadPageAlone(resultsPath, artifact?.name ?? '', upload)
  if (artifact !== null && (await log.folded('Uploading the page', alone))) saveForPost({ artifact: '' })
  tellEnding(log, report, lineProblems)
  return isGreen(report.outcome) ? 0 : 1
}

/** Waits for room on a full disk, before the files are given up. Milliseconds. */
const ROOM_WAITS = [0, 2000, 5000, 20_000]

/** Writes the result files, and what the journal still lacks. @returns their paths, or why there is no room */
async function writeFiles(
  { job, ledger }: Standing,
  report: RunReport,
  waits: readonly number[],
): Promise<string[] | string> {
  let why = ''
  for (const wait of waits) {
    await job.world.clock.sleep(wait)
    try {
      if (ledger.retry().length > 0) throw new Error('the journal could not be written to its end')
      const files = writeResultFiles(job.resultsPath, report)
      ledger.close()
      return files
    } catch (error) {
      why = errorText(error)
    }
  }
  return why
}

/** Tells by number what was done where there is no room for files: the post step tries again to publish them. */
async function publishWithoutFiles({ world }: Job, ledger: Ledger, draft: RunReport, why: string): Promise<number> {
  const next =
    'Make room on the runner. The post step tries once more to write and upload the results; the numbers here stand.'
  const report = unpublished(draft, `the results could not be written to the disk: ${why}.`, next)
  const unwritten = ledger.retry()
  world.log.error(endingText(report))
  const steps = [() => setOutputs(report), () => writeSummary(report, world), () => saveForPost({ unwritten })]
  for (const step of steps) {
    try {
      await step()
    } catch (error) {
      world.log.warning(errorText(error))
    }
  }
  return 1
}

/** An upload may take this long; after a cancel the runner kills the step within seconds. Milliseconds. */
const TIMEOUT = 5 * 60_000
const HURRIED_TIMEOUT = 3000
const HURRIED_PAGE_TIMEOUT = 1500

/** `hurried`: only seconds are left, for the runner has been told to end. `retentionDays`: null as the repository is set. */
type Upload = Readonly<{ context: RunContext; log: Log; name: string; retentionDays: number | null; hurried: boolean }>

/** Uploads the files. An artifact that cannot be uploaded fails a run that went well, and loses nothing. */
export async function uploadReport(report: RunReport, files: readonly string[], upload: Upload): Promise<RunReport> {
  const { log, hurried } = upload
  const { resultsPath: root, outcome } = report
  const timeout = hurried ? HURRIED_TIMEOUT : TIMEOUT
  const uploaded = await uploadResults({ ...upload, timeout, clean: log.clean, files, root })
  if (uploaded.ok) {
    const complete = { ...report, artifact: uploaded.artifact }
    writePage(root, complete)
    return complete
  }
  const { message, reason } = uploaded
  const where = `${message} The results are in ${root} on the runner`
  if (reason === 'unsupported' || reason === 'no-service') {
    log.notice(`${where}: the output "results-path" names that folder for a later step.`)
    return report
  }
  log.error(`${where}.`)
  const next = `The accounts' states stand. Save the files of the folder in the output "results-path" in a later step, or copy the job summary. ${log.clean(message)}`
  return isGreen(outcome) ? unpublished(report, 'the results artifact could not be uploaded.', next) : report
}

function unpublished(report: RunReport, why: string, next: string): RunReport {
  const reason = isGreen(report.outcome) ? 'not-published' : report.reason
  return { ...report, outcome: 'failed', reason, headline: `${report.headline} But ${why}`, next }
}

/** Uploads the page unzipped, so that it opens in the browser. @returns whether it is there */
export async function uploadPageAlone(resultsPath: string, artifact: string, upload: Upload): Promise<boolean> {
  const { log, hurried } = upload
  const timeout = hurried ? HURRIED_PAGE_TIMEOUT : TIMEOUT
  const page = { name: `${artifact}.html`, file: join(resultsPath, 'report.html') }
  const opened = await uploadPage({ ...upload, ...page, timeout, clean: log.clean })
  if (opened.ok || hurried) return opened.ok
  log.warning(
    `The page could not be uploaded on its own; it is in the results artifact as report.html. ${opened.message}`,
  )
  return false
}
