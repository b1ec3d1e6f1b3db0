import { figure } from './cells.ts'

/** A column's head; figures stand to the right. */
export interface Column {
  readonly head: string
  readonly right?: boolean
}

/**
 * A table of cells that are Markdown already.
 *
 * @param all how many rows there are where only the first are given
 */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[], all = rows.length): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  const head = [
    line(columns.map(({ head }) => head)),
    line(columns.map(({ right }) => (right === true ? '---:' : '---'))),
  ]
  const more =
    all > rows.length
      ? `${rows.length === 0 ? '' : '\n\n'}… and ${figure(all - rows.length)} more, see results.csv.`
      : ''
  return rows.length === 0 ? more : `${[...head, ...rows.map(line)].join('\n')}${more}`
}

/** A part that folds. The title is Markdown already, without markup. */
export function folded(title: string, body: string): string {
  return `<details><summary>${title}</summary>\n\n${body}\n\n</details>`
}

/** A block of code; nothing in it can end it. */
export function fence(language: string, text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length))
  const ticks = '`'.repeat(longest + 1)
  return `${ticks}${language}\n${text}\n${ticks}`
}
