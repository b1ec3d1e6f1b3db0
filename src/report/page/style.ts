/** The page's style: light and dark by the reader's own setting, narrow and wide, on screen and on paper. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --ground: light-dark(#f6f7f9, #12161c); --card: light-dark(#ffffff, #1a2028); --ink: light-dark(#1c2430, #e6eaf0);
  --soft: light-dark(#55606f, #a3aebd); --line: light-dark(#dfe3e8, #2d3641); --link: light-dark(#0b5cad, #7ab7ff);
  --field: light-dark(#ffffff, #12161c); --edge: light-dark(#8a94a3, #6c7888); --hover: light-dark(#f1f4f8, #222a34);
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif; }
.wrap { max-width: 76rem; margin: 0 auto; padding: 1.5rem 1.25rem 3rem; }
a { color: var(--link); }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; border-radius: 4px; }
.skip { position: absolute; left: -999rem; }
.skip:focus { left: 1rem; top: 1rem; background: var(--card); padding: .5rem 1rem; z-index: 2; }
[hidden] { display: none !important; }
.sr { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
h1 { font-size: clamp(1.4rem, 1.1rem + 1.5vw, 2rem); line-height: 1.2; margin: .35rem 0 .75rem; letter-spacing: -.01em; text-wrap: balance; }
h2 { font-size: 1.1rem; line-height: 1.3; margin: 0 0 .9rem; }
p { margin: 0 0 .6rem; max-width: 75ch; overflow-wrap: anywhere; white-space: pre-line; }
code { font: .86em ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; overflow-wrap: anywhere; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 1.25rem 1.4rem; margin: 0 0 1.1rem; }
.soft { color: var(--soft); }
.verdict { border-top: 5px solid var(--tone); padding-top: 1.1rem; }
.info { --tone: light-dark(#1d63c4, #6ea8f5); } .ok { --tone: light-dark(#1a7f56, #4cc38a); }
.warn { --tone: light-dark(#a15c00, #f0a94b); } .bad { --tone: light-dark(#c0322b, #ff7b72); }
.eyebrow { color: var(--soft); font-size: .875rem; margin: 0; max-width: none; }
.tag { color: var(--tone); font-weight: 650; }
.next { border-left: 3px solid var(--tone); padding: .1rem 0 .1rem .9rem; margin-top: 1rem; }
.next h2 { font-size: 1rem; margin: 0 0 .2rem; } .next p { margin: 0; }
ul { margin: 0; padding-left: 1.1rem; } ul:not(.legend) li { margin: 0 0 .5rem; max-width: 85ch; overflow-wrap: anywhere; white-space: pre-line; }
pre { margin: 0; padding: .8rem 1rem; overflow-x: auto; background: var(--hover); border-radius: 8px; }
.bar { display: block; width: 100%; height: 30px; border-radius: 6px; overflow: hidden; background: var(--line); }
.legend { list-style: none; display: flex; flex-wrap: wrap; gap: .4rem 1.6rem; margin: .9rem 0 0; padding: 0; }
.legend li { display: flex; align-items: center; gap: .5rem; } .legend strong { font-variant-numeric: tabular-nums; }
.dot { flex: none; width: .8rem; height: .8rem; border-radius: 3px; background: var(--c); display: inline-block; }
.planned { --c: light-dark(#3b7ddd, #5b97ec); } .deactivated, .restored { --c: light-dark(#1f8a5f, #37a877); }
.already-inactive { --c: light-dark(#7d8796, #8792a2); } .already-active { --c: light-dark(#8a63c7, #a787de); }
.skipped { --c: light-dark(#b4bcc8, #56606e); } .failed { --c: light-dark(#cf3f36, #ee6258); }
.unknown { --c: light-dark(#d9822b, #eb9a4a); } .not-attempted { --c: light-dark(#c8a516, #d9b93b); }
rect { fill: var(--c); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .925rem; }
th, td { text-align: left; vertical-align: top; padding: .5rem .75rem .5rem 0; border-bottom: 1px solid var(--line); overflow-wrap: break-word; }
th { color: var(--soft); font-weight: 600; font-size: .85rem; }
thead th { white-space: nowrap; overflow-wrap: normal; } td:last-child:not(.n) { min-width: 9rem; overflow-wrap: anywhere; }
tbody th { min-width: 12rem; color: var(--ink); font-weight: 400; font-size: inherit; overflow-wrap: anywhere; }
tbody tr:last-child > * { border-bottom: 0; }
th.n, td.n { min-width: 0; padding-right: 1.25rem; text-align: right; font-variant-numeric: tabular-nums; overflow-wrap: normal; white-space: nowrap; }
.alert { border: 1px solid light-dark(#a15c00, #f0a94b); border-left-width: 5px; border-radius: 8px; padding: .7rem 1rem; margin: 0 0 1rem; }
dl.pairs { display: grid; grid-template-columns: minmax(9rem, max-content) 1fr; gap: .35rem 1.5rem; margin: 0; }
dl.pairs dt { color: var(--soft); } dl.pairs dd { margin: 0; overflow-wrap: anywhere; white-space: pre-line; }
details > summary { cursor: pointer; font-weight: 650; font-size: 1.1rem; } details[open] > summary { margin-bottom: .9rem; }
.controls { display: flex; flex-wrap: wrap; gap: .8rem 1rem; align-items: end; margin: 0 0 1rem; }
.controls label { display: grid; gap: .25rem; font-size: .85rem; color: var(--soft); font-weight: 600; }
.controls label.grow { flex: 1 1 16rem; }
.controls label.check { display: flex; align-items: center; gap: .5rem; min-height: 2.5rem; color: var(--ink); font-weight: 400; font-size: .925rem; }
input, select, button { font: inherit; color: var(--ink); background: var(--field); border: 1px solid var(--edge); border-radius: 8px; min-height: 2.5rem; padding: .35rem .7rem; }
input[type="checkbox"] { min-height: 0; width: 1.1rem; height: 1.1rem; accent-color: var(--link); }
input, select { font-weight: 400; } select { max-width: 100%; } .controls input[type="search"], .controls select { width: 100%; }
button { cursor: pointer; } button:hover:not(:disabled) { background: var(--hover); } button:disabled { opacity: .45; cursor: default; }
#accounts th button { all: unset; cursor: pointer; display: inline-flex; gap: .3rem; border-radius: 4px; }
#accounts th button:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
#accounts th button::after { content: "\\2195"; opacity: .55; }
#accounts th[aria-sort] button { color: var(--ink); } #accounts th[aria-sort] button::after { content: "\\2193"; opacity: 1; }
#accounts th[aria-sort="ascending"] button::after { content: "\\2191"; }
#accounts tbody tr:hover { background: var(--hover); }
#accounts td.who { max-width: 21rem; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; } #accounts td.state, #accounts td.short { white-space: nowrap; }
#accounts table { min-width: 70rem; }
#accounts td.detail { min-width: 9rem; overflow-wrap: anywhere; }
#accounts .dot { margin-right: .5rem; }
.badge { font-size: .75rem; border: 1px solid var(--edge); border-radius: 99px; padding: 0 .5rem; white-space: nowrap; }
.pager { display: flex; flex-wrap: wrap; align-items: center; gap: .5rem; margin-top: 1rem; } .pager p { margin: 0 .5rem; }
@media (max-width: 46rem) {
  .wrap { padding: .75rem .75rem 2rem; } .card { padding: 1rem; border-radius: 10px; }
  dl.pairs { grid-template-columns: 1fr; gap: 0; } dl.pairs dd { margin-bottom: .6rem; }
  .controls label { flex: 1 1 100%; } #accounts table { min-width: 0; } #accounts .wide { display: none; }
  #accounts td.who { max-width: 11rem; } tbody th { min-width: 9rem; } th, td { padding-right: .6rem; }
}
@media print {
  :root { color-scheme: light; }
  body { background: #fff; color: #000; font-size: 10pt; }
  .wrap { max-width: none; padding: 0; } .card { border-color: #bbb; break-inside: avoid; }
  #accounts, .long { break-inside: auto; } tr { break-inside: avoid; } thead { display: table-header-group; }
  .controls, .pager button, .pager label, .skip, .screen { display: none; } .scroll { overflow: visible; }
  #accounts th button::after { content: ""; } td:last-child:not(.n), tbody th, #accounts td.detail { min-width: 0; } #accounts td.who { max-width: none; white-space: normal; overflow-wrap: anywhere; }
  #accounts table { min-width: 0; table-layout: fixed; font-size: 8pt; } #accounts th, #accounts td { padding-right: .4rem; }
  #accounts th, #accounts td.state, #accounts td.short { white-space: normal; overflow-wrap: anywhere; } #accounts .dot { margin-right: .25rem; }
  #accounts th, .badge { font-size: 7pt; } #accounts th:nth-child(1) { width: 29%; } #accounts th:nth-child(3) { width: 5%; } #accounts th:nth-child(5) { width: 10%; }
  #accounts th:nth-child(7) { width: 8%; } #accounts th:nth-child(8) { width: 9%; }
  rect, .dot, .bar { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
`
