import * as core from '@actions/core'
import { MODES } from '../account/mode.ts'
import { uploadPage, uploadResults } from '../github/artifacts.ts'
import type { RunContext } from '../github/context.ts'
import { markPublished } from '../ledger/checkpoint.ts'
import type { Log } from '../log.ts'
import { guardInput } from '../plan/guards.ts'
import { type Ending, isGreen, refusedEnding, UNFINISHED } from '../report/ending.ts'
import type { RunReport } from '../report/report.ts'
import { summaryMarkdown } from '../report/summary.ts'
import { beginJournal, type Run, reportOf, reportWithoutAccounts } from '../run.ts'
import { timestamp } from '../world/clock.ts'
import type { World } from '../world/world.ts'
import { artifactNameOf } from './artifact-name.ts'
import { emptyReport } from './empty-report.ts'
import { outputsOf, setOutputs } from './outputs.ts'
import { publishComment } from './publish-comment.ts'
import { writePage, writeResultFiles } from './result-files.ts'

/** An upload may take this long; after a cancel the runner kills the step within seconds. Milliseconds. */
const UPLOAD_TIMEOUT = 5 * 60_000
const HURRIED_UPLOAD_TIMEOUT = 3000

/** Writes the outputs of a run that is killed before its end, so that they are never unset. */
export function startOutputs(world: World): void {
  setOutputs(outputsOf(emptyReport('plan', UNFINISHED, timestamp(world.clock.now()))))
}

/** Overwrites the outputs with what is known so far, should the run be killed before its end. */
export function updateOutputs(run: Run): void {
  setOutputs(outputsOf(reportWithoutAccounts(run, UNFINISHED)))
}

/** Ends a run whose inputs are wrong: there is nothing yet to put into an artifact. @returns the exit code */
export async function publishRefusedInputs(world: World, problems: readonly string[]): Promise<number> {
  const mode = MODES.find((known) => known === world.env.INPUT_MODE?.trim())
  const finding = guardInput(problems.map(world.log.clean))
  const ending = refusedEnding([finding])
  const report = { ...emptyReport(mode ?? 'plan', ending, timestamp(world.clock.now())), guards: [finding] }
  setOutputs(outputsOf(report))
  await writeSummary(report, world)
  world.log.error(endingText(report))
  return 1
}

/** Publishes all that a run leaves: files, artifact, summary, outputs, comment, and the last word in the log. @returns the exit code */
export async function publish(run: Run, ending: Ending): Promise<number> {
  const { world, context, settings } = run
  beginJournal(run)
  run.journal.append({ event: 'end', at: timestamp(world.clock.now()), outcome: ending.outcome, reason: ending.reason })
  run.journal.close()
  const draft = reportOf(run, ending)
  setOutputs(outputsOf(draft))
  const files = writeResultFiles(run.resultsPath, draft)
  const hurried = run.stop.cause() === 'cancelled'
  const artifactName = artifactNameOf(run)
  const published = await uploadReport(draft, files, {
    context,
    log: world.log,
    artifactName,
    retentionDays: settings.retentionDays,
    hurried,
  })
  if (published.outcome !== draft.outcome) writeResultFiles(run.resultsPath, published)
  setOutputs(outputsOf(published))
  await writeSummary(published, world)
  await publishComment(run, published)
  tellEnding(run, published)
  // After a cancel the post step has more time than this one: it tries again what could not be uploaded.
  if (published.artifact !== null || !hurried) markPublished()
  return isGreen(published.outcome) ? 0 : 1
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
  const uploaded = await uploadResults({ context, name, retentionDays, timeout, files, root: report.resultsPath })
  if (uploaded.ok) {
    const complete: RunReport = { ...report, artifact: uploaded.artifact }
    const file = writePage(report.resultsPath, complete)
    if (!upload.hurried) {
      const opened = await uploadPage({ context, name: `${uploaded.artifact.name}.html`, retentionDays, timeout, file })
      if (!opened.ok) {
        log.warning(
          `The page could not be uploaded on its own; it is in the results artifact as report.html. ${opened.message}`,
        )
      }
    }
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
    next: `The accounts' states stand. Save the files of the folder in the output "results-path" in a later step, or copy the job summary. ${uploaded.message}`,
  }
}

/** Writes the job summary; a runner without one is no failure. */
export async function writeSummary(report: RunReport, { env, log }: World): Promise<void> {
  if ((env.GITHUB_STEP_SUMMARY ?? '') === '') return
  const repository = env.GITHUB_ACTION_REPOSITORY || 'OWNER/deactivate-atlassian-users'
  const reference = env.GITHUB_ACTION_REF || 'v1'
  try {
    await core.summary.addRaw(summaryMarkdown(report, { uses: `${repository}@${reference}` })).write()
  } catch (error) {
    log.warning(`The job summary could not be written: ${error instanceof Error ? error.message : String(error)}`)
  }
}

/** What happened, what was changed so far, and what to do next. */
export function endingText({ outcome, reason, headline, changed, next }: RunReport): string {
  const head = reason === '' ? outcome : `${outcome} (${reason})`
  return [`${head}: ${headline}`, changed, next].filter((part) => part !== '').join(' ')
}

function tellEnding(run: Run, report: RunReport): void {
  const { log } = run.world
  // GitHub shows the first ten errors of a step: the one that sums them up must be among them.
  if (isGreen(report.outcome)) log.info(endingText(report))
  else log.error(endingText(report))
  const { file, problems } = run.lineProblems
  for (const { line, text } of problems) {
    if (file !== '') log.error(text, { file, line })
    else log.error(line === 0 ? text : `Line ${line}: ${text}`)
  }
}
