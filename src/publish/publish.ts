import type { Job } from '../job.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { isGreen } from '../report/ending.ts'
import type { RunReport } from '../report/report.ts'
import { errorText } from '../text/words.ts'
import { timestamp } from '../world/clock.ts'
import { changesOf } from './base-changes.ts'
import { endingText, tellEnding } from './end-log.ts'
import { beginJournal } from './keep.ts'
import { setOutputs, writeSummary } from './outputs.ts'
import { publishComment } from './publish-comment.ts'
import { reportOf } from './report-of.ts'
import { writeResultFiles } from './result-files.ts'
import { saveForPost } from './saved.ts'
import type { Run, Story } from './story.ts'
import { unpublished, uploadPageAlone, uploadReport } from './upload.ts'

/** Publishes all that a run leaves: files, artifact, summary, outputs, comment, and the last word in the log. @returns the exit code */
export async function publish(run: Run, { ending, read }: Story): Promise<number> {
  const { job, notes, ledger, stop } = run
  const { world, context, settings, resultsPath, artifactName: name } = job
  const { log, clock } = world
  const hurried = stop.cause() === 'cancelled'
  beginJournal(run)
  ledger.note({ event: 'end', at: timestamp(clock.now()), outcome: ending.outcome, reason: ending.reason })
  const draft = reportOf(run, ending)
  const files = await writeFiles(job, ledger, draft, hurried ? ROOM_WAITS.slice(0, 1) : ROOM_WAITS)
  if (typeof files === 'string') return publishWithoutFiles(job, draft, files, ledger.retry())
  setOutputs(draft)
  const upload = { context, log, name, retentionDays: settings.retentionDays, hurried }
  const report = await log.folded('Uploading the results', () => uploadReport(draft, files, upload))
  if (report.outcome !== draft.outcome) writeResultFiles(resultsPath, report)
  setOutputs(report)
  await writeSummary(report, world)
  const { lineProblems } = notes.figures()
  // After a cancel only seconds are left, and the comment of an unfinished plan would tell nothing.
  if (!hurried)
    await publishComment(world, context, report, lineProblems.problems, (github) =>
      changesOf(job, report, read, github),
    )
  const { artifact } = report
  // After a cancel the post step has more time than this one: it tries again what could not be uploaded.
  if (artifact !== null || !hurried) saveForPost({ published: true, artifact: artifact?.name ?? '' })
  const uploadPage = () => uploadPageAlone(resultsPath, artifact?.name ?? '', upload)
  if (artifact !== null && (await log.folded('Uploading the page', uploadPage))) saveForPost({ artifact: '' })
  tellEnding(log, report, lineProblems)
  return isGreen(report.outcome) ? 0 : 1
}

/** Waits for room on a full disk, before the files are given up. Milliseconds. */
const ROOM_WAITS = [0, 2000, 5000, 20_000]

/** Writes the result files, and what the journal still lacks. @returns their paths, or why there is no room */
async function writeFiles(
  { world, resultsPath }: Job,
  ledger: Ledger,
  report: RunReport,
  waits: readonly number[],
): Promise<readonly string[] | string> {
  let why = ''
  for (const wait of waits) {
    await world.clock.sleep(wait)
    try {
      if (ledger.retry().length > 0) throw new Error('the journal could not be written to its end')
      const files = writeResultFiles(resultsPath, report)
      ledger.close()
      return files
    } catch (error) {
      why = errorText(error)
    }
  }
  return why
}

/** Tells by number what was done where there is no room for files: the post step tries again to publish them. */
async function publishWithoutFiles(
  { world }: Job,
  draft: RunReport,
  why: string,
  unwritten: readonly string[],
): Promise<number> {
  const next =
    'Make room on the runner. The post step tries once more to write and upload the results; the numbers here stand.'
  const report = unpublished(draft, `the results could not be written to the disk: ${why}.`, next)
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
