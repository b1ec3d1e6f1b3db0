import { createHash } from 'node:crypto'
import { accountsFrame } from './page/accounts.ts'
import { listedRows, pageData } from './page/data.ts'
import { type Html, html, NOTHING } from './page/html.ts'
import { leftOut, licences } from './page/live.ts'
import { outcomes } from './page/outcomes.ts'
import { SCRIPT } from './page/script.ts'
import { attention, canary, facts, guards, leftAlone, tiles, verdict } from './page/sections.ts'
import { STYLE } from './page/style.ts'
import { timeline } from './page/timeline.ts'
import type { RunReport } from './report.ts'
import { sift } from './sift.ts'
import { verdictTitle } from './words.ts'

/** Nothing may be loaded from anywhere, and only this style and this script may run: not even what data could smuggle in. */
const POLICY = [
  "default-src 'none'",
  `style-src '${sha256(STYLE)}'`,
  `script-src '${sha256(SCRIPT)}'`,
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
].join('; ')

/**
 * `report.html`: one self-contained page for people, in pieces of some 64 KiB. Up to 50,000 accounts are listed; of
 * more, those that need attention.
 */
export function* reportPage(report: RunReport): Generator<string> {
  const sifted = sift(report)
  const rows = listedRows(report)
  yield head(report).markup
  yield [
    verdict(report),
    html`<main>`,
    tiles(report, sifted),
    outcomes(report),
    attention(sifted),
    timeline(report),
    canary(sifted, report),
    accountsFrame(report, rows),
    guards(report),
    leftAlone(sifted, report),
    leftOut(report),
    licences(report),
    facts(report),
    html`</main>`,
    footer(report),
  ]
    .map(({ markup }) => markup)
    .join('')
  if (rows.length > 0) {
    yield '<script type="application/json" id="data">'
    yield* pageData(report, rows)
    yield '</script>\n'
  }
  yield `<script>${SCRIPT}</script>\n</body></html>\n`
}

function head(report: RunReport): Html {
  const policy: Html = { markup: POLICY }
  const style: Html = { markup: STYLE }
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="referrer" content="no-referrer"><meta name="robots" content="noindex">
<link rel="icon" href="data:,"><title>${verdictTitle(report)}</title><style>${style}</style></head>
<body><div class="wrap"><a class="skip" href="#accounts">Skip to the accounts</a>
`
}

function footer({ runUrl, artifact }: RunReport): Html {
  const link = (text: string, url: string): Html =>
    /^https?:\/\/[^\s"'<>]+$/.test(url) ? html`<a href="${url}" rel="noreferrer noopener">${text}</a>` : NOTHING
  return html`<footer><p>${link('Workflow run', runUrl)} ${artifact === null ? NOTHING : link('Results artifact', artifact.url)}</p></footer></div>
`
}

function sha256(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`
}
