import { expect, test } from 'vitest'
import { isDay, isDue } from '../../../src/list/cells.ts'

test.each([
  ['2026-03-14', '2026-03-15', true],
  ['2026-03-15', '2026-03-15', false],
  ['2026-03-16', '2026-03-15', false],
  ['2026-12-31', '2027-01-01', true],
  ['', '2026-03-15', true],
])('last day of access %j, today %s: due is %j', (due, today, expected) => {
  expect(isDue(due, today)).toBe(expected)
})

test.each(['2026-01-01', '2026-02-28', '2024-02-29', '2000-02-29', '2026-12-31', '9999-12-31'])(
  '%s is a day',
  (text) => {
    expect(isDay(text)).toBe(true)
  },
)

test.each([
  '2026-02-29',
  '2026-02-30',
  '1900-02-29',
  '2026-04-31',
  '2026-13-01',
  '2026-00-10',
  '2026-01-00',
  '2026-01-32',
  '2026-1-2',
  '26-01-02',
  '01.02.2026',
  '01/02/2026',
  '2026-01-02T00:00:00Z',
  '2026-01-02\n',
  ' 2026-01-02',
  '٢٠٢٦-01-02',
  'soon',
])('%j is no day', (text) => {
  expect(isDay(text)).toBe(false)
})
