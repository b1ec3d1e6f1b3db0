import type { Call, Lag, Route } from './organization.ts'

export { FAULTS } from './fault-answers.ts'

interface Shape {
  readonly status: number
  readonly body?: string | object
  readonly headers?: Readonly<Record<string, string>>
}

/** How a refusal for too many calls says how long to wait. Times are told from the moment of the answer. */
export interface Throttle {
  /** Milliseconds until calls are let through again, by the headers below. */
  readonly wait: number
  readonly retryAfter?: 'seconds' | 'date'
  /** `X-RateLimit-Reset`, cut to its granularity as Atlassian does. */
  readonly reset?: 'second' | 'minute'
}

/** What goes wrong with a call. */
export type Fault =
  /** Answered like this, and nothing happens. */
  | ({ readonly kind: 'answer' } & Shape)
  /** The change is made, then answered like this. */
  | ({ readonly kind: 'answer-after-change' } & Shape)
  /** 429, with headers that are true when it is sent. A negative wait lies in the past. */
  | ({ readonly kind: 'throttle' } & Throttle)
  /** The connection is reset before anything happens. */
  | { readonly kind: 'reset' }
  /** The change is made, then the connection is reset. */
  | { readonly kind: 'reset-after-change' }
  /** Handled, and half of the answer is sent before the connection is reset. */
  | { readonly kind: 'cut' }
  /** Handled, but answered late. Milliseconds. */
  | { readonly kind: 'delay'; readonly milliseconds: number }
  /** Handled late, whether or not the client still waits. Milliseconds. */
  | { readonly kind: 'late-change'; readonly milliseconds: number }
  /** The answer is lost at once, and the call is handled all the same, so many milliseconds after. */
  | { readonly kind: 'lost-late-change'; readonly milliseconds: number }
  /** Handled, and a body that is a JSON object is made another one. */
  | { readonly kind: 'reshape'; readonly reshape: (body: Readonly<Record<string, unknown>>) => unknown }
  /** Never answered. */
  | { readonly kind: 'hang' }
  /** The change is made, and never answered. */
  | { readonly kind: 'hang-after-change' }
  /** The profile shows the opposite of what is. */
  | { readonly kind: 'stale-profile' }
  /** The change is made, and the profile shows it only after so many reads or milliseconds. */
  | ({ readonly kind: 'lag-profile' } & Lag)
  /** The change is made, and a sync makes the account active again after so many milliseconds. */
  | { readonly kind: 'comes-back'; readonly milliseconds: number }
  /** Refused with the `Authorization` header as it was sent, in the body. */
  | { readonly kind: 'echo-key'; readonly status: number }

export interface FaultOrder {
  readonly route: Route | 'any' | 'change'
  /** An id, or which ids; left out, all accounts. */
  readonly account?: string | ((accountId: string) => boolean)
  /** Which calls besides: by their body, or by what has happened before. */
  readonly when?: (call: Call) => boolean
  /** How many calls it hits; left out, all. */
  readonly times?: number
  /** How many matching calls pass before. */
  readonly after?: number
  /** Only calls that come once a change was asked for: none of the look before it. */
  readonly inRollout?: true
  readonly fault: Fault
}

export interface Faults {
  /** Of several orders that are due for a call, the one that was given first hits it; the others do not count it. */
  order(order: FaultOrder): { readonly hits: number }
  /** The fault for this call, if one is due. */
  next(call: Call): Fault | null
  clear(): void
}

export function createFaults(): Faults {
  let orders: { readonly order: FaultOrder; seen: number; hits: number }[] = []
  let begun = false
  return {
    order: (order) => {
      const entry = { order, seen: 0, hits: 0 }
      orders.push(entry)
      return entry
    },
    clear: () => {
      orders = []
      begun = false
    },
    next: (call) => {
      if (isChange(call)) begun = true
      for (const entry of orders) {
        const { times = Number.POSITIVE_INFINITY, after = 0, fault } = entry.order
        if (!matches(entry.order, call) || (entry.order.inRollout === true && !begun)) continue
        const seen = entry.seen++
        if (seen < after || seen >= after + times) continue
        entry.hits++
        return fault
      }
      return null
    },
  }
}

function matches({ route, account, when }: FaultOrder, call: Call): boolean {
  if (route !== 'any' && route !== call.route && !(route === 'change' && isChange(call))) return false
  if (when?.(call) === false) return false
  if (account === undefined) return true
  return typeof account === 'string' ? account === call.accountId : account(call.accountId)
}

function isChange({ route }: Call): boolean {
  return route === 'disable' || route === 'enable'
}
