import { plans } from '../../account/mode.ts'
import type { Outcome } from '../../account/result.ts'
import { duration, thousands } from '../../text/words.ts'
import { causeText } from '../cause-words.ts'
import { activitySentence } from '../live-words.ts'
import type { RunReport } from '../report.ts'
import type { Sifted } from '../sift.ts'
import { shownDigest, wayOn } from '../way-on.ts'
import {
  MODE_WORDS,
  mailSentence,
  OUTCOME_WORDS,
  pastOf,
  SKIP_WORDS,
  stateWords,
  VERDICT_WORDS,
  VERIFIED_WORDS,
  verdictTitle,
} from '../words.ts'
import { type Html, html, NOTHING } from './html.ts'

const TONES: Readonly<Record<Outcome, 'info' | 'ok' | 'warn' | 'bad'>> = {
  planned: 'info',
  'nothing-to-do': 'ok',
  completed: 'ok',
  partial: 'warn',
  halted: 'bad',
  refused: 'bad',
  failed: 'bad',
}

/** More canaries, kinds of failure and warnings than this are more than anybody reads. */
const MOST_LINES = 100

/** The verdict in words, and what to do next. */
export function verdict(report: RunReport): Html {
  const where = [report.repository, report.runId === '' ? '' : `run ${report.runId}, attempt ${report.runAttempt}`]
  const when = report.finishedAt === '' ? '' : `${report.finishedAt.slice(0, 16).replace('T', ' ')} UTC`
  const around = [MODE_WORDS[report.mode], ...where, when].filter((part) => part !== '').join(' · ')
  const tag = `${OUTCOME_WORDS[report.outcome]}${report.reason === '' ? '' : ` (${report.reason})`}`
  const sentences = [report.headline, activitySentence(report.activity), mailSentence(report), report.changed].filter(
    (sentence) => sentence !== '',
  )
  const { next } = wayOn(report)
  const offline = report.mode === 'plan' && !report.live && report.outcome !== 'refused'
  return html`<header class="card verdict ${TONES[report.outcome]}"><p class="eyebrow"><span class="tag">${tag}</span> · ${around}</p>
<h1>${verdictTitle(report)}</h1>
${sentences.map((sentence) => html`<p>${sentence}</p>`)}
${offline ? html`<p class="soft">Made offline, from the list alone: nothing was read from Atlassian. Live facts can only make it smaller.</p>` : NOTHING}
${next === '' ? NOTHING : html`<div class="next"><h2>What to do next</h2><p>${next}</p></div>`}</header>
`
}

/** The figures that people ask for first. */
export function tiles(report: RunReport, { failures, cameBack, notAttempted }: Sifted): Html {
  const { counts, mode, change } = report
  if (counts.listed === 0) return NOTHING
  const took = Date.parse(report.finishedAt) - Date.parse(report.startedAt)
  const figures: [string, string | number][] = [['Listed', counts.listed]]
  if (plans(mode)) figures.push([`To be ${pastOf(change)}`, counts.planned], ['Left alone', leftAloneCount(report)])
  else if (mode === 'verify')
    figures.push(['Still inactive', counts['already-inactive']], ['Came back', cameBack.length])
  else
    figures.push(
      [sentenceCase(pastOf(change)), counts.deactivated + counts.restored],
      ['Confirmed by reading', counts.verified],
    )
  const attention =
    failures.length + (plans(mode) ? 0 : notAttempted.length) + (mode === 'verify' ? 0 : cameBack.length)
  figures.push(['Need attention', attention])
  if (report.emailed > 0) figures.push([plans(mode) ? 'Will be e-mailed' : 'E-mailed by Atlassian', report.emailed])
  if (Number.isFinite(took)) figures.push(['Duration', duration(took)])
  return html`<dl class="tiles">${figures.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
`
}

function leftAloneCount({ counts }: RunReport): number {
  return counts.listed - counts.planned
}

function sentenceCase(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1)
}

/** Why accounts failed, and what to do about each kind. */
export function attention({ kinds }: Sifted): Html {
  if (kinds.length === 0) return NOTHING
  const rows = kinds
    .slice(0, MOST_LINES)
    .map(
      ({ key, words, advice, accounts }) =>
        html`<tr><th scope="row">${words}<br><code class="soft">${key}</code></th><td class="n">${accounts}</td><td>${advice}</td></tr>`,
    )
  return html`<section class="card" aria-labelledby="attention"><h2 id="attention">What went wrong, and what to do</h2>
<div class="scroll" role="region" aria-labelledby="attention" tabindex="0"><table><thead><tr><th scope="col">Why</th><th scope="col" class="n">Accounts</th><th scope="col">What to do</th></tr></thead><tbody>${rows}</tbody></table></div></section>
`
}

/** The accounts that were changed first, with what reading them back showed. */
export function canary({ canaries }: Sifted, { mode }: RunReport): Html {
  if (canaries.length === 0) return NOTHING
  const rows = canaries
    .slice(0, MOST_LINES)
    .map(
      ({ id, email, state, verified, cause }) =>
        html`<tr><th scope="row">${email === '' ? '' : `${email} `}<code class="soft">${id}</code></th><td>${stateWords(state, mode)}</td><td>${VERIFIED_WORDS[verified]}</td><td>${causeText(cause)}</td></tr>`,
    )
  return html`<section class="card" aria-labelledby="canary"><h2 id="canary">Canary: changed first, and read back before the rest</h2>
<div class="scroll" role="region" aria-labelledby="canary" tabindex="0"><table><thead><tr><th scope="col">Account</th><th scope="col">State</th><th scope="col">Read back</th><th scope="col">Detail</th></tr></thead><tbody>${rows}</tbody></table></div></section>
`
}

/** What each guard found and allows; waived ones are told first. */
export function guards({ guards: findings }: RunReport): Html {
  if (findings.length === 0) return NOTHING
  const waived = findings.filter(({ verdict: found }) => found === 'waived')
  const loud =
    waived.length === 0
      ? NOTHING
      : html`<div class="alert"><p><strong>Waived on purpose:</strong> ${waived.map(({ guard }) => guard).join(', ')}</p>${waived.map(({ message }) => html`<p>${message}</p>`)}</div>`
  const rows = findings.map(
    ({ guard, verdict: found, found: figure, limit }) =>
      html`<tr><th scope="row"><code>${guard}</code></th><td class="v-${found}">${VERDICT_WORDS[found]}</td><td>${figure}</td><td>${limit}</td></tr>`,
  )
  return html`<section class="card long" aria-labelledby="guards"><h2 id="guards">Guards</h2>${loud}
<div class="scroll" role="region" aria-labelledby="guards" tabindex="0"><table><thead><tr><th scope="col">Guard</th><th scope="col">Verdict</th><th scope="col">Found</th><th scope="col">Allowed</th></tr></thead><tbody>${rows}</tbody></table></div></section>
`
}

/** Who was left alone, by reason; then what else was noticed. */
export function leftAlone({ skipped }: Sifted, { warnings }: RunReport): Html {
  const rows = [...skipped].map(
    ([reason, accounts]) =>
      html`<tr><th scope="row">${SKIP_WORDS[reason]} <code class="soft">${reason}</code></th><td class="n">${accounts.length}</td></tr>`,
  )
  const table =
    rows.length === 0
      ? NOTHING
      : html`<section class="card" aria-labelledby="left-alone"><h2 id="left-alone">Left alone</h2>
<div class="scroll" role="region" aria-labelledby="left-alone" tabindex="0"><table><thead><tr><th scope="col">Reason</th><th scope="col" class="n">Accounts</th></tr></thead><tbody>${rows}</tbody></table></div></section>
`
  if (warnings.length === 0) return table
  const more =
    warnings.length > MOST_LINES ? html`<p>… and ${warnings.length - MOST_LINES} more, in plan.json.</p>` : NOTHING
  const told = warnings.slice(0, MOST_LINES).map((warning) => html`<p>${warning}</p>`)
  return html`${table}<section class="card long" aria-labelledby="warnings"><h2 id="warnings">Warnings</h2>${told}${more}</section>
`
}

/** Where the run took its data from, and the inputs in force. */
export function facts(report: RunReport): Html {
  const active = [
    report.activeBefore === null ? '' : `${thousands(report.activeBefore)} before`,
    report.activeAfterCanary === null ? '' : `${thousands(report.activeAfterCanary)} after the canary`,
    report.activeAfter === null ? '' : `${thousands(report.activeAfter)} at the end`,
  ]
  const pairs: [string, string][] = [
    ['List', report.source],
    ['Columns', report.columns],
    ['Organization', report.organizationId],
    ['Active managed accounts', active.filter((part) => part !== '').join(', ')],
    ['Plan digest', shownDigest(report)],
    ['Taken as today', report.today === '' ? '' : `${report.today} (UTC)`],
    ['Started', report.startedAt],
    ['Finished', report.finishedAt],
    ['Personal data', report.privacy === 'masked' ? 'Masked' : 'Shown'],
  ]
  const settings = Object.entries(report.settings).map(([name, value]): [string, string] => [name, String(value)])
  const list = (all: readonly [string, string][]): Html =>
    html`<dl class="pairs">${all.filter(([, value]) => value !== '').map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>`
  const inputs =
    settings.length === 0
      ? NOTHING
      : html`<details class="card long"><summary>Settings in force</summary>${list(settings)}</details>
`
  return html`<section class="card" aria-labelledby="facts"><h2 id="facts">Facts</h2>${list(pairs)}</section>
${inputs}`
}
