import type { Run } from '../run.ts'
import { readListSubject } from './from-list.ts'
import { readResultsSubject } from './from-results.ts'
import type { SubjectRead } from './subject.ts'

/** Reads the accounts that the run is about: from earlier results where those are named, else from the user list. */
export function readSubject(run: Run): Promise<SubjectRead> {
  const fromResults = run.change === 'restore' || run.settings.mode === 'verify'
  return fromResults ? readResultsSubject(run) : readListSubject(run)
}
