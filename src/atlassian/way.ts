import { ADDRESSES_PER_SEARCH, IDS_PER_SEARCH, PAGE_SIZE } from './directory.ts'

/** How the directory is asked about many accounts. */
export type Way = 'by-id' | 'by-address' | 'walk'

/** What the cheapest way depends on. */
export interface Crowd {
  /** Accounts to look at. */
  readonly accounts: number
  /** How many of them the list gives an address that can be searched for. */
  readonly addresses: number
  /** Everybody in the organization, managed or not; null where nobody knows. */
  readonly people: number | null
}

/** The pages of a walk come one after the other, searches side by side: it must be clearly cheaper. */
const WALK_ADVANTAGE = 1.5
/** Below this many searches nobody spends a call on how many pages a walk would have: most organizations are larger. */
const FEW_SEARCHES = 20
/** Of an account without the directory: profile, permission, change, read-back. Each is there for a protection. */
const CALLS_ALONE = 4
/** Of a run with it: key, admins, their number, keys, three counts of the active, and the canary's profile. */
const FIXED_CALLS = 8

/** The way that takes the fewest calls; of two that take as many, the one by id, which needs no second try. */
export function cheapestWay(crowd: Crowd): Way {
  const calls = callsOf(crowd)
  const search = calls['by-address'] < calls['by-id'] ? 'by-address' : 'by-id'
  return calls.walk * WALK_ADVANTAGE < calls[search] ? 'walk' : search
}

/** Whether a call that tells the number of people may save more than itself: an organization has at least the listed. */
export function isWorthCounting({ accounts, addresses }: Omit<Crowd, 'people'>): boolean {
  const calls = callsOf({ accounts, addresses, people: accounts })
  const searches = Math.min(calls['by-id'], calls['by-address'])
  return searches > FEW_SEARCHES && calls.walk * WALK_ADVANTAGE + 1 < searches
}

/** Calls that a look takes in each way, where everybody is found by it. */
export function callsOf({ accounts, addresses, people }: Crowd): Record<Way, number> {
  const byId = (ids: number): number => Math.ceil(ids / IDS_PER_SEARCH)
  return {
    'by-id': byId(accounts),
    'by-address': Math.ceil(addresses / ADDRESSES_PER_SEARCH) + byId(accounts - addresses),
    walk: Math.ceil((people ?? Number.POSITIVE_INFINITY) / PAGE_SIZE),
  }
}

/** About how many calls an apply takes in all, with the directory and without. */
export function callsOfRun({ accounts, addresses }: Omit<Crowd, 'people'>): { directory: number; alone: number } {
  const calls = callsOf({ accounts, addresses, people: null })
  const looks = Math.min(calls['by-id'], calls['by-address'])
  const readBack = Math.ceil(accounts / ADDRESSES_PER_SEARCH)
  return { directory: FIXED_CALLS + looks + accounts + readBack, alone: CALLS_ALONE * accounts }
}
