import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ListedAccount } from '../account/listed-account.ts'
import type { AccountResult } from '../account/result.ts'
import { connectGitHub } from '../github/api.ts'
import { downloadArtifact, whyNotFrom } from '../github/artifacts.ts'
import type { Job } from '../job.ts'
import type { Notes } from '../notes.ts'
import { guardResults } from '../plan/guards.ts'
import { readResults } from '../report/results-csv.ts'
import { quote, sentenceList } from '../text/words.ts'
import { type SubjectRead, unreadable } from './subject.ts'

/** The directory may not show a change of this age yet. Milliseconds. */
const RECENT = 10 * 60_000

/**
 * Reads the accounts that earlier results say this action deactivated. Results are only taken from a run whose artifacts
 * are believed, whole, and as they were uploaded.
 */
export async function readResultsSubject(job: Job, signal: AbortSignal, notes: Notes): Promise<SubjectRead> {
  const { settings, context, resultsPath, startedAt, privacy } = job
  const failed = (why: string): SubjectRead => unreadable(guardResults(why))
  const github = connectGitHub(context, settings.githubToken, { signal })
  const use = { input: 'results-run-id', mode: settings.mode } as const
  const distrust = await whyNotFrom(github, context, settings.resultsRunId, use)
  if (distrust !== null) return failed(distrust)
  const deactivated = new Map<string, ListedAccount>()
  const recent = new Set<string>()
  let masked = false
  const unknown = new Map<string, ListedAccount>()
  for (const [index, name] of settings.resultsArtifact.entries()) {
    const into = join(resultsPath, '..', `results-${index}`)
    const from = { context, runId: settings.resultsRunId, token: settings.githubToken, clean: job.world.log.clean }
    const download = await downloadArtifact({ ...from, name, into, signal })
    if (!download.ok) return failed(download.message)
    if (download.digest === '')
      notes.warn(`Artifact ${quote(name)} has no digest on GitHub that it could be checked against.`)
    if (!download.files.includes('results.csv'))
      return failed(`Artifact ${quote(name)} holds no results.csv, so it is not a results artifact of this action.`)
    const csv = await readFile(join(into, 'results.csv'))
    const plan = download.files.includes('plan.json') ? await readFile(join(into, 'plan.json'), 'utf8') : null
    const read = readResults(csv, plan, privacy === 'masked')
    if (!read.ok) return failed(`Artifact ${quote(name)} cannot be used: ${read.why.replace(/\.$/, '')}.`)
    for (const result of read.results) {
      if (isMasked(result)) masked = true
      if (Date.parse(result.finishedAt) > startedAt - RECENT) recent.add(result.id)
      if (result.state === 'deactivated') deactivated.set(result.id, toListed(result))
      else if (result.state === 'unknown') unknown.set(result.id, toListed(result))
    }
  }
  const names = sentenceList(settings.resultsArtifact.map(quote))
  return {
    ok: true,
    subject: {
      accounts: [...deactivated.values()],
      facts: new Set(masked ? [] : ['email', 'name']),
      remarks: [],
      columns: null,
      source: `results ${names} of run ${settings.resultsRunId || context.runId}`,
      list: null,
      sha256: '',
      recent,
      unknown: [...unknown.values()].filter(({ id }) => !deactivated.has(id)),
    },
  }
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
