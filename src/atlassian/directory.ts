import { asArray, asObject, asText } from '../text/unknowns.ts'
import { describeRefusal } from './answers.ts'
import { type ApiKey, readApiKey } from './api-keys.ts'
import type { Atlassian, Read } from './atlassian.ts'

/** What the organization's directory says of an account. */
export interface DirectoryPerson {
  readonly id: string
  /** False for apps and customers. */
  readonly person: boolean
  readonly active: boolean
  /** Belongs to a claimed domain of the organization. */
  readonly managed: boolean
  /** Provisioned from an identity provider. */
  readonly synced: boolean
  readonly email: string
  readonly roles: readonly string[]
  readonly groups: readonly string[]
}

/** A directory read that came to something, or why it did not. */
export type DirectoryRead<T> =
  | { readonly kind: 'read'; readonly value: T }
  | { readonly kind: 'unreadable'; readonly why: string }
  | Extract<Read, { kind: 'key-rejected' | 'withheld' }>

/** Ids that one search takes. Source: Atlassian's organization OpenAPI document. */
export const IDS_PER_SEARCH = 10
const PAGE_SIZE = 100
const ORG_ADMIN = 'atlassian/org-admin'

export interface ApiKeyList {
  readonly keys: readonly ApiKey[]
  /** False where there may be more: not every key may list the others. */
  readonly isComplete: boolean
}

/** The directory of one organization. */
export interface Directory {
  /** People with these ids, at most ten; those that the directory does not know are missing from the answer. */
  findById(ids: readonly string[], stop: AbortSignal): Promise<DirectoryRead<readonly DirectoryPerson[]>>
  /** Account ids with exactly this address. */
  findByEmail(email: string, stop: AbortSignal): Promise<DirectoryRead<readonly string[]>>
  /** Everybody in the organization, a hundred a call. */
  walk(stop: AbortSignal): Promise<DirectoryRead<readonly DirectoryPerson[]>>
  orgAdmins(stop: AbortSignal): Promise<DirectoryRead<readonly DirectoryPerson[]>>
  /** Active managed accounts. */
  countActive(stop: AbortSignal): Promise<DirectoryRead<number>>
  /** Everybody that a walk would meet. */
  countAll(stop: AbortSignal): Promise<DirectoryRead<number>>
  /** The organization's API keys, those that have ended included, as far as they can be read. */
  apiKeys(stop: AbortSignal): Promise<ApiKeyList>
}

/** @param withGroups whether groups are asked for: they make the answers large, and only a `group:` exclusion needs them. */
export function openDirectory(atlassian: Atlassian, organizationId: string, withGroups: boolean): Directory {
  const users = `/admin/v2/orgs/${encodeURIComponent(organizationId)}/directories/-/users`
  const expand = withGroups ? ['platformRoles', 'groups'] : ['platformRoles']
  const get = async (path: string, stop: AbortSignal) => settle(await atlassian.read({ method: 'GET', path }, stop))

  const search = async (filter: object, stop: AbortSignal): Promise<DirectoryRead<readonly DirectoryPerson[]>> => {
    const people: DirectoryPerson[] = []
    const pages = pagesOf('the user search', async (cursor) => {
      const body = { ...filter, expand, limit: PAGE_SIZE, ...(cursor === '' ? {} : { cursor }) }
      return settle(await atlassian.read({ method: 'POST', path: `${users}/search`, body }, stop))
    })
    for await (const page of pages) {
      if (page.kind !== 'read') return page
      people.push(...page.value.map(readPerson).filter((person) => person.id !== ''))
    }
    return { kind: 'read', value: people }
  }
  const countUsers = async (query: string, stop: AbortSignal): Promise<DirectoryRead<number>> => {
    const read = await get(`${users}/count${query}`, stop)
    if (read.kind !== 'read') return read
    const { count } = read.value
    return typeof count === 'number'
      ? { kind: 'read', value: count }
      : { kind: 'unreadable', why: 'a count without a number' }
  }

  return {
    findById: (ids, stop) => search({ accountIds: ids }, stop),
    findByEmail: async (email, stop) => {
      const found = await search({ emails: [email] }, stop)
      if (found.kind !== 'read') return found
      const same = found.value.filter((person) => person.email.toLowerCase() === email.toLowerCase())
      return { kind: 'read', value: same.map((person) => person.id) }
    },
    walk: (stop) => search({}, stop),
    orgAdmins: (stop) => search({ roleIds: [ORG_ADMIN] }, stop),
    countActive: (stop) => countUsers('?claimStatus=managed&accountStatus=active', stop),
    countAll: (stop) => countUsers('', stop),
    apiKeys: async (stop) => {
      const path = `/admin/api-access/v1/orgs/${encodeURIComponent(organizationId)}/api-keys`
      const pages = pagesOf('the API keys', (cursor) =>
        get(cursor === '' ? path : `${path}?cursor=${encodeURIComponent(cursor)}`, stop),
      )
      const keys: ApiKey[] = []
      for await (const page of pages) {
        if (page.kind !== 'read') return { keys, isComplete: false }
        keys.push(...page.value.map(readApiKey))
      }
      return { keys, isComplete: true }
    },
  }
}

type Page = DirectoryRead<Readonly<Record<string, unknown>>>

/**
 * The items of one page after the other, up to the last one or the first that cannot be read.
 *
 * @param readPage reads the page at a cursor; the first one where it is empty
 */
async function* pagesOf(
  what: string,
  readPage: (cursor: string) => Promise<Page>,
): AsyncGenerator<DirectoryRead<readonly unknown[]>> {
  const seen = new Set<string>()
  let cursor = ''
  do {
    const page = await readPage(cursor)
    if (page.kind !== 'read') return yield page
    const { data, links } = page.value
    if (!Array.isArray(data)) return yield { kind: 'unreadable', why: `a page of ${what} without data` }
    yield { kind: 'read', value: data }
    cursor = asText(asObject(links).next)
    if (seen.has(cursor)) return yield { kind: 'unreadable', why: `the pages of ${what} repeat themselves` }
    seen.add(cursor)
  } while (cursor !== '')
}

function settle(read: Read): Page {
  switch (read.kind) {
    case 'done':
      return { kind: 'read', value: read.body }
    case 'key-rejected':
    case 'withheld':
      return read
    case 'temporary':
      return { kind: 'unreadable', why: read.why }
    default:
      return { kind: 'unreadable', why: describeRefusal(read.refusal) }
  }
}

function readPerson(value: unknown): DirectoryPerson {
  const person = asObject(value)
  const accountStatus = asText(person.accountStatus)
  const status = asText(person.status)
  const names = (list: unknown) =>
    asArray(list)
      .map((item) => asText(asObject(item).name))
      .filter((name) => name !== '')
  return {
    id: asText(person.accountId),
    person: ['atlassian', ''].includes(asText(person.accountType)),
    active: accountStatus === '' ? !['deactivated', 'for_deletion'].includes(status) : accountStatus === 'active',
    managed: asText(person.claimStatus) !== 'unmanaged',
    synced: asText(person.managementSource) === 'synced',
    email: asText(person.email),
    roles: asArray(person.platformRoles)
      .map(asText)
      .filter((role) => role !== ''),
    groups: names(person.groups),
  }
}
