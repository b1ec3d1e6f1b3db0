import { describe, expect, test } from 'vitest'
import type { LimitSignals } from '../../../src/atlassian/limits.ts'
import {
  afterPass,
  afterRefusal,
  afterSend,
  allowedInFlight,
  opensAt,
  type Pace,
  startPace,
} from '../../../src/atlassian/pace.ts'

const NOW = 1_000_000
const SECOND = 1000
const MINUTE = 60_000
const UNLIMITED = Number.POSITIVE_INFINITY
const half = (): number => 0.5

const silent: LimitSignals = { retryAt: null, window: null }
const retryIn = (wait: number): LimitSignals => ({ retryAt: NOW + wait, window: null })
const windowOf = (remaining: number | null, end: number, granularity = SECOND): LimitSignals => ({
  retryAt: null,
  window: { remaining, resetAt: NOW + end, granularity },
})

/** Everything sent at the start, when nothing is known yet. */
const fresh = startPace(NOW)
const refused = (signals: LimitSignals, pace: Pace = fresh, now = NOW + 50): Pace =>
  afterRefusal(pace, signals, now - 50, now, half)
const passed = (signals: LimitSignals, pace: Pace = fresh, now = NOW + 50): Pace =>
  afterPass(pace, signals, now - 50, now, half)

describe('in flight', () => {
  test('nothing known, nothing limited', () => {
    expect(allowedInFlight(fresh, NOW)).toBe(UNLIMITED)
    expect(allowedInFlight(passed(silent), NOW + 50)).toBe(UNLIMITED)
  })

  test('it is no more than what is left of the window', () => {
    expect(allowedInFlight(passed(windowOf(3, 5 * SECOND)), NOW + 50)).toBe(3)
  })

  test('the lowest count that was seen in a window holds: answers overtake each other', () => {
    const pace = passed(windowOf(5, 5 * SECOND), passed(windowOf(2, 5 * SECOND)))
    expect(allowedInFlight(pace, NOW + 50)).toBe(2)
  })

  test('a window that is over, or that tells no count, limits nothing', () => {
    expect(allowedInFlight(passed(windowOf(2, 5 * SECOND)), NOW + 6 * SECOND)).toBe(UNLIMITED)
    expect(allowedInFlight(passed(windowOf(null, 5 * SECOND)), NOW + 50)).toBe(UNLIMITED)
  })

  test('an answer that tells no count leaves the one that was told in its window', () => {
    const untold = windowOf(null, 5 * SECOND)
    const allowed = (...seen: readonly LimitSignals[]): number =>
      allowedInFlight(
        seen.reduce((pace, signals) => passed(signals, pace), fresh),
        NOW + 50,
      )
    expect(allowed(windowOf(3, 5 * SECOND), untold)).toBe(3)
    expect(allowed(untold, windowOf(3, 5 * SECOND))).toBe(3)
    expect(allowed(untold, untold)).toBe(UNLIMITED)
  })

  test('a new window replaces the one before, and an overtaken answer does not bring that back', () => {
    const pace = passed(windowOf(90, 10 * SECOND), passed(windowOf(2, 5 * SECOND)))
    expect(allowedInFlight(pace, NOW + 50)).toBe(90)
    expect(allowedInFlight(passed(windowOf(1, 5 * SECOND), pace), NOW + 50)).toBe(90)
  })
})

describe('pauses', () => {
  test.each([
    ['Retry-After', retryIn(7 * SECOND), 7 * SECOND + 25],
    ['a reset to the second, half a second later', windowOf(0, 5 * SECOND), 5 * SECOND + 525],
    ['a reset to the minute, a second later', windowOf(0, 30 * SECOND, MINUTE), 31 * SECOND + 25],
    ['a finer reset at once', windowOf(0, 5 * SECOND, 1), 5 * SECOND + 25.5],
    ['a reset to the second that is over soon', windowOf(0, -60 * SECOND), 50 + 50 + 25],
    ['a reset to the minute that is over patiently', windowOf(0, -60 * SECOND, MINUTE), 50 + 3000 + 25],
    ['no word after a moment, jittered', silent, 50 + 300],
  ])('a refusal with %s ends it', (_, signals, wait) => {
    const pace = refused(signals)
    expect(pace.closedUntil - NOW).toBeCloseTo(wait)
    expect(allowedInFlight(pace, NOW)).toBe(1)
  })

  test('refusals of requests that were sent before the first one came are the same refusal', () => {
    const first = refused(silent)
    expect(afterRefusal(first, silent, NOW + 49, NOW + 60, half)).toEqual(first)
  })

  test('refusals in a row without a word wait longer and longer, but never for more than half a minute', () => {
    let pace = fresh
    const waits: number[] = []
    for (let time = 0; time < 20; time++) {
      const now = NOW + time * MINUTE
      pace = afterRefusal(pace, silent, now, now, () => 0.99)
      waits.push(pace.closedUntil - now)
    }
    expect(waits).toEqual(waits.toSorted((a, b) => a - b))
    expect(waits.at(-1)).toBeLessThan(30 * SECOND)
  })

  test('a time that was named and did not hold is not trusted alone again', () => {
    const now = NOW + MINUTE
    const again = afterRefusal(refused(retryIn(0)), { retryAt: now, window: null }, now, now, half)
    expect(again.closedUntil - now).toBeGreaterThanOrEqual(190)
  })

  test('the last call of a window closes it until its end', () => {
    const pace = passed(windowOf(0, 5 * SECOND))
    expect(pace.closedUntil - NOW).toBe(5525)
    expect(allowedInFlight(pace, NOW)).toBe(1)
  })

  test('the last call of a window whose stated end has passed closes it for a moment', () => {
    expect(passed(windowOf(0, -600 * SECOND)).closedUntil - NOW).toBe(50 + 50 + 25)
  })

  test('a pause is never made shorter', () => {
    const long = passed(windowOf(0, 30 * SECOND))
    expect(afterRefusal(long, silent, NOW, NOW + 60, half).closedUntil).toBe(long.closedUntil)
    expect(afterRefusal(refused(retryIn(MINUTE)), retryIn(SECOND), NOW + 55, NOW + 60, half).closedUntil).toBe(
      NOW + MINUTE + 25,
    )
    expect(afterPass(refused(retryIn(MINUTE)), windowOf(0, SECOND), NOW, NOW + 60, half).closedUntil).toBe(
      NOW + MINUTE + 25,
    )
  })

  test('only an answer to a request that was sent after the pause opens again', () => {
    const closed = refused(retryIn(5 * SECOND))
    const allowed = (sentAt: number) =>
      allowedInFlight(afterPass(closed, silent, sentAt, NOW + 6 * SECOND, half), NOW + 6 * SECOND)
    expect(allowed(NOW)).toBe(1)
    expect(allowed(NOW + 5100)).toBe(UNLIMITED)
  })

  test('a first request that took the last call of its window closes again', () => {
    const closed = refused(retryIn(5 * SECOND))
    const again = afterPass(closed, windowOf(0, 9 * SECOND), NOW + 5100, NOW + 6 * SECOND, half)
    expect(again.closedUntil - NOW).toBe(9525)
  })

  test('how long a window lasts after its stated end is learned, and tried a little shorter each time', () => {
    const end = { remaining: 0, resetAt: NOW, granularity: MINUTE }
    const signals: LimitSignals = { retryAt: null, window: end }
    let pace = afterRefusal(fresh, signals, NOW + SECOND, NOW + SECOND, half)
    pace = afterRefusal(pace, signals, NOW + 20 * SECOND, NOW + 20 * SECOND, half)
    pace = afterPass(pace, silent, NOW + 40 * SECOND, NOW + 40 * SECOND, half)
    const next = (minute: number) => ({ ...end, resetAt: NOW + minute * MINUTE })
    pace = afterPass(pace, { retryAt: null, window: next(1) }, NOW + 50 * SECOND, NOW + 50 * SECOND, half)
    expect(pace.closedUntil - NOW).toBe(90 * SECOND + 25)
    const reopenedAt = NOW + 91 * SECOND
    pace = afterPass(pace, { retryAt: null, window: next(2) }, reopenedAt, reopenedAt, half)
    expect(pace.closedUntil - NOW).toBe(147 * SECOND + 25)
  })
})

describe('a limit without headers', () => {
  const spacing = (pace: Pace, now: number): number => Math.max(0, opensAt(afterSend(pace, now)) - now)
  const opened = NOW + 5 * SECOND

  /** It let 100 requests through in five seconds. */
  function measured(calls = 100, length = 5 * SECOND): Pace {
    let pace = fresh
    for (let pass = 0; pass < calls; pass++) pace = passed(silent, pace)
    pace = afterRefusal(pace, silent, NOW + length - 10, NOW + length - 10, half)
    return afterPass(pace, silent, NOW + length + 600, NOW + length + 610, half)
  }

  test('nothing known, nothing spaced', () => {
    expect(spacing(fresh, NOW)).toBe(0)
    expect(spacing(passed(silent), NOW + 50)).toBe(0)
  })

  test('its rate is measured from one opening to the next, and tried a little faster', () => {
    const even = 5300 / 100
    expect(spacing(measured(), opened + SECOND)).toBeLessThan(even)
    expect(spacing(measured(), opened + SECOND)).toBeGreaterThan(even / 1.8)
  })

  test('a measured rate is kept for a while, and given up within a minute when the limit is gone', () => {
    const later = (seconds: number) => spacing(measured(), opened + seconds * SECOND)
    expect(later(20)).toBeCloseTo(later(1))
    expect(later(60)).toBeLessThan(1)
  })

  test('a time in which nobody wanted to send is not counted', () => {
    const rested = afterSend(passed(silent), NOW + 10 * MINUTE)
    expect(rested).toMatchObject({ openedAt: NOW + 10 * MINUTE, passed: 0 })
    expect(afterSend(passed(silent), NOW + SECOND)).toMatchObject({ openedAt: NOW, passed: 1 })
    expect(afterSend(refused(silent), NOW + 10 * MINUTE)).toMatchObject({ openedAt: NOW })
  })

  test('an outage, and a few calls, are no measure', () => {
    expect(spacing(measured(100, 70 * SECOND), NOW + 71 * SECOND)).toBe(0)
    expect(spacing(measured(3), opened + SECOND)).toBe(0)
  })
})
