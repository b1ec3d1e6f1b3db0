import type { State } from '../account/result.ts'
import { clip, joinFilled, thousands } from '../text/words.ts'

/** A report as data, scrubbed and masked: `inline` cuts its texts, and Markdown and HTML renderers escape them. */
export interface Section {
  /** Distinct in a page. */
  readonly id: string
  /** Words of ours. */
  readonly title: string
  readonly folded?: boolean
  readonly blocks: readonly Block[]
}

export type Block =
  | { readonly text: Text }
  | { readonly yaml: string }
  | { readonly facts: readonly Fact[] }
  /** `more` tells how many there are beside these; empty where these are all. */
  | { readonly items: readonly Text[]; readonly more: string }
  | Table
  | Bar

export type Fact = readonly [name: string, value: Text]

export interface Table {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly Text[])[]
  readonly more: string
}

/** The outcomes, each as wide as its share of the total. */
export interface Bar {
  readonly parts: readonly { readonly state: State; readonly words: string; readonly count: number }[]
  readonly total: number
  readonly note: string
}

/** How many rows a table shows, of how many (the items), and where the others stand (`results.csv`). */
type Extent = { readonly most: number; readonly all?: number; readonly rest?: string }

/** A table of the first items, if any, a column under each head; one that tells nothing of any of them is left out. */
export function table<T>(
  items: readonly T[],
  extent: number | Extent,
  columns: Readonly<Record<string, (item: T) => Text>>,
): readonly Block[] {
  if (items.length === 0) return []
  const told: Extent = typeof extent === 'number' ? { most: extent } : extent
  const { most, all = items.length, rest = 'results.csv' } = told
  const rows = items.slice(0, most).map((item) => Object.values(columns).map((tell) => tell(item)))
  const isUsed = Object.keys(columns).map((_, at) => rows.some((row) => isTold(row[at] ?? '')))
  const filled = <C>(cells: readonly C[]): C[] => cells.filter((_, at) => isUsed[at])
  const more = moreOf(all - rows.length, rest)
  return [{ columns: filled(Object.keys(columns)), rows: rows.map(filled), more }]
}

/** A list of the first items, if any. */
export function list(items: readonly Text[], most = items.length): readonly Block[] {
  const more = moreOf(items.length - most, 'plan.json')
  return items.length === 0 ? [] : [{ items: items.slice(0, most), more }]
}

const moreOf = (hidden: number, where: string): string =>
  hidden > 0 ? `… and ${thousands(hidden)} more, see ${where}.` : ''

/** Whether a column holds figures, which stand to the right. */
export const isFigure = (column: string): boolean => ['Line', 'Accounts', 'People'].includes(column)

/** Code is shown letter by letter, to be copied; a link to an address that would need an escape is left out. */
type Inline =
  | string
  | { readonly code: string }
  | { readonly strong: string }
  | { readonly link: string; readonly url: string }
/** Parts with a blank between them; empty ones are left out. */
export type Text = Inline | readonly Inline[]

/** How a format writes text; each function escapes. */
export interface Dialect {
  text(text: string): string
  code(text: string): string
  strong(text: string): string
  link(text: string, url: string): string
  readonly lineBreak: string
}

/** Longest outside text in a table's cell and in a sentence, in characters: an input may hold megabytes. */
const LONGEST = { cell: 200, sentence: 2000 }

/** The text in a format. It is cut before it is escaped: an escape must not be cut in two. */
export function inline(text: Text, place: keyof typeof LONGEST, to: Dialect): string {
  const cut = (one: string): string => clip(one, LONGEST[place])
  const write = (part: Inline): string => {
    if (typeof part === 'string')
      return place === 'cell' ? to.text(cut(part)) : cut(part).split('\n').map(to.text).join(to.lineBreak)
    if ('code' in part) return to.code(cut(part.code))
    if ('strong' in part) return part.strong === '' ? '' : to.strong(cut(part.strong))
    return isPlainUrl(part.url) ? to.link(cut(part.link), part.url) : ''
  }
  return joinFilled([text].flat().map(write), ' ')
}

/** Whether anything of it is to be seen. */
export function isTold(text: Text): boolean {
  const same = (shown: string): string => shown
  return inline(text, 'cell', { text: same, code: same, strong: same, link: same, lineBreak: '' }) !== ''
}

/** Whether an address needs no escape in any format. */
export function isPlainUrl(url: string): boolean {
  return /^https?:\/\/[\w.:/?=%~-]+$/.test(url)
}
