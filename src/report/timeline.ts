import type { AccountResult } from '../account/result.ts'
import type { RunReport } from './report.ts'

/** Accounts finished over the time of a run. Times are milliseconds since the epoch. */
export interface Timeline {
  readonly from: number
  readonly until: number
  /** Length of each bucket. Milliseconds. */
  readonly step: number
  /** Accounts finished a second, in each bucket. */
  readonly rates: readonly number[]
  readonly peak: number
  /** Shares of the whole time, 0 to 1. */
  readonly pauses: readonly { readonly from: number; readonly until: number }[]
  /** Share of the whole time; null where there was no canary, or it did not end. */
  readonly canary: number | null
}

const MOST_BUCKETS = 120
/** A bucket of less than a second would make a peak of what is chance. Milliseconds. */
const LEAST_STEP = 1000

/** The run's pace over time; null where no change was sent. */
export function timelineOf({ accounts, pauses, canaryFinishedAt }: RunReport): Timeline | null {
  const ends: number[] = []
  let from = Number.POSITIVE_INFINITY
  let last = Number.NEGATIVE_INFINITY
  for (const account of accounts) {
    const span = spanOf(account)
    if (span === null) continue
    from = Math.min(from, span.start)
    last = Math.max(last, span.end)
    ends.push(span.end)
  }
  if (ends.length === 0) return null
  const until = Math.max(last, from + LEAST_STEP)
  const step = Math.max(LEAST_STEP, Math.ceil((until - from) / MOST_BUCKETS))
  const counts = new Array<number>(Math.ceil((until - from) / step)).fill(0)
  for (const end of ends) {
    const bucket = Math.min(counts.length - 1, Math.floor((end - from) / step))
    counts[bucket] = (counts[bucket] ?? 0) + 1
  }
  const rates = counts.map((count) => (count / step) * 1000)
  const whole = counts.length * step
  const share = (time: number): number => Math.min(1, Math.max(0, (time - from) / whole))
  const canary = Date.parse(canaryFinishedAt)
  return {
    from,
    until: from + whole,
    step,
    rates,
    peak: rates.reduce((most, rate) => Math.max(most, rate), 0),
    pauses: pauses
      .map((pause) => ({ from: share(pause.from), until: share(pause.until) }))
      .filter((pause) => pause.until > pause.from),
    canary: Number.isFinite(canary) ? share(canary) : null,
  }
}

function spanOf({ attempts, startedAt, finishedAt }: AccountResult): { start: number; end: number } | null {
  if (attempts === 0 || startedAt === '' || finishedAt === '') return null
  const start = Date.parse(startedAt)
  const end = Date.parse(finishedAt)
  return Number.isFinite(start) && Number.isFinite(end) && end >= start ? { start, end } : null
}
