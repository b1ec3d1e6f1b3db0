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
import { type SubjectRead, subjectOf, unreadable } from './subject.ts'

/** The directory may not show a change of this age yet. Milliseconds. */
const RECENT = 10 * 60_000

/** Whom earlier results say this action deactivated: read whole, as uploaded, and only from runs that are believed. */
export async function readResultsSubject(job: Job, signal: AbortSignal, notes: Notes): Promise<SubjectRead> {
  const { settings, context, resultsPath, startedAt, privacy, world } = job
  const { resultsArtifact: names, resultsRunId: runId, githubToken: token, mode } = settings
  const failed = (why: string): SubjectRead => unreadable(guardResults(why))
  const github = connectGitHub(context, token, { signal })
  const distrust = await whyNotFrom(github, context, runId, { input: 'results-run-id', mode })
  if (distrust !== null) return failed(distrust)
  const deactivated = new Map<string, ListedAccount>()
  const unknown = new Map<string, ListedAccount>()
  const recent = new Set<string>()
  let masked = false
  for (const [index, name] of names.entries()) {
    const into = join(resultsPath, '..', `results-${index}`)
    const download = await downloadArtifact({ context, runId, token, clean: world.log.clean, name, into, signal })
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
  return subjectOf({
    accounts: [...deactivated.values()],
    facts: new Set(masked ? [] : ['email', 'name']),
    source: `results ${sentenceList(names.map(quote))} of run ${runId || context.runId}`,
    recent,
    unknown: [...unknown.values()].filter(({ id }) => !deactivated.has(id)),
  })
}

/** What results do not tell. */
const UNTOLD = { statuses: [], active: true, unclaimed: false, roles: [], groupCells: [], lastSeen: '', due: '' }

function toListed(result: AccountResult): ListedAccount {
  const { id, line, name } = result
  return { ...UNTOLD, id, line, email: isMasked(result) ? '' : result.email, name }
}

/** A masked address is no address: it would neither match a selector nor be the live one. */
function isMasked({ email }: AccountResult): boolean {
  return email.includes('…')
}
