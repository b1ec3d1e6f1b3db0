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
import { type SubjectRead, subjectOf, unreadable } from './subject.ts'

/**
 * What mode `find` begins with: nobody yet, and the list that stands where it will write its own. None there is a first
 * find; one that cannot be read is refused, because the dates in it would be lost.
 */
export async function readBeforeFind(job: Job, stop: AbortSignal): Promise<SubjectRead> {
  const { usersFile, organizationId } = job.settings
  const source = `directory of the organization ${organizationId}`
  if (usersFile === '') return subjectOf({ source })
  const why = whyNotReplaced(job)
  if (why !== null) return unreadable(guardInput([why]))
  const { root, path } = inWorkspace(job.context, usersFile)
  const file = await readListFile(root, path)
  if (!file.ok && file.reason === 'missing') return subjectOf({ source })
  const read = await readListSubject(job, stop)
  if (!read.ok) return read
  const { accounts: before, remarks, columns } = read.subject
  return subjectOf({ source, remarks, columns, before })
}

/** Why the list that `users-file` names must not be written, in a sentence; null where it may. */
export function whyNotReplaced(job: Job): string | null {
  const { usersFile, excludeFile, includeFile } = job.settings
  const { root, path } = inWorkspace(job.context, usersFile)
  const others = [excludeFile, includeFile].filter((other) => other !== '')
  const why = whyNotWritten(root, path, others)
  return why === null ? null : `Input "users-file" names ${quote(path)}, but ${why}`
}

/**
 * Lists people, by id in code-unit order, as `find` writes them and a plan reads them: written down and parsed, so that
 * there is no second opinion of what a row means.
 *
 * @throws where there are more than a list may hold
 */
export function listPeople(people: Iterable<DirectoryPerson>): readonly ListedAccount[] {
  const sorted = [...people].toSorted((a, b) => (a.id < b.id ? -1 : 1))
  const pieces = Array.from(inPieces(foundList(sorted, () => '')), (piece) => Buffer.from(piece))
  const parsed = parseList(Buffer.concat(pieces))
  if (!parsed.ok) throw new Error(`The people of the organization make no list: ${parsed.problems[0]?.message ?? ''}`)
  return parsed.list.accounts
}
