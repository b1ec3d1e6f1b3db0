/** A limit of calls in fixed windows. */
export interface Quota {
  /** Calls that may pass in a window. */
  readonly calls: number
  /** Milliseconds. */
  readonly window: number
  /** Headers that tell of it: none, to the second, or to the minute. */
  readonly headers: 'none' | 'second' | 'minute'
  readonly retryAfter?: boolean
  /** Windows begin on the clock, as minutes do; left out, with the first call. */
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

export function createQuota(): QuotaState & { take(now: number): Verdict } {
  let windowStart = 0
  let used = 0
  return {
    quota: null,
    refused: 0,
    passed: 0,
    take(now) {
      const { quota } = this
      if (quota === null) return { allowed: true, headers: {} }
      if (now >= windowStart + quota.window) {
        if (quota.aligned === true) windowStart = now - (now % quota.window)
        else windowStart = windowStart === 0 ? now : now - ((now - windowStart) % quota.window)
        used = 0
      }
      const allowed = used < quota.calls
      if (allowed) {
        used++
        this.passed++
      } else this.refused++
      const end = windowStart + quota.window
      const limits: Record<string, string> =
        quota.headers === 'none'
          ? {}
          : {
              'x-ratelimit-limit': String(quota.calls),
              'x-ratelimit-remaining': String(quota.calls - used),
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
