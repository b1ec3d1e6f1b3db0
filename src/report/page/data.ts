import { type AccountResult, STATES } from '../../account/result.ts'
import { escapeJsonForScript } from '../../text/escape.ts'
import { visibleLine } from '../../text/visible.ts'
import { clip } from '../../text/words.ts'
import { causeText } from '../cause-words.ts'
import type { RunReport } from '../report.ts'
import { ATTENTION, attentionOf } from '../sift.ts'
import { SKIP_WORDS, stateWords, VERIFIED_WORDS } from '../words.ts'

/** More rows than this make a page that no browser likes to open. */
export const MOST_ROWS = 50_000
/** A cell of megabytes would stall every search; the whole text is in results.csv. */
const LONGEST_TEXT = 2000

/** The accounts that the page lists: all of them, or those that need attention, the most urgent first. */
export function listedRows({ accounts, mode }: RunReport): readonly AccountResult[] {
  if (accounts.length <= MOST_ROWS) return accounts
  const urgent = accounts.filter((account) => attentionOf(account, mode) !== '')
  if (urgent.length <= MOST_ROWS) return urgent
  const rank = (account: AccountResult): number => ATTENTION.indexOf(attentionOf(account, mode))
  return urgent.toSorted((a, b) => rank(a) - rank(b)).slice(0, MOST_ROWS)
}

const VERIFIED = ['', 'yes', 'no', 'unread'] as const

/**
 * The accounts as JSON for a script element: rows are arrays, and words that repeat are written once. A row is id,
 * e-mail, name, line, state, reason, read back, detail, HTTP status, attempts, finished (ms since `base`; -1: never),
 * canary, needs attention, last active.
 */
export function* pageData(report: RunReport, rows: readonly AccountResult[]): Generator<string> {
  const base = Date.parse(report.startedAt)
  const reasons = ['', ...new Set(rows.map(({ reason }) => reason).filter((reason) => reason !== ''))]
  const head = {
    base: Number.isFinite(base) ? base : 0,
    states: STATES.map((state) => [state, stateWords(state, report.mode)]),
    reasons: reasons.map((reason) => (reason === '' ? '' : SKIP_WORDS[reason as keyof typeof SKIP_WORDS])),
    verified: VERIFIED.map((verified) => VERIFIED_WORDS[verified]),
  }
  const stateAt = new Map(STATES.map((state, index) => [state, index]))
  const reasonAt = new Map(reasons.map((reason, index) => [reason, index]))
  yield escapeJsonForScript(`${JSON.stringify(head).slice(0, -1)},"rows":[`)
  let comma = ''
  for (const account of rows) {
    const finished = account.finishedAt === '' ? -1 : Date.parse(account.finishedAt) - head.base
    const row = JSON.stringify([
      shown(account.id),
      shown(account.email),
      shown(account.name),
      account.line,
      stateAt.get(account.state) ?? 0,
      reasonAt.get(account.reason) ?? 0,
      VERIFIED.indexOf(account.verified),
      shown(causeText(account.cause)),
      account.httpStatus,
      account.attempts,
      finished,
      account.canary ? 1 : 0,
      attentionOf(account, report.mode) === '' ? 0 : 1,
      account.lastActive,
    ])
    yield escapeJsonForScript(`${comma}${row}`)
    comma = ',\n'
  }
  yield ']}'
}

function shown(text: string): string {
  return visibleLine(clip(text, LONGEST_TEXT))
}
