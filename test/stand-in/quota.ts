/** A limit of calls in fixed windows, counted for each endpoint. */
export interface Quota {
  /** Calls of one endpoint that may pass in a window. */
  readonly calls: number
  /** Other numbers for some endpoints, by route. */
  readonly callsTo?: Readonly<Record<string, number>>
  /** Milliseconds. */
  readonly window: number
  /** Headers that tell of it: none, to the second, or to the minute. */
  readonly headers: 'none' | 'second' | 'minute'
  readonly retryAfter?: boolean
  /** Windows begin on the clock, as minutes do; left out, with the first call of an endpoint. */
  readonly aligned?: boolean
}

export interface QuotaState {
  quota: Quota | null
  refused: number
  passed: number
}

interface Verdict {
  readonly allowed: boolean
  readonly headers: Record<string, string>
}

export function createQuota(): QuotaState & { take(now: number, endpoint: string): Verdict } {
  const windows = new Map<string, { start: number; used: number }>()
  return {
    quota: null,
    refused: 0,
    passed: 0,
    take(now, endpoint) {
      const { quota } = this
      if (quota === null) return { allowed: true, headers: {} }
      const { window, aligned = false, calls: most, callsTo = {} } = quota
      const calls = callsTo[endpoint] ?? most
      const known = windows.get(endpoint)
      const since = aligned ? 0 : (known?.start ?? now)
      const start = now - ((now - since) % window)
      const used = known?.start === start ? known.used : 0
      const allowed = used < calls
      windows.set(endpoint, { start, used: allowed ? used + 1 : used })
      this[allowed ? 'passed' : 'refused']++
      const end = start + window
      const limits: Record<string, string> =
        quota.headers === 'none'
          ? {}
          : {
              'x-ratelimit-limit': String(calls),
              'x-ratelimit-remaining': String(calls - used - (allowed ? 1 : 0)),
              'x-ratelimit-reset': resetAt(end, quota.headers),
            }
      const retry: Record<string, string> =
        !allowed && quota.retryAfter === true ? { 'retry-after': String(Math.ceil((end - now) / 1000)) } : {}
      return { allowed, headers: { ...limits, ...retry } }
    },
  }
}

/** A moment as `X-RateLimit-Reset` tells it: cut, so up to a second or a minute early. */
export function resetAt(moment: number, granularity: 'second' | 'minute'): string {
  return `${new Date(moment).toISOString().slice(0, granularity === 'minute' ? 16 : 19)}Z`
}
