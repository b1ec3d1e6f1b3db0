import { expect, test } from 'vitest'
import { createProgress, progressLine } from '../../../src/world/progress.ts'

test('a line shows a bar, done of total, share, pace and time left', () => {
  expect(progressLine(250, 1000, 12.5, 60_000)).toBe(
    '█████░░░░░░░░░░░░░░░  250 of 1,000 accounts · 25 % · 12.5/s · about 60 s left',
  )
  expect(progressLine(1, 1, 1, 0)).toBe('████████████████████  1 of 1 account · 100 % · 1.0/s · done')
})

test('lines come every few seconds, and the last one when all is done', () => {
  let now = 0
  const lines: string[] = []
  const left: number[] = []
  const clock = { now: () => now, sleep: async () => undefined }
  const progress = createProgress(
    20,
    clock,
    (line) => lines.push(line),
    (milliseconds) => left.push(milliseconds),
  )
  for (let account = 0; account < 20; account++) {
    now += 1000
    progress.step()
  }
  expect(lines).toHaveLength(4)
  expect(lines[0]).not.toContain('left')
  expect(lines[1]).toContain('about 10 s left')
  expect(lines.at(-1)).toContain('20 of 20')
  expect(left[0]).toBe(10_000)
})
