import { CsvError, parse } from 'csv-parse/sync'
import { ACCOUNT_ID } from '../account/account-id.ts'
import { SKIP_REASONS } from '../account/decision.ts'
import { type AccountResult, STATES, tally } from '../account/result.ts'
import { escapeCsvCell, unescapeCsvCell } from '../text/escape.ts'
import { asObject, asText, parseObject } from '../text/unknowns.ts'
import { errorText, quote } from '../text/words.ts'
import { sha256Of } from '../world/files.ts'
import { causeText } from './cause-words.ts'
import { contradictionAmong, contradictionIn } from './contradictions.ts'

const ANY = /^/
const NUMBER = /^\d{1,15}$/
const TIME = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)?$/
const oneOf = (...known: readonly string[]): RegExp => new RegExp(`^(${known.join('|')})$`)

/** The columns in the file's order: their names, what of a result they hold, and what their cells look like. */
const COLUMNS = [
  ['account_id', 'id', ACCOUNT_ID],
  ['email', 'email', ANY],
  ['name', 'name', ANY],
  ['line', 'line', NUMBER],
  ['decision', 'decision', oneOf('deactivate', 'restore', 'skip')],
  ['reason', 'reason', oneOf('', ...SKIP_REASONS)],
  ['state', 'state', oneOf(...STATES)],
  ['verified', 'verified', oneOf('', 'yes', 'no', 'unread')],
  ['detail', 'detail', ANY],
  ['http_status', 'httpStatus', /^([1-5]\d\d)?$/],
  ['attempts', 'attempts', NUMBER],
  ['started_at', 'startedAt', TIME],
  ['finished_at', 'finishedAt', TIME],
  ['last_active', 'lastActive', new RegExp(`^never$|${TIME.source}`)],
] as const satisfies [string, keyof ResultsRow, RegExp][]
const FIGURES: ReadonlySet<string> = new Set(['line', 'httpStatus', 'attempts'])
const HEADER = COLUMNS.map(([name]) => name).join(',')
/** More problems than this help nobody. */
const MOST_PROBLEMS = 100

interface ResultsProblem {
  /** In the file, from 1; 0 where it cannot be told. */
  readonly line: number
  /** What is wrong, without any text of the file. */
  readonly message: string
  /** The text that is wrong, which may name people; may be empty. */
  readonly found: string
}

/** A line read back: the cause of its state is the text of it, no longer data. */
export type ResultsRow = AccountResult & { readonly detail: string }

type Results = { readonly ok: true; readonly results: readonly ResultsRow[] }
type Refused = { readonly ok: false; readonly why: string }
type NoResults = { readonly ok: false; readonly problems: readonly [ResultsProblem, ...ResultsProblem[]] }

/** `results.csv` (contract, section 6): UTF-8 with a byte order mark, CRLF, one line per account. */
export function* resultsCsv(accounts: Iterable<AccountResult>): Generator<string> {
  yield `\ufeff${HEADER}\r\n`
  for (const account of accounts) {
    const { line, decision, reason, state, verified, httpStatus, attempts, startedAt, finishedAt, lastActive } = account
    const who = `${escapeCsvCell(account.id)},${escapeCsvCell(account.email)},${escapeCsvCell(account.name)}`
    const what = `${line},${decision},${reason},${state},${verified},${escapeCsvCell(causeText(account.cause))}`
    yield `${who},${what},${httpStatus || ''},${attempts},${startedAt},${finishedAt},${lastActive}\r\n`
  }
}

/**
 * Reads `results.csv` back, strictly: what is restored must be exactly what was written. Whether an account was a
 * canary is not in the file and comes back as false. Results keep the file's order; problems name their line.
 */
export function parseResultsCsv(text: string | Buffer): Results | NoResults {
  const problems: ResultsProblem[] = []
  const results = new Map<string, ResultsRow>()
  let line = 0
  const take = (row: readonly string[], { lines }: { readonly lines: number }): null => {
    // A line break in quotes makes a row of several lines: a row begins behind the last line of the one before.
    const begins = line + 1
    line = lines
    if (problems.length >= MOST_PROBLEMS || problems[0]?.line === 1) return null
    if (begins === 1) {
      const found = row.join(',')
      if (found !== HEADER) problems.push({ line: 1, message: `The header is not "${HEADER}".`, found })
      return null
    }
    const read = readRow(row)
    if ('message' in read) problems.push({ line: begins, ...read })
    else if (results.has(read.id))
      problems.push({ line: begins, message: 'The account is here twice.', found: read.id })
    else results.set(read.id, read)
    return null
  }
  try {
    parse(text, { bom: true, record_delimiter: ['\r\n', '\n'], relax_column_count: true, on_record: take })
  } catch (error) {
    const at = error instanceof CsvError && typeof error.lines === 'number' ? error.lines : 0
    problems.push({ line: at, message: 'The file is not a CSV.', found: errorText(error) })
  }
  if (line === 0 && problems.length === 0) problems.push({ line: 1, message: 'The file is empty.', found: '' })
  const mixed = problems.length > 0 ? null : contradictionAmong(results.values())
  if (mixed !== null) problems.push({ line: 0, message: mixed, found: '' })
  const [first, ...others] = problems
  return first ? { ok: false, problems: [first, ...others] } : { ok: true, results: [...results.values()] }
}

/** The row's account, or what is wrong with it. */
function readRow(row: readonly string[]): ResultsRow | Omit<ResultsProblem, 'line'> {
  if (row.length !== COLUMNS.length)
    return { message: `The row has ${row.length} cells, not ${COLUMNS.length}.`, found: '' }
  const cells = row.map(unescapeCsvCell)
  const wrong = COLUMNS.findIndex(([, , form], at) => !form.test(cells[at] ?? ''))
  if (wrong >= 0) return { message: `The column "${COLUMNS[wrong]?.[0]}" never holds this.`, found: cells[wrong] ?? '' }
  const told = COLUMNS.map(([, member], at) => [member, FIGURES.has(member) ? Number(cells[at]) : cells[at]])
  const result = { ...Object.fromEntries(told), cause: null, licences: null, canary: false } as ResultsRow
  const contradiction = contradictionIn(result)
  return contradiction === null ? result : { message: contradiction, found: result.id }
}

/**
 * Reads the results of an artifact, and holds them against the plan that was written with them: a file that somebody
 * changed, or that belongs to another run, is not what this action did.
 * @param plan `plan.json`; null where the artifact has none
 * @param masked whether texts of the file are left out of what is told
 */
export function readResults(csv: Buffer, plan: string | null, masked: boolean): Results | Refused {
  const parsed = parseResultsCsv(csv)
  if (!parsed.ok) {
    const [{ line, message, found }, ...others] = parsed.problems
    const where = line === 0 ? '' : `line ${line}: `
    const shown = masked || found === '' ? '' : ` Found ${quote(found)}.`
    const more = others.length === 0 ? '' : ` ${others.length} more lines are wrong.`
    return { ok: false, why: `results.csv cannot be read: ${where}${message}${shown}${more}` }
  }
  const why = plan === null ? 'there is no plan.json beside results.csv' : mismatch(csv, parsed.results, plan)
  return why === null ? parsed : { ok: false, why: `${why}, so that it is not what a run of this action left` }
}

/** What in the plan does not go with the results; null where all does. */
function mismatch(csv: Buffer, results: readonly AccountResult[], text: string): string | null {
  const plan = parseObject(text)
  if (plan?.schemaVersion !== 1) return 'plan.json is not in the form that this version writes'
  const counts = asObject(plan.counts)
  for (const [name, count] of Object.entries(tally(results).counts)) {
    if (counts[name] === count) continue
    const told = typeof counts[name] === 'number' ? counts[name] : 'no number'
    return `results.csv has ${count} accounts that are "${name}", and plan.json says ${told}`
  }
  if (results.some(({ decision }) => decision !== 'skip' && decision !== plan.change))
    return 'plan.json names another change than results.csv'
  const isChange = plan.mode === 'apply' || plan.mode === 'restore'
  if (results.some(({ attempts, state }) => (isChange ? state === 'planned' : attempts > 0)))
    return `results.csv is not that of a run in the mode ${quote(asText(plan.mode))} of plan.json`
  const hash = asText(plan.resultsSha256)
  return hash === '' || hash === sha256Of(csv) ? null : 'results.csv does not have the SHA-256 that plan.json gives'
}
