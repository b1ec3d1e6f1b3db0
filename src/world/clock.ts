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

/** What a figure is waited for that nobody needs. Milliseconds. */
export const SHORT_PATIENCE = 10_000

/** Does work that ends when the signal it is given is aborted: by `stop`, or when the time is over. */
export async function withPatience<T>(
  clock: Clock,
  stop: AbortSignal,
  milliseconds: number,
  work: (stop: AbortSignal) => Promise<T>,
): Promise<T> {
  const [over, done] = [new AbortController(), new AbortController()]
  void clock.sleep(milliseconds, done.signal).then(() => over.abort())
  try {
    return await work(AbortSignal.any([stop, over.signal]))
  } finally {
    done.abort()
  }
}

/** The promise's value, or null when the signal was aborted before it came. */
export async function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T | null> {
  if (signal.aborted) return null
  const aborted = Promise.withResolvers<null>()
  const onAbort = (): void => aborted.resolve(null)
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    return await Promise.race([promise, aborted.promise])
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}
