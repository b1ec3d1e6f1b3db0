import type { Unknowns } from '../text/unknowns.ts'
import { type Clock, unlessAborted } from '../world/clock.ts'
import { meaningOf, type Reply, replyOf, unreadable } from './answers.ts'
import type { Pacer } from './pacer.ts'
import type { Answer, ApiRequest, Transport } from './transport.ts'

/** How often a read is tried before the account or page counts as unreadable. */
const READ_TRIES = 8
const FIRST_RETRY = 500
const LONGEST_RETRY = 10_000
/** A connection that does not end holds up the end of the run no longer than this. Milliseconds. */
const LONGEST_CLOSE = 100

const NOT_SENT: Answer = { kind: 'unsent', error: 'the run was stopped before it was sent' }
const THROTTLED_ALONE = unreadable('refused for the rate (HTTP 429) again and again while others went through', 0)

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

export type Atlassian = ReturnType<typeof openAtlassian>

/** Opens the door to Atlassian: every request takes its turn at the pacer; reads are repeated here, changes never. */
export function openAtlassian(transport: Transport, pacer: Pacer, clock: Clock, random: () => number) {
  /** Waits before a repeat: a growing, jittered time. `tries` counts from 1. */
  const beforeRetry = (tries: number, stop: AbortSignal): Promise<void> =>
    clock.sleep(random() * Math.min(LONGEST_RETRY, FIRST_RETRY * 2 ** (tries - 1)), stop)

  return {
    /** Reads patiently until an answer means something. Once stopped, nothing is sent or waited for: withheld. */
    read: async (request: ApiRequest, stop: AbortSignal, urgent = false): Promise<Reply<Unknowns>> => {
      const send = (onLeave: () => void) => transport.send(request, { stop, givesUp: true, onLeave })
      let isAlone = false
      for (let tries = 1; ; ) {
        const paced = await unlessAborted(pacer.run({ ...laneOf(request), send, stop, urgent }), stop)
        if (paced === null) return { kind: 'withheld' }
        isAlone ||= paced.alone
        const reply = replyOf(paced.answer) ?? (isAlone ? THROTTLED_ALONE : null)
        if (reply === null) continue
        if (reply.kind !== 'unreadable' || reply.status !== 0 || tries >= READ_TRIES) return reply
        await beforeRetry(tries++, stop)
      }
    },
    /**
     * Sends a change once. `onSend` runs when its turn has come, before it goes out. Stopped before its first byte is
     * written, it does not go out, and counts as unsent; one that went out is waited for. Null where it was stopped while
     * it waited for its turn. `alone`: throttled once more, although other accounts went through: that is a try of this one.
     */
    change: async (request: ApiRequest, stop: AbortSignal, onSend: () => Promise<void>) => {
      const send = async (onLeave: () => void): Promise<Answer> => {
        await onSend()
        return stop.aborted ? NOT_SENT : transport.send(request, { stop, onLeave })
      }
      const paced = await pacer.run({ ...laneOf(request), send, stop })
      return paced && { ...meaningOf(paced.answer), alone: paced.alone }
    },
    beforeRetry,
    close: () => Promise.race([transport.close(), clock.sleep(LONGEST_CLOSE)]),
  }
}

/** The last part of a path, without its query: what kind of call it is. */
export function lastPartOf(path: string): string {
  return path.replace(/\?.*$/, '').replace(/.*\//, '')
}

/** The endpoint that a request counts for, and what tells it from others there. */
function laneOf({ path, body }: ApiRequest): { endpoint: string; key: string } {
  const last = lastPartOf(path)
  return { endpoint: ENDPOINTS[last] ?? last, key: `${path} ${JSON.stringify(body)}` }
}
