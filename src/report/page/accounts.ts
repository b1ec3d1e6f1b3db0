import type { AccountResult } from '../../account/result.ts'
import type { RunReport } from '../report.ts'
import { type Html, html, NOTHING } from './html.ts'

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
export function accountsFrame({ accounts }: RunReport, rows: readonly AccountResult[]): Html {
  const title = html`<section class="card long" id="accounts" aria-labelledby="accounts-title" tabindex="-1"><h2 id="accounts-title">Accounts</h2>`
  if (accounts.length === 0) return NOTHING
  if (rows.length === 0) {
    const told = html`<p>None of the ${accounts.length} accounts needs attention. So many do not fit on a page: <code>results.csv</code> in the same artifact lists all of them.</p>`
    return html`${title}${told}</section>
`
  }
  const note =
    rows.length === accounts.length
      ? html``
      : html`<p class="alert">Listed here are the ${rows.length} accounts that need attention most, of ${accounts.length} in all. <code>results.csv</code> in the same artifact lists every one.</p>`
  const head = COLUMNS.map(
    ([key, name, kind]) =>
      html`<th scope="col" class="${kind}" data-sort="${key}"><button type="button">${name}</button></th>`,
  )
  return html`${title}${note}
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
