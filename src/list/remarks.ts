import { clip, count } from '../text/words.ts'
import type { ListRemark } from './user-list.ts'

/** Trimmed ids that are told one by one. */
const MAX_TRIMMED = 5
/** Unknown statuses that are told one by one. */
const MAX_STATUSES = 20

/** Rows of which the blanks around the id were taken off: the first few, and how many more. */
export interface TrimmedIds {
  readonly told: { readonly line: number; readonly found: string }[]
  total: number
}

/** Takes note of one more trimmed id. */
export function noteTrimmed(trimmed: TrimmedIds, line: number, found: string): void {
  if (trimmed.told.length <= MAX_TRIMMED) trimmed.told.push({ line, found })
  trimmed.total++
}

/** A notice for each of the first trimmed ids, one for the others together. */
export function trimmedRemarks({ told, total }: TrimmedIds): ListRemark[] {
  const message = 'Blanks or no-break spaces around the account id were taken off.'
  return told.map(({ line, found }, index) =>
    index < MAX_TRIMMED
      ? { kind: 'notice', line, message, found: shorten(found) }
      : {
          kind: 'notice',
          line,
          message: `${message} The same in this and later lines, ${count(total - MAX_TRIMMED, 'row')} in all.`,
          found: '',
        },
  )
}

/** Where a status that nobody knows stands first, and in how many rows. */
export interface OddStatus {
  readonly line: number
  rows: number
}

/** A warning for each of the first unknown statuses, one for the others together. */
export function statusRemarks(odd: ReadonlyMap<string, OddStatus>): ListRemark[] {
  const known = 'Known are Active, Suspended, Deactivated, Inactive, Yes and No.'
  const remarks = [...odd].slice(0, MAX_STATUSES).map(([status, { line, rows }]): ListRemark => {
    const what = status === '' ? 'The status is empty' : 'The status is not known'
    const message = `${what} in ${count(rows, 'row')}, here first; it counts as active. ${known}`
    return { kind: 'warning', line, message, found: shorten(status) }
  })
  const others = [...odd.values()].slice(MAX_STATUSES)
  const [first] = others
  if (first === undefined) return remarks
  const rows = others.reduce((sum, other) => sum + other.rows, 0)
  const what = `${count(others.length, 'more status', 'more statuses')} that nobody knows in ${count(rows, 'row')}`
  return [
    ...remarks,
    { kind: 'warning', line: first.line, message: `${what}, here first; they count as active. ${known}`, found: '' },
  ]
}

/** A text of the list for a message, at most 80 characters. */
export function shorten(text: string): string {
  return clip(text, 80)
}
