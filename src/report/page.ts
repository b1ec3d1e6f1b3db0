import { createHash } from 'node:crypto'
import { joinFilled } from '../text/words.ts'
import { accountsFrame, listedRows, pageData } from './page/accounts.ts'
import { type Html, html, htmlSections, htmlText } from './page/render.ts'
import { SCRIPT } from './page/script.ts'
import { STYLE } from './page/style.ts'
import type { RunReport } from './report.ts'
import { inputs } from './run-sections.ts'
import { firstSections, furtherSections } from './sections.ts'
import { sift } from './sift.ts'
import { MODE_WORDS, nextOf, OUTCOMES, storyOf, titleOf } from './words.ts'

/** Rows of the tables besides that of the accounts, which has them all. */
const ROWS = 200

const hash = (text: string): string => `sha256-${createHash('sha256').update(text).digest('base64')}`
const OURS = `style-src '${hash(STYLE)}'; script-src '${hash(SCRIPT)}'`
/** Nothing is loaded from anywhere, and only this style and this script may run: not even what data could smuggle in. */
const POLICY = `default-src 'none'; ${OURS}; img-src data:; base-uri 'none'; form-action 'none'`

/** `report.html`: one self-contained page. Up to 50,000 accounts are listed; of more, those that need attention. */
export function* reportPage(report: RunReport): Generator<string> {
  const sifted = sift(report)
  const rows = listedRows(report)
  const first = htmlSections(firstSections(report, sifted, ROWS).filter(({ id }) => !BY_TABLE.has(id)))
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

/** The table of accounts tells these better. */
const BY_TABLE: ReadonlySet<string> = new Set(['one-by-one', 'not-attempted'])

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
