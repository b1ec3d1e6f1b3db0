import type { StopCause } from '../account/reasons.ts'
import type { Clock } from '../world/clock.ts'

/** What requests in flight get after a cancel, so that their answers are known. Milliseconds. */
const GRACE = 5000
/** What a deadline leaves for the last changes to be read back; the job has some minutes more, to publish. Milliseconds. */
const LONGEST_READ_BACK = 5 * 60_000

export type Stop = ReturnType<typeof createStop>

/** The switch that ends a run early: no change is sent after it. `onHalt` is told the first cause, after the fact. */
export function createStop(clock: Clock, onHalt: (cause: StopCause) => void) {
  const changes = new AbortController()
  const waiting = new AbortController()
  let first: StopCause | null = null
  let keyRejected = false
  /** Throws the switch; later causes change nothing, except that a cancel always shortens the waiting. */
  const halt = (cause: StopCause): void => {
    if (cause === 'key-rejected') keyRejected = true
    if (cause === 'cancelled' && !waiting.signal.aborted) void clock.sleep(GRACE).then(() => waiting.abort())
    if (first !== null) return
    first = cause
    changes.abort()
    onHalt(cause)
  }
  return {
    halt,
    cause: () => first,
    /** The key was rejected, whatever stopped the run first: no further read can go well. */
    keyRejected: () => keyRejected,
    /** Throws the switch after so many milliseconds, and ends all reading five minutes later. @returns calls that off */
    deadlineIn: (milliseconds: number): (() => void) => {
      const off = new AbortController()
      void clock.sleep(milliseconds, off.signal).then(async () => {
        if (off.signal.aborted) return
        halt('deadline')
        await clock.sleep(LONGEST_READ_BACK, off.signal)
        if (!off.signal.aborted) waiting.abort()
      })
      return () => off.abort()
    },
    /** Aborted by any cause: no change goes out. */
    changes: changes.signal,
    /** Aborted some seconds after a cancel and minutes after the deadline: nothing is read or waited for any more. */
    waiting: waiting.signal,
  }
}
