import { http, type RequestHandler } from 'msw'
import { lifecycle, permissions, profile } from './account-answers.ts'
import { foreignOrganization, json, tooMany, unauthorized } from './answers.ts'
import { apiKeys, count, managedUsers, organizations, scimLinks, search, stats } from './directory-answers.ts'
import { HANG, withFault } from './fault-effects.ts'
import type { Faults } from './faults.ts'
import type { Call, Organization, Person, Route } from './organization.ts'
import type { createQuota } from './quota.ts'

export interface AtlassianWorld {
  readonly organization: Organization
  readonly faults: Faults
  readonly quota: ReturnType<typeof createQuota>
}

/** A call, with what it means. */
export interface Asked {
  readonly call: Call
  readonly url: URL
  /** The body, where it is a JSON object; null where it is not. */
  readonly body: Readonly<Record<string, unknown>> | null
  /** Whom the path names, if anybody knows that account. */
  readonly person: Person | undefined
  /** Of the path; empty where it names none. */
  readonly directory: string
}

type Answer = (asked: Asked) => Response
type Params = Readonly<Record<string, string | readonly string[] | undefined>>

/** Atlassian's admin APIs, as its documents describe them, over one organization. */
export function atlassianHandlers(base: string, world: AtlassianWorld): RequestHandler[] {
  const { organization } = world
  const on = (method: 'get' | 'post', path: string, route: Route, answer: Answer): RequestHandler =>
    http[method](`${base}${path}`, ({ request, params }) => respond(world, route, request, params, answer))
  const account = '/users/:account/manage'
  const users = '/admin/v2/orgs/:org/directories/:directory/users'
  const links = '/admin/user-provisioning/v1/org/:org/user/:account/get-scim-links'
  return [
    on('get', `${account}/profile`, 'profile', (asked) => profile(organization, asked)),
    on('post', `${account}/lifecycle/disable`, 'disable', (asked) => lifecycle(organization, asked, 'disable')),
    on('post', `${account}/lifecycle/enable`, 'enable', (asked) => lifecycle(organization, asked, 'enable')),
    on('get', account, 'permissions', (asked) => permissions(organization, asked)),
    on('post', `${users}/search`, 'search', (asked) => search(organization, asked)),
    on('get', `${users}/count`, 'count', (asked) => count(organization, asked)),
    on('get', `${users}/stats`, 'stats', (asked) => stats(organization, asked)),
    on('get', '/admin/v1/orgs/:org/users', 'users', (asked) => managedUsers(organization, asked)),
    on('get', '/admin/api-access/v1/orgs/:org/api-keys', 'api-keys', (asked) => apiKeys(organization, asked)),
    on('get', links, 'scim-links', scimLinks),
    on('get', '/admin/v1/orgs', 'orgs', (asked) => organizations(organization, asked)),
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
  const asked = await readCall(organization, route, request, params)
  const { call } = asked
  organization.inFlight++
  organization.maxInFlight = Math.max(organization.maxInFlight, organization.inFlight)
  let response: Response | typeof HANG
  try {
    if (organization.latency > 0) await organization.sleep(organization.latency)
    organization.settle()
    const { allowed, headers } = quota.take(organization.now(), route)
    const normal = (): Response => authorized(organization, asked, params, answer)
    if (!allowed) call.status = 429
    response = allowed ? await withFault(faults.next(call), asked, normal, organization) : tooMany(call)
    if (response !== HANG && response.type !== 'error') {
      if (route === 'profile' && response.status === 200) call.shows = await statusShownIn(response, call.accountId)
      response.headers.set('date', new Date(organization.now()).toUTCString())
      for (const [name, value] of Object.entries(headers)) response.headers.set(name, value)
    }
  } finally {
    organization.inFlight--
  }
  return response === HANG ? new Promise(() => {}) : response
}

async function readCall(organization: Organization, route: Route, request: Request, params: Params): Promise<Asked> {
  const body = await request.text()
  const url = new URL(request.url)
  const authorization = request.headers.get('authorization') ?? ''
  const accountId = String(params.account ?? '')
  const call: Call = {
    at: organization.now(),
    method: request.method,
    path: url.pathname + url.search,
    route,
    accountId,
    authorization,
    contentType: request.headers.get('content-type') ?? '',
    body,
    status: 0,
    shows: '',
  }
  organization.calls.push(call)
  organization.onCall(call)
  noteAuthorization(organization, url.origin, authorization)
  const directory = String(params.directory ?? '')
  return { call, url, body: parseObject(body), person: organization.people.get(accountId), directory }
}

/** Keeps in mind where a header was sent. */
export function noteAuthorization({ authorizations }: Organization, origin: string, authorization: string): void {
  const known = authorizations.get(origin) ?? new Set()
  authorizations.set(origin, known.add(authorization))
}

/** What comes before every answer: the key, its scopes, and whose organization it is. */
function authorized(organization: Organization, asked: Asked, params: Params, answer: Answer): Response {
  const { call } = asked
  if (call.authorization !== `Bearer ${organization.key}`) return unauthorized(call)
  const { reach } = organization
  const isAccount = call.path.startsWith('/users/')
  if ((isAccount && organization.scopedKey) || (reach !== null && !reach.has(call.route))) {
    if (!isAccount && call.path.startsWith('/admin/v2/')) return foreignOrganization(call, 403)
    const context = { message: 'Insufficient scope for this action', required: ['manage:org'] }
    return json({ key: 'forbidden.insufficientScope', context }, 403)
  }
  if (params.org !== undefined && params.org !== organization.id)
    return foreignOrganization(call, organization.foreignStatus)
  return answer(asked)
}

/** What a client learns from a profile, whatever a fault has made of it. */
async function statusShownIn(response: Response, accountId: string): Promise<string> {
  const text = await response
    .clone()
    .text()
    .catch(() => '')
  const account = parseObject(text)?.account as Readonly<Record<string, unknown>> | undefined
  const { account_id: id, account_status: status } = account ?? {}
  return id === accountId && typeof status === 'string' ? status : ''
}

function parseObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null
  } catch {
    return null
  }
}
