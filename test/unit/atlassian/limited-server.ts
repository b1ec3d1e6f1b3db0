import type { Answer } from '../../../src/atlassian/transport.ts'
import { createQuota, type Quota } from '../../stand-in/quota.ts'
import type { VirtualClock } from './virtual-clock.ts'

/** A server that counts what reaches it, in the time of a virtual clock. */
export interface LimitedServer {
  readonly send: (onLeave: () => void, endpoint?: string) => Promise<Answer>
  /** When each request arrived. */
  readonly arrivals: readonly number[]
  /** Status of each answer, in order of arrival. */
  readonly statuses: readonly number[]
  readonly mostInFlight: () => number
  readonly refused: () => number
}

/** @param options.answer what is answered to the n-th request, from 0; left out or null, 200, within the quota */
export function limitedServer(
  clock: VirtualClock,
  options: { latency?: number; quota?: Quota; answer?: (index: number) => Answer | null },
): LimitedServer {
  const { latency = 50 } = options
  const quota = createQuota()
  quota.quota = options.quota ?? null
  const arrivals: number[] = []
  const statuses: number[] = []
  let inFlight = 0
  let most = 0
  return {
    send: async (onLeave, endpoint = 'search') => {
      onLeave()
      const index = arrivals.push(clock.now()) - 1
      most = Math.max(most, ++inFlight)
      await clock.sleep(latency / 2)
      const { allowed, headers } = quota.take(clock.now(), endpoint)
      const answer = options.answer?.(index) ?? {
        kind: 'answer',
        status: allowed ? 200 : 429,
        headers,
        body: '',
      }
      statuses[index] = answer.kind === 'answer' ? answer.status : 0
      await clock.sleep(latency / 2)
      inFlight--
      return answer
    },
    arrivals,
    statuses,
    mostInFlight: () => most,
    refused: () => statuses.filter((status) => status === 429).length,
  }
}

/** An answer with these headers and no body. */
export function answered(status: number, headers: Readonly<Record<string, string>> = {}): Answer {
  return { kind: 'answer', status, headers, body: '' }
}

/** Most of these times that lie within any stretch of this length. */
export function mostWithin(times: readonly number[], stretch: number): number {
  return times.reduce(
    (most, start) => Math.max(most, times.filter((time) => time >= start && time < start + stretch).length),
    0,
  )
}
