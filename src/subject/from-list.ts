import { join } from 'node:path'
import type { GuardFinding } from '../account/guard.ts'
import { connectGitHub } from '../github/api.ts'
import { downloadArtifact, whyNotFrom } from '../github/artifacts.ts'
import type { RunContext } from '../github/context.ts'
import type { Job } from '../job.ts'
import { decodeText } from '../list/decode.ts'
import { parseList } from '../list/parse.ts'
import { guardInput, guardList } from '../plan/guards.ts'
import { clip, count, quote, sentenceList } from '../text/words.ts'
import { readListFile, sha256Of } from '../world/files.ts'
import { keptOf, type SubjectRead, subjectOf, unreadable } from './subject.ts'

/** Reads the user list whole, from the workspace or from an artifact, or says all that is wrong with it. */
export async function readListSubject(job: Job, stop: AbortSignal): Promise<SubjectRead> {
  const { settings, context, privacy } = job
  const { usersArtifact, usersRunId, usersFile } = settings
  const isMasked = privacy === 'masked'
  if (usersArtifact === '') return readListAt(inWorkspace(context, usersFile), '', isMasked)
  const place = await inArtifact(job, stop)
  if ('guard' in place) return unreadable(place)
  return readListAt(place, `artifact ${usersArtifact} of run ${usersRunId || context.runId}: `, isMasked)
}

/** Reads the list of a place. @param artifact what it came from, for messages; empty for the workspace */
export async function readListAt(place: Place, artifact: string, masked: boolean): Promise<SubjectRead> {
  const read = await readListFile(place.root, place.path)
  if (!read.ok) {
    const why = `Input "users-file" names ${quote(place.path)}, but ${read.message}`
    return unreadable(read.reason === 'outside' ? guardInput([why]) : guardList(why, quote(place.path)))
  }
  const list = artifact === '' ? keptOf(read) : null
  const source = list?.path ?? `${artifact}${read.relative}`
  const decoded = decodeText(read.bytes)
  if (!decoded.ok) {
    return unreadable(guardList(`The list ${quote(source)} cannot be read: ${decoded.message}`, quote(source)))
  }
  const sha256 = sha256Of(read.bytes)
  const parsed = parseList(decoded.text)
  // Given back at once, not when memory is collected next: a list may have hundreds of megabytes.
  read.bytes.buffer.transfer(0)
  if (parsed.ok) return subjectOf({ ...parsed.list, source, list, sha256 })
  // Names of a list in masked privacy could stand in any cell: only its line is told then.
  const problems = parsed.problems.map(({ line, message, found }) => ({
    line,
    text: masked || found === '' ? message : `Found ${quote(found)}. ${message}`,
  }))
  const total = count(parsed.total, 'problem')
  const shown = parsed.total > problems.length ? `, of which the first ${problems.length} are shown` : ''
  const [first] = problems
  const told = first === undefined ? '' : ` ${clip(place.path, 80)}, line ${first.line}: ${first.text}`
  const why = `The list ${quote(source)} has ${total}${shown}.${told}`
  return unreadable(guardList(why, total), { file: list?.path ?? '', problems })
}

type Place = { readonly root: string; readonly path: string }

export function inWorkspace({ workspace }: RunContext, path: string): Place {
  return { root: workspace === '' ? process.cwd() : workspace, path }
}

/** Where the list of the artifact was unpacked, or why it cannot be used. */
async function inArtifact(job: Job, signal: AbortSignal): Promise<Place | GuardFinding> {
  const { settings, context, resultsPath, world } = job
  const { usersArtifact: name, usersRunId: runId, usersFile, githubToken: token, mode } = settings
  const into = join(resultsPath, '..', 'users')
  const failed = (why: string): GuardFinding => guardList(why, quote(name))
  const github = connectGitHub(context, token, { signal })
  const distrust = await whyNotFrom(github, context, runId, { input: 'users-run-id', mode })
  if (distrust !== null) return failed(distrust)
  const download = await downloadArtifact({ context, runId, token, clean: world.log.clean, name, into, signal })
  if (!download.ok) return failed(download.message)
  if (usersFile !== '') return { root: into, path: usersFile }
  const lists = download.files.filter((file) => file.toLowerCase().endsWith('.csv'))
  const [only] = lists
  if (only !== undefined && lists.length === 1) return { root: into, path: only }
  const found =
    lists.length === 0 ? 'holds no CSV' : `holds ${lists.length} CSVs: ${sentenceList(lists.slice(0, 20).map(quote))}`
  return failed(`Artifact ${quote(name)} ${found}. Name the list inside it in "users-file".`)
}
