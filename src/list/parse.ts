import { CsvError, parse } from 'csv-parse/sync'
import type { GroupCell } from '../account/listed-account.ts'
import { unescapeCsvCell } from '../text/escape.ts'
import { createIntern } from '../text/intern.ts'
import { count } from '../text/words.ts'
import { idProblem, isDay, laterSeen, timeOf } from './cells.ts'
import { type Columns, findColumns } from './dialects.ts'
import { readPreamble } from './preamble.ts'
import { createFlag, createTrimmed, shorten } from './remarks.ts'
import { type AccountDraft, cellKey, unite } from './unite.ts'
import { type ListOutcome, type ListProblem, MAX_PROBLEMS } from './user-list.ts'

/** Bytes in which the header must end for the delimiter to be told from it. */
const HEADER_BYTES = 1 << 20

/** Rows of too few or too many cells are told by us, all of them. */
const RECORDS = { record_delimiter: ['\r\n', '\n'], relax_column_count: true }

const WRONG_DAY =
  '"Deactivate after" is not a day of the calendar written as YYYY-MM-DD. Correct it, or leave it empty for an account that is due at once.'

/** Parses a user list of any dialect (contract, section 3), in UTF-8 without a mark. One bad row refuses the whole list. */
export function parseList(text: Buffer, maxAccounts = 1_000_000): ListOutcome {
  const before = readPreamble(text)
  const rows = text.subarray(before.bytes)
  const reader = createRowReader(maxAccounts)
  let [nextLine, linesSoFar] = [before.lines + 1, 0]
  try {
    parse(rows, {
      ...RECORDS,
      delimiter: before.delimiter ?? detectDelimiter(rows),
      // Records are taken one by one: collected, a large list would not fit into memory.
      on_record: (cells: string[], { lines }: { lines: number }) => {
        reader.read(cells, nextLine)
        // csv-parse counts a CRLF within quotes twice: a record that seems to have several lines is counted again.
        nextLine += lines === linesSoFar + 1 ? 1 : cells.join('').split('\n').length
        linesSoFar = lines
        return null
      },
    })
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    const what =
      error.code === 'CSV_QUOTE_NOT_CLOSED'
        ? 'A quote is opened in this row and never closed'
        : 'A quote in this row is misplaced, or an earlier one was never closed'
    const rest = 'Quotes enclose whole cells, and a quote inside is doubled. Rows after this one were not checked.'
    reader.refuse(nextLine, `${what}. ${rest}`)
  }
  return reader.end()
}

/** Takes the rows one by one, then makes the list of them. */
function createRowReader(maxAccounts: number) {
  const accounts = new Map<string, AccountDraft>()
  const problems: ListProblem[] = []
  const active = createFlag(/^(ACTIVE|SUSPENDED|YES)$/, /^(DEACTIVATED|INACTIVE|NO)$/, true, {
    noun: 'status',
    plural: 'statuses',
    effect: 'counts as active. Known are Active, Suspended, Deactivated, Inactive, Yes and No.',
  })
  // An empty cell denies nothing.
  const claimed = createFlag(/^(YES)?$/, /^NO$/, false, {
    noun: 'text of "Claimed"',
    plural: 'texts of "Claimed"',
    effect: 'counts as No, so that these accounts are left alone. Known are Yes and No.',
  })
  const trimmed = createTrimmed()
  const [sameSeen, timeSeen] = [createIntern(String), createIntern(timeOf)]
  const readDue = createIntern((text) => (text === '' || isDay(text) ? text : null))
  const asList = createIntern((text) => (text === '' ? [] : [text]))
  const readGroups = createGroupReader()
  let total = 0
  let columns: Columns | null = null
  let refused = false

  const problem = (line: number, message: string, found = ''): void => {
    total++
    if (problems.length < MAX_PROBLEMS) problems.push({ line, message, found: shorten(found) })
  }

  /** Tells why no more rows are read, unless that has been told. */
  const refuse = (line: number, message: string, found = ''): void => {
    if (!refused) problem(line, message, found)
    refused = true
  }

  const readRow = (written: readonly string[], line: number, where: Columns): void => {
    const cells = where.defused ? written.map(unescapeCsvCell) : written
    if (cells.length !== where.width) {
      const what = `The row has ${count(cells.length, 'cell')}, but the header has ${where.width}.`
      problem(line, `${what} Put cells that contain a delimiter in quotes.`, cells.join(' | '))
      return
    }
    const writtenId = cells[where.id] ?? ''
    const id = writtenId.trim()
    const wrongId = idProblem(id)
    if (wrongId !== null) problem(line, wrongId, writtenId)
    const due = readDue(cell(cells, where.due))
    if (due === null) problem(line, WRONG_DAY, cell(cells, where.due))
    if (wrongId !== null || due === null) return
    if (id.length !== writtenId.length) trimmed.note(line, writtenId)
    const row = {
      id,
      line,
      due,
      email: cell(cells, where.email),
      name: cell(cells, where.name),
      statuses: asList(cell(cells, where.status)),
      active: where.status === null || active.read(cell(cells, where.status), line),
      unclaimed: where.claimed !== null && !claimed.read(cell(cells, where.claimed), line),
      roles: asList(cell(cells, where.role)),
      groupCells: readGroups(cells, where),
      lastSeen: sameSeen(where.lastSeen.reduce((latest, index) => laterSeen(latest, cell(cells, index), timeSeen), '')),
    }
    const known = accounts.get(id)
    if (known === undefined && accounts.size < maxAccounts) accounts.set(id, row)
    else if (known === undefined) {
      const what = `The list has more than ${count(maxAccounts, 'account')}.`
      refuse(line, `${what} Split it into several lists; rows from here on were not checked.`)
    } else if (!unite(known, row)) {
      const what = `This account is also on line ${known.line}, with another e-mail.`
      problem(line, `${what} One of the two rows is wrong: correct it.`, row.email)
    }
  }

  return {
    read: (cells: readonly string[], line: number): void => {
      if (refused || cells.every((text) => text.trim() === '')) return
      if (columns === null) {
        const header = findColumns(cells)
        if (header.ok) columns = header.columns
        else refuse(line, header.message, header.found)
      } else readRow(cells, line, columns)
    },
    refuse,
    end: (): ListOutcome => {
      if (columns === null && total === 0) problem(0, 'The file has no header row.')
      if (columns === null || total > 0) return { ok: false, problems, total }
      const { facts, told } = columns
      // Warnings first: only the first few remarks are shown.
      const remarks = [active, claimed, trimmed].flatMap((column) => column.remarks())
      return { ok: true, list: { accounts: [...accounts.values()], facts, columns: told, remarks } }
    },
  }
}

/** The delimiter with which the header has an id column; of several the one that makes most columns. */
function detectDelimiter(text: Buffer): string {
  const start = text.subarray(0, HEADER_BYTES)
  const widths = [',', ';', '\t'].map((delimiter) => {
    try {
      const [cells = []] = parse(start, { ...RECORDS, delimiter, skip_records_with_empty_values: true, to: 1 })
      return { delimiter, width: findColumns(cells).ok ? 1_000_000 + cells.length : cells.length }
    } catch {
      return { delimiter, width: 0 }
    }
  })
  return widths.reduce((best, next) => (next.width > best.width ? next : best)).delimiter
}

/** Reads the distinct cells of the group columns; the same cell is the same value in every row. */
function createGroupReader(): (cells: readonly string[], columns: Columns) => readonly GroupCell[] {
  const listOf = (several: boolean) =>
    createIntern((text): readonly GroupCell[] => (text === '' ? [] : [{ text, several }]))
  const [one, many] = [listOf(false), listOf(true)]
  return (cells, { groups }) => {
    const found = new Map<string, GroupCell>()
    let single = one('')
    for (const { index, several } of groups) {
      const list = (several ? many : one)(cell(cells, index))
      if (list.length > 0) single = list
      for (const made of list) found.set(cellKey(made), made)
    }
    return found.size < 2 ? single : [...found.values()]
  }
}

function cell(cells: readonly string[], index: number | null): string {
  return index === null ? '' : (cells[index] ?? '').trim()
}
