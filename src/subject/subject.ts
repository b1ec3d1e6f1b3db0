import { createHash } from 'node:crypto'
import type { GuardFinding } from '../account/guard.ts'
import type { ListedAccount, ListFact } from '../account/listed-account.ts'
import type { Job } from '../job.ts'
import type { ListRemark, Meaning, UserList } from '../list/user-list.ts'
import type { Learned, Notes } from '../notes.ts'
import { count, quote } from '../text/words.ts'
import type { FileRead, ReadFile } from '../world/files.ts'

/** What a subject is of which nothing is known. */
const NOBODY = {
  /** In words, where the accounts came from. */
  source: '',
  accounts: [] as readonly ListedAccount[],
  facts: new Set() as ReadonlySet<ListFact>,
  remarks: [] as readonly ListRemark[],
  /** Which column of the list was taken for what; null where there is no list. */
  columns: null as UserList['columns'] | null,
  /** For the approval to compare with the commit; null where it is not a file of the workspace. */
  list: null as ReadFile | null,
  /** SHA-256 of the list's bytes, hex digits; empty where there is no list. */
  sha256: '',
  /** Accounts whose state in the results is unknown: told, never restored. */
  unknown: [] as readonly ListedAccount[],
  /** Ids that the results changed minutes ago. */
  recent: new Set() as ReadonlySet<string>,
  /** In `find`, the accounts of the list that it is to replace. */
  before: [] as readonly ListedAccount[],
}

/** The accounts that a run is about, from a list or from earlier results. */
export type Subject = Readonly<typeof NOBODY>

export type SubjectRead =
  | { readonly ok: true; readonly subject: Subject }
  | { readonly ok: false; readonly finding: GuardFinding; readonly problems: Learned['lineProblems'] }

export function subjectOf(known: Pick<Subject, 'source'> & Partial<Subject>): SubjectRead {
  return { ok: true, subject: { ...NOBODY, ...known } }
}

/** A subject that cannot be read; `problems` are those of single lines. */
export function unreadable(finding: GuardFinding, problems: Learned['lineProblems'] = NO_LINES): SubjectRead {
  return { ok: false, finding, problems }
}

const NO_LINES = { file: '', problems: [] }

/** What is kept of a file for the comparing with commits. */
export function keptOf({ written, relative, bytes }: Extract<FileRead, { ok: true }>): ReadFile {
  return { path: written, realPath: relative, blobSha: blobSha(bytes), size: bytes.length }
}

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
function columnsInWords({ used, unused, more }: UserList['columns']): string {
  const taken = used.map(({ header, meaning }) => `${quote(header)} (${MEANINGS[meaning] ?? meaning})`).join(', ')
  const left = [...unused.map(quote), ...(more > 0 ? [count(more, 'more column')] : [])].join(', ')
  return `Columns used: ${taken}.${left === '' ? '' : ` Not used: ${left}.`}`
}

/** Git's name for the contents of a file. */
export function blobSha(bytes: Uint8Array): string {
  return createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex')
}
