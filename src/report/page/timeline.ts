import { count, duration, thousands } from '../../text/words.ts'
import type { RunReport } from '../report.ts'
import { timelineOf } from '../timeline.ts'
import { type Html, html, NOTHING } from './html.ts'

/** Size of the drawing, which the page stretches. SVG units. */
const WIDTH = 1000
const HEIGHT = 150

/** Accounts a second over the run, with the pauses that Atlassian asked for and the end of the canary. */
export function timeline(report: RunReport): Html {
  const line = timelineOf(report)
  if (line === null) return NOTHING
  const slot = WIDTH / line.rates.length
  const bars = line.rates.map((rate, index) => {
    const height = line.peak === 0 ? 0 : (rate / line.peak) * HEIGHT
    const width = Math.max(0.5, slot - Math.min(2, slot / 4))
    return html`<rect class="pace" x="${(index * slot).toFixed(1)}" y="${(HEIGHT - height).toFixed(1)}" width="${width.toFixed(1)}" height="${height.toFixed(1)}"/>`
  })
  const pauses = line.pauses.map(
    ({ from, until }) =>
      html`<rect class="pause" x="${(from * WIDTH).toFixed(1)}" y="0" width="${Math.max(1, (until - from) * WIDTH).toFixed(1)}" height="${String(HEIGHT)}"/>`,
  )
  const x = ((line.canary ?? 0) * WIDTH).toFixed(1)
  const canary =
    line.canary === null ? NOTHING : html`<line class="mark" x1="${x}" y1="0" x2="${x}" y2="${String(HEIGHT)}"/>`
  const paused = report.pauses.reduce((sum, pause) => sum + Math.max(0, pause.until - pause.from), 0)
  const told = `At most ${rate(line.peak)} accounts per second, from ${clock(line.from)} to ${clock(line.until)} UTC.`
  const legend = [
    html`<li><span class="dot pace"></span>Accounts per second</li>`,
    ...(pauses.length === 0
      ? []
      : [
          html`<li><span class="dot pause"></span>${count(report.pauses.length, 'pause')} that Atlassian asked for, ${duration(paused)} in all</li>`,
        ]),
    ...(line.canary === null
      ? []
      : [html`<li><span class="dot canary"></span>Canary ended at ${clock(Date.parse(report.canaryFinishedAt))}</li>`]),
  ]
  return html`<section class="card" aria-labelledby="timeline"><h2 id="timeline">Pace</h2>
<div class="timeline"><div class="scale" aria-hidden="true"><span>${rate(line.peak)}/s</span><span>0</span></div>
<svg viewBox="0 0 ${String(WIDTH)} ${String(HEIGHT)}" preserveAspectRatio="none" role="img" aria-label="${told}">${pauses}${bars}${canary}</svg>
<div class="hours" aria-hidden="true"><span>${clock(line.from)}</span><span>${clock((line.from + line.until) / 2)}</span><span>${clock(line.until)} UTC</span></div></div>
<ul class="legend">${legend}</ul></section>
`
}

function rate(perSecond: number): string {
  return perSecond < 10 ? String(Number(perSecond.toFixed(1))) : thousands(Math.round(perSecond))
}

function clock(time: number): string {
  return new Date(time).toISOString().slice(11, 19)
}
