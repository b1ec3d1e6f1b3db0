import { describe, expect, test } from 'vitest'
import { lateActivity } from '../../../src/account/facts.ts'
import { freedLicences, licencesOf, uniteLicences } from '../../../src/account/licences.ts'

const NOW = Date.UTC(2026, 1, 1, 12)
const DAY = 86_400_000

test('licences are counted of those who are planned or deactivated, the most first', () => {
  const all = [
    { state: 'planned', licences: licencesOf(['jira', 'confluence'], true) },
    { state: 'planned', licences: licencesOf(['confluence'], false) },
    { state: 'deactivated', licences: licencesOf(['a', 'confluence'], null) },
    { state: 'planned', licences: null },
    { state: 'failed', licences: licencesOf(['jira'], true) },
  ]
  expect(freedLicences(all)).toEqual({
    products: [
      { product: 'confluence', people: 3 },
      { product: 'a', people: 1 },
      { product: 'jira', people: 1 },
    ],
    billable: 1,
    unknown: 1,
  })
  expect(freedLicences([])).toEqual({ products: [], billable: null, unknown: 0 })
})

test('the licences of a person who is named twice are those of both', () => {
  const [one, other] = [licencesOf(['jira'], null), licencesOf(['jira', 'trello'], true)]
  expect(uniteLicences(one, other)).toBe(licencesOf(['jira', 'trello'], true))
  expect(uniteLicences(one, null)).toBe(one)
  expect(uniteLicences(null, null)).toBeNull()
})

describe('late activity', () => {
  test.each([
    [0, 1, 1],
    [6.99, 1, 1],
    [7, 0, 1],
    [29.99, 0, 1],
    [30, 0, 0],
  ])('of %d days ago counts %d in 7 days, %d in 30', (days, last7Days, last30Days) => {
    const at = NOW - days * DAY
    expect(lateActivity([{ kind: 'at', at }], NOW)).toEqual({ people: 1, last7Days, last30Days, never: 0, unknown: 0 })
  })

  test('never and not told are told apart', () => {
    expect(lateActivity([{ kind: 'never' }, { kind: 'not-told' }, { kind: 'not-told' }], NOW)).toEqual({
      people: 3,
      last7Days: 0,
      last30Days: 0,
      never: 1,
      unknown: 2,
    })
  })
})
