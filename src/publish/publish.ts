import { join } from 'node:path'
import * as core from '@actions/core'
import type { GuardFinding } from '../account/guard.ts'
import { MODES, type Mode } from '../account/mode.ts'
import type { GitHub } from '../github/api.ts'
import { uploadPage, uploadResults } from '../github/artifacts.ts'
import type { RunContext } from '../github/context.ts'
import type { Job } from '../job.ts'
import { writeCheckpoint } from '../ledger/checkpoint.ts'
import type { Journal } from '../ledger/journal.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Log } from '../log.ts'
import { allFindings, type Notes } from '../notes.ts'
import * as guards from '../plan/guards.ts'
import { isGreen, refusedEnding, UNFINISHED } from '../report/ending.ts'
import { emptyReport, type RunReport } from '../report/report.ts'
import { summaryMarkdown } from '../report/summary.ts'
import { INPUTS, type RawInputs, readInputs } from '../settings/inputs.ts'
import { inWorkspace, readListAt } from '../subject/from-list.ts'
import { errorText } from '../text/words.ts'
import { timestamp } from '../world/clock.ts'
import type { World } from '../world/world.ts'
import { endingText, tellEnding } from './end-log.ts'
import { outputsOf, setOutputs } from './outputs.ts'
import { changesOf, publishComment } from './publish-comment.ts'
import { artifactNameOf, reportOf, reportWithoutAccounts, type Story, shownAccounts, usesOf } from './report-of.ts'
import { writePage, writeResultFiles } from './result-files.ts'
import { type Saved, saveForPost } from './saved.ts'

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
  const { values } = readInputs(world.env)
  const mode = MODES.find((known) => known === values.mode)
  const beside = mode === undefined ? [] : await refusedBeside(mode, values, context)
  const { clean } = world.log
  const findings = [guards.guardInput(problems.map(clean), hidden), ...beside].map((one) => ({
    ...one,
    found: clean(one.found),
    message: clean(one.message),
  }))
  const ending = refusedEnding(findings)
  const report = {
    ...emptyReport(mode ?? 'plan', ending, timestamp(world.clock.now())),
    guards: allFindings(findings),
    uses: usesOf(world.env),
  }
  setOutputs(outputsOf(report))
  await writeSummary(report, world)
  world.log.error(endingText(report))
  await publishComment(world, context, { ...report, runUrl: context.runUrl })
  return 1
}

/** What else refuses such a run: guards that need no more than the event, which inputs are empty, and the list. */
async function refusedBeside(mode: Mode, values: RawInputs, context: RunContext): Promise<readonly GuardFinding[]> {
  const isWaived = values.waive.includes('admins-unknown')
  const given = { executingUser: values['executing-user'], organizationId: values['organization-id'] }
  return [
    ...guards.guardsOfInputs(mode, mode, context.eventName, given, values['api-key'] !== '', isWaived),
    ...(await listRefusedBeside(mode, values, context)),
  ].filter(({ verdict }) => verdict === 'refused')
}

/** A list of the workspace, whose own input is right, is read all the same; what names stand in it nobody knows. */
async function listRefusedBeside(mode: Mode, values: RawInputs, context: RunContext): Promise<readonly GuardFinding[]> {
  const path = INPUTS['users-file'].parse(values['users-file'])
  const isOther = values['users-artifact'] !== '' || values['results-artifact'] !== ''
  if ((mode !== 'plan' && mode !== 'apply') || isOther || !path.ok || path.value === '') return []
  const read = await readListAt(inWorkspace(context, path.value), '', true)
  return [read.ok ? guards.guardListNotEmpty(read.subject.accounts.length) : read.finding]
}

export type Keeper = ReturnType<typeof openKeeper>

/**
 * Main's care for the day that it dies: what it writes before its end is what the post step, and the outputs, would tell.
 * Written before the first request, and again as the run learns more.
 */
export function openKeeper(job: Job, notes: Notes, ledger: Ledger) {
  const report = (): RunReport => reportWithoutAccounts(job, notes, ledger, UNFINISHED)
  const { settings, resultsPath } = job
  // The post step is told of the checkpoint when it is there.
  writeCheckpoint(resultsPath, report())
  saveForPost({ resultsPath, artifactName: artifactNameOf(job), retentionDays: settings.retentionDays })
  return {
    /** The outputs as they would be if the run died now. */
    outputs: (): void => setOutputs(outputsOf(report())),
    /** The accounts and the report as well: what the journal says from then on is added to them. */
    checkpoint: (): void => {
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
  const files = await writeFiles(job, draft, journal, hurried).catch(errorText)
  if (typeof files === 'string') return publishWithoutFiles(job, draft, files, journal.retry())
  setOutputs(outputsOf(draft))
  const artifactName = artifactNameOf(job)
  const upload = { context, log: world.log, artifactName, retentionDays: settings.retentionDays, hurried }
  const published = await world.log.folded('Uploading the results', () => uploadReport(draft, files, upload))
  if (published.outcome !== draft.outcome) writeResultFiles(resultsPath, published)
  setOutputs(outputsOf(published))
  await writeSummary(published, world)
  const { lineProblems } = notes.figures()
  // After a cancel only seconds are left, and the comment of an unfinished plan would tell nothing.
  if (!hurried) {
    const changes = (github: GitHub) => changesOf(job, published, story.read, github)
    await publishComment(world, context, published, lineProblems.problems, changes)
  }
  const { artifact } = published
  // After a cancel the post step has more time than this one: it tries again what could not be uploaded.
  if (artifact !== null || !hurried) saveForPost({ published: true, artifact: artifact?.name ?? '' })
  const uploadPage = () => uploadPageAlone(resultsPath, artifact?.name ?? '', upload)
  if (artifact !== null && (await world.log.folded('Uploading the page', uploadPage))) saveForPost({ artifact: '' })
  tellEnding(world.log, published, lineProblems)
  return isGreen(published.outcome) ? 0 : 1
}

/** Waits for room on a full disk, before the files are given up. Milliseconds. */
const ROOM_WAITS = [0, 2000, 5000, 20_000]

/** Writes the result files, and what the journal still lacks. @throws where there is no room */
async function writeFiles(
  { world, resultsPath }: Job,
  report: RunReport,
  journal: Journal,
  hurried: boolean,
): Promise<readonly string[]> {
  let failure: unknown
  for (const wait of hurried ? ROOM_WAITS.slice(0, 1) : ROOM_WAITS) {
    await world.clock.sleep(wait)
    try {
      if (journal.retry().length > 0) throw new Error('the journal could not be written to its end')
      const files = writeResultFiles(resultsPath, report)
      journal.close()
      return files
    } catch (error) {
      failure = error
    }
  }
  throw failure
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
  const steps = [
    async () => setOutputs(outputsOf(report)),
    () => writeSummary(report, world),
    async () => saveForPost({ unwritten }),
  ]
  for (const step of steps) await step().catch((error) => world.log.warning(errorText(error)))
  return 1
}

export interface Upload extends Pick<Saved, 'artifactName' | 'retentionDays'> {
  readonly context: RunContext
  readonly log: Log
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
  const next = `The accounts' states stand. Save the files of the folder in the output "results-path" in a later step, or copy the job summary. ${clean(uploaded.message)}`
  return isGreen(report.outcome) ? unpublished(report, 'the results artifact could not be uploaded.', next) : report
}

function unpublished(report: RunReport, why: string, next: string): RunReport {
  const reason = isGreen(report.outcome) ? 'not-published' : report.reason
  return { ...report, outcome: 'failed', reason, headline: `${report.headline} But ${why}`, next }
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
