/** One line of what was measured. */
export interface Row {
  readonly part: string
  readonly what: string
  readonly measured: string
  /** What it is compared with; empty where with nothing. */
  readonly beside: string
  readonly ratio: string
  /** What it must reach; empty where nothing. */
  readonly target: string
  /** Null where nothing must be reached. */
  readonly reached: boolean | null
}

export const COLUMNS = ['part', 'what', 'measured', 'beside', 'ratio', 'target', ''] as const

/** A row that only shows a number. */
export function shown(part: string, what: string, measured: string): Row {
  return { part, what, measured, beside: '', ratio: '', target: '', reached: null }
}

/** A row that holds a number against a limit above it. */
export function atMost(
  row: Pick<Row, 'part' | 'what' | 'measured' | 'beside'>,
  value: number,
  most: number,
  show: (value: number) => string = times,
): Row {
  return { ...row, ratio: show(value), target: `≤ ${show(most)}`, reached: value <= most }
}

/** A row that holds a number against a limit below it. */
export function atLeast(
  row: Pick<Row, 'part' | 'what' | 'measured' | 'beside'>,
  value: number,
  least: number,
  show: (value: number) => string = times,
): Row {
  return { ...row, ratio: show(value), target: `≥ ${show(least)}`, reached: value >= least }
}

export const times = (ratio: number): string => `${ratio.toFixed(2)} ×`
export const percent = (share: number): string => `${(share * 100).toFixed(1)} %`
export const seconds = (milliseconds: number): string =>
  milliseconds < 1000 ? `${milliseconds.toFixed(0)} ms` : `${(milliseconds / 1000).toFixed(2)} s`
export const mebibytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(0)} MiB`

/** Prints a Markdown table, aligned for a terminal. */
export function printTable(rows: readonly Row[]): void {
  const lines = rows.map(({ part, what, measured, beside, ratio, target, reached }) => [
    part,
    what,
    measured,
    beside,
    ratio,
    target,
    reached === null ? '' : reached ? 'reached' : 'MISSED',
  ])
  const widths = COLUMNS.map((name, column) =>
    Math.max(name.length, ...lines.map((cells) => cells[column]?.length ?? 0)),
  )
  const print = (cells: readonly string[]): void =>
    console.log(`| ${widths.map((width, column) => (cells[column] ?? '').padEnd(width)).join(' | ')} |`)
  print(COLUMNS)
  print(widths.map((width) => '-'.repeat(width)))
  for (const line of lines) print(line)
}
