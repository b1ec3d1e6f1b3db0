import type { Call, Route } from './organization.ts'

/** What goes wrong with a call. */
export type Fault =
  /** Answered like this, and nothing happens. */
  | {
      readonly kind: 'answer'
      readonly status: number
      readonly body?: string | object
      readonly headers?: Readonly<Record<string, string>>
    }
  /** The change is made, then answered like this. */
  | {
      readonly kind: 'answer-after-change'
      readonly status: number
      readonly body?: string | object
      readonly headers?: Readonly<Record<string, string>>
    }
  /** The connection is reset before anything happens. */
  | { readonly kind: 'reset' }
  /** The change is made, then the connection is reset. */
  | { readonly kind: 'reset-after-change' }
  /** Handled, but answered late. Milliseconds. */
  | { readonly kind: 'delay'; readonly milliseconds: number }
  /** Never answered. */
  | { readonly kind: 'hang' }
  /** The change is made, and never answered. */
  | { readonly kind: 'hang-after-change' }
  /** The profile shows the opposite of what is. */
  | { readonly kind: 'stale-profile' }

export interface FaultOrder {
  readonly route: Route | 'any' | 'change'
  /** Left out, all accounts. */
  readonly account?: string
  /** How many calls it hits; left out, all. */
  readonly times?: number
  /** How many matching calls pass before. */
  readonly after?: number
  readonly fault: Fault
}

export interface Faults {
  order(order: FaultOrder): void
  /** The fault for this call, if one is due. */
  next(call: Call): Fault | null
  clear(): void
}

export function createFaults(): Faults {
  let orders: { order: FaultOrder; seen: number }[] = []
  return {
    order: (order) => orders.push({ order, seen: 0 }),
    clear: () => {
      orders = []
    },
    next: (call) => {
      for (const entry of orders) {
        const { route, account, times = Number.POSITIVE_INFINITY, after = 0, fault } = entry.order
        const routes =
          route === 'any' || route === call.route || (route === 'change' && ['disable', 'enable'].includes(call.route))
        if (!routes || (account !== undefined && account !== call.accountId)) continue
        const seen = entry.seen++
        if (seen >= after && seen < after + times) return fault
      }
      return null
    },
  }
}

const html = '<html><body><h1>Bad Gateway</h1></body></html>'
const answer = (status: number, body?: string | object, headers: Record<string, string> = {}): Fault => ({
  kind: 'answer',
  status,
  headers,
  ...(body === undefined ? {} : { body }),
})

/** Atlassian's error answers, as its documents and people's reports show them. */
export const FAULTS = {
  unauthorized: answer(401, { key: 'unauthorized' }),
  gatewayUnauthorized: answer(401, { code: 401, message: 'Unauthorized' }),
  forbidden: answer(403, { key: 'forbidden' }),
  unverified: answer(403, {
    key: 'forbidden.targetUnverified',
    context: 'Error: Cannot perform action on unverified account',
    errorKey: 'x',
    errorDetail: {},
  }),
  refused: (reason: string) =>
    answer(403, { key: 'forbidden.action', context: { allowed: false, reason: { key: reason } } }),
  scoped: answer(403, {
    key: 'forbidden.insufficientScope',
    context: { message: 'Insufficient scope for this action', scope: 'manage:org' },
  }),
  notFound: answer(404, { key: 'accountNotFound' }),
  conflict: answer(409, {
    key: 'conflict.lifecycleErrors',
    context: {
      message: 'Lifecycle errors',
      accountId: 'x',
      errorCodes: [{ code: 'site.owner', message: 'The user owns a site', link: 'https://example.com' }],
    },
  }),
  badRequest: answer(400, { key: 'badRequestFormat', context: { message: 'Invalid content type' } }),
  serverError: answer(500, { key: 'internal' }),
  badGateway: answer(502, html, { 'content-type': 'text/html' }),
  unavailable: answer(503, html, { 'content-type': 'text/html' }),
  gatewayTimeout: answer(504, html, { 'content-type': 'text/html' }),
  wrongSuccess: answer(200, { ok: true }),
  wrongSuccessAfterChange: { kind: 'answer-after-change', status: 200, body: { ok: true } },
  redirect: answer(302, '', { location: 'https://evil.example/' }),
  throttled: (headers: Record<string, string> = {}) => answer(429, '', headers),
  reset: { kind: 'reset' },
  resetAfterChange: { kind: 'reset-after-change' },
  errorAfterChange: { kind: 'answer-after-change', status: 503, body: html },
  hang: { kind: 'hang' },
  hangAfterChange: { kind: 'hang-after-change' },
} as const satisfies Record<string, Fault | ((text: never) => Fault)>
