import type { Clock } from './clock.ts'

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
