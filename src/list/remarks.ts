import { clip, count } from '../text/words.ts'
import type { ListRemark } from './user-list.ts'

/** Trimmed ids that are told one by one. */
const MAX_TRIMMED = 5
/** Unknown texts of a column that are told one by one. */
const MAX_ODD = 20

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
  const message = 'Blanks or no-break spaces around the account id were removed.'
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

/** Texts of one column that nobody knows: where each stands first, and in how many rows. */
export type OddTexts = Map<string, { readonly line: number; rows: number }>

/** Takes note of one more text that nobody knows. */
export function noteOdd(odd: OddTexts, text: string, line: number): void {
  const known = odd.get(text)
  if (known === undefined) odd.set(text, { line, rows: 1 })
  else known.rows++
}

/** A warning for each of the first unknown statuses, one for the others together. */
export function statusRemarks(odd: OddTexts): ListRemark[] {
  const known = 'Known are Active, Suspended, Deactivated, Inactive, Yes and No.'
  return oddRemarks(odd, 'status', 'statuses', `counts as active. ${known}`)
}

/** The same for what a column "Claimed" may not hold. */
export function claimedRemarks(odd: OddTexts): ListRemark[] {
  const effect = 'counts as No, so that these accounts are left alone. Known are Yes and No.'
  return oddRemarks(odd, 'text of "Claimed"', 'texts of "Claimed"', effect)
}

function oddRemarks(odd: OddTexts, noun: string, plural: string, effect: string): ListRemark[] {
  const remarks = [...odd].slice(0, MAX_ODD).map(([text, { line, rows }]): ListRemark => {
    const what = text === '' ? `The ${noun} is empty` : `The ${noun} is not known`
    const message = `${what} in ${count(rows, 'row')}, here first; it ${effect}`
    return { kind: 'warning', line, message, found: shorten(text) }
  })
  const others = [...odd.values()].slice(MAX_ODD)
  const [first] = others
  if (first === undefined) return remarks
  const rows = others.reduce((sum, other) => sum + other.rows, 0)
  const what = `${count(others.length, `more ${noun}`, `more ${plural}`)} that are not known, in ${count(rows, 'row')}`
  return [...remarks, { kind: 'warning', line: first.line, message: `${what}, here first; each ${effect}`, found: '' }]
}

/** A text of the list for a message, at most 80 characters. */
export function shorten(text: string): string {
  return clip(text, 80)
}
