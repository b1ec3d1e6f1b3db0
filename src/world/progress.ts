import { count, duration, thousands } from '../text/words.ts'
import type { Clock } from './clock.ts'

/** Time between two lines. Milliseconds. */
const INTERVAL = 5000
/** The first batch says nothing about the pace: until this has passed no time left is told. Milliseconds. */
const SETTLED = 10_000
const BAR_WIDTH = 20

/** Tells how far a run is, and `onPace` the milliseconds left at this pace. The result is called once per account. */
export function createProgress(
  total: number,
  clock: Clock,
  tell: (line: string) => void,
  onPace: (millisecondsLeft: number) => void = () => undefined,
  line = progressLine,
): () => void {
  const started = clock.now()
  let done = 0
  let told = started
  return () => {
    done++
    const now = clock.now()
    if (now - told < INTERVAL && done !== total) return
    told = now
    const perSecond = done / Math.max(0.001, (now - started) / 1000)
    const left = now - started < SETTLED ? null : ((total - done) / perSecond) * 1000
    if (left !== null && done < total) onPace(left)
    tell(line(done, total, perSecond, left))
  }
}

/** The same for pages of `size` entries, told after each page how many entries there are in all. */
export function createPageProgress(size: number, clock: Clock, tell: (line: string) => void) {
  let step: (() => void) | null = null
  return (entries: number): void => {
    step ??= createProgress(Math.ceil(entries / size), clock, tell, undefined, pageLine)
    step()
  }
}

/** `Reading the directory: 37 of 1,000 pages · about 3 min left`; more than was counted, or none: no total. */
export function pageLine(done: number, total: number, _perSecond: number, millisecondsLeft: number | null): string {
  if (done > total) return `Reading the directory: ${count(done, 'page')}`
  return `Reading the directory: ${thousands(done)} of ${count(total, 'page')}${ending(done, total, millisecondsLeft)}`
}

function ending(done: number, total: number, millisecondsLeft: number | null): string {
  if (done === total) return ' · done'
  return millisecondsLeft === null ? '' : ` · about ${duration(millisecondsLeft)} left`
}

/** `█████░░░░░  250 of 1,000 accounts · 25 % · 12.5/s · about 60 s left` @param millisecondsLeft null: not known yet */
export function progressLine(done: number, total: number, perSecond: number, millisecondsLeft: number | null): string {
  const share = total === 0 ? 1 : done / total
  const bar = '█'.repeat(Math.floor(share * BAR_WIDTH)).padEnd(BAR_WIDTH, '░')
  const pace = `${Math.floor(share * 100)} % · ${perSecond.toFixed(1)}/s${ending(done, total, millisecondsLeft)}`
  return `${bar}  ${thousands(done)} of ${count(total, 'account')} · ${pace}`
}
