import type { Pause } from '../account/result.ts'
import type { Clock } from '../world/clock.ts'
import { readLimitSignals } from './limits.ts'
import {
  afterPass,
  afterRefusal,
  afterSend,
  allowedInFlight,
  isProbing,
  opensAt,
  type Pace,
  startPace,
} from './pace.ts'
import type { Answer } from './transport.ts'

/** What came of a request that had its turn. */
export interface Paced {
  readonly answer: Answer
  /** Refused for the rate once more, although others of its endpoint went through since, or none is left: it is on its own. */
  readonly alone: boolean
}

export interface PacedRequest {
  /** Atlassian counts calls for each endpoint, so that each has a lane of its own. In words, for the log. */
  readonly endpoint: string
  /** The same for every try of one request. */
  readonly key: string
  /** Runs when the turn has come, before the request goes out. */
  readonly prepare?: () => Promise<void>
  /** Sends the request, and says when it leaves; it may take its time to connect. */
  readonly send: (onLeave: () => void) => Promise<Answer>
  /** Once aborted, the request is withheld if it still waits. */
  readonly stop: AbortSignal
  /** Reads that somebody waits for go before new changes. */
  readonly urgent?: boolean
}

/** The one gate for all requests to Atlassian. */
export interface Pacer {
  /**
   * Waits for its turn, sends, and learns from the answer; null where it was stopped while it waited. Never repeats; rejects
   * only when `prepare` or `send` does.
   */
  run(request: PacedRequest): Promise<Paced | null>
  /** Times in which requests of some kind waited for a limit; they do not overlap. */
  readonly pauses: readonly Pause[]
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

/** After so long, the last request of an endpoint is taken to be refused for its own sake: no limit is known to last longer. */
const LONGEST_LEFT = 5 * 60_000

/** Shorter waits are told to nobody. Milliseconds. */
const TOLD_PAUSE = 2000

/** What is known of one endpoint. */
interface Lane {
  pace: Pace
  inFlight: number
  /** When the latest request was sent that went through. */
  passedAt: number
  /** Requests whose latest answer was a refusal, by key: when the first one in a row came, and the last. */
  readonly refused: Map<string, { readonly first: number; readonly last: number }>
}

interface Waiting extends PacedRequest {
  readonly lane: Lane
  readonly go: () => void
}

const NOT_SENT: Answer = { kind: 'unsent', error: 'the run was stopped before it was sent' }

export function createPacer(options: PacerOptions): Pacer {
  const { clock, random, concurrency, onPause } = options
  const spacing = (1000 * CEILING_MARGIN) / options.requestsPerSecond
  const lanes = new Map<string, Lane>()
  const pauses: Pause[] = []
  /** In order of their turn: the urgent ones first. */
  let waiting: Waiting[] = []
  let inFlight = 0
  /**
   * With a ceiling, requests get ready and leave one after the other: a slow disk or a slow connection would hold several
   * back, and let them out at once.
   */
  let leaving: Waiting | null = null
  let nextLeaveAt = clock.now()
  let alarm: AbortController | null = null

  const laneOf = (endpoint: string): Lane => {
    const known = lanes.get(endpoint)
    if (known !== undefined) return known
    const pace = startPace(clock.now())
    const lane: Lane = { pace, inFlight: 0, passedAt: Number.NEGATIVE_INFINITY, refused: new Map() }
    lanes.set(endpoint, lane)
    return lane
  }

  const mayGoAt = ({ lane }: Waiting): number => Math.max(nextLeaveAt, opensAt(lane.pace))

  /** Starts whatever may go now, and comes back when more may: one timer, and none when nobody waits. */
  const pump = (): void => {
    const now = clock.now()
    const isFree = (request: Waiting): boolean =>
      mayGoAt(request) <= now && request.lane.inFlight < allowedInFlight(request.lane.pace, now)
    while (inFlight < concurrency && leaving === null) {
      // What was refused may be refused for ever: whether its endpoint lets calls through again, another one finds out.
      const isProbe = ({ lane, key }: Waiting): boolean => isProbing(lane.pace) && !lane.refused.has(key)
      const next = waiting.find((request) => isProbe(request) && isFree(request)) ?? waiting.find(isFree)
      if (next === undefined) break
      next.go()
    }
    alarm?.abort()
    alarm = null
    const later = waiting.map(mayGoAt).filter((at) => at > now)
    if (later.length === 0) return
    const own = new AbortController()
    alarm = own
    void clock.sleep(Math.min(...later) - now, own.signal).then(() => {
      if (alarm === own) pump()
    })
  }

  const left = (request: Waiting): void => {
    if (leaving === request) leaving = null
  }

  const carryOut = async (request: Waiting): Promise<Paced> => {
    const { lane, stop } = request
    let sentAt = Number.NaN
    waiting = waiting.filter((other) => other !== request)
    inFlight++
    lane.inFlight++
    lane.pace = afterSend(lane.pace, clock.now())
    if (spacing > 0) leaving = request
    try {
      await request.prepare?.()
      sentAt = clock.now()
      const answer = stop.aborted
        ? NOT_SENT
        : await request.send(() => {
            sentAt = clock.now()
            nextLeaveAt = sentAt + spacing
            left(request)
            pump()
          })
      return { answer, alone: learn(request, answer, sentAt) }
    } finally {
      inFlight--
      lane.inFlight--
      left(request)
      pump()
    }
  }

  /** @returns whether it was refused alone: that says nothing about its lane */
  const learn = ({ endpoint, key, lane }: Waiting, answer: Answer, sentAt: number): boolean => {
    if (answer.kind !== 'answer') return false
    const now = clock.now()
    const signals = readLimitSignals(answer, now)
    const before = lane.pace.closedUntil
    // 429 always; 503 only when it says how long to wait: a plain outage is no word about the rate.
    if (answer.status === 429 || (answer.status === 503 && signals.retryAt !== null)) {
      const { first, last } = lane.refused.get(key) ?? { first: now, last: now }
      const isLeft = lane.inFlight === 1 && !waiting.some((other) => other.lane === lane)
      const isAlone = lane.passedAt > last || (isLeft && now - first > LONGEST_LEFT)
      lane.refused.set(key, { first, last: now })
      if (isAlone) return true
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

  return {
    pauses,
    run: (request) =>
      new Promise((resolve, reject) => {
        const { stop, urgent = false } = request
        if (stop.aborted) return resolve(null)
        const withhold = (): void => {
          waiting = waiting.filter((other) => other !== own)
          resolve(null)
          pump()
        }
        const own: Waiting = {
          ...request,
          lane: laneOf(request.endpoint),
          go: () => {
            stop.removeEventListener('abort', withhold)
            carryOut(own).then(resolve, reject)
          },
        }
        stop.addEventListener('abort', withhold, { once: true })
        const behind = urgent ? waiting.findIndex((other) => other.urgent !== true) : -1
        waiting.splice(behind < 0 ? waiting.length : behind, 0, own)
        pump()
      }),
  }
}

/**
 * Adds a pause that begins no earlier than those before it. Lanes pause at the same time: one that overlaps with the
 * latest becomes one with it, under the reason that lasts longer.
 */
export function addPause(pauses: Pause[], next: Pause): void {
  const last = pauses.at(-1)
  if (last === undefined || next.from > last.until) pauses.push(next)
  else pauses[pauses.length - 1] = { ...(next.until > last.until ? next : last), from: last.from }
}
