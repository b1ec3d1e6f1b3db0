import { describe, expect, test } from 'vitest'
import { timelineOf } from '../../../src/report/timeline.ts'
import { accountResult, manyAccounts, runReport, START } from './builder.ts'

const time = (milliseconds: number): string => new Date(START + milliseconds).toISOString()

describe('timelineOf', () => {
  test('is null where no change was sent', () => {
    expect(timelineOf(runReport({ accounts: [] }))).toBeNull()
    expect(
      timelineOf(runReport({ accounts: [accountResult({ attempts: 0, startedAt: '', finishedAt: '' })] })),
    ).toBeNull()
  })

  test('counts accounts a second, from the first start to the last end', () => {
    const at = [500, 600, 1500, 2999]
    const accounts = at.map((end) => accountResult({ startedAt: time(0), finishedAt: time(end) }))
    expect(timelineOf(runReport({ accounts, canaryFinishedAt: time(1500) }))).toMatchObject({
      from: START,
      until: START + 3000,
      step: 1000,
      rates: [2, 1, 1],
      peak: 2,
      canary: 0.5,
    })
  })

  test('keeps every account, in at most 120 parts, however long the run was', () => {
    const accounts = manyAccounts(20_000, () => ({}))
    const sent = accounts.filter(({ attempts }) => attempts > 0).length
    const line = timelineOf(runReport({ accounts }))
    expect(line?.rates.length).toBeLessThanOrEqual(120)
    const counted = (line?.rates ?? []).reduce((sum, rate) => sum + (rate * (line?.step ?? 0)) / 1000, 0)
    expect(Math.round(counted)).toBe(sent)
  })

  test('shows pauses as shares of the time, cut to it', () => {
    const accounts = [accountResult({ startedAt: time(0), finishedAt: time(10_000) })]
    const pauses = [
      { from: START - 5000, until: START + 1000, why: '' },
      { from: START + 4000, until: START + 5000, why: '' },
      { from: START + 60_000, until: START + 61_000, why: '' },
    ]
    expect(timelineOf(runReport({ accounts, pauses }))?.pauses).toEqual([
      { from: 0, until: 0.1 },
      { from: 0.4, until: 0.5 },
    ])
  })

  test('takes times that are none for times that are not there', () => {
    const accounts = [accountResult({ finishedAt: 'soon' }), accountResult({ startedAt: time(9), finishedAt: time(1) })]
    expect(timelineOf(runReport({ accounts }))).toBeNull()
    expect(timelineOf(runReport({ canaryFinishedAt: '' }))?.canary).toBeNull()
  })
})
