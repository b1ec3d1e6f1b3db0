import { SKIP_REASONS } from '../../account/decision.ts'
import { type AccountResult, STATES } from '../../account/result.ts'
import { escapeJsonForScript } from '../../text/escape.ts'
import { visibleLine } from '../../text/visible.ts'
import { clip } from '../../text/words.ts'
import { causeText } from '../cause-words.ts'
import type { RunReport } from '../report.ts'
import { ATTENTION, attentionOf } from '../sift.ts'
import { SKIP_WORDS, stateWords, VERIFIED_WORDS } from '../words.ts'
import { type Html, html } from './render.ts'

/** More rows than this make a page that no browser likes to open. */
const MOST_ROWS = 50_000
/** Characters. A cell of megabytes would stall every search; the whole text is in results.csv. */
const LONGEST_TEXT = 2000

/** The accounts that the page lists: all of them, or those that need attention, the most urgent first. */
export function listedRows({ accounts, mode }: RunReport): readonly AccountResult[] {
  if (accounts.length <= MOST_ROWS) return accounts
  const rank = (account: AccountResult): number => ATTENTION.indexOf(attentionOf(account, mode))
  const urgent = accounts.filter((account) => attentionOf(account, mode) !== '')
  return urgent.length <= MOST_ROWS ? urgent : urgent.toSorted((a, b) => rank(a) - rank(b)).slice(0, MOST_ROWS)
}

const REASONS = ['', ...SKIP_REASONS] as const
const VERIFIED = Object.keys(VERIFIED_WORDS)

/**
 * The accounts as JSON for a script element: rows are arrays, and words that repeat are written once. A row is id,
 * e-mail, name, line, state, reason, read back, detail, HTTP status, attempts, finished (ms since `base`; -1: never),
 * canary, needs attention, last active.
 */
export function* pageData({ startedAt, mode }: RunReport, rows: readonly AccountResult[]): Generator<string> {
  const base = Date.parse(startedAt) || 0
  const states = STATES.map((state) => [state, stateWords(state, mode)])
  const reasons = REASONS.map((reason) => reason && SKIP_WORDS[reason])
  const head = JSON.stringify({ base, states, reasons, verified: Object.values(VERIFIED_WORDS) })
  yield escapeJsonForScript(`${head.slice(0, -1)},"rows":[`)
  for (const [index, account] of rows.entries()) {
    const row = JSON.stringify([
      shown(account.id),
      shown(account.email),
      shown(account.name),
      account.line,
      STATES.indexOf(account.state),
      REASONS.indexOf(account.reason),
      VERIFIED.indexOf(account.verified),
      shown(causeText(account.cause)),
      account.httpStatus,
      account.attempts,
      account.finishedAt === '' ? -1 : Date.parse(account.finishedAt) - base,
      account.canary ? 1 : 0,
      attentionOf(account, mode) === '' ? 0 : 1,
      account.lastActive,
    ])
    yield escapeJsonForScript(index === 0 ? row : `,\n${row}`)
  }
  yield ']}'
}

const shown = (text: string): string => visibleLine(clip(text, LONGEST_TEXT))

/** The columns of the table, with the names by which the script sorts them. */
const COLUMNS = [
  ['who', 'Account', ''],
  ['state', 'State', ''],
  ['line', 'Line', 'n wide'],
  ['reason', 'Reason', ''],
  ['verified', 'Read back', ''],
  ['detail', 'Detail', ''],
  ['sent', 'Attempts', 'n'],
  ['finished', 'Finished', ''],
  ['active', 'Last active', ''],
] as const

/** The frame of the accounts' table, which the page's script fills; a note where not all are listed. */
export function accountsFrame(all: number, listed: number): Html {
  if (all === 0) return html``
  const title = html`<section class="card long" id="accounts" aria-labelledby="accounts-title" tabindex="-1"><h2 id="accounts-title">Accounts</h2>`
  if (listed === 0)
    return html`${title}<p>None of the ${all} accounts needs attention. So many do not fit on a page: <code>results.csv</code> in the same artifact lists all of them.</p></section>\n`
  const note = html`<p class="alert">Listed here are the ${listed} accounts that need attention most, of ${all} in all. <code>results.csv</code> in the same artifact lists every one.</p>`
  const head = COLUMNS.map(
    ([key, name, kind]) =>
      html`<th scope="col" class="${kind}" data-sort="${key}"><button type="button">${name}</button></th>`,
  )
  return html`${title}${listed === all ? '' : note}
<noscript><p>The table needs the script of this page. <code>results.csv</code> in the same artifact lists every account.</p></noscript>
<div id="browser" hidden><div class="controls" role="search">
<label class="grow">Search <input id="search" type="search" placeholder="Name, e-mail, account id, detail" autocomplete="off" spellcheck="false"></label>
<label>State <select id="state"><option value="">All states</option></select></label>
<label>Reason <select id="reason"><option value="">All reasons</option></select></label>
<label class="check"><input id="urgent" type="checkbox"> Needs attention</label>
<button id="reset" type="button">Reset</button></div>
<p id="found" role="status" class="soft"></p>
<div class="scroll" role="region" aria-label="Table of accounts" tabindex="0"><table><caption class="sr">Accounts, a page at a time. The buttons in the head sort.</caption>
<thead><tr>${head}</tr></thead><tbody id="rows"></tbody></table></div>
<nav class="pager" aria-label="Pages of the table"><button id="first" type="button">First</button><button id="previous" type="button">Previous</button>
<p id="page" class="soft"></p><button id="next" type="button">Next</button><button id="last" type="button">Last</button>
<label class="soft screen">Rows <select id="size"><option>25</option><option selected>50</option><option>100</option><option>500</option></select></label></nav></div></section>
`
}
