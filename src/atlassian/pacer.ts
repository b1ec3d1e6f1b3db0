import PQueue from 'p-queue'
import type { Clock } from '../world/clock.ts'
import { type LimitSignals, readLimitSignals } from './limits.ts'
import { afterPass, afterRefusal, afterSend, allowedInFlight, type Pace, startPace } from './pace.ts'
import type { Answer } from './transport.ts'

/** A request that was never sent, because it was stopped while it waited for its turn. */
export interface Withheld {
  readonly kind: 'withheld'
}

export interface PacedRequest {
  /** Sends the request, at the moment when it may go out. */
  readonly send: () => Promise<Answer>
  /** Once aborted, the request is withheld if it still waits; one that was sent is waited for. */
  readonly stop: AbortSignal
  /** Reads that somebody waits for go before new changes. */
  readonly urgent?: boolean
}

/** The one gate for all requests to Atlassian. */
export interface Pacer {
  /** Waits for its turn, sends, and learns from the answer. Never repeats; rejects only when `send` does. */
  run(request: PacedRequest): Promise<Answer | Withheld>
  /** Waits until a repeat after a fault is within the retry budget. */
  retryTurn(stop: AbortSignal): Promise<void>
  /** Times in which nothing was sent because of a limit; they do not overlap. */
  readonly pauses: readonly Pause[]
}

/** Milliseconds since the epoch. */
interface Pause {
  readonly from: number
  readonly until: number
  readonly why: string
}

export interface PacerOptions {
  readonly clock: Clock
  /** From 0 up to 1. */
  readonly random: () => number
  readonly concurrency: number
  /** Infinity: no ceiling. */
  readonly requestsPerSecond: number
  /** Told about a wait of two seconds and more. */
  readonly onPause: (why: string, from: number, until: number) => void
}

/** Repeats that may happen at once, and how they are earned back: an outage must not multiply the load. */
const RETRY_BUDGET = 20
const RETRIES_PER_PASS = 0.1
const RETRIES_PER_SECOND = 2

/** Shorter waits are told to nobody. Milliseconds. */
const TOLD_PAUSE = 2000

export function createPacer(options: PacerOptions): Pacer {
  const { clock, random, onPause } = options
  const queue = new PQueue({ concurrency: options.concurrency })
  const pauses: Pause[] = []
  let pace = startPace(options.concurrency, clock.now())
  let budget = { retries: RETRY_BUDGET, at: clock.now() }
  let alarm: { readonly at: number; readonly off: AbortController } | null = null

  /** Lets the queue start as much as the pace allows now, and comes back when it allows more. */
  const tune = (): void => {
    const now = clock.now()
    const opensAt = Math.max(pace.closedUntil, pace.nextAt)
    // Paused first: a queue that runs starts what waits as soon as its width is set. Each start comes back here.
    queue.pause()
    queue.concurrency = allowedInFlight(pace, now)
    if (opensAt <= now) queue.start()
    else if (queue.size > 0) setAlarm(opensAt, now)
  }

  /** One timer at a time, and none when nobody waits: it would hold up the end of the process. */
  const setAlarm = (at: number, now: number): void => {
    if (alarm?.at === at) return
    alarm?.off.abort()
    const own = { at, off: new AbortController() }
    alarm = own
    void clock.sleep(at - now, own.off.signal).then(() => {
      if (alarm !== own) return
      alarm = null
      tune()
    })
  }

  const clearAlarm = (): void => {
    const { off } = alarm ?? {}
    alarm = null
    off?.abort()
  }

  const learn = (answer: Answer, sentAt: number): void => {
    const now = clock.now()
    const signals: LimitSignals = readLimitSignals(answer, now)
    const before: Pace = pace
    if (isRefusalForRate(answer, signals)) {
      pace = afterRefusal(pace, signals, sentAt, now, random)
    } else if (answer.kind === 'answer') {
      pace = afterPass(pace, signals, sentAt, now, random)
      if (answer.status < 500)
        budget = { retries: Math.min(RETRY_BUDGET, budget.retries + RETRIES_PER_PASS), at: budget.at }
    }
    if (pace.closedUntil > before.closedUntil && pace.closedUntil > now) notePause(before.closedUntil, now)
  }

  /** A pause that is made longer stays one pause; its jitter alone is no news. */
  const notePause = (before: number, now: number): void => {
    const { closedUntil: until, why } = pace
    const last = pauses.at(-1)
    if (last !== undefined && last.until >= now) pauses[pauses.length - 1] = { from: last.from, until, why }
    else pauses.push({ from: now, until, why })
    if (until - Math.max(before, now) >= TOLD_PAUSE) onPause(why, now, until)
  }

  return {
    pauses,
    run: ({ send, stop, urgent = false }) =>
      new Promise((resolve, reject) => {
        // Not the stop signal itself: the queue would hand on the slot of a request that is stopped in flight.
        const waiting = new AbortController()
        const withhold = (): void => {
          waiting.abort()
          resolve({ kind: 'withheld' })
          if (queue.size === 0) clearAlarm()
        }
        const task = async (): Promise<void> => {
          if (stop.aborted) return
          stop.removeEventListener('abort', withhold)
          const sentAt = clock.now()
          pace = afterSend(pace, sentAt, options.requestsPerSecond)
          tune()
          try {
            const answer = await send()
            learn(answer, sentAt)
            resolve(answer)
          } catch (error) {
            reject(error)
          } finally {
            tune()
          }
        }
        if (stop.aborted) {
          withhold()
          return
        }
        stop.addEventListener('abort', withhold, { once: true })
        // It rejects only for a request that is withheld while it waits.
        queue.add(task, { signal: waiting.signal, priority: urgent ? 1 : 0 }).catch(() => undefined)
        tune()
      }),
    retryTurn: async (stop) => {
      while (!stop.aborted) {
        const now = clock.now()
        const earned = ((now - budget.at) / 1000) * RETRIES_PER_SECOND
        budget = { retries: Math.min(RETRY_BUDGET, budget.retries + earned), at: now }
        if (budget.retries >= 1) {
          budget = { retries: budget.retries - 1, at: now }
          return
        }
        await clock.sleep(1000 / RETRIES_PER_SECOND, stop)
      }
    },
  }
}

/** 429 always; 503 only when it says how long to wait: a plain outage is no word about the rate. */
function isRefusalForRate(answer: Answer, signals: LimitSignals): boolean {
  if (answer.kind !== 'answer') return false
  return answer.status === 429 || (answer.status === 503 && signals.retryAt !== null)
}
