import type { Pause } from '../account/result.ts'
import type { Clock } from '../world/clock.ts'
import { readLimitSignals } from './limits.ts'
import { afterPass, afterRefusal, afterSend, allowedInFlight, isProbing, opensAt, startPace } from './pace.ts'
import type { Answer } from './transport.ts'

export interface PacedRequest {
  /** Atlassian counts calls for each endpoint, so that each has a lane of its own. In words, for the log. */
  readonly endpoint: string
  /** The same for every try of one request. */
  readonly key: string
  /** Sends the request, and says when it leaves; it may take its time to get ready and to connect. */
  readonly send: (onLeave: () => void) => Promise<Answer>
  /** Once aborted, the request is withheld if it still waits. */
  readonly stop: AbortSignal
  /** Reads that somebody waits for go before new changes. */
  readonly urgent?: boolean
}

export interface PacerOptions {
  readonly clock: Clock
  /** From 0 up to 1. */
  readonly random: () => number
  /** Most requests in flight, in all lanes together. */
  readonly concurrency: number
  /** In all lanes together, counted as they leave. Infinity: no ceiling. */
  readonly requestsPerSecond: number
  /** Told about a wait of two seconds and more. */
  readonly onPause: (why: string, from: number, until: number) => void
}

/** Requests arrive less evenly than they leave: the user's ceiling is kept at the other end too. */
const CEILING_MARGIN = 1.05
/** The last request of an endpoint is refused for its own sake after so long: no known limit lasts longer. Milliseconds. */
const LONGEST_LEFT = 5 * 60_000
/** Shorter waits are told to nobody. Milliseconds. */
const TOLD_PAUSE = 2000

/** What is known of one endpoint. */
const openLane = (now: number) => ({
  pace: startPace(now),
  inFlight: 0,
  /** When the latest request was sent that went through. */
  passedAt: Number.NEGATIVE_INFINITY,
  /** Requests whose latest answer was a refusal, by key: when the first one in a row came, and the last. */
  refused: new Map<string, { readonly first: number; readonly last: number }>(),
})

type Lane = ReturnType<typeof openLane>

interface Waiting extends PacedRequest {
  readonly lane: Lane
  readonly turn: (hasCome: boolean) => void
}

export type Pacer = ReturnType<typeof createPacer>

/** Opens the one gate for all requests to Atlassian. */
export function createPacer({ clock, random, concurrency, requestsPerSecond, onPause }: PacerOptions) {
  const spacing = (1000 * CEILING_MARGIN) / requestsPerSecond
  const lanes = new Map<string, Lane>()
  const pauses: Pause[] = []
  /** In order of their turn: the urgent ones first. */
  let waiting: Waiting[] = []
  let inFlight = 0
  /** With a ceiling, one request at a time gets ready: a slow disk or connection would let several out at once. */
  let leaving: Waiting | null = null
  let nextLeaveAt = clock.now()
  let alarm = new AbortController()

  const mayGoAt = ({ lane }: Waiting): number => Math.max(nextLeaveAt, opensAt(lane.pace))

  const endWait = (own: Waiting, hasCome: boolean): void => {
    waiting = waiting.filter((other) => other !== own)
    own.turn(hasCome)
  }

  /** Starts whatever may go now, and comes back when more may: one timer, and none when nobody waits. */
  const pump = (): void => {
    const now = clock.now()
    const isFree = (request: Waiting): boolean =>
      mayGoAt(request) <= now && request.lane.inFlight < allowedInFlight(request.lane.pace, now)
    // What was refused may be refused for ever: another one finds out whether its endpoint lets calls through again.
    const isProbe = ({ lane, key }: Waiting): boolean => isProbing(lane.pace) && !lane.refused.has(key)
    while (inFlight < concurrency && leaving === null) {
      const next = waiting.find((request) => isProbe(request) && isFree(request)) ?? waiting.find(isFree)
      if (next === undefined) break
      const { lane } = next
      inFlight++
      lane.inFlight++
      lane.pace = afterSend(lane.pace, now)
      if (spacing > 0) leaving = next
      endWait(next, true)
    }
    alarm.abort()
    const later = waiting.map(mayGoAt).filter((at) => at > now)
    if (later.length === 0) return
    alarm = new AbortController()
    const { signal } = alarm
    void clock.sleep(Math.min(...later) - now, signal).then(() => {
      if (!signal.aborted) pump()
    })
  }

  /** Learns from an answer. @returns whether it was refused alone: that says nothing about its lane */
  const learn = ({ endpoint, key, lane }: Waiting, answer: Answer, sentAt: number): boolean => {
    if (answer.kind !== 'answer') return false
    const now = clock.now()
    const signals = readLimitSignals(answer, now)
    const before = lane.pace.closedUntil
    // 429 always; 503 only when it says how long to wait: a plain outage is no word about the rate.
    if (answer.status === 429 || (answer.status === 503 && signals.retryAt !== null)) {
      const { first, last } = lane.refused.get(key) ?? { first: now, last: now }
      const isLeft = lane.inFlight === 1 && !waiting.some((other) => other.lane === lane)
      lane.refused.set(key, { first, last: now })
      if (lane.passedAt > last || (isLeft && now - first > LONGEST_LEFT)) return true
      lane.pace = afterRefusal(lane.pace, signals, sentAt, now, random)
    } else {
      lane.refused.delete(key)
      lane.passedAt = Math.max(lane.passedAt, sentAt)
      lane.pace = afterPass(lane.pace, signals, sentAt, now, random)
    }
    const { closedUntil: until, why } = lane.pace
    if (until > before && until > now) {
      const pause = { from: now, until, why: `${endpoint}: ${why}` }
      addPause(pauses, pause)
      // A pause that is made longer is told again only for what it is longer by; its jitter alone is no news.
      if (until - Math.max(before, now) >= TOLD_PAUSE) onPause(pause.why, now, until)
    }
    return false
  }

  /**
   * Waits for its turn, sends, and learns from the answer; null where it was stopped while it waited. Never repeats;
   * rejects only when `send` does. `alone`: refused for the rate once more, although others of its endpoint went through
   * since, or none is left.
   */
  const run = async (request: PacedRequest) => {
    const { endpoint, stop, urgent = false } = request
    if (stop.aborted) return null
    const lane = lanes.get(endpoint) ?? openLane(clock.now())
    lanes.set(endpoint, lane)
    const { promise: turn, resolve } = Promise.withResolvers<boolean>()
    const own: Waiting = { ...request, lane, turn: resolve }
    const withhold = (): void => {
      endWait(own, false)
      pump()
    }
    stop.addEventListener('abort', withhold, { once: true })
    const behind = urgent ? waiting.findIndex((other) => other.urgent !== true) : -1
    waiting.splice(behind < 0 ? waiting.length : behind, 0, own)
    pump()
    const hasCome = await turn
    stop.removeEventListener('abort', withhold)
    if (!hasCome) return null
    let sentAt = clock.now()
    const makeWay = (): void => {
      if (leaving === own) leaving = null
      pump()
    }
    try {
      const answer = await request.send(() => {
        sentAt = clock.now()
        nextLeaveAt = sentAt + spacing
        makeWay()
      })
      return { answer, alone: learn(own, answer, sentAt) }
    } finally {
      inFlight--
      lane.inFlight--
      makeWay()
    }
  }

  /** `pauses`: times in which requests of some kind waited for a limit; they do not overlap. */
  return { run, pauses }
}

/** Adds a pause: one that overlaps the latest, as lanes pause together, joins it under the reason that lasts longer. */
export function addPause(pauses: Pause[], next: Pause): void {
  const last = pauses.at(-1)
  if (last === undefined || next.from > last.until) pauses.push(next)
  else pauses[pauses.length - 1] = { ...(next.until > last.until ? next : last), from: last.from }
}
