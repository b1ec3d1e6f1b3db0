import { type Reply, unreadable } from '../../../src/atlassian/answers.ts'
import type { Atlassian } from '../../../src/atlassian/atlassian.ts'
import type { ApiRequest } from '../../../src/atlassian/transport.ts'
import type { Unknowns } from '../../../src/text/unknowns.ts'

export type Read = Reply<Unknowns>

/** Requests in order. */
export interface Recorded {
  readonly atlassian: Atlassian
  readonly requests: readonly ApiRequest[]
  /** What each request was told to stop at. */
  readonly stops: readonly AbortSignal[]
}

/** The door to Atlassian with answers of a test behind it, for reads alone. @param call counts from 0 */
export function recorded(answer: (request: ApiRequest, call: number) => Read): Recorded {
  const requests: ApiRequest[] = []
  const stops: AbortSignal[] = []
  const atlassian: Atlassian = {
    read: async (request, stop) => {
      stops.push(stop)
      return answer(request, requests.push(request) - 1)
    },
    change: () => Promise.reject(new Error('no change is expected here')),
    beforeRetry: async () => undefined,
    close: async () => undefined,
  }
  return { atlassian, requests, stops }
}

/** An answer of 200 with this body. */
export function body(members: Unknowns): Read {
  return { kind: 'read', value: members }
}

/** One answer after the other; the last one again and again. */
export function inTurn(...answers: readonly Read[]): (request: ApiRequest, call: number) => Read {
  return (_, call) => answers[Math.min(call, answers.length - 1)] ?? unreadable('no answer', 0)
}
