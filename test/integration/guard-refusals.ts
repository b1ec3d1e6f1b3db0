import { FAULTS } from '../stand-in/faults.ts'
import type { Scene, SceneOptions } from './guard-scene.ts'

export const OTHER_DIGEST = `sha256:${'0'.repeat(64)}`

/** A way in which an apply is refused. */
export interface Refusal {
  readonly guard: string
  readonly when: string
  readonly scene?: SceneOptions
  readonly inputs?: Readonly<Record<string, string>>
  readonly env?: Readonly<Record<string, string>>
  readonly prepare?: (scene: Scene) => void
  /** What was found, the limit, and the line to write: each must stand in the error. */
  readonly told: readonly string[]
  /** Needs an answer of Atlassian. */
  readonly live?: true
}

export const EMPTY = 'User id,email\r\n'
const BAD = 'User id,email\r\n557058:a,a@example.com\r\n5.57E+23,b@example.com\r\n'

/** Every guard, in each of the ways in which it can refuse an apply. */
export const REFUSALS: readonly Refusal[] = [
  {
    guard: 'invalid-input',
    when: 'a number is empty',
    inputs: { 'max-users': '' },
    told: ['"max-users"', 'an empty value', '1', 'Leave the input out'],
  },
  {
    guard: 'invalid-input',
    when: 'the exclude-file is missing',
    inputs: { 'exclude-file': 'keep.txt' },
    told: ['"exclude-file"', '"keep.txt"', 'no such file'],
  },
  {
    guard: 'invalid-input',
    when: 'an exclusion of a group protects nobody that anybody knows',
    scene: { list: 'User id,email\r\n557058:a,a@example.com\r\n' },
    inputs: { exclude: 'group:partners', 'organization-id': '', waive: 'admins-unknown' },
    told: ['"exclude", line 1', '"group:partners"', 'would protect nobody'],
  },
  {
    guard: 'event-not-allowed',
    when: 'a pull request starts an apply',
    env: { GITHUB_EVENT_NAME: 'pull_request' },
    told: ['"pull_request"', 'allowed: workflow_dispatch, schedule, push or repository_dispatch', '"mode: plan"'],
  },
  {
    guard: 'event-not-allowed',
    when: 'a pull request target starts an apply',
    env: { GITHUB_EVENT_NAME: 'pull_request_target' },
    told: [
      '"pull_request_target"',
      'allowed: workflow_dispatch, schedule, push or repository_dispatch',
      '"mode: plan"',
    ],
  },
  { guard: 'invalid-list', when: 'a row is bad', scene: { list: BAD }, told: ['line 3', '5.57E+23', '"users-file"'] },
  {
    guard: 'empty-list',
    when: 'there is no row',
    scene: { list: EMPTY },
    told: ['0 accounts', 'at least 1', '"users-file"'],
  },
  {
    guard: 'executing-user-missing',
    when: 'nobody is named',
    inputs: { 'executing-user': '' },
    told: ['"executing-user" is empty', '"executing-user: WHO"'],
  },
  {
    guard: 'admins-unknown',
    when: 'no organization is named',
    inputs: { 'organization-id': '' },
    told: ['"organization-id" is empty', '"organization-id: ', '"waive: admins-unknown"'],
  },
  {
    guard: 'key-missing',
    when: 'the key is empty',
    inputs: { 'api-key': '' },
    told: ['"api-key" is empty', 'without scopes', '"api-key: '],
  },
  {
    guard: 'plan-mismatch',
    when: 'another plan was approved',
    inputs: { 'approved-plan': OTHER_DIGEST },
    told: [OTHER_DIGEST, 'was approved', '"approved-plan: sha256:'],
  },
  {
    guard: 'key-rejected',
    when: 'the key is wrong',
    inputs: { 'api-key': 'ATCTT3xFfGN0-another-key' },
    told: ['HTTP 401', 'mistyped', 'expired', 'WITHOUT scopes', '"api-key"'],
    live: true,
  },
  {
    guard: 'key-rejected',
    when: 'a gateway turns the key away',
    prepare: ({ standIn }) => standIn.faults.order({ route: 'any', fault: FAULTS.gatewayUnauthorized }),
    told: ['HTTP 401', 'revoked', 'WITHOUT scopes', '"api-key"'],
    live: true,
  },
  {
    guard: 'key-scoped',
    when: 'the key has scopes',
    prepare: ({ organization }) => {
      organization.scopedKey = true
    },
    told: ['a key with scopes', 'a key without scopes', 'WITHOUT scopes', '"api-key"'],
    live: true,
  },
  {
    guard: 'key-scoped',
    when: 'the key has scopes and may not read the directory either',
    prepare: ({ organization, standIn }) => {
      organization.scopedKey = true
      standIn.faults.order({ route: 'search', fault: FAULTS.forbidden })
    },
    told: ['a key with scopes', 'WITHOUT scopes'],
    live: true,
  },
  {
    guard: 'directory-unreadable',
    when: 'the organization is another one',
    inputs: { 'organization-id': 'org-2' },
    told: ['403', 'readable directory', '"organization-id"', 'without scopes'],
    live: true,
  },
  {
    guard: 'directory-unreadable',
    when: 'the count is forbidden',
    prepare: ({ standIn }) => standIn.faults.order({ route: 'count', fault: FAULTS.forbidden }),
    told: ['forbidden', 'readable directory', '"organization-id"'],
    live: true,
  },
  {
    guard: 'directory-unreadable',
    when: 'the look at the accounts is forbidden',
    prepare: ({ standIn }) =>
      standIn.faults.order({
        route: 'search',
        when: ({ body }) => /"(accountIds|emails)"/.test(body),
        fault: FAULTS.forbidden,
      }),
    told: ['forbidden', '"organization-id"'],
    live: true,
  },
  {
    guard: 'directory-unreadable',
    when: 'pages repeat themselves',
    prepare: ({ standIn }) =>
      standIn.faults.order({
        route: 'search',
        fault: { kind: 'answer', status: 200, body: { data: [], links: { next: 'again' } } },
      }),
    told: ['repeat themselves', '"organization-id"'],
    live: true,
  },
  {
    guard: 'directory-unreadable',
    when: 'a page has no data',
    prepare: ({ standIn }) =>
      standIn.faults.order({ route: 'search', fault: { kind: 'answer', status: 200, body: { links: {} } } }),
    told: ['without data', '"organization-id"'],
    live: true,
  },
  {
    guard: 'admins-unknown',
    when: 'the directory names no active admin',
    prepare: ({ organization }) => organization.setStatus('admin-1', 'disable', ''),
    told: ['no active organization admin', '"organization-id"', '"waive: admins-unknown"'],
    live: true,
  },
  {
    guard: 'executing-user-unknown',
    when: 'nobody has that e-mail',
    inputs: { 'executing-user': 'nobody@example.com' },
    told: ['"nobody@example.com"', 'knows nobody with that address', '"executing-user: ACCOUNT-ID"'],
    live: true,
  },
  {
    guard: 'executing-user-unknown',
    when: 'nobody has that id',
    inputs: { 'executing-user': '557058:nobody' },
    told: ['"557058:nobody"', 'cannot be read', '"executing-user: ACCOUNT-ID"'],
    live: true,
  },
  {
    guard: 'no-account-known',
    when: 'the list is of another organization',
    scene: { list: 'User id\r\n557058:x\r\n557058:y\r\n' },
    told: ['2 accounts', 'at least 1 account', '"users-file"', '"api-key"'],
    live: true,
  },
  {
    guard: 'max-users',
    when: 'there are more than allowed',
    inputs: { 'max-users': '11' },
    told: ['12 accounts', 'the 11 that', '"max-users: 12"'],
    live: true,
  },
  {
    guard: 'max-percent',
    when: 'the share is larger than allowed',
    inputs: { 'max-percent': '92' },
    told: ['12 accounts of 13 (92.3 %)', '92 %', '"max-percent: 93"', '"waive: max-percent"'],
    live: true,
  },
]
