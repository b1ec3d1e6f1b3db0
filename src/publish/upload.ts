import { join } from 'node:path'
import { uploadPage, uploadResults } from '../github/artifacts.ts'
import type { RunContext } from '../github/context.ts'
import type { Log } from '../log.ts'
import { isGreen } from '../report/ending.ts'
import type { RunReport } from '../report/report.ts'
import { writePage } from './result-files.ts'

/** An upload may take this long; after a cancel the runner kills the step within seconds. Milliseconds. */
const TIMEOUT = 5 * 60_000
const HURRIED_TIMEOUT = 3000
const HURRIED_PAGE_TIMEOUT = 1500

/** How a run uploads. */
export interface Upload {
  readonly context: RunContext
  readonly log: Log
  /** The results artifact's. */
  readonly name: string
  /** Days; null: as the repository is set. */
  readonly retentionDays: number | null
  /** Only seconds are left: the runner has been told to end. */
  readonly hurried: boolean
}

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

/** The report of a run that could not publish all. */
export function unpublished(report: RunReport, why: string, next: string): RunReport {
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
