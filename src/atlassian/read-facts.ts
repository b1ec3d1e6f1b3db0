import { DAY } from '../account/day.ts'
import { FACT_KINDS, type Facts, factsWith, isServiceAddress, NOT_TOLD, toldSet } from '../account/facts.ts'
import { type Licences, licencesOf } from '../account/licences.ts'
import { createIntern } from '../text/intern.ts'
import { asArray, asObject, asText, type Unknowns } from '../text/unknowns.ts'
import { dayOf } from '../world/clock.ts'

/** Words for a membership that Atlassian documents. Source: the organization's OpenAPI document. */
const STATUSES = ['active', 'suspended', 'not_invited', 'deactivated', 'for_deletion']

/** What the account itself tells in every call. Absent or in other words than the documented ones, a fact is not told. */
export function accountFacts(told: Readonly<Record<'type' | 'status' | 'email', unknown>>): Facts {
  const [type, status, email] = [asText(told.type), asText(told.status), asText(told.email)]
  return factsWith({
    person: isServiceAddress(email) ? false : type === '' ? null : type === 'atlassian',
    active: isActive(status),
    emails: email === '' ? [] : [email],
    statuses: status === '' ? [] : shared([status]),
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
  const isStatus = STATUSES.includes(status)
  const isTold = { email: account.emails.length > 0, group: groups.whole, role: roles.whole, status: isStatus }
  return {
    ...account,
    presence: says(person.claimStatus, 'unmanaged') ? 'unmanaged' : 'found',
    groups: groups.values,
    roles: roles.values,
    statuses: shared([...new Set(statuses)]),
    told: toldSet(FACT_KINDS.filter((kind) => isTold[kind])),
    orgAdmin: roles.values.some((role) => role.toLowerCase().includes('org-admin')),
    synced: says(person.managementSource, 'synced'),
    lastActive: latestActivity(person.productAccess, 'lastActiveTimestamp', now),
    addedAt: lastMomentOf(person.addedToOrg),
    licences: readLicences(person.productAccess, null),
  }
}

/** Whether a fact that protects is told, in whatever case. */
function says(value: unknown, word: string): boolean {
  return asText(value).toLowerCase() === word
}

/** One of the list of managed accounts: no groups, roles or joining date are told. @param now milliseconds since the epoch */
export function managedFacts(person: Unknowns, now: number): Facts {
  const account = accountFacts({ type: person.account_type, status: person.account_status, email: person.email })
  const { last_active, access_billable: billable } = person
  // A time of the account alone tells when it was used, and says nothing of products.
  const products = person.product_access ?? (asText(last_active) === '' ? null : [])
  return {
    ...account,
    told: toldSet([...account.told, ...(account.active === null ? [] : (['status'] as const))]),
    lastActive: latestActivity(Array.isArray(products) ? [{ last_active }, ...products] : null, 'last_active', now),
    licences: readLicences(person.product_access, typeof billable === 'boolean' ? billable : null),
  }
}

/** What is told of products, or whether the account is billed; null where neither is. */
function readLicences(products: unknown, billable: boolean | null): Licences | null {
  if (!Array.isArray(products) && billable === null) return null
  const keys = asArray(products).map((product) => asText(asObject(product).key))
  return licencesOf(
    keys.map((key) => (PRODUCT_KEY.test(key) ? key : 'other')),
    billable,
  )
}

/** Anything else in the place of a key may name people. */
const PRODUCT_KEY = /^[\w.:-]{1,80}$/

/** Only these words prove a status. */
function isActive(status: string): boolean | null {
  if (status === 'active') return true
  return status === 'inactive' || status === 'closed' ? false : null
}

/** The latest time in a person's products; not told where one of them cannot be read or lies in the future. */
function latestActivity(products: unknown, member: string, now: number): Facts['lastActive'] {
  if (!Array.isArray(products)) return NOT_TOLD
  let latest: Facts['lastActive'] = { kind: 'never' }
  for (const product of products) {
    const { [member]: text } = asObject(product)
    const isEntry = typeof product === 'object' && product !== null && !Array.isArray(product)
    if (isEntry && (text === undefined || text === null)) continue
    const from = readTime(text)
    const at = lastMomentOf(text, from)
    if (from === null || at === null || from > now) return NOT_TOLD
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

/** The same, of a day its last moment: somebody may have been active, or have joined, as late as that. */
function lastMomentOf(value: unknown, at = readTime(value)): number | null {
  return at !== null && !asText(value).includes('T') ? at + DAY - 1 : at
}

/** The texts of a list; `whole` where it is a list and every item of it told one. */
function texts(list: unknown, read: (item: unknown) => string): { values: readonly string[]; whole: boolean } {
  const values = asArray(list)
    .map(read)
    .filter((text) => text !== '')
  return { values: shared(values), whole: Array.isArray(list) && values.length === list.length }
}

const someTexts = createIntern((key) => Object.freeze(JSON.parse(key) as string[]))

/** Groups, roles and statuses of many people are few lists. */
function shared(values: readonly string[]): readonly string[] {
  return someTexts(JSON.stringify(values))
}
