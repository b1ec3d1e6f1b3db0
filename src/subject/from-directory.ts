import type { ListedAccount } from '../account/listed-account.ts'
import type { DirectoryPerson } from '../atlassian/directory.ts'
import type { Job } from '../job.ts'
import { foundList } from '../list/found-list.ts'
import { parseList } from '../list/parse.ts'
import { guardInput } from '../plan/guards.ts'
import { quote } from '../text/words.ts'
import { inPieces, readListFile } from '../world/files.ts'
import { whyNotWritten } from '../world/replace-file.ts'
import { inWorkspace, readListSubject } from './from-list.ts'
import { type Subject, type SubjectRead, unreadable } from './subject.ts'

/**
 * What mode `find` begins with: nobody yet, and the list that stands where it will write its own. None there is a first
 * find; one that cannot be read is refused, because the dates in it would be lost.
 */
export async function readBeforeFind(job: Job, stop: AbortSignal): Promise<SubjectRead> {
  const { usersFile, organizationId } = job.settings
  const nobody: Subject = {
    accounts: [],
    facts: new Set(),
    remarks: [],
    columns: null,
    source: `directory of the organization ${organizationId}`,
    list: null,
    sha256: '',
    unknown: [],
    recent: new Set(),
    before: [],
  }
  if (usersFile === '') return { ok: true, subject: nobody }
  const { root, path } = inWorkspace(job.context, job.settings.usersFile)
  const why = whyNotReplaced(job)
  if (why !== null) return unreadable(guardInput([why]))
  const file = await readListFile(root, path)
  if (!file.ok && file.reason === 'missing') return { ok: true, subject: nobody }
  const read = await readListSubject(job, stop)
  if (!read.ok) return read
  const { accounts, remarks, columns } = read.subject
  return { ok: true, subject: { ...nobody, remarks, columns, before: accounts } }
}

/** Why the list that `users-file` names must not be written, in a sentence; null where it may. */
export function whyNotReplaced(job: Job): string | null {
  const { excludeFile, includeFile } = job.settings
  const { root, path } = inWorkspace(job.context, job.settings.usersFile)
  const others = [excludeFile, includeFile].filter((other) => other !== '')
  const why = whyNotWritten(root, path, others)
  return why === null ? null : `Input "users-file" names ${quote(path)}, but ${why}`
}

/**
 * Lists people as `find` writes them and a plan reads them: written down and parsed, so that there is no second opinion
 * of what a row means.
 *
 * @returns the accounts by id, in code-unit order
 * @throws where there are more than a list may hold
 */
export function listPeople(people: Iterable<DirectoryPerson>): readonly ListedAccount[] {
  const sorted = [...people].toSorted((a, b) => (a.id < b.id ? -1 : 1))
  const pieces = Array.from(inPieces(foundList(sorted, () => '')), (piece) => Buffer.from(piece))
  const parsed = parseList(Buffer.concat(pieces))
  if (!parsed.ok) throw new Error(`The people of the organization make no list: ${parsed.problems[0]?.message ?? ''}`)
  return parsed.list.accounts
}

/** Whether somebody is an active, managed person, as far as Atlassian tells: they are the subject of `find`. */
export function isListable({ facts }: DirectoryPerson): boolean {
  return facts.presence === 'found' && facts.active === true && facts.person !== false
}
