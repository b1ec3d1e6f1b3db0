import { createHash } from 'node:crypto'

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
