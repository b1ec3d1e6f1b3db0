import type { Clock } from '../clock.ts'

/** What ends a rollout before its end; the first cause counts. */
export type StopCause =
  | 'canary-failed'
  | 'canary-not-verified'
  | 'too-many-failures'
  | 'key-rejected'
  | 'deadline'
  | 'cancelled'

/** The one switch that ends a run early. Once it is thrown, no change is sent any more. */
export interface Stop {
  readonly cause: () => StopCause | null
  /** Throws the switch; later causes change nothing, except that a cancel always shortens the waiting. */
  readonly halt: (cause: StopCause) => void
  /** Aborted by any cause: no change goes out. */
  readonly changes: AbortSignal
  /** Aborted some seconds after a cancel: nothing is read or waited for any more. */
  readonly waiting: AbortSignal
}

/** What requests in flight get after a cancel, so that their answers are known. Milliseconds. */
const GRACE = 5000

/** @param onHalt is told the first cause, once. */
export function createStop(clock: Clock, onHalt: (cause: StopCause) => void): Stop {
  const changes = new AbortController()
  const waiting = new AbortController()
  let first: StopCause | null = null
  return {
    cause: () => first,
    halt: (cause) => {
      if (cause === 'cancelled' && !waiting.signal.aborted) void clock.sleep(GRACE).then(() => waiting.abort())
      if (first !== null) return
      first = cause
      onHalt(cause)
      changes.abort()
    },
    changes: changes.signal,
    waiting: waiting.signal,
  }
}

/** The promise's value, or null when the signal was aborted before it came. */
export async function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T | null> {
  if (signal.aborted) return null
  let cleanUp = (): void => undefined
  const aborted = new Promise<null>((resolve) => {
    const onAbort = (): void => resolve(null)
    signal.addEventListener('abort', onAbort, { once: true })
    cleanUp = () => signal.removeEventListener('abort', onAbort)
  })
  try {
    return await Promise.race([promise, aborted])
  } finally {
    cleanUp()
  }
}
