import { join } from 'node:path'
import { DAY } from '../account/day.ts'
import type { ListedAccount } from '../account/listed-account.ts'
import type { Job } from '../job.ts'
import { foundList } from '../list/found-list.ts'
import { type Plan, relisted, targetsOf } from '../plan/plan.ts'
import { whyNotReplaced } from '../subject/from-directory.ts'
import { inWorkspace } from '../subject/from-list.ts'
import type { Read } from '../subject/read-plan.ts'
import { dayOf } from '../world/clock.ts'
import { inPieces, writeChunks } from '../world/files.ts'
import { replaceFile } from '../world/replace-file.ts'

/** The list's name among the result files. */
export const FOUND_LIST = 'users.csv'

/**
 * Writes the list of a find: a result file and, where one is named, the file of the workspace, whole or not at all. Who
 * stands in the list that is replaced keeps the date that is there. @throws where the file cannot be written
 * @returns the plan with the accounts' lines and dates in the list; as it was where nothing was looked for
 */
export function writeFoundList(job: Job, { plan, found, subject }: Read): Plan {
  if (found === undefined) return plan
  const { usersFile, noticeDays } = job.settings
  const dates = new Map(subject.before.map(({ id, due }) => [id, due]))
  const fresh = noticeDays === 0 ? '' : dayOf(Date.parse(job.today) + noticeDays * DAY)
  const rows = new Map<string, Pick<ListedAccount, 'line' | 'due'>>()
  let line = 2
  const listed = targetsOf(plan).flatMap(({ id }) => found.people.get(id) ?? [])
  const dueOf = (id: string, row: string): string => {
    const due = dates.get(id) || fresh
    rows.set(id, { line, due })
    line += row.split('\n').length
    return due
  }
  // The mark lets spreadsheets take it for UTF-8.
  const chunks = ['\ufeff', ...inPieces(foundList(listed, dueOf))]
  writeChunks(join(job.resultsPath, FOUND_LIST), chunks)
  if (usersFile !== '') {
    const why = whyNotReplaced(job)
    if (why !== null) throw new Error(why)
    const { root, path } = inWorkspace(job.context, usersFile)
    replaceFile(root, path, chunks)
  }
  return relisted(plan, rows)
}
