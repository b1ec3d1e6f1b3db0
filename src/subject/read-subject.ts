import type { Job } from '../job.ts'
import type { Notes } from '../notes.ts'
import { readBeforeFind } from './from-directory.ts'
import { readListSubject } from './from-list.ts'
import { readResultsSubject } from './from-results.ts'
import type { SubjectRead } from './subject.ts'

/**
 * Reads the accounts that the run is about: from earlier results where those are named, else from the user list. Whom a
 * `find` is about, only the directory tells.
 *
 * @param stop ends the asking of GitHub at once
 */
export function readSubject(job: Job, notes: Notes, stop: AbortSignal): Promise<SubjectRead> {
  if (job.settings.mode === 'find') return readBeforeFind(job, stop)
  const fromResults = job.change === 'restore' || job.settings.mode === 'verify'
  return fromResults ? readResultsSubject(job, notes, stop) : readListSubject(job, stop)
}
