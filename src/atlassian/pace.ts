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
  /** The latest refusal came without a word on how many calls there are. */
  readonly unannounced: boolean
  readonly window: LimitWindow | null
  /** The stated end of a window that refused even after it. */
  readonly passedEnd: LimitWindow | null
  /** How long after its stated end a window was seen to end in truth; null until one was. Milliseconds. */
  readonly lag: number | null
  /** When the latest new refusal came: answers to requests sent before it tell nothing about the time after it. */
  readonly refusedAt: number
  /** Since when requests go through without a break, and how many have since. */
  readonly openedAt: number
  readonly passed: number
  /** Requests per second that a limit without headers was measured to let through, and since when it holds. */
  readonly rate: { readonly perSecond: number; readonly since: number } | null
  /** The next request goes out no earlier than this. */
  readonly nextAt: number
}

const FIRST_BACKOFF = 500
const LONGEST_BACKOFF = 30_000
const BACKOFF_GROWTH = 1.2
/** After the stated end of a window the first request waits half its granularity, but no longer than this. */
const LONGEST_LAG = 1000
const LAG_JITTER = 100
/** A lag that was learned is tried a little shorter each time: others may have used up the window it was learned in. */
const LAG_DECAY = 0.9
/** Between two tries after a stated end, as a share of its granularity. */
const SHARE_OF_GRANULARITY = 0.05
/** Share of the even spacing over the rest of a window: front-loaded, so that a last, part-used window ends early. */
const SPREAD = 0.3
const LONGEST_SPACING = 2000
/** Spacings below this are left to the round trip. */
const LEAST_SPACING = 5
/** Requests arrive less evenly than they leave: the user's ceiling is kept at the other end too. */
const CEILING_MARGIN = 1.05
/** A rate that went through is an average, with its unused times: the limit is taken to be up to this much more. */
const MOST_CORRECTION = 1.1
/** Front-loaded like a window that is known, for the same reason; each window ends in a refusal or two then. */
const FIRST_BOOST = 1.25
/** After a longer time without any wish to send, a limit's rate is measured anew. */
const IDLE = 2000

export function startPace(ceiling: number, now: number): Pace {
  return {
    ceiling,
    width: ceiling,
    closedUntil: Number.NEGATIVE_INFINITY,
    why: '',
    probing: false,
    refusals: 0,
    unannounced: false,
    window: null,
    passedEnd: null,
    lag: null,
    refusedAt: Number.NEGATIVE_INFINITY,
    openedAt: now,
    passed: 0,
    rate: null,
    nextAt: now,
  }
}

/** Requests that may be in flight now. */
export function allowedInFlight(pace: Pace, now: number): number {
  if (pace.probing) return 1
  const { window } = pace
  const left = window !== null && now < window.resetAt + window.granularity ? window.remaining : null
  return Math.max(1, Math.min(Math.floor(pace.width), left ?? pace.ceiling))
}

/** A request was sent: the next one waits for its turn. `perSecond` is the user's ceiling. */
export function afterSend(pace: Pace, now: number, perSecond: number): Pace {
  const spacing = Math.max((1000 * CEILING_MARGIN) / perSecond, rateSpacing(pace, now), windowSpacing(pace, now))
  const wasIdle = !pace.probing && now - Math.max(pace.nextAt, pace.closedUntil) > IDLE
  return { ...pace, nextAt: now + spacing, ...(wasIdle ? { openedAt: now, passed: 0 } : {}) }
}

/** An answer that was no refusal, to a request that was sent at `sentAt`. */
export function afterPass(pace: Pace, signals: LimitSignals, sentAt: number, now: number, random: () => number): Pace {
  const window = latestWindow(pace.window, signals.window, now)
  const width = Math.min(pace.ceiling, pace.width + 1 / pace.width)
  const passed: Pace = { ...pace, width, window, passed: pace.passed + 1 }
  if (pace.probing && sentAt < pace.closedUntil) return passed
  const next = pace.probing ? reopen(passed, sentAt, now) : passed
  if (window?.remaining !== 0) return next
  const lag = lagOf(next, window)
  const until = Math.max(window.resetAt + lag, now + Math.min(lag, LONGEST_LAG)) + random() * LAG_JITTER
  return {
    ...next,
    closedUntil: until,
    why: 'the calls of this window are used up (X-RateLimit-Remaining: 0)',
    probing: true,
    refusals: 0,
  }
}

/**
 * Atlassian refused for the rate. Answers to requests that were sent before the latest refusal came belong to it: they
 * shrink nothing more.
 */
export function afterRefusal(
  pace: Pace,
  signals: LimitSignals,
  sentAt: number,
  now: number,
  random: () => number,
): Pace {
  const same = sentAt <= pace.refusedAt
  const refusals = same ? pace.refusals : pace.refusals + 1
  const { until, why } = reopening(pace, signals, refusals, now, random)
  if (same)
    return why === SILENT || until <= pace.closedUntil ? pace : { ...pace, closedUntil: until, why, probing: true }
  // Another answer may have closed it for longer in the meantime: a pause is never made shorter.
  const closed = until > pace.closedUntil ? { closedUntil: until, why } : {}
  return {
    ...pace,
    width: Math.max(1, pace.width / 2),
    refusals,
    unannounced: signals.window === null,
    refusedAt: now,
    probing: true,
    window: null,
    passedEnd: signals.window !== null && signals.window.resetAt <= sentAt ? signals.window : null,
    ...closed,
  }
}

const SILENT = 'Atlassian refused for the rate (429) without naming a time'

function reopening(
  pace: Pace,
  signals: LimitSignals,
  refusals: number,
  now: number,
  random: () => number,
): { until: number; why: string } {
  const jitter = random() * LAG_JITTER
  const backoff = Math.min(LONGEST_BACKOFF, FIRST_BACKOFF * BACKOFF_GROWTH ** Math.max(0, refusals - 1))
  // A time that was named and did not hold is not trusted alone again.
  const least = refusals > 1 ? now + backoff / 2 : now
  if (signals.retryAt !== null)
    return { until: Math.max(signals.retryAt, least) + jitter, why: 'Atlassian asked to wait (429, Retry-After)' }
  const { window } = signals
  if (window === null) return { until: now + LAG_JITTER + random() * backoff, why: SILENT }
  const end = window.resetAt + lagOf(pace, window)
  if (end > now) return { until: Math.max(end, least) + jitter, why: 'the limit was reached (429, X-RateLimit-Reset)' }
  const pause = Math.max(backoff / 2, window.granularity * SHARE_OF_GRANULARITY)
  return { until: now + pause + jitter, why: 'the limit was reached (429), and its stated end has passed' }
}

/** The first request after a pause went through. A limit without headers is measured from one opening to the next. */
function reopen(pace: Pace, sentAt: number, now: number): Pace {
  // It let calls through again at some time between its last refusal and this request.
  const renewedAt = (pace.refusedAt + sentAt) / 2
  const elapsed = Math.max(1, renewedAt - pace.openedAt)
  const measured = pace.refusals > 0 && pace.unannounced && pace.passed > 1
  const rate = measured ? { perSecond: rateBetween(pace, (pace.passed - 1) / (elapsed / 1000)), since: now } : pace.rate
  const lag = learnLag(pace, sentAt)
  return {
    ...pace,
    probing: false,
    refusals: 0,
    openedAt: measured ? renewedAt : sentAt,
    passed: 1,
    rate,
    lag,
    passedEnd: null,
  }
}

function learnLag({ lag, passedEnd }: Pace, sentAt: number): number | null {
  if (passedEnd !== null) return Math.min(sentAt - passedEnd.resetAt, passedEnd.granularity)
  return lag === null ? null : lag * LAG_DECAY
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

/** How long after the stated end of a window the first request goes. */
function lagOf(pace: Pace, window: LimitWindow): number {
  return Math.max(pace.lag ?? 0, Math.min(LONGEST_LAG, window.granularity / 2))
}

/** The limit lies between the rate that went through and the one that was refused. */
function rateBetween(pace: Pace, measured: number): number {
  if (pace.rate === null) return measured
  const refused = creep(pace.rate, pace.refusedAt)
  return Math.max(measured, Math.min((measured + refused) / 2, measured * MOST_CORRECTION))
}

/** A measured rate is crept up on from a little above it: slowly at first, faster the longer it goes well. Requests per second. */
function creep({ perSecond, since }: NonNullable<Pace['rate']>, now: number): number {
  const seconds = Math.max(0, now - since) / 1000
  return perSecond * (FIRST_BOOST + 0.01 * seconds + (seconds / 20) ** 3)
}

function rateSpacing(pace: Pace, now: number): number {
  return pace.rate === null ? 0 : 1000 / creep(pace.rate, now)
}

function windowSpacing(pace: Pace, now: number): number {
  const { window } = pace
  if (window === null || window.remaining === null || window.remaining === 0 || now >= window.resetAt) return 0
  const spacing = (SPREAD * (window.resetAt - now)) / window.remaining
  return spacing < LEAST_SPACING ? 0 : Math.min(spacing, LONGEST_SPACING)
}
