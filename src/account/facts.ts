import { createIntern } from '../text/intern.ts'
import type { Cause } from './cause.ts'
import { DAY } from './day.ts'
import { type Licences, uniteLicences } from './licences.ts'

/** Facts of an account that selectors ask for, besides the id, which is always known. */
export const FACT_KINDS = ['email', 'group', 'role', 'status'] as const
export type FactKind = (typeof FACT_KINDS)[number]

/** When somebody last used a product, as Atlassian tells it. Milliseconds since the epoch. */
export type Activity =
  | { readonly kind: 'at'; readonly at: number }
  /** Told, and there was none. */
  | { readonly kind: 'never' }
  /** Not told, or told in a way that cannot be read. */
  | { readonly kind: 'not-told' }

/** What Atlassian told of an account: it can only take one out. What nobody told is absent or null, never a "no". */
export interface Facts {
  /** `unreadable`: it stayed out of reach, so the account is left alone. */
  readonly presence: 'found' | 'not-found' | 'unmanaged' | 'unreadable'
  /** Why it is not `found`. */
  readonly cause: Cause | null
  /** False for apps, customers and service accounts. */
  readonly person: boolean | null
  /** Null where nobody told in words that prove it: only `active`, `inactive` and `closed` do. */
  readonly active: boolean | null
  /** Values for selectors to match, whether or not they are complete. */
  readonly emails: readonly string[]
  readonly groups: readonly string[]
  readonly roles: readonly string[]
  readonly statuses: readonly string[]
  /** Which of these were told whole. */
  readonly told: ReadonlySet<FactKind>
  readonly orgAdmin: boolean
  /** Provisioned from an identity provider through SCIM. */
  readonly synced: boolean
  /** Atlassian's reason key why the status cannot be changed; empty where it can, or where nobody asked. */
  readonly blockedBy: string
  readonly lastActive: Activity
  /** When the account joined the organization, milliseconds since the epoch. */
  readonly addedAt: number | null
  readonly licences: Licences | null
}

export const NOT_TOLD: Activity = { kind: 'not-told' }
const NOTHING: readonly string[] = []
const toldSets = createIntern((kinds) => new Set(FACT_KINDS.filter((kind) => kinds.includes(kind))))

/** Shares one set for the same kinds: a million accounts have few. */
export function toldSet(kinds: readonly FactKind[]): ReadonlySet<FactKind> {
  return toldSets(kinds.join())
}

/** Facts that a directory tells. */
export const EVERY_FACT = toldSet(FACT_KINDS)

/** An account of which nothing is told but what `known` says. */
export function factsWith(known: Partial<Facts>): Facts {
  return {
    presence: 'found',
    cause: null,
    person: null,
    active: null,
    emails: NOTHING,
    groups: NOTHING,
    roles: NOTHING,
    statuses: NOTHING,
    told: toldSet([]),
    orgAdmin: false,
    synced: false,
    blockedBy: '',
    lastActive: NOT_TOLD,
    addedAt: null,
    licences: null,
    ...known,
  }
}

/** One person whom a directory names twice, united to the side that protects. */
export function unite(one: Facts, other: Facts): Facts {
  const all = (a: readonly string[], b: readonly string[]): readonly string[] =>
    a === b || b.length === 0 ? a : [...new Set([...a, ...b])]
  const rank = { unreadable: 3, 'not-found': 2, unmanaged: 1, found: 0 } as const
  const worse = rank[other.presence] > rank[one.presence] ? other : one
  return {
    presence: worse.presence,
    cause: worse.cause,
    person: one.person === false || other.person === false ? false : (one.person ?? other.person),
    // Two that contradict each other prove nothing.
    active: one.active === other.active ? one.active : null,
    emails: all(one.emails, other.emails),
    groups: all(one.groups, other.groups),
    roles: all(one.roles, other.roles),
    statuses: all(one.statuses, other.statuses),
    told: toldSet(FACT_KINDS.filter((kind) => one.told.has(kind) && other.told.has(kind))),
    orgAdmin: one.orgAdmin || other.orgAdmin,
    synced: one.synced || other.synced,
    blockedBy: one.blockedBy || other.blockedBy,
    lastActive: isUndated(one) === isUndated(other) ? later(one.lastActive, other.lastActive) : NOT_TOLD,
    addedAt:
      one.addedAt === null || other.addedAt === null
        ? (one.addedAt ?? other.addedAt)
        : Math.max(one.addedAt, other.addedAt),
    licences: uniteLicences(one.licences, other.licences),
  }
}

/** Never active, and nobody told since when: what only the other one tells must not make that a long time. */
function isUndated({ lastActive, addedAt }: Facts): boolean {
  return lastActive.kind === 'never' && addedAt === null
}

function later(one: Activity, other: Activity): Activity {
  if (one.kind === 'not-told' || other.kind === 'not-told') return NOT_TOLD
  if (one.kind === 'never') return other
  if (other.kind === 'never') return one
  return one.at >= other.at ? one : other
}

/** Whether the account has this address, in whatever case. */
export function hasAddress({ emails }: Pick<Facts, 'emails'>, address: string): boolean {
  return emails.some((known) => known.toLowerCase() === address.toLowerCase())
}

/** Whether an address belongs to a service account: one of those is no person. Source: Atlassian's admin API, in use. */
export function isServiceAddress(email: string): boolean {
  return /[@.]serviceaccount\.atlassian\.com$/i.test(email)
}

export type LateActivity = Readonly<ReturnType<typeof lateActivity>>

/** How many of those who are to be deactivated were active lately: how a wrong list is noticed. @param now as `at` */
export function lateActivity(activities: Iterable<Activity>, now: number) {
  /** `last30Days` has those of the last 7 days in it; `unknown` are people of whom nobody told. */
  const counts = { people: 0, last7Days: 0, last30Days: 0, never: 0, unknown: 0 }
  for (const activity of activities) {
    counts.people++
    if (activity.kind === 'never') counts.never++
    else if (activity.kind === 'not-told') counts.unknown++
    else {
      if (activity.at > now - 7 * DAY) counts.last7Days++
      if (activity.at > now - 30 * DAY) counts.last30Days++
    }
  }
  return counts
}
