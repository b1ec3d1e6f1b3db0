import { type Activity, type FactKind, type Facts, factsWith, isServiceAddress, toldSet } from '../account/facts.ts'
import { asArray, asObject, asText, type Unknowns } from '../text/unknowns.ts'
import { dayOf } from '../world/clock.ts'

/** Words for a membership that Atlassian documents. Source: the organization's OpenAPI document. */
const STATUSES = ['active', 'suspended', 'not_invited', 'deactivated', 'for_deletion']

/**
 * What the account itself tells, in whichever call: its kind, its status and its address. Absent or in other words than
 * the documented ones, a fact is not told.
 */
export function accountFacts(account: {
  readonly type: unknown
  readonly status: unknown
  readonly email: unknown
}): Facts {
  const [type, status, email] = [asText(account.type), asText(account.status), asText(account.email)]
  return factsWith({
    person: isServiceAddress(email) ? false : type === '' ? null : type === 'atlassian',
    active: isActive(status),
    emails: email === '' ? [] : [email],
    statuses: status === '' ? [] : [status],
    told: toldSet(email === '' ? [] : ['email']),
  })
}

/** One person of the user search, or of a walk through it. @param now milliseconds since the epoch */
export function personFacts(person: Unknowns, now: number): Facts {
  const account = accountFacts({ type: person.accountType, status: person.accountStatus, email: person.email })
  const roles = texts(person.platformRoles, asText)
  const groups = texts(person.groups, (group) => asText(asObject(group).name))
  const status = asText(person.status)
  const statuses = [status, ...account.statuses, asText(person.membershipStatus)].filter((text) => text !== '')
  const told: readonly (readonly [FactKind, boolean])[] = [
    ['email', account.emails.length > 0],
    ['group', groups.whole],
    ['role', roles.whole],
    ['status', STATUSES.includes(status)],
  ]
  return {
    ...account,
    presence: person.claimStatus === 'unmanaged' ? 'unmanaged' : 'found',
    groups: groups.values,
    roles: roles.values,
    statuses: [...new Set(statuses)],
    told: toldSet(told.flatMap(([kind, isTold]) => (isTold ? [kind] : []))),
    orgAdmin: roles.values.some((role) => role.includes('org-admin')),
    synced: person.managementSource === 'synced',
    lastActive: latestActivity(person.productAccess, now),
    addedAt: readTime(person.addedToOrg),
  }
}

/** Only these words prove a status. */
function isActive(status: string): boolean | null {
  if (status === 'active') return true
  return status === 'inactive' || status === 'closed' ? false : null
}

/** The latest time in a person's products; not told where one of them cannot be read or lies in the future. */
function latestActivity(products: unknown, now: number): Activity {
  if (!Array.isArray(products)) return { kind: 'not-told' }
  let latest: Activity = { kind: 'never' }
  for (const product of products) {
    const { lastActiveTimestamp: text } = asObject(product)
    const isEntry = typeof product === 'object' && product !== null && !Array.isArray(product)
    if (isEntry && (text === undefined || text === null)) continue
    const at = readTime(text)
    if (at === null || at > now) return { kind: 'not-told' }
    if (latest.kind !== 'at' || at > latest.at) latest = { kind: 'at', at }
  }
  return latest
}

const TIME = /^(\d{4}-\d\d-\d\d)(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?$/

/** A day or a moment in ISO 8601, UTC where it names no zone; null for anything else. Milliseconds since the epoch. */
export function readTime(value: unknown): number | null {
  const [text, day = '', time, , , zone] = TIME.exec(asText(value)) ?? []
  if (text === undefined) return null
  const at = Date.parse(time !== undefined && zone === undefined ? `${text}Z` : text)
  // A 30th of February would be taken for a day in March.
  const midnight = Date.parse(day)
  return Number.isNaN(at + midnight) || dayOf(midnight) !== day ? null : at
}

/** The texts of a list; `whole` where it is a list and every item of it told one. */
function texts(list: unknown, read: (item: unknown) => string): { values: readonly string[]; whole: boolean } {
  const values = asArray(list)
    .map(read)
    .filter((text) => text !== '')
  return { values, whole: Array.isArray(list) && values.length === list.length }
}
