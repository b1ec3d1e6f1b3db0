import type { Answer } from './transport.ts'

/** What an answer says about the limits of the API. Times are milliseconds since the epoch. */
export interface LimitSignals {
  /** Nothing should be sent before this; null where the answer does not say. From `Retry-After`. */
  readonly retryAt: number | null
  /** The present window; null where the answer does not say. From `X-RateLimit-Remaining` and `-Reset`. */
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

const NO_SIGNALS: LimitSignals = { retryAt: null, window: null }

/**
 * Reads the limit headers of an answer, tolerantly: seconds or dates, to the minute, the second or finer, in the
 * past or absurdly far ahead. Source: atlassian's rate-limit headers, RFC 9110 for `Retry-After`.
 */
export function readLimitSignals(answer: Answer, now: number): LimitSignals {
  if (answer.kind !== 'answer') return NO_SIGNALS
  const retryAt = parseRetryAfter(answer.headers['retry-after'], now)
  const reset = parseReset(answer.headers['x-ratelimit-reset'], now)
  const remaining = parseCount(answer.headers['x-ratelimit-remaining'])
  return { retryAt, window: reset === null ? null : { ...reset, remaining } }
}

function parseRetryAfter(header: string | undefined, now: number): number | null {
  if (header === undefined) return null
  const text = header.trim()
  const at = /^[0-9]{1,12}(\.[0-9]+)?$/.test(text) ? now + Number(text) * 1000 : Date.parse(text)
  return Number.isNaN(at) ? null : Math.min(Math.max(at, now), now + LONGEST_RETRY_AFTER)
}

function parseReset(header: string | undefined, now: number): Omit<LimitWindow, 'remaining'> | null {
  const match = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?$/.exec(header?.trim() ?? '')
  if (match === null) return null
  const [text, seconds, fraction, zone] = match
  const at = Date.parse(zone === undefined ? `${text}Z` : text)
  if (Number.isNaN(at)) return null
  const granularity = seconds === undefined ? 60_000 : fraction === undefined ? 1000 : 1
  return { resetAt: Math.min(at, now + LONGEST_WINDOW), granularity }
}

function parseCount(header: string | undefined): number | null {
  return header !== undefined && /^\s*[0-9]{1,9}\s*$/.test(header) ? Number(header) : null
}
