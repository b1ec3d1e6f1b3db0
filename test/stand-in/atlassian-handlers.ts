import { setTimeout as sleep } from 'node:timers/promises'
import { HttpResponse, http, type RequestHandler } from 'msw'
import type { Fault, Faults } from './faults.ts'
import type { Call, Organization, Person, Route } from './organization.ts'
import type { createQuota } from './quota.ts'

/** What the server does when it finds this header: cut the connection, or never answer. */
export const CONNECTION_FAULT = 'x-stand-in-connection'

export interface AtlassianWorld {
  readonly organization: Organization
  readonly faults: Faults
  readonly quota: ReturnType<typeof createQuota>
}

type Params = Readonly<Record<string, string | readonly string[] | undefined>>

interface Asked {
  readonly call: Call
  readonly url: URL
  /** Parsed JSON; null where there is none. */
  readonly body: Record<string, unknown> | null
  readonly person: Person | undefined
}

type Answer = (asked: Asked) => Response

/** Atlassian's admin APIs, as its documents describe them, over one organization. */
export function atlassianHandlers(base: string, world: AtlassianWorld): RequestHandler[] {
  const { organization } = world
  const on = (method: 'get' | 'post', path: string, route: Route, answer: Answer): RequestHandler =>
    http[method](`${base}${path}`, ({ request, params }) => respond(world, route, request, params, answer))
  const account = '/users/:account/manage'
  const users = '/admin/v2/orgs/:org/directories/:directory/users'
  return [
    on('get', account, 'permissions', ({ person }) => managed(organization, person, permissions)),
    on('get', `${account}/profile`, 'profile', ({ person }) =>
      managed(organization, person, (found) => profile(found)),
    ),
    on('post', `${account}/lifecycle/disable`, 'disable', (asked) => lifecycle(organization, asked, 'disable')),
    on('post', `${account}/lifecycle/enable`, 'enable', (asked) => lifecycle(organization, asked, 'enable')),
    on('post', `${users}/search`, 'search', (asked) => search(organization, asked)),
    on('get', `${users}/count`, 'count', ({ url }) => json({ count: filtered(organization, queryFilter(url)).length })),
    on('get', `${users}/stats`, 'stats', () => json(stats(organization))),
    on('get', '/admin/v1/orgs/:org/users', 'users', ({ url }) => managedUsers(organization, url)),
    on('get', '/admin/api-access/v1/orgs/:org/api-keys', 'api-keys', () =>
      json({ data: organization.apiKeys.map(apiKey) }),
    ),
    on('get', '/admin/user-provisioning/v1/org/:org/user/:account/get-scim-links', 'scim-links', ({ person }) =>
      json({ scimLinks: person?.managementSource === 'synced' ? [{ id: 'link' }] : [] }),
    ),
    on('get', '/admin/v1/orgs', 'orgs', () =>
      json({ data: organization.scopedKey ? [] : [{ id: organization.id, type: 'orgs' }] }),
    ),
  ]
}

async function respond(
  world: AtlassianWorld,
  route: Route,
  request: Request,
  params: Params,
  answer: Answer,
): Promise<Response> {
  const { organization, faults, quota } = world
  const accountId = decodeURIComponent(String(params.account ?? ''))
  const text = await request.text()
  const url = new URL(request.url)
  const call: Call = {
    at: Date.now(),
    method: request.method,
    path: url.pathname + url.search,
    route,
    accountId,
    authorization: request.headers.get('authorization') ?? '',
    contentType: request.headers.get('content-type') ?? '',
    body: text,
    status: 0,
  }
  organization.calls.push(call)
  organization.inFlight++
  organization.maxInFlight = Math.max(organization.maxInFlight, organization.inFlight)
  try {
    if (organization.latency > 0) await sleep(organization.latency)
    const asked: Asked = { call, url, body: parse(text), person: organization.people.get(accountId) }
    const { allowed, headers } = quota.take(Date.now())
    const normal = (): Response =>
      allowed ? authorized(organization, asked, params, answer) : new HttpResponse('', { status: 429 })
    const response = allowed ? await faulty(faults.next(call), asked, normal, world) : normal()
    for (const [name, value] of Object.entries(headers)) response.headers.set(name, value)
    call.status = response.headers.has(CONNECTION_FAULT) ? 0 : response.status
    return response
  } finally {
    organization.inFlight--
  }
}

function authorized(organization: Organization, asked: Asked, params: Params, answer: Answer): Response {
  const { call } = asked
  if (call.authorization !== `Bearer ${organization.key}`) return json({ key: 'unauthorized' }, 401)
  if (call.path.startsWith('/users/') && organization.scopedKey) {
    return json(
      {
        key: 'forbidden.insufficientScope',
        context: { message: 'Insufficient scope for this action', required: ['manage:org'] },
      },
      403,
    )
  }
  if (params.org !== undefined && params.org !== organization.id) {
    return json(
      {
        timestamp: '2026-01-01T00:00:00Z',
        path: call.path,
        status: 403,
        error: 'Forbidden',
        message: 'User has no permission to access resource.',
        requestId: 'r',
      },
      403,
    )
  }
  return answer(asked)
}

async function faulty(
  fault: Fault | null,
  asked: Asked,
  normal: () => Response,
  { organization }: AtlassianWorld,
): Promise<Response> {
  switch (fault?.kind) {
    case undefined:
      return normal()
    case 'answer':
      return shaped(fault)
    case 'answer-after-change':
      normal()
      return shaped(fault)
    case 'reset':
      return connectionFault('reset')
    case 'reset-after-change':
      normal()
      return connectionFault('reset')
    case 'hang':
      return connectionFault('hang')
    case 'hang-after-change':
      normal()
      return connectionFault('hang')
    case 'delay': {
      const response = normal()
      await sleep(fault.milliseconds)
      return response
    }
    case 'stale-profile': {
      const found = organization.people.get(asked.call.accountId)
      if (found === undefined) return normal()
      return profile({ ...found, accountStatus: found.accountStatus === 'active' ? 'inactive' : 'active' })
    }
  }
}

function shaped({ status, body, headers = {} }: Extract<Fault, { kind: 'answer' | 'answer-after-change' }>): Response {
  const text = typeof body === 'object' ? JSON.stringify(body) : (body ?? '')
  const type = typeof body === 'object' ? { 'content-type': 'application/json' } : {}
  const empty = status === 204 || status === 304
  return new HttpResponse(empty ? null : text, { status, headers: { ...type, ...headers } })
}

function connectionFault(kind: 'reset' | 'hang'): Response {
  return new HttpResponse('', { status: 500, headers: { [CONNECTION_FAULT]: kind } })
}

function managed(
  organization: Organization,
  person: Person | undefined,
  answer: (person: Person) => Response,
): Response {
  if (person === undefined) return json({ key: 'accountNotFound' }, 404)
  if (person.claimStatus === 'unmanaged') {
    const { unmanagedStatus: status } = organization
    return json({ key: status === 404 ? 'notFound' : 'forbidden' }, status)
  }
  return answer(person)
}

function permissions({ manageRefusal }: Person): Response {
  const enablement = manageRefusal === '' ? { allowed: true } : { allowed: false, reason: { key: manageRefusal } }
  return json({ 'lifecycle.enablement': enablement, 'email.set': { allowed: true, future: 1 } })
}

function profile(person: Person): Response {
  const { id, accountType, accountStatus, name, email } = person
  const shown = accountStatus === 'active' ? name : `${name} (Deactivated)`
  return json({
    account: {
      account_id: id,
      account_type: accountType,
      account_status: accountStatus,
      name: shown,
      nickname: name,
      email,
      picture: 'https://example.com/p.png',
      extended_profile: {},
      later: [1],
    },
  })
}

function lifecycle(organization: Organization, { call, body, person }: Asked, action: 'disable' | 'enable'): Response {
  if (action === 'disable' && !call.contentType.startsWith('application/json')) {
    const message = 'Invalid content type (application/octet-stream).  These are valid: application/json'
    return json({ key: 'badRequestFormat', context: { message }, errorKey: 'bad-request-format', errorDetail: {} }, 400)
  }
  return managed(organization, person, (found) => {
    if (found.manageRefusal !== '')
      return json({ key: 'forbidden.action', context: { allowed: false, reason: { key: found.manageRefusal } } }, 403)
    const message = typeof body?.message === 'string' ? body.message : ''
    if (organization.setStatus(found.id, action, message) || organization.alreadySo === 204)
      return new HttpResponse(null, { status: 204 })
    const errorCodes = [{ code: 'already', message: 'Nothing to do', link: 'https://example.com' }]
    return json(
      { key: 'conflict.lifecycleErrors', context: { message: 'Conflict', accountId: found.id, errorCodes } },
      409,
    )
  })
}

interface Filter {
  readonly accountIds?: readonly string[]
  readonly emails?: readonly string[]
  readonly accountStatus?: readonly string[]
  readonly claimStatus?: string
  readonly roleIds?: readonly string[]
}

function filtered(organization: Organization, filter: Filter): Person[] {
  return [...organization.people.values()].filter(
    (person) =>
      (filter.accountIds?.includes(person.id) ?? true) &&
      (filter.emails?.includes(person.email) ?? true) &&
      (filter.accountStatus?.includes(organization.searchedStatus(person)) ?? true) &&
      (filter.claimStatus === undefined || filter.claimStatus === person.claimStatus) &&
      (filter.roleIds?.some((role) => person.roles.includes(role)) ?? true),
  )
}

function queryFilter(url: URL): Filter {
  const claimStatus = url.searchParams.get('claimStatus')
  const accountStatus = url.searchParams.getAll('accountStatus')
  return { ...(claimStatus === null ? {} : { claimStatus }), ...(accountStatus.length === 0 ? {} : { accountStatus }) }
}

const LIMITS: readonly (readonly [string, number])[] = [
  ['accountIds', 10],
  ['emails', 100],
  ['roleIds', 10],
  ['groupIds', 10],
  ['emailDomains', 10],
]

function search(organization: Organization, { body }: Asked): Response {
  const asked = body ?? {}
  for (const [name, most] of LIMITS) {
    const list = asked[name]
    if (list !== undefined && (!Array.isArray(list) || list.length < 1 || list.length > most))
      return badSearch(`${name} takes 1 to ${most}`)
  }
  if (asked.emails !== undefined && asked.searchTerm !== undefined) return badSearch('emails excludes searchTerm')
  const { limit = 50 } = asked
  if (typeof limit !== 'number' || limit < 1 || limit > 100) return badSearch('limit takes 1 to 100')
  const cursor = typeof asked.cursor === 'string' ? readCursor(asked.cursor) : null
  if (asked.cursor !== undefined && cursor === null) return badSearch('that cursor is none of mine')
  const {
    filter,
    from,
    expand,
    limit: size,
  } = cursor ?? { filter: asked as Filter, from: 0, limit, expand: (asked.expand ?? []) as string[] }
  const found = filtered(organization, filter)
  const page = found.slice(from, from + size)
  const more = from + size < found.length
  const next = Buffer.from(JSON.stringify({ filter, from: from + size, limit: size, expand })).toString('base64url')
  return json({
    data: page.map((person) => directoryEntry(organization, person, expand)),
    links: { self: 'x', ...(more ? { next } : {}) },
  })
}

interface Cursor {
  readonly filter: Filter
  readonly from: number
  readonly limit: number
  readonly expand: readonly string[]
}

function readCursor(token: string): Cursor | null {
  return parse(Buffer.from(token, 'base64url').toString()) as Cursor | null
}

function badSearch(detail: string): Response {
  return json({ errors: [{ id: 'e', status: '400', code: 'BAD_REQUEST', title: 'Bad request', detail }] }, 400)
}

function directoryEntry(organization: Organization, person: Person, expand: readonly string[]): object {
  const accountStatus = organization.searchedStatus(person)
  const status =
    accountStatus !== 'active'
      ? 'deactivated'
      : { active: 'active', suspended: 'suspended', no_membership: 'not_invited' }[person.membershipStatus]
  return {
    accountId: person.id,
    accountType: person.accountType,
    status,
    accountStatus,
    membershipStatus: person.membershipStatus,
    claimStatus: person.claimStatus,
    managementSource: person.managementSource,
    addedToOrg: '2024-01-03T00:00:00Z',
    name: person.name,
    email: person.email,
    emailVerified: true,
    ...(expand.includes('platformRoles') ? { platformRoles: person.roles } : {}),
    ...(expand.includes('groups') ? { groups: person.groups.map((name) => ({ id: `g-${name}`, name })) } : {}),
  }
}

function stats(organization: Organization): object {
  const statuses = ['active', 'inactive', 'closed'].map((status) => ({
    status,
    count: filtered(organization, { accountStatus: [status] }).length,
  }))
  return {
    accountStatus: statuses,
    roles: [
      { roleId: 'atlassian/org-admin', count: filtered(organization, { roleIds: ['atlassian/org-admin'] }).length },
    ],
  }
}

function managedUsers(organization: Organization, url: URL): Response {
  const from = Number(url.searchParams.get('cursor') ?? '0')
  const all = filtered(organization, { claimStatus: 'managed' })
  const data = all.slice(from, from + 100).map(({ id, accountType, accountStatus, name, email }) => ({
    account_id: id,
    account_type: accountType,
    account_status: accountStatus,
    name,
    email,
  }))
  const next = new URL(url)
  next.searchParams.set('cursor', String(from + 100))
  return json({ data, meta: { total: all.length }, links: from + 100 < all.length ? { next: next.href } : {} })
}

function apiKey({ creator, expiresAt }: { creator: string; expiresAt: string }, index: number): object {
  return {
    id: `key-${index}`,
    label: 'key',
    createdAt: '2026-01-01T00:00:00Z',
    expiresAt,
    scopes: [],
    createdBy: { id: creator, name: 'x', email: 'x@example.com' },
  }
}

function json(body: object, status = 200): Response {
  return HttpResponse.json(body as never, { status })
}

function parse(text: string): Record<string, unknown> | null {
  try {
    return JSON.parse(text) as Record<string, unknown>
  } catch {
    return null
  }
}
