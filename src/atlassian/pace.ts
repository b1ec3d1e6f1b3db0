import type { LimitSignals, LimitWindow } from './limits.ts'

/**
 * How quickly requests may go out: the one decision about Atlassian's limits, without a clock or a queue of its own.
 * Every function returns the next state. Times are milliseconds since the epoch.
 */
export interface Pace {
  /** Most requests in flight that the user allows. */
  readonly ceiling: number
  /** Requests in flight that go well at present; a fraction counts towards the next one. */
  readonly width: number
  /** Nothing is sent before this. */
  readonly closedUntil: number
  /** Why it is closed, for the log. */
  readonly why: string
  /** After a pause one request goes first: the end of a window is only known roughly. */
  readonly probing: boolean
  /** Refusals in a row, each after a pause. */
  readonly refusals: number
  readonly window: LimitWindow | null
  /** When the latest new refusal came: answers to requests sent before it tell nothing about the time after it. */
  readonly refusedAt: number
  /** When requests went through again after the last pause, and how many have since. */
  readonly openedAt: number
  readonly passed: number
  /** Requests per second that a limit without headers was measured to let through, and since when it holds. */
  readonly rate: { readonly perSecond: number; readonly since: number } | null
  /** The next request goes out no earlier than this. */
  readonly nextAt: number
}

const FIRST_BACKOFF = 1000
const LONGEST_BACKOFF = 30_000
const BACKOFF_GROWTH = 1.3
/** After the stated end of a window the first request waits half its granularity, but no longer than this. */
const LONGEST_LAG = 1000
const LAG_JITTER = 100
/** Share of the even spacing over the rest of a window: front-loaded, so that a last, part-used window ends early. */
const SPREAD = 0.3
const LONGEST_SPACING = 2000
/** Spacings below this are left to the round trip. */
const LEAST_SPACING = 5

export function startPace(ceiling: number, now: number): Pace {
  return {
    ceiling,
    width: ceiling,
    closedUntil: 0,
    why: '',
    probing: false,
    refusals: 0,
    window: null,
    refusedAt: 0,
    openedAt: now,
    passed: 0,
    rate: null,
    nextAt: 0,
  }
}

/** Requests that may be in flight now. */
export function allowedInFlight(pace: Pace, now: number): number {
  if (pace.probing) return 1
  const left = pace.window !== null && now < pace.window.resetAt ? pace.window.remaining : null
  return Math.max(1, Math.min(Math.floor(pace.width), left ?? pace.ceiling))
}

/** A request was sent: the next one waits for its turn. `perSecond` is the user's ceiling. */
export function afterSend(pace: Pace, now: number, perSecond: number): Pace {
  const spacing = Math.max(1000 / perSecond, rateSpacing(pace, now), windowSpacing(pace, now))
  return { ...pace, nextAt: now + spacing }
}

/** An answer that was no refusal, to a request that was sent at `sentAt`. */
export function afterPass(pace: Pace, signals: LimitSignals, sentAt: number, now: number, random: () => number): Pace {
  const window = latestWindow(pace.window, signals.window, now)
  const width = Math.min(pace.ceiling, pace.width + 1 / pace.width)
  const next: Pace = { ...pace, width, window, passed: pace.passed + 1 }
  if (pace.probing) return sentAt < pace.closedUntil ? next : reopen(next, now)
  if (window?.remaining !== 0) return next
  const until = Math.max(window.resetAt, now) + lagOf(window) + random() * LAG_JITTER
  return {
    ...next,
    closedUntil: until,
    why: 'the calls of this window are used up (X-RateLimit-Remaining: 0)',
    probing: true,
  }
}

/**
 * Atlassian refused for the rate. Answers to requests that were sent before the present pause began belong to the
 * same refusal: they shrink nothing more.
 */
export function afterRefusal(
  pace: Pace,
  signals: LimitSignals,
  sentAt: number,
  now: number,
  random: () => number,
): Pace {
  const same = pace.refusals > 0 && sentAt <= pace.refusedAt
  const refusals = same ? pace.refusals : pace.refusals + 1
  const { until, why } = reopening(signals, refusals, now, random)
  if (same) return why === SILENT || until <= pace.closedUntil ? pace : { ...pace, closedUntil: until, why }
  return {
    ...pace,
    width: Math.max(1, pace.width / 2),
    refusals,
    refusedAt: now,
    probing: true,
    window: null,
    closedUntil: until,
    why,
  }
}

const SILENT = 'Atlassian refused for the rate (429) without naming a time'

function reopening(
  signals: LimitSignals,
  refusals: number,
  now: number,
  random: () => number,
): { until: number; why: string } {
  const jitter = random() * LAG_JITTER
  if (signals.retryAt !== null)
    return { until: signals.retryAt + jitter, why: 'Atlassian asked to wait (429, Retry-After)' }
  const { window } = signals
  if (window !== null && window.resetAt + lagOf(window) > now) {
    return { until: window.resetAt + lagOf(window) + jitter, why: 'the limit was reached (429, X-RateLimit-Reset)' }
  }
  const backoff = Math.min(LONGEST_BACKOFF, FIRST_BACKOFF * BACKOFF_GROWTH ** (refusals - 1))
  if (window !== null)
    return { until: now + backoff / 2 + jitter, why: 'the limit was reached (429), and its stated end has passed' }
  return { until: now + LAG_JITTER + random() * backoff, why: SILENT }
}

/** The first request after a pause went through. A limit without headers is measured from one opening to the next. */
function reopen(pace: Pace, now: number): Pace {
  const elapsed = Math.max(1, now - pace.openedAt)
  const measured = pace.refusals > 0 && pace.why === SILENT && pace.passed > 1
  const rate = measured ? { perSecond: (pace.passed - 1) / (elapsed / 1000), since: now } : pace.rate
  return { ...pace, probing: false, refusals: 0, openedAt: now, passed: 1, rate }
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

function lagOf(window: LimitWindow): number {
  return Math.min(LONGEST_LAG, window.granularity / 2)
}

/** A measured rate is crept up on: slowly at first, faster the longer it goes well. */
function rateSpacing(pace: Pace, now: number): number {
  if (pace.rate === null) return 0
  const seconds = (now - pace.rate.since) / 1000
  return 1000 / (pace.rate.perSecond * (1 + 0.01 * seconds + (seconds / 20) ** 3))
}

function windowSpacing(pace: Pace, now: number): number {
  const { window } = pace
  if (window === null || window.remaining === null || window.remaining === 0 || now >= window.resetAt) return 0
  const spacing = (SPREAD * (window.resetAt - now)) / window.remaining
  return spacing < LEAST_SPACING ? 0 : Math.min(spacing, LONGEST_SPACING)
}
