import { CsvError, parse } from 'csv-parse/sync'
import { ACCOUNT_ID } from '../account/account-id.ts'
import { SKIP_REASONS } from '../account/decision.ts'
import { type AccountResult, STATES } from '../account/result.ts'
import { escapeCsvCell, unescapeCsvCell } from '../text/escape.ts'
import { causeText } from './cause-words.ts'
import { contradictionAmong, contradictionIn } from './contradictions.ts'

const ANY = /^/
const NUMBER = /^\d{1,15}$/
const TIME = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)?$/
const oneOf = (...known: readonly string[]): RegExp => new RegExp(`^(${known.join('|')})$`)

/** The columns in the file's order, with what their cells look like. */
const COLUMNS = {
  account_id: ACCOUNT_ID,
  email: ANY,
  name: ANY,
  line: NUMBER,
  decision: oneOf('deactivate', 'restore', 'skip'),
  reason: oneOf('', ...SKIP_REASONS),
  state: oneOf(...STATES),
  verified: oneOf('', 'yes', 'no', 'unread'),
  detail: ANY,
  http_status: /^([1-5]\d\d)?$/,
  attempts: NUMBER,
  started_at: TIME,
  finished_at: TIME,
  last_active: new RegExp(`^never$|${TIME.source}`),
} as const
const HEADER = Object.keys(COLUMNS).join(',')
/** More problems than this help nobody. */
const MOST_PROBLEMS = 100

export interface ResultsProblem {
  /** In the file, from 1; 0 where it cannot be told. */
  readonly line: number
  /** What is wrong, without any text of the file. */
  readonly message: string
  /** The text that is wrong: outside text that may name people. Empty where there is none. */
  readonly found: string
}

/** A line read back: the cause of its state is the text of it, no longer data. */
export type ResultsRow = AccountResult & { readonly detail: string }

export type ResultsOutcome =
  | { readonly ok: true; readonly results: readonly AccountResult[] }
  | { readonly ok: false; readonly problems: readonly ResultsProblem[] }

/** `results.csv` (contract, section 6): UTF-8 with a byte order mark, CRLF, one line per account. */
export function* resultsCsv(accounts: Iterable<AccountResult>): Generator<string> {
  yield `\ufeff${HEADER}\r\n`
  for (const account of accounts) yield lineOf(account)
}

function lineOf(account: AccountResult): string {
  const { line, decision, reason, state, verified, httpStatus, attempts, startedAt, finishedAt } = account
  const who = `${escapeCsvCell(account.id)},${escapeCsvCell(account.email)},${escapeCsvCell(account.name)}`
  const what = `${line},${decision},${reason},${state},${verified},${escapeCsvCell(causeText(account.cause))}`
  return `${who},${what},${httpStatus === 0 ? '' : httpStatus},${attempts},${startedAt},${finishedAt},${account.lastActive}\r\n`
}

/**
 * Reads `results.csv` back, strictly: what is restored must be exactly what was written. Whether an account was a
 * canary is not in the file and comes back as false.
 *
 * @returns the results in the file's order, or what is wrong with which line
 */
export function parseResultsCsv(text: string | Buffer): ResultsOutcome {
  const problems: ResultsProblem[] = []
  const results = new Map<string, ResultsRow>()
  let line = 0
  const take = (row: readonly string[], ends: number): void => {
    // A line break in quotes makes a row of several lines: a row begins behind the last line of the one before.
    const begins = line + 1
    line = ends
    if (problems.length >= MOST_PROBLEMS || problems[0]?.line === 1) return
    const read = begins === 1 ? readHeader(row) : readRow(row)
    if (read === null) return
    if ('message' in read) problems.push({ line: begins, ...read })
    else if (results.has(read.id))
      problems.push({ line: begins, message: 'The account is here twice.', found: read.id })
    else results.set(read.id, read)
  }
  try {
    parse(text, {
      bom: true,
      record_delimiter: ['\r\n', '\n'],
      relax_column_count: true,
      on_record: (row: string[], { lines }) => {
        take(row, lines)
        return null
      },
    })
  } catch (error) {
    const line = error instanceof CsvError && typeof error.lines === 'number' ? error.lines : 0
    problems.push({ line, message: 'The file is not a CSV.', found: error instanceof Error ? error.message : '' })
  }
  if (line === 0 && problems.length === 0) problems.push({ line: 1, message: 'The file is empty.', found: '' })
  const mixed = problems.length > 0 ? null : contradictionAmong(results.values())
  if (mixed !== null) problems.push({ line: 0, message: mixed, found: '' })
  return problems.length > 0 ? { ok: false, problems } : { ok: true, results: [...results.values()] }
}

type Wrong = Omit<ResultsProblem, 'line'>

/** Null for the header that this action writes, else what is wrong with it. */
function readHeader(row: readonly string[]): Wrong | null {
  const found = row.join(',')
  return found === HEADER ? null : { message: `The header is not "${HEADER}".`, found }
}

/** The row's account, or what is wrong with it. */
function readRow(row: readonly string[]): ResultsRow | Wrong {
  const columns = Object.entries(COLUMNS)
  if (row.length !== columns.length)
    return { message: `The row has ${row.length} cells, not ${columns.length}.`, found: '' }
  const cells = Object.fromEntries(columns.map(([name], at) => [name, unescapeCsvCell(row[at] ?? '')]))
  const cell = (column: keyof typeof COLUMNS): string => cells[column] ?? ''
  const wrong = columns.find(([name, form]) => !form.test(cells[name] ?? ''))?.[0]
  if (wrong !== undefined) return { message: `The column "${wrong}" never holds this.`, found: cells[wrong] ?? '' }
  const result: ResultsRow = {
    id: cell('account_id'),
    email: cell('email'),
    name: cell('name'),
    line: Number(cell('line')),
    decision: cell('decision') as AccountResult['decision'],
    reason: cell('reason') as AccountResult['reason'],
    state: cell('state') as AccountResult['state'],
    verified: cell('verified') as AccountResult['verified'],
    cause: null,
    detail: cell('detail'),
    httpStatus: Number(cell('http_status')),
    attempts: Number(cell('attempts')),
    startedAt: cell('started_at'),
    finishedAt: cell('finished_at'),
    lastActive: cell('last_active'),
    licences: null,
    canary: false,
  }
  const contradiction = contradictionIn(result)
  return contradiction === null ? result : { message: contradiction, found: result.id }
}
