import { STATES } from '../../account/result.ts'
import { thousands } from '../../text/words.ts'
import type { RunReport } from '../report.ts'
import { stateWords } from '../words.ts'
import { type Html, html, NOTHING } from './html.ts'

/** Width of the bar, and the least that a state gets so that one failure among thousands is seen. SVG units. */
const WIDTH = 1000
const LEAST = 6

/** The outcomes as one bar of parts, with a legend that holds the figures. */
export function outcomes({ counts, mode }: RunReport): Html {
  const states = STATES.filter((state) => counts[state] > 0)
  if (states.length === 0) return NOTHING
  const raw = states.map((state) => Math.max(LEAST, (counts[state] / counts.listed) * WIDTH))
  const sum = raw.reduce((total, width) => total + width, 0)
  let x = 0
  const parts = states.map((state, index) => {
    const width = ((raw[index] ?? 0) / sum) * WIDTH
    const left = x
    x += width
    const gap = index === states.length - 1 ? 0 : 2
    return html`<rect class="${state}" x="${left.toFixed(1)}" y="0" width="${(width - gap).toFixed(1)}" height="30"/>`
  })
  const words = states.map((state) => `${stateWords(state, mode)}: ${thousands(counts[state])}`)
  const legend = states.map(
    (state) =>
      html`<li><span class="dot ${state}"></span>${stateWords(state, mode)} <strong>${counts[state]}</strong> <span class="soft">${share(counts[state], counts.listed)}</span></li>`,
  )
  return html`<section class="card" aria-labelledby="outcomes"><h2 id="outcomes">Outcomes</h2>
<svg class="bar" viewBox="0 0 ${String(WIDTH)} 30" preserveAspectRatio="none" role="img" aria-label="${words.join(', ')}">${parts}</svg>
<ul class="legend">${legend}</ul></section>
`
}

function share(part: number, whole: number): string {
  const percent = (part / whole) * 100
  if (percent > 0 && percent < 0.1) return '< 0.1 %'
  return `${percent.toFixed(percent < 10 && part !== whole ? 1 : 0)} %`
}
