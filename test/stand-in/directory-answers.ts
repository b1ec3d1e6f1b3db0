import { shownName } from './account-answers.ts'
import { json, ok, problem } from './answers.ts'
import type { Asked } from './atlassian-handlers.ts'
import {
  DIRECTORY,
  type Filter,
  filterProblem,
  groupId,
  matchesFilter,
  queryFilter,
  statusOf,
} from './directory-filter.ts'
import type { Organization, Person } from './organization.ts'

const EXPANSIONS = ['platformRoles', 'groups', 'productAccess', 'counts.resources']
const PLATFORM_ROLES = [
  'atlassian/org-admin',
  'atlassian/site-admin',
  'atlassian/user-access-admin',
  'atlassian/ai-access',
]
/** Accounts on a page of `GET /admin/v1/orgs/{o}/users`. */
const PAGE = 100

interface Walk {
  readonly filter: Filter
  readonly limit: number
  readonly expand: readonly string[]
  /** People passed so far, chosen or not: the filter's own effects must not shift the pages. */
  readonly from: number
}

/** `POST …/users/search`. */
export function search(organization: Organization, asked: Asked): Response {
  const { call, body, directory } = asked
  if (!knows(directory)) return notFound()
  if (call.body !== '' && (body === null || !/^application\/json\b/i.test(call.contentType)))
    return badSearch('The body is no JSON object')
  const walk = readWalk(body ?? {})
  if (typeof walk === 'string') return badSearch(walk)
  const data: object[] = []
  let next: string | null = null
  for (const { index, person } of candidates(organization, walk.filter, walk.from)) {
    if (!matchesFilter(organization, person, walk.filter)) continue
    if (data.length === walk.limit) {
      next = Buffer.from(JSON.stringify({ ...walk, from: index })).toString('base64url')
      break
    }
    data.push(directoryEntry(organization, person, walk.expand))
  }
  const last = organization.lastPage === 'null' ? { next: null } : {}
  return ok({ data, links: { self: 'self', ...(next === null ? last : { next }) } })
}

/** `GET …/users/count`, with the search's filters in the query. */
export function count(organization: Organization, { url, directory }: Asked): Response {
  if (!knows(directory)) return notFound()
  const filter = queryFilter(url)
  const wrong = filterProblem(filter)
  return wrong === '' ? ok({ count: countOf(organization, filter) }) : badSearch(wrong)
}

/** `GET …/users/stats`. */
export function stats(organization: Organization, { directory }: Asked): Response {
  if (!knows(directory)) return notFound()
  const hidden = (roleId: string): number => (roleId === 'atlassian/org-admin' ? organization.hiddenAdmins : 0)
  return ok({
    accountStatus: ['active', 'inactive', 'closed'].map((status) => ({
      status,
      count: countOf(organization, { accountStatus: [status] }),
    })),
    roles: PLATFORM_ROLES.map((roleId) => ({
      roleId,
      count: countOf(organization, { roleIds: [roleId] }) + hidden(roleId),
    })),
  })
}

/** `GET /admin/v1/orgs/{o}/users`: managed accounts, page by page; the next link is a full address. */
export function managedUsers(organization: Organization, { url }: Asked): Response {
  const cursor = url.searchParams.get('cursor') ?? '0'
  if (!/^[0-9]+$/.test(cursor)) return problem(400, 'ADMIN-400-1', 'Bad request', 'Invalid page cursor')
  const from = Number(cursor)
  const all = [...organization.people.values()].filter(({ claimStatus }) => claimStatus === 'managed')
  const data = all.slice(from, from + PAGE).map((person) => {
    const status = organization.searchedStatus(person)
    return {
      account_id: person.id,
      account_type: person.accountType,
      account_status: status,
      name: shownName(person, status),
      email: person.email,
      picture: 'https://example.com/picture.png',
      access_billable: status === 'active',
      ...(person.lastActive === null ? {} : { last_active: person.lastActive }),
      product_access: [{ key: 'jira', name: 'Jira', url: 'https://acme.example', last_active: person.lastActive }],
      links: { self: `${url.origin}/users/${person.id}/manage/profile` },
      later: 1,
      ...person.odd.users,
    }
  })
  const next = new URL(url.pathname, organization.nextOrigin === '' ? url.origin : organization.nextOrigin)
  next.searchParams.set('cursor', String(from + PAGE))
  const more = from + PAGE < all.length ? { next: next.href } : {}
  return ok({ data, meta: { total: all.length }, links: { self: url.href, ...more } })
}

/** `GET /admin/api-access/v1/orgs/{o}/api-keys`: all keys, page by page, not which one asks. */
export function apiKeys({ apiKeys: keys, people, keysNeedPageSize }: Organization, { url }: Asked): Response {
  const asked = Number(url.searchParams.get('pageSize') ?? PAGE)
  if (keysNeedPageSize && !url.searchParams.has('pageSize')) return json({ code: 500, message: 'Internal' }, 500)
  if (!Number.isInteger(asked) || asked < 1) return problem(400, 'BAD_REQUEST', 'Bad request', 'Invalid pageSize')
  const page = Math.min(asked, PAGE)
  const from = Number(url.searchParams.get('cursor') ?? 0)
  const data = keys.slice(from, from + page).map(({ creator, expiresAt, scopes = [] }, index) => ({
    id: `key-${from + index}`,
    label: `Key ${from + index}`,
    createdAt: '2026-01-01T00:00:00Z',
    lastActiveAt: '2026-01-02T00:00:00Z',
    expiresAt,
    scopes,
    createdBy: { id: creator, name: people.get(creator)?.name ?? '', email: people.get(creator)?.email ?? '' },
  }))
  const next = from + page < keys.length ? { next: String(from + page) } : {}
  return ok({ data, links: { self: String(from), ...next } })
}

/** `GET /admin/user-provisioning/v1/org/{o}/user/{id}/get-scim-links`. */
export function scimLinks({ person }: Asked): Response {
  if (person === undefined) return json({ code: 404, message: 'User not found' }, 404)
  return ok({ scimLinks: person.managementSource === 'synced' ? [{ scimUserId: `scim-${person.id}` }] : [] })
}

/** `GET /admin/v1/orgs`; a key with scopes is shown none. */
export function organizations({ id, scopedKey, reach }: Organization, { url }: Asked): Response {
  const self = `${url.origin}/admin/v1/orgs/${id}`
  const related = (name: string): object => ({ [name]: { links: { related: `${self}/${name}` } } })
  const own = {
    id,
    type: 'orgs',
    attributes: { name: 'Stand-in' },
    relationships: { ...related('domains'), ...related('users') },
    links: { self },
  }
  return ok({ data: scopedKey || reach !== null ? [] : [own], links: { self: url.href } })
}

function readWalk(asked: Readonly<Record<string, unknown>>): Walk | string {
  if (asked.cursor !== undefined) return readCursor(asked.cursor) ?? 'Invalid cursor'
  const wrong = filterProblem(asked)
  if (wrong !== '') return wrong
  const { limit = 50, expand = [] } = asked
  if (typeof limit !== 'number' || !Number.isInteger(limit) || limit < 1 || limit > 100) return 'limit takes 1 to 100'
  if (!Array.isArray(expand) || expand.some((name) => !EXPANSIONS.includes(name))) return 'expand: unknown value'
  return { filter: asked, limit, expand, from: 0 }
}

/** A token of an earlier page; null for any other text. */
function readCursor(cursor: unknown): Walk | null {
  if (typeof cursor !== 'string') return null
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString())
    return typeof value === 'object' && value !== null && 'filter' in value && 'from' in value ? (value as Walk) : null
  } catch {
    return null
  }
}

/** A place in the order of the search: who, and by which directory. */
interface Place {
  readonly id: string
  /** 0 is the person's own entry, further ones are those of `elsewhere`. */
  readonly entry: number
}

/** Everybody from a place on, as one directory after the other names them. */
function* candidates(
  { people }: Organization,
  { accountIds, emails }: Filter,
  from = 0,
): Iterable<{ readonly index: number; readonly person: Person }> {
  const ids = accountIds ?? (emails === undefined ? undefined : idsBehind(people, new Set(emails)))
  const places = ids === undefined ? placesOfAll(people) : placesOf(people, new Set(ids))
  for (let index = from; index < places.length; index++) {
    const { id, entry } = places[index] ?? { id: '', entry: 0 }
    const person = people.get(id)
    if (person === undefined || !person.inDirectory) continue
    yield { index, person: entry === 0 ? person : { ...person, odd: {}, ...person.elsewhere[entry - 1], id } }
  }
}

/** Who has one of these addresses in any directory: a search by a hundred of them must not compare each with everybody. */
function idsBehind(people: ReadonlyMap<string, Person>, emails: ReadonlySet<string>): readonly string[] {
  const ids: string[] = []
  for (const { id, email, elsewhere } of people.values()) {
    if (emails.has(email) || elsewhere.some((entry) => emails.has(entry.email ?? email))) ids.push(id)
  }
  return ids
}

function placesOf(people: ReadonlyMap<string, Person>, ids: Iterable<string>): Place[] {
  const known = [...ids].filter((id) => people.has(id))
  const further = known.flatMap((id) => (people.get(id)?.elsewhere ?? []).map((_, index) => ({ id, entry: index + 1 })))
  return [...known.map((id) => ({ id, entry: 0 })), ...further]
}

const listings = new WeakMap<
  ReadonlyMap<string, Person>,
  { readonly size: number; readonly places: readonly Place[] }
>()

/** All places: a page from the middle of a large organization must not cost a count up to there. */
function placesOfAll(people: ReadonlyMap<string, Person>): readonly Place[] {
  const known = listings.get(people)
  if (known?.size === people.size) return known.places
  const places = placesOf(people, people.keys())
  listings.set(people, { size: people.size, places })
  return places
}

/** Counts people, not their entries. */
function countOf(organization: Organization, filter: Filter): number {
  const ids = new Set<string>()
  for (const { person } of candidates(organization, filter)) {
    if (matchesFilter(organization, person, filter)) ids.add(person.id)
  }
  return ids.size
}

function directoryEntry(organization: Organization, person: Person, expand: readonly string[]): object {
  const accountStatus = organization.searchedStatus(person)
  const entry = {
    accountId: person.id,
    accountType: person.accountType,
    status: statusOf(person, accountStatus),
    accountStatus,
    membershipStatus: person.membershipStatus,
    claimStatus: person.claimStatus,
    managementSource: person.managementSource,
    addedToOrg: person.addedToOrg,
    name: shownName(person, accountStatus),
    nickname: person.name,
    email: person.email,
    emailVerified: true,
    platformRoles: person.roles.filter((role) => PLATFORM_ROLES.includes(role)),
    groups: person.groups.map((name) => ({ id: groupId(name), name })),
    productAccess: [{ id: 'product-1', key: 'jira', ...lastActiveOf(person) }],
    counts: { resources: 1 },
    later: { added: true },
    ...person.odd.search,
  }
  const left = EXPANSIONS.filter((name) => !expand.includes(name)).map((name) => name.replace(/\..*$/, ''))
  return Object.fromEntries(Object.entries(entry).filter(([name]) => !left.includes(name)))
}

function lastActiveOf({ lastActive }: Person): { readonly lastActiveTimestamp?: string } {
  return lastActive === null ? {} : { lastActiveTimestamp: lastActive }
}

function knows(directory: string): boolean {
  return directory === '-' || directory === DIRECTORY
}

function notFound(): Response {
  return problem(404, 'NOT_FOUND', 'Not found', 'Directory not found')
}

function badSearch(detail: string): Response {
  return problem(400, 'BAD_REQUEST', 'Bad request', detail)
}
