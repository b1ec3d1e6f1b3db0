import { parse } from 'csv-parse/sync'
import { count } from '../text.ts'
import type { ListedAccount, ListOutcome, ListProblem, ListRemark } from './account.ts'
import { idProblem, isActiveStatus, isDay } from './cells.ts'
import { type Columns, findColumns, trimBlanks } from './dialects.ts'
import { type AccountDraft, unite } from './unite.ts'

/** Accounts that one list may hold. */
export const MAX_ACCOUNTS = 1_000_000
/** Problems that are reported; all are counted. */
export const MAX_PROBLEMS = 100
/** Trimmed ids that are told one by one. */
const MAX_TRIMMED = 5

const DELIMITERS = [',', ';', '\t']
const NOTHING: readonly string[] = []

/**
 * Parses a user list of any dialect (contract, section 3). One bad row refuses the whole list.
 *
 * @param text UTF-8 without a byte order mark
 */
export function parseList(text: Buffer, maxAccounts: number = MAX_ACCOUNTS): ListOutcome {
  const reader = createRowReader(maxAccounts)
  try {
    parse(text, {
      delimiter: detectDelimiter(text),
      record_delimiter: ['\r\n', '\n'],
      relax_column_count: true,
      // Records are taken one by one: collected, a large list would not fit into memory.
      on_record: (cells: string[], { lines }: { lines: number }) => {
        reader.read(cells, lines)
        return null
      },
    })
  } catch (error) {
    if (!isCsvError(error)) throw error
    reader.broken(error)
  }
  return reader.end()
}

interface RowReader {
  /** @param lastLine line on which the record ends */
  read(cells: readonly string[], lastLine: number): void
  broken(error: CsvError): void
  end(): ListOutcome
}

function createRowReader(maxAccounts: number): RowReader {
  const accounts = new Map<string, AccountDraft>()
  const problems: ListProblem[] = []
  const oddStatuses = new Map<string, { line: number; rows: number }>()
  const trimmed: { line: number; found: string }[] = []
  let total = 0
  let rows = 0
  let nextLine = 1
  let columns: Columns | null = null
  let refused = false

  const problem = (line: number, message: string, found = ''): void => {
    total++
    if (problems.length < MAX_PROBLEMS) problems.push({ line, message, found: shorten(found) })
  }

  const readHeader = (cells: readonly string[], line: number): void => {
    const outcome = findColumns(cells)
    if (outcome.ok) columns = outcome.columns
    else {
      refused = true
      problem(line, outcome.message, outcome.found)
    }
  }

  const readRow = (cells: readonly string[], line: number, where: Columns): void => {
    if (cells.length !== where.width) {
      problem(
        line,
        `The row has ${count(cells.length, 'cell')}, but the header has ${where.width}. A delimiter inside a cell must stand in quotes.`,
        cells.join(' | '),
      )
      return
    }
    const written = cells[where.id] ?? ''
    const id = trimBlanks(written)
    const wrongId = idProblem(id)
    if (wrongId !== null) problem(line, wrongId, written)
    const due = cell(cells, where.due)
    const badDay = due !== '' && !isDay(due)
    if (badDay)
      problem(
        line,
        '"Deactivate after" is no day of the calendar written as YYYY-MM-DD. Correct it, or leave it empty for an account that is due at once.',
        due,
      )
    if (wrongId !== null || badDay) return
    if (id.length !== written.length) trimmed.push({ line, found: written })
    rows++
    const row = {
      id,
      line,
      due,
      email: cell(cells, where.email),
      name: cell(cells, where.name),
      ...readStatus(cells, line, where),
      roles: texts(cells, where.role),
      groupCells: readGroups(cells, where),
    }
    const known = accounts.get(id)
    if (known === undefined) {
      if (accounts.size < maxAccounts) accounts.set(id, row)
      else {
        refused = true
        problem(
          line,
          `The list has more than ${count(maxAccounts, 'account')}. Split it into several lists; rows from here on were not checked.`,
        )
      }
    } else if (!unite(known, row)) {
      problem(
        line,
        `This account stands on line ${known.line} with another e-mail. One of the two rows is wrong: correct it.`,
        row.email,
      )
    }
  }

  const readStatus = (
    cells: readonly string[],
    line: number,
    where: Columns,
  ): Pick<ListedAccount, 'active' | 'statuses'> => {
    if (where.status === null) return { active: true, statuses: NOTHING }
    const status = cell(cells, where.status)
    const active = isActiveStatus(status)
    if (active === null) {
      const odd = oddStatuses.get(status)
      if (odd === undefined) oddStatuses.set(status, { line, rows: 1 })
      else odd.rows++
    }
    return { active: active ?? true, statuses: status === '' ? NOTHING : [status] }
  }

  return {
    read: (cells, lastLine) => {
      const line = nextLine
      nextLine = lastLine + 1
      if (refused || isBlank(cells)) return
      if (columns === null) readHeader(cells, line)
      else readRow(cells, line, columns)
    },
    broken: ({ code, lines }) => {
      if (refused) return
      const what =
        code === 'CSV_QUOTE_NOT_CLOSED'
          ? 'A quote is opened in this row and never closed'
          : 'A quote stands where none can stand'
      problem(
        code === 'CSV_QUOTE_NOT_CLOSED' ? nextLine : lines,
        `${what}. Quotes enclose whole cells, and a quote inside is doubled. Rows after this one were not checked.`,
      )
    },
    end: () => {
      if (columns === null && total === 0) problem(0, 'The file has no header row.')
      if (total > 0) return { ok: false, problems, total }
      const remarks = [...trimmedRemarks(trimmed), ...statusRemarks(oddStatuses)]
      return { ok: true, list: { accounts: [...accounts.values()], facts: columns?.facts ?? new Set(), rows, remarks } }
    },
  }
}

/** The delimiter with which the header has an id column; of several the one that makes most columns. */
function detectDelimiter(text: Buffer): string {
  const start = text.subarray(0, 1 << 16).toString('utf8')
  const header = start.replace(/^(?:[ \t,;]*\r?\n)+/, '')
  const widths = DELIMITERS.map((delimiter) => {
    const cells = firstRecord(header, delimiter)
    return { delimiter, width: findColumns(cells).ok ? 1000 + cells.length : cells.length }
  })
  return widths.reduce((best, next) => (next.width > best.width ? next : best)).delimiter
}

function firstRecord(text: string, delimiter: string): string[] {
  try {
    const [cells] = parse(text, { delimiter, record_delimiter: ['\r\n', '\n'], relax_column_count: true, to: 1 })
    return cells ?? []
  } catch {
    return []
  }
}

function readGroups(cells: readonly string[], { groups }: Columns): readonly string[] {
  if (groups.length === 0) return NOTHING
  const found = groups.map((index) => trimBlanks(cells[index] ?? '')).filter((group) => group !== '')
  return found.length < 2 ? found : [...new Set(found)]
}

function texts(cells: readonly string[], index: number | null): readonly string[] {
  const text = cell(cells, index)
  return text === '' ? NOTHING : [text]
}

function cell(cells: readonly string[], index: number | null): string {
  return index === null ? '' : trimBlanks(cells[index] ?? '')
}

function isBlank(cells: readonly string[]): boolean {
  return cells.every((text) => text === '' || text.trim() === '')
}

function trimmedRemarks(trimmed: readonly { line: number; found: string }[]): ListRemark[] {
  const message = 'Blanks or no-break spaces around the account id were taken off.'
  const told = trimmed
    .slice(0, MAX_TRIMMED)
    .map(({ line, found }): ListRemark => ({ kind: 'notice', line, message, found: shorten(found) }))
  const next = trimmed[MAX_TRIMMED]
  if (next === undefined) return told
  return [
    ...told,
    {
      kind: 'notice',
      line: next.line,
      message: `${message} The same in this and later lines, ${count(trimmed.length - MAX_TRIMMED, 'row')} in all.`,
      found: '',
    },
  ]
}

function statusRemarks(odd: ReadonlyMap<string, { line: number; rows: number }>): ListRemark[] {
  return [...odd].map(([status, { line, rows }]) => ({
    kind: 'warning',
    line,
    message: `${status === '' ? 'The status is empty' : 'The status is not known'} in ${count(rows, 'row')}, here first; it counts as active. Known are Active, Suspended, Deactivated, Inactive, Yes and No.`,
    found: shorten(status),
  }))
}

function shorten(text: string): string {
  return text.length > 80 ? `${text.slice(0, 79)}…` : text
}

interface CsvError {
  readonly code: string
  readonly lines: number
}

function isCsvError(error: unknown): error is CsvError {
  return (
    error instanceof Error &&
    'code' in error &&
    typeof error.code === 'string' &&
    error.code.startsWith('CSV_') &&
    'lines' in error
  )
}
