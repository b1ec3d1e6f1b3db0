import { createHash } from 'node:crypto'

/** Members of an answer in place of what the state gives; `undefined` leaves a member out. */
export type Members = Readonly<Record<string, unknown>>

/** Answers about a person that are not what the documents describe. */
export interface Odd {
  /** An entry of the search. What was not asked for with `expand` stays away all the same. */
  readonly search?: Members
  /** An entry of the managed-accounts list. */
  readonly users?: Members
  /** The profile's `account`. */
  readonly profile?: Members
}

/** Somebody with an Atlassian account. */
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
  /** Marked for deletion: inactive, and not to be enabled before that is cancelled. */
  readonly forDeletion: boolean
  /** Reason key with which the permission call says no; the change is then refused as well. Empty: none. */
  readonly manageRefusal: string
  /** What the change is answered with, although the permission call allows it: a site owner, a blocked account. */
  readonly disableRefusal: { readonly status: number; readonly body: object } | null
  /** Whether the search, the count and the figures know the person; the account's own calls do in any case. */
  readonly inDirectory: boolean
  /** What further directories of the organization say of the person: the search names each of them, after all firsts. */
  readonly elsewhere: readonly Partial<Person>[]
  /** ISO 8601. */
  readonly addedToOrg: string
  /** ISO 8601; null: never. */
  readonly lastActive: string | null
  readonly odd: Odd
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
    forDeletion: false,
    manageRefusal: '',
    disableRefusal: null,
    inDirectory: true,
    elsewhere: [],
    addedToOrg: '2024-01-03T00:00:00Z',
    lastActive: '2026-01-01T00:00:00Z',
    odd: {},
    ...overrides,
  }
}

/** Nobody's account: its address tells so everywhere, its type only outside of the search. */
export function serviceAccount(overrides: Partial<Person> = {}): Person {
  const odd = { search: { accountType: 'atlassian' } }
  const bot = person({ accountType: 'app', odd, ...overrides })
  return { ...bot, email: overrides.email ?? `${bot.id.replaceAll(/[^a-z0-9]/gi, '-')}@serviceaccount.atlassian.com` }
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
