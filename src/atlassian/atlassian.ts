import type { Clock } from '../world/clock.ts'
import { unlessAborted } from '../world/unless-aborted.ts'
import { type Meaning, meaningOfChange, meaningOfRead } from './answers.ts'
import type { Pacer, Withheld } from './pacer.ts'
import type { Answer, ApiRequest, Transport } from './transport.ts'

/** The door to Atlassian: every request takes its turn at the pacer; reads are repeated here, changes never. */
export interface Atlassian {
  /**
   * Reads until there is an answer that means something, patiently. `temporary`: it stayed out of reach. Once stopped,
   * nobody waits for an answer that is under way: it is withheld too.
   */
  read(request: ApiRequest, stop: AbortSignal, urgent?: boolean): Promise<Read>
  /**
   * Sends a change once. `onSend` runs when its turn has come, right before it goes out; stopped by then, it does not go
   * out, and counts as `temporary`. One that went out is waited for.
   */
  change(request: ApiRequest, stop: AbortSignal, onSend: () => Promise<void>): Promise<Sent | Withheld>
  /** Waits before a repeat: a growing, jittered time, within the retry budget. `tries` counts from 1. */
  beforeRetry(tries: number, stop: AbortSignal): Promise<void>
  close(): Promise<void>
}

export type Read = Exclude<Meaning, { kind: 'throttled' | 'ambiguous' }> | Withheld

export interface Sent {
  readonly kind: 'sent'
  readonly meaning: Meaning
  /** HTTP status; 0 where no answer came. */
  readonly status: number
}

/** How often a read is tried before the account or page counts as unreadable. */
const READ_TRIES = 8
const FIRST_RETRY = 500
const LONGEST_RETRY = 10_000
/** Requests that were given up may never be answered: they do not hold up the end of the run. Milliseconds. */
const LONGEST_CLOSE = 100

const WITHHELD: Withheld = { kind: 'withheld' }
const NOT_SENT: Answer = { kind: 'unsent', error: 'the run was stopped before it was sent' }

export function openAtlassian(transport: Transport, pacer: Pacer, clock: Clock, random: () => number): Atlassian {
  const beforeRetry = async (tries: number, stop: AbortSignal): Promise<void> => {
    await clock.sleep(random() * Math.min(LONGEST_RETRY, FIRST_RETRY * 2 ** (tries - 1)), stop)
    await pacer.retryTurn(stop)
  }

  return {
    read: async (request, stop, urgent = false) => {
      for (let tries = 1; ; ) {
        const running = pacer.run({ send: () => transport.send(request), stop, urgent })
        const answer = (await unlessAborted(running, stop)) ?? WITHHELD
        if (answer.kind === 'withheld') return answer
        const meaning = meaningOfRead(answer)
        if (meaning.kind === 'throttled') continue
        if (meaning.kind === 'ambiguous') return { kind: 'temporary', why: meaning.why }
        if (meaning.kind !== 'temporary' || tries >= READ_TRIES) return meaning
        await beforeRetry(tries++, stop)
      }
    },
    change: async (request, stop, onSend) => {
      const answer = await pacer.run({
        stop,
        send: async () => {
          await onSend()
          return stop.aborted ? NOT_SENT : transport.send(request)
        },
      })
      if (answer.kind === 'withheld') return answer
      const status = answer.kind === 'answer' ? answer.status : 0
      return { kind: 'sent', meaning: meaningOfChange(answer), status }
    },
    beforeRetry,
    close: () => Promise.race([transport.close(), clock.sleep(LONGEST_CLOSE)]),
  }
}
