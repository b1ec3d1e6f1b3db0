import { describe, expect, test } from 'vitest'
import { readManagedAccounts } from '../../../src/atlassian/managed-accounts.ts'
import { managedFacts } from '../../../src/atlassian/read-facts.ts'
import { body, inTurn, type Read, recorded } from './recorded.ts'

const NOW = Date.UTC(2026, 1, 1, 12)
const ORIGIN = 'https://api.atlassian.com'
const PATH = '/admin/v1/orgs/org%2F1/users'
const STOP = new AbortController().signal
/** A day is told to its last moment. */
const at = (day: string) => ({ kind: 'at', at: Date.parse(`${day}T23:59:59.999Z`) })
const NEVER = { kind: 'never' }
const NOT_TOLD = { kind: 'not-told' }

describe('last activity in the list of managed accounts', () => {
  test.each<[string, object, object]>([
    ['the account’s own', { last_active: '2026-01-05' }, at('2026-01-05')],
    [
      'the account’s own, beside products without one',
      { last_active: '2026-01-05', product_access: [{ key: 'jira' }] },
      at('2026-01-05'),
    ],
    [
      'the latest of all',
      {
        last_active: '2026-01-05T10:00:00Z',
        product_access: [{ last_active: '2026-01-07' }, { last_active: '2026-01-06' }],
      },
      at('2026-01-07'),
    ],
    ['a product’s', { product_access: [{ last_active: '2026-01-07' }] }, at('2026-01-07')],
    ['none, with an empty list', { product_access: [] }, NEVER],
    ['none, with products', { product_access: [{ key: 'jira' }, { key: 'x', last_active: null }] }, NEVER],
    ['none, said with null', { last_active: null, product_access: [] }, NEVER],
    ['nothing at all', {}, NOT_TOLD],
    ['null alone', { last_active: null }, NOT_TOLD],
    ['products that are null', { product_access: null }, NOT_TOLD],
    ['products that are no list', { last_active: '2026-01-05', product_access: { jira: 1 } }, NOT_TOLD],
    ['a product that is no object', { last_active: '2026-01-05', product_access: ['jira'] }, NOT_TOLD],
    ['a malformed time', { last_active: 'yesterday' }, NOT_TOLD],
    [
      'a malformed time, beside good ones',
      { last_active: 7, product_access: [{ last_active: '2026-01-05' }] },
      NOT_TOLD,
    ],
    [
      'a malformed time of a product',
      { last_active: '2026-01-05', product_access: [{ last_active: '5 Jan' }] },
      NOT_TOLD,
    ],
    ['a day that no calendar has', { last_active: '2026-02-30' }, NOT_TOLD],
    ['today', { last_active: '2026-02-01' }, at('2026-02-01')],
    ['a time in the future', { last_active: '2026-02-02' }, NOT_TOLD],
  ])('%s', (_, person, lastActive) => {
    expect(managedFacts({ account_id: 'a', ...person }, NOW).lastActive).toEqual(lastActive)
  })
})

describe('what else it tells', () => {
  const whole = { account_type: 'atlassian', account_status: 'active', email: 'ada@example.com', access_billable: true }

  test('kind, status, e-mail, products and whether they are billed; no groups, no roles, no day of joining', () => {
    expect(managedFacts({ ...whole, product_access: [{ key: 'jira' }, { key: 'jira' }, {}] }, NOW)).toMatchObject({
      presence: 'found',
      person: true,
      active: true,
      emails: ['ada@example.com'],
      told: new Set(['email', 'status']),
      addedAt: null,
      orgAdmin: false,
      licences: { products: ['jira', 'other'], billable: true },
    })
  })

  test.each<[object, object]>([
    [{ account_status: 'inactive' }, { active: false }],
    [{ account_status: 'closed' }, { active: false }],
    [{ account_status: 'pending' }, { active: null, told: new Set(['email']) }],
    [{ account_status: undefined }, { active: null, told: new Set(['email']) }],
    [{ account_type: 'app' }, { person: false }],
    [{ account_type: undefined }, { person: null }],
    [{ email: null }, { emails: [], told: new Set(['status']) }],
    [{ email: 'x@serviceaccount.atlassian.com' }, { person: false }],
    [{ access_billable: undefined }, { licences: null }],
    [
      { product_access: [{ key: 'ada@example.com' }, { key: 'jira' }, {}] },
      { licences: { products: ['other', 'jira'], billable: true } },
    ],
    [{ access_billable: 'yes' }, { licences: null }],
    [{ access_billable: false }, { licences: { products: [], billable: false } }],
  ])('%j', (odd, facts) => {
    expect(managedFacts({ ...whole, ...odd }, NOW)).toMatchObject(facts)
  })
})

describe('its pages', () => {
  const person = (id: unknown) => ({ account_id: id, account_status: 'active', name: 'Ada' })
  const read = async (...answers: readonly Read[]) => {
    const { atlassian, requests } = recorded(inTurn(...answers))
    const totals: number[] = []
    const list = await readManagedAccounts(
      atlassian,
      { origin: ORIGIN, organizationId: 'org/1' },
      () => NOW,
      (total) => totals.push(total),
      STOP,
    )
    return { list, requests, totals }
  }

  test('are read to the end by the links to the next, on the same origin and of the same list', async () => {
    const { list, requests, totals } = await read(
      body({ data: [person('a'), person('')], meta: { total: 3 }, links: { next: `${ORIGIN}${PATH}?cursor=2%2F` } }),
      body({ data: [], links: { next: `${PATH}?cursor=3` } }),
      body({ data: [person('b')], links: { self: 'x' } }),
    )
    expect(list).toMatchObject({ kind: 'read', value: [{ id: 'a', name: 'Ada' }, { id: 'b' }] })
    expect(requests).toEqual(
      ['', '?cursor=2%2F', '?cursor=3'].map((query) => ({ method: 'GET', path: `${PATH}${query}` })),
    )
    expect(totals).toEqual([3, 3, 3])
  })

  test.each([
    'https://evil.example/admin/v1/orgs/org%2F1/users?cursor=2',
    `https://api.atlassian.com.evil.example${PATH}?cursor=2`,
    `http://api.atlassian.com${PATH}?cursor=2`,
    `${ORIGIN}:444${PATH}?cursor=2`,
    `//evil.example${PATH}?cursor=2`,
    `${ORIGIN}/admin/v1/orgs/other/users?cursor=2`,
    `${ORIGIN}/users/victim/manage/lifecycle/disable`,
    `${ORIGIN}${PATH}/../../other/users`,
    'https://',
    'cursor-2',
  ])('a link to %s is not followed', async (next) => {
    const { list, requests } = await read(body({ data: [person('a')], links: { next } }))
    expect(list).toMatchObject({ kind: 'unreadable', key: expect.stringContaining('leads somewhere else') })
    expect(requests).toHaveLength(1)
  })

  test.each([
    ['without links', { data: [person('a')] }],
    ['whose links are a list', { data: [], links: [] }],
    ['whose next is a number', { data: [], links: { next: 2 } }],
    ['without data', { links: {} }],
  ])('a page %s has an end that cannot be told', async (_, page) => {
    expect((await read(body(page))).list).toMatchObject({ kind: 'unreadable' })
  })

  test('that repeat themselves are not read for ever', async () => {
    const { list, requests } = await read(body({ data: [person('a')], links: { next: `${ORIGIN}${PATH}?cursor=2` } }))
    expect(list).toMatchObject({ kind: 'unreadable', key: expect.stringContaining('repeat themselves') })
    expect(requests).toHaveLength(2)
  })
})
