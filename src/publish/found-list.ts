import { join } from 'node:path'
import type { ListedAccount } from '../account/listed-account.ts'
import type { DirectoryPerson } from '../atlassian/directory.ts'
import type { Job } from '../job.ts'
import { foundList } from '../list/found-list.ts'
import { type Plan, relisted, targetsOf } from '../plan/plan.ts'
import { inWorkspace } from '../subject/from-list.ts'
import { quote } from '../text/words.ts'
import { dayOf } from '../world/clock.ts'
import { writeChunks } from '../world/files.ts'
import { replaceFile, whyNotWritten } from '../world/replace-file.ts'

const DAY = 86_400_000
/** So that spreadsheets take it for what it is. */
const UTF8_MARK = '\ufeff'
/** The list's name among the result files. */
export const FOUND_LIST = 'users.csv'

/**
 * Writes the list of a find: a result file and, where one is named, the file of the workspace. Who stands in the list that
 * is replaced keeps the date that is there.
 *
 * @param before the accounts of that list
 * @returns the plan with the accounts' lines and dates in the list
 * @throws where the file cannot be written; nothing of it has changed then
 */
export function writeFoundList(
  job: Job,
  plan: Plan,
  people: ReadonlyMap<string, DirectoryPerson>,
  before: readonly ListedAccount[],
): Plan {
  const { usersFile, excludeFile, includeFile, noticeDays } = job.settings
  const dates = new Map(before.map(({ id, due }) => [id, due]))
  const fresh = noticeDays === 0 ? '' : dayOf(Date.parse(job.today) + noticeDays * DAY)
  const rows = new Map<string, Pick<ListedAccount, 'line' | 'due'>>()
  let line = 2
  const listed = targetsOf(plan).flatMap(({ id }) => people.get(id) ?? [])
  const dueOf = (id: string, row: string): string => {
    const due = dates.get(id) || fresh
    rows.set(id, { line, due })
    line += row.split('\n').length
    return due
  }
  const chunks = [UTF8_MARK, ...foundList(listed, dueOf)]
  writeChunks(join(job.resultsPath, FOUND_LIST), chunks)
  if (usersFile !== '') {
    const { root, path } = inWorkspace(job)
    const why = whyNotWritten(
      root,
      path,
      [excludeFile, includeFile].filter((other) => other !== ''),
    )
    if (why !== null) throw new Error(`Input "users-file" names ${quote(path)}, but ${why}`)
    replaceFile(root, path, chunks)
  }
  return relisted(plan, rows)
}
