import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ListedAccount } from '../account/listed-account.ts'
import type { AccountResult } from '../account/result.ts'
import { connectGitHub } from '../github/api.ts'
import { currentRun, downloadArtifact, resultsRunAllowed } from '../github/artifacts.ts'
import { guardResults } from '../plan/guards.ts'
import { parseResultsCsv } from '../report/results-csv.ts'
import { type Run, warn } from '../run.ts'
import { quote, sentenceList } from '../text/words.ts'
import type { SubjectRead } from './subject.ts'

const DOWNLOAD_TIMEOUT = 5 * 60_000

/**
 * Reads the accounts that earlier results say this action deactivated. Results are only taken from a run of this
 * repository that no pull request triggered, whole, and as they were uploaded.
 */
export async function readResultsSubject(run: Run): Promise<SubjectRead> {
  const { settings, context } = run
  const failed = (why: string): SubjectRead => ({ ok: false, finding: guardResults(why), file: '', problems: [] })
  const source = await trustedRun(run)
  if (source !== null) return failed(source)
  const deactivated = new Map<string, ListedAccount>()
  let masked = false
  const unknown = new Map<string, ListedAccount>()
  for (const [index, name] of settings.resultsArtifacts.entries()) {
    const into = join(run.resultsPath, '..', `results-${index}`)
    const download = await downloadArtifact({
      context,
      name,
      runId: settings.resultsRunId,
      token: settings.githubToken,
      into,
      timeout: DOWNLOAD_TIMEOUT,
    })
    if (!download.ok) return failed(download.message)
    if (download.digest === '')
      warn(run, `Artifact ${quote(name)} has no digest on GitHub that it could be checked against.`)
    if (!download.files.includes('results.csv'))
      return failed(`Artifact ${quote(name)} holds no results.csv, so it is no results artifact of this action.`)
    const parsed = parseResultsCsv(await readFile(join(into, 'results.csv')))
    if (!parsed.ok) {
      const [first] = parsed.problems
      return failed(
        `The results.csv of artifact ${quote(name)} cannot be read: line ${first?.line ?? 0}: ${first?.message ?? 'unknown'}`,
      )
    }
    for (const result of parsed.results) {
      if (isMasked(result)) masked = true
      if (result.state === 'deactivated') deactivated.set(result.id, toListed(result))
      else if (result.state === 'unknown') unknown.set(result.id, toListed(result))
    }
  }
  const names = sentenceList(settings.resultsArtifacts.map(quote))
  return {
    ok: true,
    subject: {
      accounts: [...deactivated.values()],
      facts: new Set(masked ? [] : ['email', 'name']),
      remarks: [],
      source: `results ${names} of run ${settings.resultsRunId || context.runId}`,
      file: '',
      unknown: [...unknown.values()].filter(({ id }) => !deactivated.has(id)),
    },
  }
}

/** Why the run's results are not to be trusted; null where they are. */
async function trustedRun({ settings, context }: Run): Promise<string | null> {
  if (settings.resultsRunId === '' || settings.resultsRunId === context.runId) {
    const verdict = resultsRunAllowed(currentRun(context), context)
    return verdict.allowed ? null : verdict.message
  }
  const answer = await connectGitHub(context, settings.githubToken).run(settings.resultsRunId)
  if (!answer.ok) return answer.message
  const verdict = resultsRunAllowed(answer.value, context)
  return verdict.allowed ? null : verdict.message
}

function toListed(result: AccountResult): ListedAccount {
  const email = isMasked(result) ? '' : result.email
  return {
    id: result.id,
    line: result.line,
    email,
    name: result.name,
    statuses: [],
    active: true,
    unclaimed: false,
    roles: [],
    groupCells: [],
    lastSeen: '',
    due: '',
  }
}

/** A masked address is no address: it would neither match a selector nor be the live one. */
function isMasked({ email }: AccountResult): boolean {
  return email.includes('…')
}
