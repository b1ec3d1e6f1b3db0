import type { StopCause } from '../account/reasons.ts'
import type { Clock } from '../world/clock.ts'

/** The one switch that ends a run early. Once it is thrown, no change is sent any more. */
export interface Stop {
  readonly cause: () => StopCause | null
  /** Throws the switch; later causes change nothing, except that a cancel always shortens the waiting. */
  readonly halt: (cause: StopCause) => void
  /** The key was rejected, whatever stopped the run first: no further read can go well. */
  readonly keyRejected: () => boolean
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
  let keyRejected = false
  return {
    cause: () => first,
    keyRejected: () => keyRejected,
    halt: (cause) => {
      if (cause === 'key-rejected') keyRejected = true
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
