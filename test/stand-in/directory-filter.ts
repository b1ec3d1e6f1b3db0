import type { Organization, Person } from './organization.ts'

/** What the search and the count choose people by. */
export interface Filter {
  readonly accountIds?: readonly string[]
  readonly emails?: readonly string[]
  readonly searchTerm?: string
  readonly status?: readonly string[]
  readonly accountStatus?: readonly string[]
  readonly membershipStatus?: readonly string[]
  readonly claimStatus?: string
  readonly roleIds?: readonly string[]
  readonly groupIds?: readonly string[]
  readonly directoryIds?: readonly string[]
  readonly emailDomains?: readonly string[]
}

interface ListRule {
  readonly most: number
  readonly values?: readonly string[]
}

const ROLES =
  'user admin guest customer user-access-admin contributor basic stakeholder org-admin site-admin ai-access'.split(' ')

const LISTS: Readonly<Record<string, ListRule>> = {
  accountIds: { most: 10 },
  emails: { most: 100 },
  status: { most: 4, values: ['active', 'suspended', 'not_invited', 'deactivated', 'for_deletion'] },
  accountStatus: { most: 3, values: ['active', 'inactive', 'closed'] },
  membershipStatus: { most: 3, values: ['active', 'suspended', 'no_membership'] },
  roleIds: { most: 10, values: ROLES.map((role) => `atlassian/${role}`) },
  groupIds: { most: 10 },
  directoryIds: { most: 10 },
  resourceIds: { most: 20 },
  emailDomains: { most: 10 },
}

/** What is wrong with a filter by Atlassian's document; empty where it holds. Unknown members are ignored, as there. */
export function filterProblem(asked: Readonly<Record<string, unknown>>): string {
  for (const [name, { most, values }] of Object.entries(LISTS)) {
    const list = asked[name]
    if (list === undefined) continue
    if (!Array.isArray(list) || list.length < 1 || list.length > most) return `${name} takes 1 to ${most}`
    if (list.some((item) => typeof item !== 'string' || (values !== undefined && !values.includes(item))))
      return `${name} holds an unknown value`
  }
  const { claimStatus, searchTerm, emails } = asked
  if (claimStatus !== undefined && claimStatus !== 'managed' && claimStatus !== 'unmanaged')
    return 'claimStatus is managed or unmanaged'
  if (searchTerm !== undefined && typeof searchTerm !== 'string') return 'searchTerm is a text'
  if (Array.isArray(emails) && new Set(emails).size < emails.length) return 'emails holds a value twice'
  return emails !== undefined && searchTerm !== undefined ? 'emails and searchTerm exclude each other' : ''
}

/** A filter from a query, whose lists repeat their name. */
export function queryFilter(url: URL): Record<string, unknown> {
  const names = new Set(url.searchParams.keys())
  return Object.fromEntries(
    [...names].map((name) => [name, name in LISTS ? url.searchParams.getAll(name) : url.searchParams.get(name)]),
  )
}

/** Whether a person is what the filter asks for, as the search knows that person. */
export function matchesFilter(organization: Organization, person: Person, filter: Filter): boolean {
  const within = (list: readonly string[] | undefined, value: string): boolean => list?.includes(value) ?? true
  const accountStatus = organization.searchedStatus(person)
  const domain = person.email.slice(person.email.lastIndexOf('@') + 1)
  const term = filter.searchTerm?.toLowerCase() ?? ''
  return (
    within(filter.accountIds, person.id) &&
    within(filter.emails, person.email) &&
    within(filter.accountStatus, accountStatus) &&
    within(filter.membershipStatus, person.membershipStatus) &&
    within(filter.status, statusOf(person, accountStatus)) &&
    (filter.claimStatus === undefined || filter.claimStatus === person.claimStatus) &&
    (filter.roleIds?.some((role) => person.roles.includes(role)) ?? true) &&
    (filter.groupIds?.some((id) => person.groups.map(groupId).includes(id)) ?? true) &&
    (filter.directoryIds?.includes(DIRECTORY) ?? true) &&
    (filter.emailDomains?.some((asked) => asked.replace(/^@/, '') === domain) ?? true) &&
    (person.name.toLowerCase().includes(term) || person.email.toLowerCase().includes(term))
  )
}

/** The only directory of the organization; `-` in a path means all. */
export const DIRECTORY = 'directory-1'

export function groupId(name: string): string {
  return `g-${name}`
}

/** The status that unites the account's and the membership's. */
export function statusOf(person: Person, accountStatus: Person['accountStatus']): string {
  if (person.forDeletion) return 'for_deletion'
  if (accountStatus !== 'active') return 'deactivated'
  return { active: 'active', suspended: 'suspended', no_membership: 'not_invited' }[person.membershipStatus]
}
