import { expect, test } from 'vitest'
import { readLimitSignals } from '../../../src/atlassian/limits.ts'
import type { Answer } from '../../../src/atlassian/transport.ts'

const NOW = Date.parse('2026-06-05T06:00:30.250Z')
const SECOND = 1000
const MINUTE = 60_000

const answer = (headers: Record<string, string>): Answer => ({ kind: 'answer', status: 429, headers, body: '' })
const signals = (headers: Record<string, string>) => readLimitSignals(answer(headers), NOW)

test.each([
  ['seconds', '7', 7 * SECOND],
  ['a fraction of a second', '0.5', 0.5 * SECOND],
  ['zero', '0', 0],
  ['blanks around', ' 7 ', 7 * SECOND],
  ['a date', 'Fri, 05 Jun 2026 06:01:00 GMT', 29.75 * SECOND],
  ['a date in the past', 'Fri, 05 Jun 2026 05:00:00 GMT', 0],
  ['a date in a far future', 'Fri, 05 Jun 2099 05:00:00 GMT', 15 * MINUTE],
  ['absurdly many seconds', '999999999', 15 * MINUTE],
])('Retry-After with %s is understood', (_, header, wait) => {
  expect(signals({ 'retry-after': header }).retryAt).toBe(NOW + wait)
})

test.each(['', 'soon', '-5', '1e9', 'NaN', '5 seconds'])('Retry-After of %j says nothing', (header) => {
  const { retryAt } = signals({ 'retry-after': header })
  expect(retryAt === null || (retryAt >= NOW && retryAt <= NOW + 15 * MINUTE)).toBe(true)
})

test.each([
  ['to the minute', '2026-06-05T06:01Z', '2026-06-05T06:01:00Z', MINUTE],
  ['to the second', '2026-06-05T06:00:45Z', '2026-06-05T06:00:45Z', SECOND],
  ['finer', '2026-06-05T06:00:45.5Z', '2026-06-05T06:00:45.500Z', 1],
  ['without a zone, as UTC', '2026-06-05T06:01', '2026-06-05T06:01:00Z', MINUTE],
  ['with another zone', '2026-06-05T08:01+02:00', '2026-06-05T06:01:00Z', MINUTE],
  ['in the past', '2026-06-05T05:59Z', '2026-06-05T05:59:00Z', MINUTE],
  ['absurdly far ahead', '2099-01-01T00:00:00Z', '2026-06-05T06:02:30.250Z', SECOND],
])('X-RateLimit-Reset %s is understood', (_, header, end, granularity) => {
  expect(signals({ 'x-ratelimit-reset': header, 'x-ratelimit-remaining': '12' }).window).toEqual({
    remaining: 12,
    resetAt: Date.parse(end),
    granularity,
  })
})

test.each(['', 'soon', '1780639260', '2026-06-05', '2026-13-05T06:01Z', '2026-06-05 06:01'])(
  'X-RateLimit-Reset of %j says nothing',
  (header) => {
    expect(signals({ 'x-ratelimit-reset': header }).window).toBeNull()
  },
)

test.each(['', '-1', '1.5', 'many', '1e3'])('X-RateLimit-Remaining of %j says nothing, its window does', (header) => {
  expect(signals({ 'x-ratelimit-reset': '2026-06-05T06:01Z', 'x-ratelimit-remaining': header }).window).toMatchObject({
    remaining: null,
  })
})

test.each([
  ['hours behind', 'Fri, 05 Jun 2026 09:00:30 GMT', '2026-06-05T09:01:00Z', 'Fri, 05 Jun 2026 09:01:00 GMT'],
  ['hours ahead', 'Fri, 05 Jun 2026 03:00:30 GMT', '2026-06-05T03:01:00Z', 'Fri, 05 Jun 2026 03:01:00 GMT'],
])('a machine whose clock is %s goes by the Date of the answer', (_, date, reset, retry) => {
  const seen = signals({ date, 'x-ratelimit-reset': reset, 'retry-after': retry })
  expect(seen.window?.resetAt).toBe(NOW + 29.5 * SECOND)
  expect(seen.retryAt).toBe(NOW + 29.5 * SECOND)
})

test('a Date that is off by the way of the answer changes nothing', () => {
  const seen = signals({ date: 'Fri, 05 Jun 2026 06:00:28 GMT', 'x-ratelimit-reset': '2026-06-05T06:01:00Z' })
  expect(seen.window?.resetAt).toBe(Date.parse('2026-06-05T06:01:00Z'))
})

test.each<Answer>([
  { kind: 'lost', error: 'x' },
  { kind: 'unsent', error: 'x' },
  { kind: 'answer', status: 200, headers: {}, body: '' },
])('an answer without headers says nothing', (silent) => {
  expect(readLimitSignals(silent, NOW)).toEqual({ retryAt: null, window: null })
})
