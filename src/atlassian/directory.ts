import { ACCOUNT_ID } from '../account/account-id.ts'
import { type Facts, hasAddress } from '../account/facts.ts'
import { asArray, asObject, asText, type Unknowns } from '../text/unknowns.ts'
import { type ApiKey, readApiKey } from './api-keys.ts'
import type { Atlassian, Read } from './atlassian.ts'
import { personFacts } from './read-facts.ts'

/** Somebody in the organization's directory. One person may come several times, once for each directory. */
export interface DirectoryPerson {
  readonly id: string
  /** As shown to others; empty where nobody tells. */
  readonly name: string
  readonly facts: Facts
}

/** A directory read that came to something, or why it did not. */
export type DirectoryRead<T> =
  | { readonly kind: 'read'; readonly value: T }
  /**
   * `outage`: no answer that means anything came, however often it was asked for. `refused`: not for this key, or not in
   * this organization.
   */
  | { readonly kind: 'unreadable'; readonly why: string; readonly outage?: true; readonly refused?: true }
  | Extract<Read, { kind: 'key-rejected' | 'withheld' }>

/** Ids and addresses that one search takes, and people on its pages. Source: Atlassian's organization OpenAPI document. */
export const IDS_PER_SEARCH = 10
export const ADDRESSES_PER_SEARCH = 100
export const PAGE_SIZE = 100
const ORG_ADMIN = 'atlassian/org-admin'

/** Addresses as nearly everybody has them; with others, or masked ones, the search may not be asked. */
const PLAIN_ADDRESS = /^[\w.%+'-]{1,64}@[\w.-]{1,255}$/

/** Whether somebody can be searched for by this address. */
export function isSearchable(address: string): boolean {
  return PLAIN_ADDRESS.test(address)
}

/** What the directory counts: null where it does not tell. */
export interface DirectoryStats {
  /** Organization admins, which may be more than it lists. */
  readonly admins: number | null
  /** Everybody that a walk would meet, people included whom nobody manages. */
  readonly people: number | null
}

export interface ApiKeyList {
  readonly keys: readonly ApiKey[]
  /** False where there may be more: not every key may list the others. */
  readonly isComplete: boolean
}

/** The directory of one organization. */
export interface Directory {
  /** People with these ids, at most ten; those that the directory does not know are missing from the answer. */
  findById(ids: readonly string[], stop: AbortSignal): Promise<DirectoryRead<readonly DirectoryPerson[]>>
  /**
   * People with these addresses, at most a hundred. An answer that cannot be read (one bad address may be refused with all
   * the others) brings nobody: those who are missing are asked for by id, which has the last word.
   */
  findByAddress(addresses: readonly string[], stop: AbortSignal): Promise<DirectoryRead<readonly DirectoryPerson[]>>
  /** Account ids with exactly this address, in whatever case. */
  findByEmail(email: string, stop: AbortSignal): Promise<DirectoryRead<readonly string[]>>
  /** Everybody in the organization, a hundred a call. */
  walk(stop: AbortSignal): Promise<DirectoryRead<readonly DirectoryPerson[]>>
  /** Organization admins; unreadable where one of them has no id. */
  orgAdmins(stop: AbortSignal): Promise<DirectoryRead<readonly DirectoryPerson[]>>
  /** Active managed accounts. */
  countActive(stop: AbortSignal): Promise<DirectoryRead<number>>
  /** Whether the list of managed accounts has taken the place of the search, which was refused. */
  standsIn(): boolean
  /** Admins and people in one call, which also counts people whom nobody manages: no figure for a cap. */
  stats(stop: AbortSignal): Promise<DirectoryRead<DirectoryStats>>
  /** The organization's API keys, those that have ended included, as far as they can be read. */
  apiKeys(stop: AbortSignal): Promise<ApiKeyList>
}

/**
 * Opens the directory of an organization; nothing is sent yet.
 *
 * @param withGroups whether groups are asked for: they make the answers large, and only a `group:` exclusion needs them
 * @param now the present, for times that lie in the future. Milliseconds since the epoch
 * @param onPage is told after each page of a walk how many people there are in all; 0 where nobody asked, or knows
 */
export function openDirectory(
  atlassian: Atlassian,
  organizationId: string,
  withGroups: boolean,
  now: () => number,
  onPage: (people: number) => void = () => undefined,
): Directory {
  let everybody = 0
  const users = `/admin/v2/orgs/${encodeURIComponent(organizationId)}/directories/-/users`
  const expand = ['platformRoles', 'productAccess', ...(withGroups ? ['groups'] : [])]
  const get = async (path: string, stop: AbortSignal) => settle(await atlassian.read({ method: 'GET', path }, stop))

  /** @param everyId whether somebody without an id makes the answer unreadable: they could be anybody */
  const search = async (
    filter: object,
    stop: AbortSignal,
    everyId = false,
    onPage: () => void = () => undefined,
  ): Promise<DirectoryRead<readonly DirectoryPerson[]>> => {
    const people: DirectoryPerson[] = []
    const pages = pagesOf('the user search', async (cursor) => {
      const body = { ...filter, expand, limit: PAGE_SIZE, ...(cursor === '' ? {} : { cursor }) }
      return settle(await atlassian.read({ method: 'POST', path: `${users}/search`, body }, stop))
    })
    for await (const page of pages) {
      if (page.kind !== 'read') return page
      const found = page.value.map((item) => personOf(asObject(item), now()))
      if (everyId && found.some(({ id }) => id === '')) {
        return { kind: 'unreadable', why: 'somebody in the user search has no account id' }
      }
      people.push(...found.filter(({ id }) => id !== ''))
      onPage()
    }
    return { kind: 'read', value: people }
  }

  return {
    findById: (ids, stop) => search({ accountIds: ids }, stop),
    findByAddress: async (addresses, stop) => {
      const found = await search({ emails: [...new Set(addresses)] }, stop)
      return found.kind === 'unreadable' && found.outage !== true ? { kind: 'read', value: [] } : found
    },
    findByEmail: async (email, stop) => {
      // As it is written, and as Atlassian is used to store it.
      const found = await search({ emails: [...new Set([email, email.toLowerCase()])] }, stop)
      if (found.kind !== 'read') return found
      const same = found.value.filter(({ facts }) => hasAddress(facts, email))
      return { kind: 'read', value: [...new Set(same.map(({ id }) => id))] }
    },
    walk: (stop) => search({}, stop, false, () => onPage(everybody)),
    orgAdmins: (stop) => search({ roleIds: [ORG_ADMIN] }, stop, true),
    standsIn: () => false,
    countActive: async (stop) => {
      const read = await get(`${users}/count?claimStatus=managed&accountStatus=active`, stop)
      if (read.kind !== 'read') return read
      const count = readCount(read.value.count)
      return count === null ? { kind: 'unreadable', why: 'a count without a number' } : { kind: 'read', value: count }
    },
    stats: async (stop) => {
      const read = await get(`${users}/stats`, stop)
      if (read.kind !== 'read') return read
      const { roles, accountStatus } = read.value
      const admins = asArray(roles)
        .map(asObject)
        .find(({ roleId }) => roleId === ORG_ADMIN)
      const people = sumOf(accountStatus)
      everybody = people ?? 0
      return { kind: 'read', value: { admins: readCount(admins?.count), people } }
    },
    apiKeys: async (stop) => {
      const path = `/admin/api-access/v1/orgs/${encodeURIComponent(organizationId)}/api-keys`
      // Without a size its sibling, the list of tokens, answers nothing but 500.
      const pages = pagesOf('the API keys', (cursor) =>
        get(`${path}?pageSize=${PAGE_SIZE}${cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`}`, stop),
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

function personOf(person: Unknowns, now: number): DirectoryPerson {
  return { id: knownId(person.accountId), name: asText(person.name), facts: personFacts(person, now) }
}

type Page = DirectoryRead<Readonly<Record<string, unknown>>>

/**
 * The items of one page after the other, up to the last one or the first that cannot be read.
 *
 * @param readPage reads the page at a cursor; the first one where it is empty
 * @param size items of a full page; 0 where nobody knows: only its links tell then whether a page is the last
 */
export async function* pagesOf(
  what: string,
  readPage: (cursor: string) => Promise<Page>,
  size = PAGE_SIZE,
): AsyncGenerator<DirectoryRead<readonly unknown[]>> {
  const seen = new Set<string>()
  let cursor = ''
  do {
    const page = await readPage(cursor)
    if (page.kind !== 'read') return yield page
    const { data, links } = page.value
    if (!Array.isArray(data)) return yield { kind: 'unreadable', why: `a page of ${what} without data` }
    // What a page tells counts, whatever follows it.
    yield { kind: 'read', value: data }
    const next = nextCursor(links, data.length < size)
    if (next === null)
      return yield { kind: 'unreadable', why: `a page of ${what} that does not say whether it is the last` }
    cursor = next
    if (seen.has(cursor)) return yield { kind: 'unreadable', why: `the pages of ${what} repeat themselves` }
    seen.add(cursor)
  } while (cursor !== '')
}

/** Where the next page is, empty after the last; null where that cannot be told. */
function nextCursor(links: unknown, isShort: boolean): string | null {
  // Atlassian's document does not demand links: without them only a page that is not full is certainly the last.
  if (links === undefined && isShort) return ''
  if (typeof links !== 'object' || links === null || Array.isArray(links)) return null
  const { next = null } = asObject(links)
  return next === null ? '' : typeof next === 'string' ? next : null
}

export function settle(read: Read): Page {
  switch (read.kind) {
    case 'done':
      return { kind: 'read', value: read.body }
    case 'key-rejected':
    case 'withheld':
      return read
    case 'temporary':
      return { kind: 'unreadable', why: read.why, outage: true }
    default:
      return { kind: 'unreadable', why: read.refusal.key, ...(read.refusal.status === 403 ? { refused: true } : {}) }
  }
}

/** Empty where there is none that an account can have. */
export function knownId(value: unknown): string {
  const id = asText(value)
  return ACCOUNT_ID.test(id) ? id : ''
}

function readCount(count: unknown): number | null {
  return typeof count === 'number' && Number.isSafeInteger(count) && count >= 0 ? count : null
}

/** The counts of all statuses together; null where one of them is not told. */
function sumOf(statuses: unknown): number | null {
  const counts = asArray(statuses).map((status) => readCount(asObject(status).count))
  if (counts.length === 0 || counts.includes(null)) return null
  return counts.reduce<number>((sum, count) => sum + (count ?? 0), 0)
}
