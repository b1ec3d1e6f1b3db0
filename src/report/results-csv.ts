import { parse } from 'csv-parse/sync'
import { ACCOUNT_ID } from '../list/account-id.ts'
import { SKIP_REASONS } from '../plan/decision.ts'
import { escapeCsvCell, unescapeCsvCell } from './escape.ts'
import { type AccountResult, STATES } from './report.ts'

const HEADER =
  'account_id,email,name,line,decision,reason,state,verified,detail,http_status,attempts,started_at,finished_at'
const DECISIONS = ['deactivate', 'restore', 'skip'] as const
const VERIFIED = ['yes', 'no', 'unread', ''] as const
const CHUNK = 1 << 16

export type ResultsOutcome =
  | { readonly ok: true; readonly results: readonly AccountResult[] }
  | { readonly ok: false; readonly problems: readonly { readonly line: number; readonly message: string }[] }

/** `results.csv` (contract, section 6): UTF-8 with a byte order mark, CRLF, one line per account, in pieces of some 64 KiB. */
export function* resultsCsv(accounts: Iterable<AccountResult>): Generator<string> {
  let chunk = `\ufeff${HEADER}\r\n`
  for (const account of accounts) {
    chunk += `${cellsOf(account).join(',')}\r\n`
    if (chunk.length < CHUNK) continue
    yield chunk
    chunk = ''
  }
  if (chunk !== '') yield chunk
}

function cellsOf(account: AccountResult): (string | number)[] {
  return [
    escapeCsvCell(account.id),
    escapeCsvCell(account.email),
    escapeCsvCell(account.name),
    account.line,
    account.decision,
    account.reason,
    account.state,
    account.verified,
    escapeCsvCell(account.detail),
    account.httpStatus === 0 ? '' : account.httpStatus,
    account.attempts,
    account.startedAt,
    account.finishedAt,
  ]
}

/** Reads `results.csv` back, strictly: what is restored must be exactly what was written. */
export function parseResultsCsv(text: string | Buffer): ResultsOutcome {
  const problems: { line: number; message: string }[] = []
  const results = new Map<string, AccountResult>()
  let rows: string[][]
  try {
    rows = parse(text, { bom: true, record_delimiter: ['\r\n', '\n'], relax_column_count: true })
  } catch (error) {
    return { ok: false, problems: [{ line: 0, message: error instanceof Error ? error.message : String(error) }] }
  }
  if (rows[0]?.join(',') !== HEADER)
    return { ok: false, problems: [{ line: 1, message: `The header is not "${HEADER}".` }] }
  for (const [index, row] of rows.slice(1).entries()) {
    const result = row.length === 13 ? resultOf(row) : null
    if (result === null || results.has(result.id))
      problems.push({ line: index + 2, message: 'The row is none that this action writes.' })
    else results.set(result.id, result)
  }
  return problems.length > 0 ? { ok: false, problems } : { ok: true, results: [...results.values()] }
}

function resultOf(row: readonly string[]): AccountResult | null {
  const cell = (index: number): string => row[index] ?? ''
  const decision = DECISIONS.find((known) => known === cell(4))
  const reason = cell(5) === '' ? '' : SKIP_REASONS.find((known) => known === cell(5))
  const state = STATES.find((known) => known === cell(6))
  const verified = VERIFIED.find((known) => known === cell(7))
  const id = unescapeCsvCell(cell(0))
  if (
    decision === undefined ||
    reason === undefined ||
    state === undefined ||
    verified === undefined ||
    !ACCOUNT_ID.test(id)
  )
    return null
  return {
    id,
    email: unescapeCsvCell(cell(1)),
    name: unescapeCsvCell(cell(2)),
    line: Number(cell(3)),
    decision,
    reason,
    state,
    verified,
    detail: unescapeCsvCell(cell(8)),
    httpStatus: Number(cell(9)),
    attempts: Number(cell(10)),
    startedAt: cell(11),
    finishedAt: cell(12),
    canary: false,
  }
}
