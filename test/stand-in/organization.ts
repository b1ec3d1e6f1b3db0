import { createHash } from 'node:crypto'

export interface Person {
  readonly id: string
  readonly email: string
  readonly name: string
  readonly accountType: 'atlassian' | 'app' | 'customer'
  accountStatus: 'active' | 'inactive' | 'closed'
  readonly membershipStatus: 'active' | 'suspended' | 'no_membership'
  readonly claimStatus: 'managed' | 'unmanaged'
  readonly managementSource: 'invited' | 'synced' | null
  readonly roles: readonly string[]
  readonly groups: readonly string[]
  /** Reason key with which the permission call says no; the change is then refused as well. */
  readonly manageRefusal: string
}

/** One call to Atlassian's API as it arrived. */
export interface Call {
  readonly at: number
  readonly method: string
  readonly path: string
  readonly route: Route
  readonly accountId: string
  readonly authorization: string
  readonly contentType: string
  readonly body: string
  status: number
}

export type Route =
  | 'permissions'
  | 'profile'
  | 'disable'
  | 'enable'
  | 'search'
  | 'count'
  | 'stats'
  | 'users'
  | 'api-keys'
  | 'scim-links'
  | 'orgs'
  | 'other'

/** A change of an account that really happened. */
export interface RealChange {
  readonly at: number
  readonly accountId: string
  readonly action: 'disable' | 'enable'
  readonly message: string
}

/** A stateful Atlassian organization that keeps its own record of all that is done to it. */
export interface Organization {
  readonly id: string
  readonly key: string
  readonly people: Map<string, Person>
  /** Calls that arrived, in order. */
  readonly calls: Call[]
  readonly changes: RealChange[]
  /** Most calls that were being answered at the same time. */
  maxInFlight: number
  inFlight: number
  /** The key was made with scopes. */
  scopedKey: boolean
  /** What disable answers for an account that is inactive already, and enable for an active one. */
  alreadySo: 204 | 409
  /** What is answered for an account of another organization. */
  unmanagedStatus: 403 | 404
  /** The search shows the status as it was this many milliseconds ago. */
  searchLag: number
  readonly apiKeys: { readonly creator: string; readonly expiresAt: string }[]
  /** Every call takes at least this long. Milliseconds. */
  latency: number
  callsTo(route: Route, accountId?: string): readonly Call[]
  /** Makes the change, and records it, if the account is not so already. */
  setStatus(accountId: string, action: 'disable' | 'enable', message: string): boolean
  /** Account status as the search shows it. */
  searchedStatus(person: Person): Person['accountStatus']
}

export function createOrganization(options: { id?: string; key?: string; people: readonly Person[] }): Organization {
  const people = new Map(options.people.map((person) => [person.id, { ...person }]))
  const calls: Call[] = []
  const changes: RealChange[] = []
  return {
    id: options.id ?? 'org-1',
    key: options.key ?? 'ATCTT3xFfGN0-stand-in-key',
    people,
    calls,
    changes,
    maxInFlight: 0,
    inFlight: 0,
    scopedKey: false,
    alreadySo: 409,
    unmanagedStatus: 403,
    searchLag: 0,
    apiKeys: [],
    latency: 0,
    callsTo: (route, accountId) =>
      calls.filter((call) => call.route === route && (accountId === undefined || call.accountId === accountId)),
    setStatus: (accountId, action, message) => {
      const person = people.get(accountId)
      const wanted = action === 'disable' ? 'inactive' : 'active'
      if (person === undefined || person.accountStatus === wanted) return false
      person.accountStatus = wanted
      changes.push({ at: Date.now(), accountId, action, message })
      return true
    },
    searchedStatus(person) {
      const recent = changes.findLast((change) => change.accountId === person.id)
      if (recent === undefined || Date.now() - recent.at >= this.searchLag) return person.accountStatus
      return recent.action === 'disable' ? 'active' : 'inactive'
    },
  }
}

let made = 0

/** Somebody who can be deactivated, unless told otherwise. */
export function person(overrides: Partial<Person> = {}): Person {
  const number = made++
  return {
    id: accountId(`person-${number}`, number),
    email: `person.${number}@example.com`,
    name: `Person ${number}`,
    accountType: 'atlassian',
    accountStatus: 'active',
    membershipStatus: 'active',
    claimStatus: 'managed',
    managementSource: 'invited',
    roles: [],
    groups: ['jira-users-acme'],
    manageRefusal: '',
    ...overrides,
  }
}

const FIRST = ['Kofi', 'Ben', 'Dana', 'Chidi', 'Jin', 'Oskar', 'Milan', 'Priya', 'Emre', 'Lena', 'Hana', 'Ivan']
const LAST = ['Łukasik', 'Müller', 'Öztürk', 'García', "O'Neil", 'Okafor', 'Tanaka', 'Ström', 'Smith-Jones']
const DOMAINS = ['example.com', 'contractor.example.net', 'example.org']

/** The same crowd for the same seed, with ids of every shape and addresses of three domains. */
export function crowd(size: number, seed = 'crowd'): Person[] {
  return Array.from({ length: size }, (_, index) => {
    const first = FIRST[index % FIRST.length] ?? ''
    return person({
      id: accountId(`${seed}-${index}`, index),
      name: `${first} ${LAST[index % LAST.length] ?? ''}`,
      email: `${first.toLowerCase()}.${index}@${DOMAINS[index % DOMAINS.length] ?? ''}`,
    })
  })
}

function accountId(seed: string, index: number): string {
  const hex = createHash('sha256').update(seed).digest('hex')
  const uuid = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5')
  return [hex.slice(0, 24), `557058:${uuid}`, `712020:${uuid}`, `70121:${uuid}`][index % 4] ?? hex
}

/** The directory export of these people. */
export function toDirectoryCsv(people: Iterable<Person>): string {
  const status = { active: 'Active', inactive: 'Deactivated', closed: 'Deactivated' } as const
  const rows = [...people].map((someone) => [
    someone.id,
    someone.name,
    someone.email,
    status[someone.accountStatus],
    '3 Jan 2024',
    someone.roles.includes('atlassian/org-admin') ? 'Org admin' : '',
    'Never accessed',
    someone.groups.join(', '),
  ])
  const header = [
    'User id',
    'User name',
    'email',
    'User status',
    'Added to org',
    'Org role',
    'Last seen in Jira - acme',
    'Group name',
  ]
  return `${[header, ...rows].map((row) => row.map(cell).join(',')).join('\r\n')}\r\n`
}

function cell(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
