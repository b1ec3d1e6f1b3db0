import { setTimeout as timer } from 'node:timers/promises'

/** Time, as everything in here sees it. Milliseconds, `now` since the epoch. */
export interface Clock {
  now(): number
  /** Resolves after the time, or as soon as the signal is aborted. Never rejects. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>
}

/** The machine's time: epoch-based, but it never jumps when somebody sets the clock. */
export const systemClock: Clock = {
  now: () => Math.round(performance.timeOrigin + performance.now()),
  sleep: async (milliseconds, signal) => {
    await timer(Math.max(0, milliseconds), undefined, signal === undefined ? {} : { signal }).catch(() => undefined)
  },
}

/** ISO 8601 UTC with milliseconds. */
export function timestamp(now: number): string {
  return new Date(now).toISOString()
}

/** The day in UTC, `YYYY-MM-DD`. */
export function dayOf(now: number): string {
  return timestamp(now).slice(0, 10)
}
