import { licenceRows, licenceTitle } from '../live-words.ts'
import type { RunReport } from '../report.ts'
import { SKIP_WORDS } from '../words.ts'
import { type Html, html, NOTHING } from './html.ts'

/** More people than this are no help on a page; plan.json holds all. */
const MOST_LEFT_OUT = 1000

/** People by product whose licences are freed. */
export function licences(report: RunReport): Html {
  const rows = licenceRows(report)
  if (rows.length === 0) return NOTHING
  const body = rows.map(
    ([what, people]) => html`<tr><th scope="row">${what}</th><td class="n">${people === null ? '' : people}</td></tr>`,
  )
  return html`<section class="card" aria-labelledby="licences"><h2 id="licences">${licenceTitle(report)}</h2>
<div class="scroll" role="region" aria-labelledby="licences" tabindex="0"><table><thead><tr><th scope="col">Product</th><th scope="col" class="n">People</th></tr></thead><tbody>${body}</tbody></table></div></section>
`
}

/** Who is not in the list of a find although somebody may look for them there. */
export function leftOut({ leftOut: all }: RunReport): Html {
  if (all.length === 0) return NOTHING
  const rows = all
    .slice(0, MOST_LEFT_OUT)
    .map(
      ({ who, email, from, reason }) =>
        html`<tr><th scope="row"><code>${who}</code> ${email}</th><td>${from}</td><td>${SKIP_WORDS[reason]} <code class="soft">${reason}</code></td></tr>`,
    )
  const more = all.length > rows.length ? html`<p>… and ${all.length - rows.length} more, in plan.json.</p>` : NOTHING
  return html`<section class="card long" aria-labelledby="left-out"><h2 id="left-out">Not in the list</h2>
<div class="scroll" role="region" aria-labelledby="left-out" tabindex="0"><table><thead><tr><th scope="col">Who</th><th scope="col">Named in</th><th scope="col">Why not</th></tr></thead><tbody>${rows}</tbody></table></div>${more}</section>
`
}
