import { fold } from '../text/fold.ts'
import { createIntern } from '../text/intern.ts'
import { clip, count } from '../text/words.ts'
import type { ListRemark } from './user-list.ts'

/** Trimmed ids that are told one by one. */
const MAX_TRIMMED = 5
/** Unknown texts of a column that are told one by one. */
const MAX_ODD = 20

/** Takes note of blanks around ids: a notice for each of the first, one for the others together. */
export function createTrimmed() {
  const message = 'Blanks or no-break spaces around the account id were removed.'
  const told: ListRemark[] = []
  let [total, next] = [0, 0]
  return {
    note: (line: number, found: string): void => {
      if (++total <= MAX_TRIMMED) told.push({ kind: 'notice', line, message, found: shorten(found) })
      if (total === MAX_TRIMMED + 1) next = line
    },
    remarks: (): readonly ListRemark[] => {
      if (total <= MAX_TRIMMED) return told
      const rest = `The same in this and later lines, ${count(total - MAX_TRIMMED, 'row')} in all.`
      return [...told, { kind: 'notice', line: next, message: `${message} ${rest}`, found: '' }]
    },
  }
}

/** Reads a yes-or-no column. Other texts count as `otherwise`: the first get a warning each, the rest one together. */
export function createFlag(
  yes: RegExp,
  no: RegExp,
  otherwise: boolean,
  { noun, plural, effect }: { readonly noun: string; readonly plural: string; readonly effect: string },
) {
  const meaningOf = createIntern((text) => (yes.test(fold(text)) ? true : no.test(fold(text)) ? false : null))
  /** Where each unknown text stands first, and in how many rows. */
  const odd = new Map<string, { readonly line: number; rows: number }>()
  return {
    read: (text: string, line: number): boolean => {
      const known = meaningOf(text)
      if (known !== null) return known
      const before = odd.get(text)
      if (before === undefined) odd.set(text, { line, rows: 1 })
      else before.rows++
      return otherwise
    },
    remarks: (): readonly ListRemark[] => {
      const told = [...odd].slice(0, MAX_ODD).map(([text, { line, rows }]): ListRemark => {
        const what = text === '' ? `The ${noun} is empty` : `The ${noun} is not known`
        const message = `${what} in ${count(rows, 'row')}, here first; it ${effect}`
        return { kind: 'warning', line, message, found: shorten(text) }
      })
      const others = [...odd.values()].slice(MAX_ODD)
      const [first] = others
      if (first === undefined) return told
      const more = count(others.length, `more ${noun}`, `more ${plural}`)
      const rows = others.reduce((sum, other) => sum + other.rows, 0)
      const message = `${more} that are not known, in ${count(rows, 'row')}, here first; each ${effect}`
      return [...told, { kind: 'warning', line: first.line, message, found: '' }]
    },
  }
}

/** A text of the list for a message, at most 80 characters. */
export function shorten(text: string): string {
  return clip(text, 80)
}
