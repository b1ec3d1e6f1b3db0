import { describe, expect, test } from 'vitest'
import type { LimitSignals } from '../../../src/atlassian/limits.ts'
import {
  afterPass,
  afterRefusal,
  afterSend,
  allowedInFlight,
  type Pace,
  startPace,
} from '../../../src/atlassian/pace.ts'

const NOW = 1_000_000
const SECOND = 1000
const MINUTE = 60_000
const half = (): number => 0.5

const silent: LimitSignals = { retryAt: null, window: null }
const retryIn = (wait: number): LimitSignals => ({ retryAt: NOW + wait, window: null })
const windowOf = (remaining: number | null, end: number, granularity = SECOND): LimitSignals => ({
  retryAt: null,
  window: { remaining, resetAt: NOW + end, granularity },
})

/** Eight in flight, all sent at the start, when nothing is known yet. */
const fresh = startPace(8, NOW)
const refused = (signals: LimitSignals, pace: Pace = fresh, now = NOW + 50): Pace =>
  afterRefusal(pace, signals, now - 50, now, half)
const passed = (signals: LimitSignals, pace: Pace = fresh, now = NOW + 50): Pace =>
  afterPass(pace, signals, now - 50, now, half)

describe('in flight', () => {
  test('it begins with as many as the user allows', () => {
    expect(allowedInFlight(fresh, NOW)).toBe(8)
  })

  test('a refusal halves it, down to one', () => {
    const widths = [fresh]
    for (let time = 1; time <= 5; time++) widths.push(refused(silent, widths.at(-1), NOW + time * MINUTE))
    expect(widths.map((pace) => pace.width)).toEqual([8, 4, 2, 1, 1, 1])
  })

  test('refusals of requests that were sent before the first one came are the same refusal', () => {
    const first = refused(silent)
    const second = afterRefusal(first, silent, NOW + 49, NOW + 60, half)
    expect(second).toBe(first)
  })

  test('it grows by one when as many as are in flight went through, up to what the user allows', () => {
    let pace: Pace = { ...fresh, width: 4 }
    for (let pass = 0; pass < 5; pass++) pace = passed(silent, pace)
    expect(Math.floor(pace.width)).toBe(5)
    for (let pass = 0; pass < 500; pass++) pace = passed(silent, pace)
    expect(pace.width).toBe(8)
  })

  test('it is no more than what is left of the window', () => {
    expect(allowedInFlight(passed(windowOf(3, 5 * SECOND)), NOW + 50)).toBe(3)
  })

  test('the lowest count that was seen in a window holds: answers overtake each other', () => {
    const pace = passed(windowOf(5, 5 * SECOND), passed(windowOf(2, 5 * SECOND)))
    expect(allowedInFlight(pace, NOW + 50)).toBe(2)
  })

  test('a window that is over limits nothing', () => {
    expect(allowedInFlight(passed(windowOf(2, 5 * SECOND)), NOW + 6 * SECOND)).toBe(8)
  })

  test('a new window replaces the one before', () => {
    const pace = passed(windowOf(90, 10 * SECOND), passed(windowOf(2, 5 * SECOND)))
    expect(allowedInFlight(pace, NOW + 50)).toBe(8)
    expect(passed(windowOf(1, 5 * SECOND), pace).window?.remaining).toBe(90)
  })
})

describe('pauses', () => {
  test.each([
    ['Retry-After', retryIn(7 * SECOND), 7 * SECOND + 50],
    ['a reset to the second, half a second later', windowOf(0, 5 * SECOND), 5 * SECOND + 550],
    ['a reset to the minute, a second later', windowOf(0, 30 * SECOND, MINUTE), 31 * SECOND + 50],
    ['a finer reset at once', windowOf(0, 5 * SECOND, 1), 5 * SECOND + 50.5],
    ['a reset to the second that is over soon', windowOf(0, -60 * SECOND), 50 + 250 + 50],
    ['a reset to the minute that is over patiently', windowOf(0, -60 * SECOND, MINUTE), 50 + 3000 + 50],
    ['no word with full jitter', silent, 50 + 100 + 250],
  ])('a refusal with %s ends it', (_, signals, wait) => {
    const pace = refused(signals)
    expect(pace.closedUntil - NOW).toBeCloseTo(wait)
    expect(allowedInFlight(pace, NOW)).toBe(1)
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
    expect(waits.at(-1)).toBeLessThan(31 * SECOND)
  })

  test('a time that was named and did not hold is not trusted alone again', () => {
    const now = NOW + MINUTE
    const again = afterRefusal(refused(retryIn(0)), { retryAt: now, window: null }, now, now, half)
    expect(again.closedUntil - now).toBeGreaterThanOrEqual(300)
  })

  test('the last call of a window closes it until its end', () => {
    const pace = passed(windowOf(0, 5 * SECOND))
    expect(pace.closedUntil - NOW).toBe(5550)
    expect(allowedInFlight(pace, NOW)).toBe(1)
    expect(pace.width).toBe(8)
  })

  test('the last call of a window whose stated end has passed closes it for a moment', () => {
    const pace = passed(windowOf(0, -600 * SECOND))
    expect(pace.closedUntil - NOW).toBe(50 + 500 + 50)
  })

  test('a pause is never made shorter', () => {
    const long = passed(windowOf(0, 30 * SECOND))
    expect(afterRefusal(long, silent, NOW, NOW + 60, half).closedUntil).toBe(long.closedUntil)
    expect(afterRefusal(refused(retryIn(MINUTE)), retryIn(SECOND), NOW + 55, NOW + 60, half).closedUntil).toBe(
      NOW + MINUTE + 50,
    )
  })

  test('only an answer to a request that was sent after the pause opens again', () => {
    const closed = refused(retryIn(5 * SECOND))
    expect(afterPass(closed, silent, NOW, NOW + 6 * SECOND, half).probing).toBe(true)
    expect(afterPass(closed, silent, NOW + 5100, NOW + 6 * SECOND, half).probing).toBe(false)
  })

  test('a first request that took the last call of its window closes again', () => {
    const closed = refused(retryIn(5 * SECOND))
    expect(afterPass(closed, windowOf(0, 9 * SECOND), NOW + 5100, NOW + 6 * SECOND, half).probing).toBe(true)
  })

  test('how long a window lasts after its stated end is learned', () => {
    const end = { remaining: 0, resetAt: NOW, granularity: MINUTE }
    const signals: LimitSignals = { retryAt: null, window: end }
    let pace = afterRefusal(fresh, signals, NOW + SECOND, NOW + SECOND, half)
    pace = afterRefusal(pace, signals, NOW + 20 * SECOND, NOW + 20 * SECOND, half)
    pace = afterPass(pace, silent, NOW + 40 * SECOND, NOW + 40 * SECOND, half)
    const next = { remaining: 0, resetAt: NOW + MINUTE, granularity: MINUTE }
    const closed = afterPass(pace, { retryAt: null, window: next }, NOW + 50 * SECOND, NOW + 50 * SECOND, half)
    expect(closed.closedUntil - next.resetAt).toBe(40 * SECOND + 50)
  })
})

describe('spacing', () => {
  const spacing = (pace: Pace, perSecond = Number.POSITIVE_INFINITY, now = NOW + 50): number =>
    afterSend(pace, now, perSecond).nextAt - now

  test('nothing known, nothing spaced', () => {
    expect(spacing(fresh)).toBe(0)
  })

  test('the ceiling of the user is kept with a margin for the way', () => {
    expect(spacing(fresh, 10)).toBe(105)
  })

  test('what is left of a window is spread over it, and more densely than evenly', () => {
    const even = (5 * SECOND) / 50
    const given = spacing(passed(windowOf(50, 5 * SECOND, 1)))
    expect(given).toBeGreaterThan(0)
    expect(given).toBeLessThan(even / 2)
  })

  test('plenty is not spread', () => {
    expect(spacing(passed(windowOf(5000, 5 * SECOND)))).toBe(0)
  })

  test('no spacing of a window is longer than two seconds', () => {
    expect(spacing(passed(windowOf(1, 2 * MINUTE)))).toBe(2 * SECOND)
  })

  /** A silent limit that let 100 requests through in five seconds. */
  function measured(): Pace {
    let pace = fresh
    for (let pass = 0; pass < 100; pass++) pace = passed(silent, pace)
    pace = afterRefusal(pace, silent, NOW + 4650, NOW + 4700, half)
    return afterPass(pace, silent, NOW + 5050, NOW + 5100, half)
  }

  test('the rate of a silent limit is measured from one opening to the next', () => {
    expect(measured().rate?.perSecond).toBeCloseTo(20.5, 0)
    expect(spacing(measured(), Number.POSITIVE_INFINITY, NOW + 5100)).toBeCloseTo(39, 0)
  })

  test('a measured rate is crept up on, and given up when the limit is gone', () => {
    const later = (seconds: number) => spacing(measured(), Number.POSITIVE_INFINITY, NOW + 5100 + seconds * SECOND)
    expect(later(5)).toBeGreaterThan(35)
    expect(later(20)).toBeLessThan(25)
    expect(later(120)).toBeLessThan(1)
  })

  test('time in which nobody wanted to send counts for no rate', () => {
    const idle = afterSend(passed(silent), NOW + 10 * MINUTE, Number.POSITIVE_INFINITY)
    expect(idle).toMatchObject({ openedAt: NOW + 10 * MINUTE, passed: 0 })
  })
})
