import { expect, test } from 'vitest'
import { createPageProgress, createProgress, pageLine, progressLine } from '../../../src/world/progress.ts'

test('a line shows a bar, done of total, share, pace and time left', () => {
  expect(progressLine(250, 1000, 12.5, 60_000)).toBe(
    '█████░░░░░░░░░░░░░░░  250 of 1,000 accounts · 25 % · 12.5/s · about 60 s left',
  )
  expect(progressLine(1, 1, 1, 0)).toBe('████████████████████  1 of 1 account · 100 % · 1.0/s · done')
  expect(progressLine(0, 0, 0, null)).toBe('████████████████████  0 of 0 accounts · 100 % · 0.0/s · done')
})

test('lines come every few seconds, and the last one when all is done', () => {
  let now = 0
  const lines: string[] = []
  const left: number[] = []
  const clock = { now: () => now, sleep: async () => undefined }
  const step = createProgress(
    20,
    clock,
    (line) => lines.push(line),
    (milliseconds) => left.push(milliseconds),
  )
  for (let account = 0; account < 20; account++) {
    now += 1000
    step()
  }
  expect(lines).toHaveLength(4)
  expect(lines[0]).not.toContain('left')
  expect(lines[1]).toContain('about 10 s left')
  expect(lines.at(-1)).toContain('20 of 20')
  // Nothing is left behind the last one.
  expect(left).toEqual([10_000, expect.closeTo(5000, -1)])
})

test('pages are told with the time left, and without a total where nobody knows it, or there are more', () => {
  expect(pageLine(37, 1000, 1, 180_000)).toBe('Reading the directory: 37 of 1,000 pages · about 3 min left')
  expect(pageLine(1000, 1000, 1, 0)).toBe('Reading the directory: 1,000 of 1,000 pages · done')
  expect(pageLine(1001, 1000, 1, -1)).toBe('Reading the directory: 1,001 pages')
  expect(pageLine(1, 0, 1, -1)).toBe('Reading the directory: 1 page')
})

test('the first page tells how many there are', () => {
  let now = 0
  const lines: string[] = []
  const onPage = createPageProgress(100, { now: () => now, sleep: async () => undefined }, (line) => lines.push(line))
  for (let page = 0; page < 12; page++) {
    onPage(1130)
    now += 3000
  }
  expect(lines[0]).toBe('Reading the directory: 3 of 12 pages')
  expect(lines[1]).toMatch(/^Reading the directory: 5 of 12 pages · about \d+ s left$/)
  expect(lines.at(-1)).toBe('Reading the directory: 12 of 12 pages · done')
})
