import { HttpResponse } from 'msw'
import { wrongProfile } from './account-answers.ts'
import { json, tooMany } from './answers.ts'
import type { Asked } from './atlassian-handlers.ts'
import type { Fault, Throttle } from './faults.ts'
import type { Organization } from './organization.ts'
import { resetAt } from './quota.ts'

/** There will be no answer. */
export const HANG = Symbol('hang')

/**
 * The answer to a call that a fault hits, or the normal one. Notes in the call what is answered.
 *
 * @returns a `Response.error()` stands for a connection that is cut: in process it rejects the client's request, the
 * server destroys the socket for it.
 */
export async function withFault(
  fault: Fault | null,
  asked: Asked,
  normal: () => Response,
  organization: Organization,
): Promise<Response | typeof HANG> {
  const { call } = asked
  const noted = (response: Response): Response => {
    call.status = response.status
    return response
  }
  switch (fault?.kind) {
    case undefined:
      return noted(normal())
    case 'answer':
      return noted(shaped(fault))
    case 'answer-after-change':
      normal()
      return noted(shaped(fault))
    case 'throttle':
      return noted(throttled(tooMany(call), fault, organization.now()))
    case 'reset':
      return HttpResponse.error()
    case 'reset-after-change':
      normal()
      return HttpResponse.error()
    case 'cut':
      return cut(normal())
    case 'delay': {
      const response = noted(normal())
      await organization.sleep(fault.milliseconds)
      return response
    }
    case 'late-change':
      await organization.sleep(fault.milliseconds)
      return noted(normal())
    case 'lost-late-change':
      void organization.later(fault.milliseconds).then(normal)
      return HttpResponse.error()
    case 'reshape':
      return reshaped(noted(normal()), fault.reshape)
    case 'hang':
      return HANG
    case 'hang-after-change':
      normal()
      return HANG
    case 'stale-profile':
      return noted(wrongProfile(organization, asked))
    case 'lag-profile':
    case 'comes-back': {
      const response = noted(normal())
      if (response.status !== 204) return response
      if (fault.kind === 'lag-profile') organization.lagProfile(call.accountId, fault)
      else organization.comeBack(call.accountId, fault.milliseconds)
      return response
    }
    case 'echo-key':
      return noted(json({ key: 'forbidden', context: { authorization: call.authorization } }, fault.status))
  }
}

function shaped({ status, body, headers = {} }: Extract<Fault, { kind: 'answer' | 'answer-after-change' }>): Response {
  const text = typeof body === 'object' ? JSON.stringify(body) : (body ?? '')
  const type = typeof body === 'object' ? { 'content-type': 'application/json' } : {}
  const empty = status === 204 || status === 205 || status === 304
  return new HttpResponse(empty ? null : text, { status, headers: { ...type, ...headers } })
}

function throttled(response: Response, { wait, retryAfter, reset }: Throttle, now: number): Response {
  const end = now + wait
  if (retryAfter === 'seconds') response.headers.set('retry-after', String(Math.ceil(wait / 1000)))
  if (retryAfter === 'date') response.headers.set('retry-after', new Date(end).toUTCString())
  if (reset !== undefined) {
    response.headers.set('x-ratelimit-remaining', '0')
    response.headers.set('x-ratelimit-reset', resetAt(end, reset))
  }
  return response
}

async function reshaped(
  response: Response,
  reshape: Extract<Fault, { kind: 'reshape' }>['reshape'],
): Promise<Response> {
  const text = await response.clone().text()
  if (response.status !== 200) return response
  return json(reshape(JSON.parse(text)) as object, 200)
}

/** Half of the answer's body, and then the connection breaks. */
async function cut(response: Response): Promise<Response> {
  const bytes = new Uint8Array(await response.arrayBuffer())
  if (bytes.length === 0) return HttpResponse.error()
  let sent = false
  const body = new ReadableStream({
    pull: (controller) => {
      if (sent) controller.error(new Error('The connection was cut.'))
      else controller.enqueue(bytes.subarray(0, Math.ceil(bytes.length / 2)))
      sent = true
    },
  })
  return new HttpResponse(body, { status: response.status, headers: { 'content-type': 'application/json' } })
}
