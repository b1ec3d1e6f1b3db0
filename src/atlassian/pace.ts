import type { LimitSignals, LimitWindow } from './limits.ts'

/**
 * How quickly requests of one endpoint may go out: the one decision about Atlassian's limits, without a clock or a queue
 * of its own. A limit that is told is followed: no more in flight than calls are left, nothing until the window's end.
 * One that is not told is measured, from one opening to the next. Times are milliseconds since the epoch.
 */
export interface Pace {
  /** Nothing is sent before this, and then one request goes first: the end of a limit is only known roughly. */
  readonly closedUntil: number
  readonly why: string
  /** Refusals in a row, each after a pause, and when the latest came: what was sent before it tells nothing new. */
  readonly refusals: number
  readonly refusedAt: number
  /** When the latest request was sent. */
  readonly sentAt: number
  /** Since when requests go through without a break, and how many have since. */
  readonly openedAt: number
  readonly passed: number
  /** The window that the latest answers told of, and how long after its stated end one was seen to end in truth. */
  readonly told: LimitWindow | null
  readonly lag: number | null
  /** What a limit without headers let through, measured over so many milliseconds, and since when it holds. */
  readonly rate: { readonly perSecond: number; readonly over: number; readonly since: number } | null
}

/** Of a pause that nobody names; runs that share a limit should not come back in the same moment. Milliseconds. */
const FIRST_BACKOFF = 300
const LONGEST_BACKOFF = 20_000
const BACKOFF_GROWTH = 1.3
const JITTER = 50
/** After the first stated end of a window the next request waits half its granularity, but no longer than this. */
const LONGEST_FIRST_LAG = 1000
/**
 * Between two tries after a stated end, and what the lag is tried shorter by each time, as a share of the granularity. The
 * lag pays: of windows told to the minute, 2.4 % of the calls are refused without it, 0.5 % with it.
 */
const SHARE_OF_GRANULARITY = 0.05
/**
 * A measured rate is an average with its unused times: more is tried, so that a part-used window ends early, in a refusal
 * or two. Ten silent windows of 100 calls take 1.08 times the floor so, with 5 % refused; at 1.25 they take 1.11.
 */
const BOOST = 1.6
/** Longest between doublings, once a rate has gone well for four times as long as it was measured. Milliseconds. */
const LONGEST_HOLD = 40_000
const LONGEST_DOUBLING = 2000
/** Atlassian's windows last a minute: what took longer was an outage. Nor are fewer calls a measure, or a time of rest. */
const LONGEST_MEASURE = 65_000
const LEAST_MEASURE = 5
const REST = 2000

const [NEVER, UNLIMITED] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]

export function startPace(now: number): Pace {
  const open = { sentAt: now, openedAt: now, passed: 0, closedUntil: NEVER, why: '', refusals: 0, refusedAt: NEVER }
  return { ...open, told: null, lag: null, rate: null }
}

/** Closed, or open again for one request: it finds out whether calls are let through. */
export function isProbing(pace: Pace): boolean {
  return pace.closedUntil > pace.openedAt
}

/** Requests that may be in flight now, as far as the limit goes. */
export function allowedInFlight(pace: Pace, now: number): number {
  return isProbing(pace) ? 1 : Math.max(1, unlessOver(pace.told, now)?.remaining ?? UNLIMITED)
}

/** The next request goes out no earlier than this. */
export function opensAt({ closedUntil, sentAt, rate }: Pace): number {
  if (rate === null) return closedUntil
  const beyond = Math.max(0, sentAt - rate.since - Math.min(LONGEST_HOLD, 4 * rate.over))
  const perSecond = rate.perSecond * BOOST * 2 ** (beyond / Math.min(LONGEST_DOUBLING, rate.over / 2))
  return Math.max(closedUntil, sentAt + 1000 / perSecond)
}

/** A request goes out. After a rest, what goes through is counted anew. */
export function afterSend(pace: Pace, now: number): Pace {
  const hasRested = !isProbing(pace) && now - Math.max(pace.sentAt, pace.closedUntil) > REST
  return { ...pace, sentAt: now, ...(hasRested ? { openedAt: now, passed: 0 } : {}) }
}

/** An answer that was no refusal, to a request that was sent at `sentAt`. */
export function afterPass(pace: Pace, seen: LimitSignals, sentAt: number, now: number, random: () => number): Pace {
  const isFirst = isProbing(pace) && sentAt >= pace.closedUntil
  const told = latestWindow(isFirst ? null : pace.told, seen.window, now)
  const open: Pace = { ...(isFirst ? reopen(pace, sentAt) : { ...pace, passed: pace.passed + 1 }), told }
  if (told?.remaining !== 0) return open
  const end = told.resetAt + lagOf(open, told)
  const closedUntil = (end > now ? end : now + backoff(told.granularity * SHARE_OF_GRANULARITY, 1)) + random() * JITTER
  const why = 'the calls of this window are used up (X-RateLimit-Remaining: 0)'
  return closedUntil > open.closedUntil ? { ...open, closedUntil, why, refusals: 0 } : open
}

/** Refused for the rate. Answers to requests sent before the latest refusal came can only lengthen its pause. */
export function afterRefusal(pace: Pace, seen: LimitSignals, sentAt: number, now: number, random: () => number): Pace {
  const { retryAt, window } = seen
  const isSame = sentAt <= pace.refusedAt
  const refusals = isSame ? pace.refusals : pace.refusals + 1
  const next = isSame ? pace : { ...pace, refusals, refusedAt: now, told: window }
  const jitter = random() * JITTER
  // A pause is never made shorter.
  const close = (closedUntil: number, why: string): Pace =>
    closedUntil > pace.closedUntil ? { ...next, closedUntil, why } : next
  // A time that was named and did not hold is not trusted alone again.
  const least = refusals > 1 ? now + backoff(FIRST_BACKOFF, refusals) / 2 : now
  if (retryAt !== null) return close(Math.max(retryAt, least) + jitter, 'Atlassian asked to wait (429, Retry-After)')
  if (window === null) {
    const until = now + backoff(FIRST_BACKOFF, refusals) * (0.5 + random())
    return isSame ? next : close(until, 'Atlassian answered 429 (too many requests) without naming a time')
  }
  const end = window.resetAt + lagOf(pace, window)
  if (end > now) return close(Math.max(end, least) + jitter, 'the limit was reached (429, X-RateLimit-Reset)')
  const pause = backoff(window.granularity * SHARE_OF_GRANULARITY, refusals)
  return close(now + pause + jitter, 'the limit was reached (429), and its stated end has passed')
}

function backoff(first: number, refusals: number): number {
  return Math.min(LONGEST_BACKOFF, first * BACKOFF_GROWTH ** Math.max(0, refusals - 1))
}

/** The first request after a pause went through: the end of a limit that is told is learned, one that is not is measured. */
function reopen(pace: Pace, sentAt: number): Pace {
  const { told, refusals, refusedAt, openedAt, passed } = pace
  const open: Pace = { ...pace, refusals: 0, openedAt: sentAt, passed: 1 }
  // Calls were let through again at some time between the last refusal and this request.
  const renewedAt = refusals > 0 ? (refusedAt + sentAt) / 2 : sentAt
  if (told !== null) {
    const { resetAt, granularity } = told
    const shorter = Math.max(0, lagOf(pace, told) - granularity * SHARE_OF_GRANULARITY)
    return { ...open, lag: refusals > 0 && refusedAt > resetAt ? Math.min(renewedAt - resetAt, granularity) : shorter }
  }
  const over = renewedAt - openedAt
  if (refusals === 0 || over > LONGEST_MEASURE || passed < LEAST_MEASURE) return open
  return { ...open, rate: { perSecond: passed / (over / 1000), over, since: sentAt } }
}

/** How long after the stated end of a window the first request goes. */
function lagOf({ lag }: Pace, { granularity }: LimitWindow): number {
  return lag ?? Math.min(LONGEST_FIRST_LAG, granularity / 2)
}

/** Answers overtake each other: within a window the lowest count is the true one, and windows only go forward. */
function latestWindow(known: LimitWindow | null, seen: LimitWindow | null, now: number): LimitWindow | null {
  const last = unlessOver(known, now)
  if (seen === null || last === null) return seen ?? last
  if (seen.resetAt !== last.resetAt) return seen.resetAt > last.resetAt ? seen : last
  return { ...seen, remaining: Math.min(seen.remaining ?? UNLIMITED, last.remaining ?? UNLIMITED) }
}

function unlessOver(window: LimitWindow | null, now: number): LimitWindow | null {
  return window !== null && now < window.resetAt + window.granularity ? window : null
}
