import { HttpResponse } from 'msw'
import type { Call } from './organization.ts'

/** A success. Members that nobody documents are in every body: clients must not trip over them. */
export function ok(body: object): Response {
  return json({ ...body, later: { added: [1] } }, 200)
}

export function json(body: object, status: number): Response {
  return HttpResponse.json(body as never, { status })
}

/** 204, with nothing. */
export function done(): Response {
  return new HttpResponse(null, { status: 204 })
}

/** An error of the organization's newer calls. */
export function problem(status: number, code: string, title: string, detail: string): Response {
  return json({ errors: [{ id: 'e-1', status: String(status), code, title, detail }] }, status)
}

/** A request that the account's calls do not understand. */
export function badFormat(message: string): Response {
  return json({ key: 'badRequestFormat', context: { message }, errorKey: 'bad-request-format', errorDetail: {} }, 400)
}

/** Each family of calls says in its own way that it does not know the key. */
export function unauthorized(call: Call): Response {
  if (call.path.startsWith('/users/')) return json({ key: 'unauthorized' }, 401)
  if (call.path.startsWith('/admin/v2/')) return problem(401, 'UNAUTHORIZED', 'Unauthorized', 'Unauthorized')
  return json({ code: 401, message: 'Unauthorized' }, 401)
}

/** And so with too many calls; of an account's calls nothing is known but the status. */
export function tooMany(call: Call): Response {
  if (call.path.startsWith('/users/')) return new HttpResponse('', { status: 429 })
  if (call.path.startsWith('/admin/v2/')) return problem(429, 'RATE_LIMITED', 'Too many requests', 'Rate limited')
  return json({ code: 429, message: 'Too many API requests' }, 429)
}

/** What a key is told about an organization that is not its own. */
export function foreignOrganization(call: Call, status: 403 | 404): Response {
  if (status === 404) return problem(404, 'ADMIN-404-2', 'Not found', 'Organization not found')
  return json(
    {
      timestamp: new Date(call.at).toISOString(),
      path: call.path,
      status: 403,
      error: 'Forbidden',
      message: 'User has no permission to access resource.',
      requestId: 'request-1',
    },
    403,
  )
}
