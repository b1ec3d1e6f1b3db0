import { expect, test } from 'vitest'
import { createStop } from '../../../src/rollout/stop.ts'

/** A clock whose sleeps end when a test says so. */
function handClock() {
  const sleeping: (() => void)[] = []
  return {
    clock: { now: () => 0, sleep: () => new Promise<void>((resolve) => sleeping.push(resolve)) },
    wake: async () => {
      for (const resolve of sleeping.splice(0)) resolve()
      await Promise.resolve()
    },
  }
}

test('the first cause counts, and is told once', () => {
  const told: string[] = []
  const stop = createStop(handClock().clock, (cause) => told.push(cause))
  stop.halt('deadline')
  stop.halt('cancelled')
  expect(stop.cause()).toBe('deadline')
  expect(told).toEqual(['deadline'])
})

test('no change goes out after any cause, but what is under way is waited for', () => {
  const stop = createStop(handClock().clock, () => undefined)
  stop.halt('too-many-failures')
  expect(stop.changes.aborted).toBe(true)
  expect(stop.waiting.aborted).toBe(false)
})

test('a cancel ends the waiting after its grace, also after another cause', async () => {
  const { clock, wake } = handClock()
  const stop = createStop(clock, () => undefined)
  stop.halt('deadline')
  await wake()
  expect(stop.waiting.aborted).toBe(false)
  stop.halt('cancelled')
  expect(stop.waiting.aborted).toBe(false)
  await wake()
  expect(stop.waiting.aborted).toBe(true)
})
