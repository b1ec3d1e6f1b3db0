import { ACCOUNT_ID } from '../account/account-id.ts'
import { type Facts, hasAddress } from '../account/facts.ts'
import { asArray, asObject, asText, type Unknowns } from '../text/unknowns.ts'
import { type NoReply, type Reply, unreadable } from './answers.ts'
import { type ApiKey, readApiKey } from './api-keys.ts'
import type { Atlassian } from './atlassian.ts'
import { personFacts } from './read-facts.ts'

/** Somebody in the organization's directory. One person may come several times, once for each directory. */
export interface DirectoryPerson {
  readonly id: string
  /** As shown to others; empty where nobody tells. */
  readonly name: string
  readonly facts: Facts
}

/** Ids and addresses that one search takes, and people on its pages. Source: Atlassian's organization OpenAPI document. */
export const IDS_PER_SEARCH = 10
export const ADDRESSES_PER_SEARCH = 100
export const PAGE_SIZE = 100

const ORG_ADMIN = 'atlassian/org-admin'
export const ORG_ADMINS: Filter = { roleIds: [ORG_ADMIN] }

/** Whether somebody can be searched for by this address: it is as nearly everybody's are, and not masked. */
export function isSearchable(address: string): boolean {
  return /^[\w.%+'-]{1,64}@[\w.-]{1,255}$/.test(address)
}

/** Whom a search is for; everybody where it asks for nothing. */
export interface Filter {
  /** At most ten. Those that the directory does not know are missing from the answer. */
  readonly accountIds?: readonly string[]
  /** At most a hundred. */
  readonly emails?: readonly string[]
  /** One person without an id makes this answer unreadable: it could be anybody. */
  readonly roleIds?: readonly string[]
}

/** Account ids of those who have exactly this address, in whatever case. */
export function idsWith(address: string, people: readonly DirectoryPerson[]): readonly string[] {
  return [...new Set(people.filter(({ facts }) => hasAddress(facts, address)).map(({ id }) => id))]
}

export type Directory = ReturnType<typeof openDirectory>

/**
 * The directory of an organization; nothing is sent yet.
 * @param withGroups they make the answers large, and only a `group:` exclusion needs them
 * @param now the present, for times that lie in the future. Milliseconds since the epoch
 * @param onPage is told after each page of a walk how many people there are in all; 0 where nobody asked, or knows
 */
export function openDirectory(
  atlassian: Atlassian,
  organizationId: string,
  withGroups: boolean,
  now: () => number,
  onPage: (people: number) => void = () => undefined,
) {
  let everybody = 0
  const users = `/admin/v2/orgs/${encodeURIComponent(organizationId)}/directories/-/users`
  const expand = ['platformRoles', 'productAccess', ...(withGroups ? ['groups'] : [])]
  const get = (path: string, stop: AbortSignal) => atlassian.read({ method: 'GET', path }, stop)

  return {
    /** Everybody whom the filter finds, a hundred a call. */
    search: async (filter: Filter, stop: AbortSignal): Promise<Reply<readonly DirectoryPerson[]>> => {
      const people: DirectoryPerson[] = []
      const isWalk = Object.keys(filter).length === 0
      const readPage = (cursor: string) => {
        const body = { ...filter, expand, limit: PAGE_SIZE, ...(cursor === '' ? {} : { cursor }) }
        return atlassian.read({ method: 'POST', path: `${users}/search`, body }, stop)
      }
      const end = await readPages('the user search', readPage, (page) => {
        for (const person of page.map(asObject)) {
          people.push({ id: knownId(person.accountId), name: asText(person.name), facts: personFacts(person, now()) })
        }
        if (isWalk) onPage(everybody)
      })
      if (end !== null) return end
      const known = people.filter(({ id }) => id !== '')
      return filter.roleIds !== undefined && known.length < people.length
        ? unreadable('somebody in the user search has no account id')
        : { kind: 'read', value: known }
    },
    /** Whether the list of managed accounts has taken the place of the search, which was refused. */
    standsIn: (): boolean => false,
    /** How many managed accounts are active. */
    countActive: async (stop: AbortSignal): Promise<Reply<number>> => {
      const read = await get(`${users}/count?claimStatus=managed&accountStatus=active`, stop)
      if (read.kind !== 'read') return read
      const count = readCount(read.value.count)
      return count === null ? unreadable('a count without a number') : { kind: 'read', value: count }
    },
    /** Admins, who may be more than it lists, and all whom a walk would meet, managed or not; null where it does not tell. */
    stats: async (stop: AbortSignal): Promise<Reply<Record<'admins' | 'people', number | null>>> => {
      const read = await get(`${users}/stats`, stop)
      if (read.kind !== 'read') return read
      const roles = asArray(read.value.roles).map(asObject)
      const counts = asArray(read.value.accountStatus).map((status) => readCount(asObject(status).count))
      const sum = counts.reduce((all, count) => (all === null || count === null ? null : all + count), 0)
      const people = counts.length === 0 ? null : sum
      everybody = people ?? 0
      const admins = readCount(roles.find(({ roleId }) => roleId === ORG_ADMIN)?.count)
      return { kind: 'read', value: { admins, people } }
    },
    /** The organization's API keys, those that have ended included. Not complete: not every key may list the others. */
    apiKeys: async (stop: AbortSignal) => {
      const path = `/admin/api-access/v1/orgs/${encodeURIComponent(organizationId)}/api-keys`
      // Without a size its sibling, the list of tokens, answers nothing but 500.
      const readPage = (cursor: string) =>
        get(`${path}?pageSize=${PAGE_SIZE}${cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`}`, stop)
      const keys: ApiKey[] = []
      const end = await readPages('the API keys', readPage, (page) => keys.push(...page.map(readApiKey)))
      return { keys, isComplete: end === null }
    },
  }
}

/**
 * Reads one page after the other, up to the last one or the first that cannot be read. What `take` is given counts,
 * whatever follows it.
 * @param size items of a full page; 0 where nobody knows: only its links tell then whether a page is the last
 * @returns null at the end, or why it was not reached
 */
export async function readPages(
  what: string,
  readPage: (cursor: string) => Promise<Reply<Unknowns>>,
  take: (items: readonly unknown[]) => void,
  size = PAGE_SIZE,
): Promise<NoReply | null> {
  const seen = new Set<string>()
  for (let cursor = ''; ; ) {
    const page = await readPage(cursor)
    if (page.kind !== 'read') return page
    const { data, links } = page.value
    if (!Array.isArray(data)) return unreadable(`a page of ${what} without data`)
    take(data)
    const next = nextCursor(links, data.length < size)
    if (next === '') return null
    if (next === null) return unreadable(`a page of ${what} that does not say whether it is the last`)
    if (seen.has(next)) return unreadable(`the pages of ${what} repeat themselves`)
    seen.add(next)
    cursor = next
  }
}

/** Where the next page is, empty after the last; null where that cannot be told. */
function nextCursor(links: unknown, isShort: boolean): string | null {
  // Atlassian's document does not demand links: without them only a page that is not full is certainly the last.
  if (links === undefined && isShort) return ''
  if (typeof links !== 'object' || links === null || Array.isArray(links)) return null
  const { next = null } = asObject(links)
  return next === null ? '' : typeof next === 'string' ? next : null
}

/** Empty where there is none that an account can have. */
export function knownId(value: unknown): string {
  const id = asText(value)
  return ACCOUNT_ID.test(id) ? id : ''
}

function readCount(count: unknown): number | null {
  return typeof count === 'number' && Number.isSafeInteger(count) && count >= 0 ? count : null
}
