import { createHash } from 'node:crypto'
import { SKIP_REASONS } from '../account/decision.ts'
import { type AccountResult, STATES } from '../account/result.ts'
import { escapeJsonForScript } from '../text/escape.ts'
import { visibleLine } from '../text/visible.ts'
import { clip, joinFilled } from '../text/words.ts'
import { causeText } from './cause-words.ts'
import { type Html, html, htmlSections, htmlText } from './page/render.ts'
import { SCRIPT } from './page/script.ts'
import { STYLE } from './page/style.ts'
import type { RunReport } from './report.ts'
import { inputs } from './run-sections.ts'
import { firstSections, furtherSections } from './sections.ts'
import { ATTENTION, attentionOf, sift } from './sift.ts'
import { MODE_WORDS, nextOf, OUTCOMES, SKIP_WORDS, stateWords, storyOf, titleOf, VERIFIED_WORDS } from './words.ts'

/** Rows of the tables besides that of the accounts, which has them all. */
const ROWS = 200
/** More rows than this make a page that no browser likes to open. */
const MOST_ROWS = 50_000
/** Characters. A cell of megabytes would stall every search; the whole text is in results.csv. */
const LONGEST_TEXT = 2000

const hash = (text: string): string => `sha256-${createHash('sha256').update(text).digest('base64')}`
const OURS = `style-src '${hash(STYLE)}'; script-src '${hash(SCRIPT)}'`
/** Nothing is loaded from anywhere, and only this style and script may run: not even what data could smuggle in. */
const POLICY = `default-src 'none'; ${OURS}; img-src data:; base-uri 'none'; form-action 'none'`

/** `report.html`: one self-contained page. Up to 50,000 accounts are listed; of more, those that need attention. */
export function* reportPage(report: RunReport): Generator<string> {
  const sifted = sift(report)
  const rows = listedRows(report)
  // The table of accounts tells these better.
  const byTable = ['one-by-one', 'not-attempted']
  const first = htmlSections(firstSections(report, sifted, ROWS).filter(({ id }) => !byTable.includes(id)))
  const further = htmlSections([...furtherSections(report, sifted, ROWS), inputs(report)])
  const frame = accountsFrame(report.accounts.length, rows.length)
  yield html`${head(report)}${verdict(report)}<main>${first}${frame}${further}</main></div>\n`.markup
  if (rows.length > 0) {
    yield '<script type="application/json" id="data">'
    yield* pageData(report, rows)
    yield '</script>\n'
  }
  yield `<script>${SCRIPT}</script>\n</body></html>\n`
}

/** The news, what happened beyond it, and what to do next. */
function verdict(report: RunReport): Html {
  const { repository, runId, runAttempt, finishedAt, mode, outcome, reason } = report
  const run = runId === '' ? '' : `run ${runId}, attempt ${runAttempt}`
  const when = finishedAt === '' ? '' : `${finishedAt.slice(0, 16).replace('T', ' ')} UTC`
  const around = joinFilled([MODE_WORDS[mode], repository, run, when], ' · ')
  const { tone, words } = OUTCOMES[outcome]
  const next = nextOf(report)
  return html`<header class="card verdict ${tone}"><p class="eyebrow"><span class="tag">${words}${reason === '' ? '' : ` (${reason})`}</span> · ${htmlText(around)}</p>
<h1>${htmlText(titleOf(report), 'cell')}</h1>
${storyOf(report).map((sentence) => html`<p>${htmlText(sentence)}</p>`)}
${next === '' ? '' : html`<div class="next"><h2>What to do next</h2><p>${htmlText(next)}</p></div>`}</header>
`
}

function head(report: RunReport): Html {
  const [policy, style] = [{ markup: POLICY }, { markup: STYLE }]
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="referrer" content="no-referrer"><meta name="robots" content="noindex">
<link rel="icon" href="data:,"><title>${htmlText(titleOf(report), 'cell')}</title><style>${style}</style></head>
<body><div class="wrap">${report.accounts.length === 0 ? '' : html`<a class="skip" href="#accounts">Skip to the accounts</a>`}
`
}

/** The accounts that the page lists: all of them, or those that need attention, the most urgent first. */
function listedRows({ accounts, mode }: RunReport): readonly AccountResult[] {
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
function* pageData({ startedAt, mode }: RunReport, rows: readonly AccountResult[]): Generator<string> {
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
function accountsFrame(all: number, listed: number): Html {
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
