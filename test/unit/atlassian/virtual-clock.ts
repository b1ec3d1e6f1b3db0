import { setImmediate as microtasksDone } from 'node:timers/promises'
import type { Clock } from '../../../src/world/clock.ts'

export interface VirtualClock extends Clock {
  /** Lets the time run, from one sleeper's end to the next, until the promise settles. */
  until<T>(promise: Promise<T>): Promise<T>
  /** Lets this much time pass. Milliseconds. */
  advance(milliseconds: number): Promise<void>
  /** Sleepers that wait. */
  readonly sleepers: number
}

/**
 * A clock whose time passes only when a test says so: hours in milliseconds, and the same in every run.
 *
 * @param atRest resolves when nothing is under way but sleepers; left out, when no microtask is left, and a time in
 * which nobody sleeps is an error then
 */
export function createVirtualClock(
  start = Date.parse('2026-06-05T06:00:00Z'),
  atRest: (() => Promise<void>) | null = null,
): VirtualClock {
  let now = start
  const sleepers = new Set<{ readonly at: number; readonly wake: () => void }>()

  const step = async (limit: number): Promise<boolean> => {
    await (atRest ?? microtasksDone)()
    const [first] = [...sleepers].toSorted((a, b) => a.at - b.at)
    if (first === undefined || first.at > limit) return false
    now = Math.max(now, first.at)
    first.wake()
    return true
  }

  return {
    now: () => now,
    sleep: (milliseconds, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted === true) return resolve()
        const wake = (): void => {
          sleepers.delete(sleeper)
          signal?.removeEventListener('abort', wake)
          resolve()
        }
        const sleeper = { at: now + Math.max(0, milliseconds), wake }
        sleepers.add(sleeper)
        signal?.addEventListener('abort', wake, { once: true })
      }),
    until: async (promise) => {
      let settled = false
      const end = (): void => {
        settled = true
      }
      promise.then(end, end)
      while (!settled) {
        if ((await step(Number.POSITIVE_INFINITY)) || settled) continue
        await microtasksDone()
        if (!settled && sleepers.size === 0 && atRest === null) throw new Error('nothing will ever happen any more')
      }
      return promise
    },
    advance: async (milliseconds) => {
      const end = now + milliseconds
      while (await step(end));
      now = end
    },
    get sleepers() {
      return sleepers.size
    },
  }
}
