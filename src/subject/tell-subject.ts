import type { Job } from '../job.ts'
import type { Meaning } from '../list/user-list.ts'
import type { Notes } from '../notes.ts'
import { count, quote } from '../text/words.ts'
import type { Subject } from './subject.ts'

/** More notices than this are told in one line: GitHub shows ten of a step. */
const MOST_REMARKS = 8
const MOST_IDS = 20

/** Tells what was odd about the list or the results, and whom they leave in doubt. */
export function tellSubject({ world, privacy }: Job, { remarks, list, unknown, columns }: Subject, notes: Notes): void {
  for (const { kind, line, message, found } of remarks.slice(0, MOST_REMARKS)) {
    const shown = privacy === 'masked' || found === '' ? '' : ` Found ${quote(found)}.`
    const text = `Line ${line}: ${message}${shown}`
    if (kind === 'notice') world.log.notice(text)
    else notes.warn(text, list === null ? undefined : { file: list.path, line })
  }
  if (columns !== null) {
    const told = columnsInWords(columns)
    world.log.info(told)
    notes.learn({ columns: told })
  }
  if (remarks.length > MOST_REMARKS) {
    world.log.notice(`The list has ${count(remarks.length - MOST_REMARKS, 'more remark')} like these.`)
  }
  if (unknown.length === 0) return
  const ids = unknown.slice(0, MOST_IDS).map(({ id }) => id)
  notes.warn(
    `${count(unknown.length, 'account')} of the results ended in an unknown state and ${unknown.length === 1 ? 'is' : 'are'} left alone: look at each on admin.atlassian.com, and restore it there by hand if this action deactivated it: ${ids.join(', ')}${unknown.length > MOST_IDS ? ' …' : ''}.`,
  )
}

/** Meanings of columns that are called otherwise among people. */
const MEANINGS: Readonly<Partial<Record<Meaning, string>>> = {
  id: 'account id',
  email: 'e-mail',
  role: 'organization role',
  'last-seen': 'last activity',
  due: 'due date',
}

/** Which column was taken for what, and which were not used: a header that is nearly right must not be lost silently. */
function columnsInWords({ used, unused, more }: NonNullable<Subject['columns']>): string {
  const taken = used.map(({ header, meaning }) => `${quote(header)} (${MEANINGS[meaning] ?? meaning})`).join(', ')
  const left = [...unused.map(quote), ...(more > 0 ? [`${count(more, 'more column')}`] : [])].join(', ')
  return `Columns used: ${taken}.${left === '' ? '' : ` Not used: ${left}.`}`
}
