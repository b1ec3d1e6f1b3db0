import type { Answer } from './transport.ts'

/** What an answer says about the limits of the API; null where it does not say. Times are milliseconds since the epoch. */
export interface LimitSignals {
  /** Nothing should be sent before this. From `Retry-After`. */
  readonly retryAt: number | null
  /** The present window. From `X-RateLimit-Remaining` and `-Reset`. */
  readonly window: LimitWindow | null
}

export interface LimitWindow {
  /** Calls left in the window; null where only its end is known. */
  readonly remaining: number | null
  /** Earliest end: Atlassian cuts it to its granularity, so the true end is up to `granularity` later. */
  readonly resetAt: number
  /** Milliseconds. */
  readonly granularity: number
}

/** A longer `Retry-After` is tried earlier: nothing documented waits longer. Milliseconds. */
const LONGEST_RETRY_AFTER = 15 * 60_000
/** Atlassian's windows last a minute; a reset further ahead than two is a wrong clock. Milliseconds. */
const LONGEST_WINDOW = 2 * 60_000
/** A clock that differs more than this from the answer's own `Date` is taken to be wrong. Milliseconds. */
const TRUSTED_SKEW = 5000

/**
 * Reads the limit headers tolerantly: seconds or dates, to the minute, the second or finer, past or absurdly far ahead.
 * Where this machine's clock is wrong, the answer's `Date` puts Atlassian's times right. Source: Atlassian's rate-limit
 * headers, RFC 9110 for `Retry-After` and `Date`.
 */
export function readLimitSignals(answer: Answer, now: number): LimitSignals {
  const headers = answer.kind === 'answer' ? answer.headers : {}
  const header = (name: string): string => String(headers[name] ?? '').trim()
  // `Date` is cut to the second. A small difference may be the way of the answer, and without a date it is no number.
  const ahead = Date.parse(header('date')) + 500 - now
  const skew = Math.abs(ahead) > TRUSTED_SKEW ? ahead : 0
  const reset = readReset(header('x-ratelimit-reset'), skew, now)
  const count = header('x-ratelimit-remaining')
  const remaining = /^[0-9]{1,9}$/.test(count) ? Number(count) : null
  return { retryAt: readRetryAfter(header('retry-after'), skew, now), window: reset && { ...reset, remaining } }
}

function readRetryAfter(text: string, skew: number, now: number): number | null {
  const at = /^[0-9]{1,12}(\.[0-9]+)?$/.test(text) ? now + Number(text) * 1000 : Date.parse(text) - skew
  return Number.isNaN(at) ? null : Math.min(Math.max(at, now), now + LONGEST_RETRY_AFTER)
}

function readReset(header: string, skew: number, now: number): Omit<LimitWindow, 'remaining'> | null {
  const match = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?$/.exec(header)
  if (match === null) return null
  const [text, seconds, fraction, zone] = match
  const at = Date.parse(zone === undefined ? `${text}Z` : text) - skew
  const granularity = seconds === undefined ? 60_000 : fraction === undefined ? 1000 : 1
  return Number.isNaN(at) ? null : { resetAt: Math.min(at, now + LONGEST_WINDOW), granularity }
}
