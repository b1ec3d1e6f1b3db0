import type { LimitSignals, LimitWindow } from './limits.ts'

/**
 * How quickly requests of one endpoint may go out: the one decision about Atlassian's limits, without a clock or a queue
 * of its own. A limit that is told is followed: no more in flight than calls are left, nothing until the window's end.
 * One that is not told is measured, from one opening to the next. Every function returns the next state. Times are
 * milliseconds since the epoch.
 */
export interface Pace {
  /** Nothing is sent before this, and then one request goes first: the end of a limit is only known roughly. */
  readonly closedUntil: number
  /** Why it is closed, for the log. */
  readonly why: string
  /** Refusals in a row, each after a pause. */
  readonly refusals: number
  /** When the latest of them came: answers to requests sent before it tell nothing about the time after it. */
  readonly refusedAt: number
  /** When the latest request was sent. */
  readonly sentAt: number
  /** Since when requests go through without a break, and how many have since. */
  readonly openedAt: number
  readonly passed: number
  /** The window that the latest answers told of. */
  readonly told: LimitWindow | null
  /** How long after its stated end a window was seen to end in truth; null until one was. Milliseconds. */
  readonly lag: number | null
  /** What a limit without headers let through, measured over so many milliseconds, and since when it holds. */
  readonly rate: { readonly perSecond: number; readonly over: number; readonly since: number } | null
}

const FIRST_BACKOFF = 300
const LONGEST_BACKOFF = 20_000
const BACKOFF_GROWTH = 1.3
/** Runs that share a limit should not come back in the same moment. */
const JITTER = 50
/** After the first stated end of a window the next request waits half its granularity, but no longer than this. */
const LONGEST_FIRST_LAG = 1000
/**
 * Between two tries after a stated end, and what the lag is tried shorter by each time, as a share of the granularity.
 * The lag is worth learning: of windows that are told to the minute and begin at any second of it, 2.4 % of the calls are
 * refused without it, 0.5 % with it.
 */
const SHARE_OF_GRANULARITY = 0.05
/**
 * A measured rate is an average with its unused times: more is tried, so that a last, part-used window ends early, and
 * each window ends in a refusal or two. Ten silent windows of 100 calls take 1.08 times the floor so, with 5 % refused; at 1.25 they take 1.11.
 */
const BOOST = 1.6
/**
 * When a measured rate has gone well for four times the time that it was measured in, the limit is gone: it is doubled
 * again and again, so that the full pace is back within a minute. Milliseconds.
 */
const LONGEST_HOLD = 40_000
const LONGEST_DOUBLING = 2000
/** Atlassian's windows last a minute: what took longer was an outage. Nor are fewer calls a measure, or a time of rest. */
const LONGEST_MEASURE = 65_000
const LEAST_MEASURE = 5
const REST = 2000

export function startPace(now: number): Pace {
  return {
    closedUntil: Number.NEGATIVE_INFINITY,
    why: '',
    refusals: 0,
    refusedAt: Number.NEGATIVE_INFINITY,
    sentAt: now,
    openedAt: now,
    passed: 0,
    told: null,
    lag: null,
    rate: null,
  }
}

/** Requests that may be in flight now, as far as the limit goes. */
export function allowedInFlight(pace: Pace, now: number): number {
  if (isProbing(pace)) return 1
  const { told } = pace
  const isOver = told === null || now >= told.resetAt + told.granularity
  return isOver ? Number.POSITIVE_INFINITY : Math.max(1, told.remaining ?? Number.POSITIVE_INFINITY)
}

/** The next request goes out no earlier than this. */
export function opensAt({ closedUntil, sentAt, rate }: Pace): number {
  return rate === null ? closedUntil : Math.max(closedUntil, sentAt + 1000 / grown(rate, sentAt))
}

/** A request goes out. After a rest, what goes through is counted anew. */
export function afterSend(pace: Pace, now: number): Pace {
  const hasRested = !isProbing(pace) && now - Math.max(pace.sentAt, pace.closedUntil) > REST
  return { ...pace, sentAt: now, ...(hasRested ? { openedAt: now, passed: 0 } : {}) }
}

/** An answer that was no refusal, to a request that was sent at `sentAt`. */
export function afterPass(pace: Pace, signals: LimitSignals, sentAt: number, now: number, random: () => number): Pace {
  const isFirst = isProbing(pace) && sentAt >= pace.closedUntil
  const told = latestWindow(isFirst ? null : pace.told, signals.window, now)
  const open: Pace = { ...(isFirst ? reopen(pace, sentAt) : { ...pace, passed: pace.passed + 1 }), told }
  if (told?.remaining !== 0) return open
  const end = told.resetAt + lagOf(open, told)
  const until = (end > now ? end : now + backoff(told.granularity * SHARE_OF_GRANULARITY, 1)) + random() * JITTER
  const why = 'the calls of this window are used up (X-RateLimit-Remaining: 0)'
  return until > open.closedUntil ? { ...open, closedUntil: until, why, refusals: 0 } : open
}

/**
 * Atlassian refused for the rate. Answers to requests that were sent before the latest refusal came belong to it: they
 * can only make the pause longer, to a time that they name.
 */
export function afterRefusal(
  pace: Pace,
  signals: LimitSignals,
  sentAt: number,
  now: number,
  random: () => number,
): Pace {
  const isSame = sentAt <= pace.refusedAt
  const refusals = isSame ? pace.refusals : pace.refusals + 1
  const { until, why } = reopening(pace, signals, refusals, now, random)
  // A pause is never made shorter.
  const closed = until > pace.closedUntil && !(isSame && why === SILENT) ? { closedUntil: until, why } : {}
  return isSame ? { ...pace, ...closed } : { ...pace, ...closed, refusals, refusedAt: now, told: signals.window }
}

/** Closed, or open again for one request: it finds out whether calls are let through. */
export function isProbing(pace: Pace): boolean {
  return pace.closedUntil > pace.openedAt
}

const SILENT = 'Atlassian answered 429 (too many requests) without naming a time'

function reopening(
  pace: Pace,
  { retryAt, window }: LimitSignals,
  refusals: number,
  now: number,
  random: () => number,
): { until: number; why: string } {
  // A time that was named and did not hold is not trusted alone again.
  const least = refusals > 1 ? now + backoff(FIRST_BACKOFF, refusals) / 2 : now
  const jitter = random() * JITTER
  if (retryAt !== null)
    return { until: Math.max(retryAt, least) + jitter, why: 'Atlassian asked to wait (429, Retry-After)' }
  if (window === null) return { until: now + backoff(FIRST_BACKOFF, refusals) * (0.5 + random()), why: SILENT }
  const end = window.resetAt + lagOf(pace, window)
  if (end > now) return { until: Math.max(end, least) + jitter, why: 'the limit was reached (429, X-RateLimit-Reset)' }
  const pause = backoff(window.granularity * SHARE_OF_GRANULARITY, refusals)
  return { until: now + pause + jitter, why: 'the limit was reached (429), and its stated end has passed' }
}

function backoff(first: number, refusals: number): number {
  return Math.min(LONGEST_BACKOFF, first * BACKOFF_GROWTH ** Math.max(0, refusals - 1))
}

/** The first request after a pause went through: a limit that is not told is measured, and the end of one that is. */
function reopen(pace: Pace, sentAt: number): Pace {
  const { told, refusals, refusedAt, openedAt, passed } = pace
  // Calls were let through again at some time between the last refusal and this request.
  const renewedAt = refusals > 0 ? (refusedAt + sentAt) / 2 : sentAt
  const elapsed = renewedAt - openedAt
  const isMeasure = refusals > 0 && told === null && elapsed <= LONGEST_MEASURE && passed >= LEAST_MEASURE
  const rate = isMeasure ? { perSecond: passed / (elapsed / 1000), over: elapsed, since: sentAt } : pace.rate
  const lag = told === null ? pace.lag : learnLag(pace, told, renewedAt)
  return { ...pace, refusals: 0, openedAt: sentAt, passed: 1, rate, lag }
}

function learnLag(pace: Pace, { resetAt, granularity }: LimitWindow, renewedAt: number): number {
  if (pace.refusals > 0 && pace.refusedAt > resetAt) return Math.min(renewedAt - resetAt, granularity)
  const known = lagOf(pace, { granularity })
  return Math.max(0, known - granularity * SHARE_OF_GRANULARITY)
}

/** How long after the stated end of a window the first request goes. */
function lagOf({ lag }: Pace, { granularity }: Pick<LimitWindow, 'granularity'>): number {
  return lag ?? Math.min(LONGEST_FIRST_LAG, granularity / 2)
}

/** Answers overtake each other: within a window the lowest count is the true one, and windows only go forward. */
function latestWindow(known: LimitWindow | null, seen: LimitWindow | null, now: number): LimitWindow | null {
  const current = known !== null && now < known.resetAt + known.granularity ? known : null
  if (seen === null) return current
  if (current === null || seen.resetAt > current.resetAt) return seen
  if (seen.resetAt < current.resetAt) return current
  const counts = [seen.remaining, current.remaining].filter((count) => count !== null)
  return { ...seen, remaining: counts.length === 0 ? null : Math.min(...counts) }
}

/** What a measured rate has grown to. Requests per second. */
function grown({ perSecond, over, since }: NonNullable<Pace['rate']>, now: number): number {
  const beyond = Math.max(0, now - since - Math.min(LONGEST_HOLD, 4 * over))
  return perSecond * BOOST * 2 ** (beyond / Math.min(LONGEST_DOUBLING, over / 2))
}
