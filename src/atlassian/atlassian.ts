import type { Clock } from '../world/clock.ts'
import { unlessAborted } from '../world/unless-aborted.ts'
import { type Meaning, meaningOfChange, meaningOfRead } from './answers.ts'
import { type Pacer, WITHHELD, type Withheld } from './pacer.ts'
import type { ApiRequest, Transport } from './transport.ts'

/** The door to Atlassian: every request takes its turn at the pacer; reads are repeated here, changes never. */
export interface Atlassian {
  /**
   * Reads until there is an answer that means something, patiently. `temporary`: it stayed out of reach. Once stopped,
   * nothing is sent, repeated or waited for any more: it is withheld.
   */
  read(request: ApiRequest, stop: AbortSignal, urgent?: boolean): Promise<Read>
  /**
   * Sends a change once. `onSend` runs when its turn has come, before it goes out. Stopped before its first byte is
   * written, it does not go out, and counts as `temporary`; one that went out is waited for.
   */
  change(request: ApiRequest, stop: AbortSignal, onSend: () => Promise<void>): Promise<Sent | Withheld>
  /** Waits before a repeat: a growing, jittered time. `tries` counts from 1. */
  beforeRetry(tries: number, stop: AbortSignal): Promise<void>
  close(): Promise<void>
}

export type Read = Exclude<Meaning, { kind: 'throttled' | 'ambiguous' }> | Withheld

export interface Sent {
  readonly kind: 'sent'
  readonly meaning: Meaning
  /** HTTP status; 0 where no answer came. */
  readonly status: number
  /** `throttled` once more, although other accounts went through since: it counts as a try of this one. */
  readonly alone: boolean
}

/** How often a read is tried before the account or page counts as unreadable. */
const READ_TRIES = 8
const FIRST_RETRY = 500
const LONGEST_RETRY = 10_000
/** A connection that does not end holds up the end of the run no longer than this. Milliseconds. */
const LONGEST_CLOSE = 100

const THROTTLED_ALONE: Read = {
  kind: 'temporary',
  why: 'refused for the rate (HTTP 429) again and again while others went through',
}

/** What the log calls an endpoint, by the last part of its path; it never is an id. */
const ENDPOINTS: Readonly<Record<string, string>> = {
  'api-keys': 'API keys',
  count: 'user count',
  disable: 'deactivation',
  enable: 'reactivation',
  manage: 'permissions',
  search: 'user search',
  stats: 'user statistics',
  users: 'managed accounts',
}

export function openAtlassian(transport: Transport, pacer: Pacer, clock: Clock, random: () => number): Atlassian {
  const beforeRetry = (tries: number, stop: AbortSignal): Promise<void> =>
    clock.sleep(random() * Math.min(LONGEST_RETRY, FIRST_RETRY * 2 ** (tries - 1)), stop)

  return {
    read: async (request, stop, urgent = false) => {
      const send = (onLeave: () => void) => transport.send(request, { stop, givesUp: true, onLeave })
      let isAlone = false
      for (let tries = 1; ; ) {
        const paced = (await unlessAborted(pacer.run({ ...laneOf(request), send, stop, urgent }), stop)) ?? WITHHELD
        if (paced.kind === 'withheld') return paced
        isAlone ||= paced.alone
        const meaning = meaningOfRead(paced.answer)
        if (meaning.kind === 'throttled' && !isAlone) continue
        if (meaning.kind === 'ambiguous') return { kind: 'temporary', why: meaning.why }
        const read = meaning.kind === 'throttled' ? THROTTLED_ALONE : meaning
        if (read.kind !== 'temporary' || tries >= READ_TRIES) return read
        await beforeRetry(tries++, stop)
      }
    },
    change: async (request, stop, onSend) => {
      const send = (onLeave: () => void) => transport.send(request, { stop, onLeave })
      const paced = await pacer.run({ ...laneOf(request), prepare: onSend, send, stop })
      if (paced.kind === 'withheld') return paced
      const { answer, alone } = paced
      const status = answer.kind === 'answer' ? answer.status : 0
      return { kind: 'sent', meaning: meaningOfChange(answer), status, alone }
    },
    beforeRetry,
    close: () => Promise.race([transport.close(), clock.sleep(LONGEST_CLOSE)]),
  }
}

/** The last part of a path, without its query: what kind of call it is. */
export function lastPartOf(path: string): string {
  return path.replace(/\?.*$/, '').split('/').at(-1) ?? ''
}

/** The endpoint that a request counts for, and what tells it from others there. */
function laneOf({ path, body }: ApiRequest): { endpoint: string; key: string } {
  const last = lastPartOf(path)
  return { endpoint: ENDPOINTS[last] ?? last, key: `${path} ${JSON.stringify(body)}` }
}
