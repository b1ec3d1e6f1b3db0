import { expect, test } from 'vitest'
import type { Attempt } from '../../simulation/attempts.ts'
import { type Audit, audit, brokenPromises } from '../../simulation/audit.ts'
import { type Call, createOrganization, person, type Route } from '../../stand-in/organization.ts'

type Told = readonly [route: Route, accountId: string, status: number]

const LISTED = new Set(['ann', 'ben'])
const GOOD: readonly Told[] = [
  ['disable', 'ann', 204],
  ['profile', 'ann', 200],
  ['disable', 'ben', 204],
]

/** One attempt of these calls, each change answered with 204 having really happened. */
function auditOf(told: readonly Told[], outcome = 'completed'): { found: Audit; broken: string[] } {
  const organization = createOrganization({ people: ['ann', 'ben', 'eve'].map((id) => person({ id })) })
  for (const [route, accountId, status] of told) {
    const call: Call = {
      at: 0,
      method: '',
      path: '',
      route,
      accountId,
      authorization: '',
      contentType: '',
      body: '',
      status,
      shows: '',
    }
    organization.calls.push(call)
    if (route !== 'disable' || status !== 204) continue
    organization.changes.push({ at: 0, accountId, action: 'disable', message: '', by: 'call' })
  }
  const step = { exitCode: 0, outputs: { outcome }, log: '', summary: '', state: {}, folder: '', env: {} }
  const attempts: Attempt[] = [{ step, from: 0, until: 0, firstCall: 0, endCall: told.length, took: 0 }]
  const found = audit(organization, attempts, 'disable', LISTED)
  return { found, broken: brokenPromises(found, attempts) }
}

test('an attempt that changes each listed account once, its canary first, breaks no promise', () => {
  const { found, broken } = auditOf(GOOD)
  expect(broken).toEqual([])
  expect(found).toMatchObject({ accounts: 2, calls: 3, refused: 0, perAttempt: [2] })
})

test('a change that was refused for the rate may be sent again', () => {
  const { found, broken } = auditOf([['disable', 'ann', 429], ...GOOD])
  expect(broken).toEqual([])
  expect(found.refused).toBe(1)
})

test.each<[string, readonly Told[], string]>([
  ['changed twice', [...GOOD, ['disable', 'ben', 204]], '1 accounts were changed twice'],
  ['sent again', [...GOOD, ['disable', 'ben', 409]], '1 accounts were sent again'],
  ['not of the list', [...GOOD, ['disable', 'eve', 204]], '1 accounts were not of the list'],
  ['not of the list, and only tried', [...GOOD, ['disable', 'eve', 403]], '1 accounts were not of the list'],
  ['left out', GOOD.slice(0, 2), '1 accounts were not changed'],
  [
    'changed before the canary was read',
    [GOOD[0], GOOD[2], GOOD[1]].flatMap((call) => (call ? [call] : [])),
    'attempt 1 did not begin with its canary',
  ],
])('an account that is %s is told', (_, told, words) => {
  expect(auditOf(told).broken).toContain(words)
})

test('a last attempt that is not complete is told', () => {
  expect(auditOf(GOOD, 'partial').broken).toEqual(['the last attempt ended partial (undefined)'])
})
