import { describe, expect, test } from 'vitest'
import { FAULTS, type Fault } from '../stand-in/faults.ts'
import { brokenLaws } from './laws.ts'
import { runMain } from './run-main.ts'
import { CANARY, changesOf, openScene, TARGETS, VICTIM } from './scene.ts'

/** What becomes of the account that meets a fault, whether it is the canary or in the rollout. */
interface Expected {
  readonly state: string
  readonly verified?: string
  readonly attempts: number
  readonly status: string
  /** Real changes of the account. */
  readonly changed: 0 | 1
  readonly detail?: RegExp
}

interface Row extends Expected {
  readonly name: string
  readonly fault: Fault
  /** How many change requests meet it; left out, all. */
  readonly times?: number
  /** The answer never comes: the client's own timeout is shortened. */
  readonly hangs?: boolean
}

const ok = { state: 'deactivated', verified: 'yes', changed: 1 } as const
const refusal = (name: string, fault: Fault, status: string, detail: RegExp): Row => ({
  name,
  fault,
  state: 'failed',
  verified: '',
  attempts: 1,
  status,
  changed: 0,
  detail,
})
/** Undone after an ambiguous answer: sent again once it was read; given up after five times. */
const undone = (name: string, fault: Fault, status: string, hangs = false): Row[] => [
  { name: `${name}, once`, fault, times: 1, ...ok, attempts: 2, status: '204', hangs },
  {
    name: `${name}, always`,
    fault,
    state: 'failed',
    attempts: 5,
    status,
    changed: 0,
    detail: /a read shows the account unchanged/,
    hangs,
  },
]
/** Done, though the answer did not say so: a read shows it, and it is not sent again. */
const done = (name: string, fault: Fault, status: string, hangs = false): Row => ({
  name,
  fault,
  ...ok,
  attempts: 1,
  status,
  hangs,
})
const throttled = (name: string, headers: Record<string, string>): Row => ({
  name: `429 ${name}`,
  fault: FAULTS.throttled(headers),
  times: 3,
  ...ok,
  attempts: 4,
  status: '204',
})

const MATRIX: readonly Row[] = [
  refusal('403 forbidden', FAULTS.forbidden, '403', /^forbidden$/),
  refusal('403 with a string as context', FAULTS.unverified, '403', /targetUnverified: .*unverified account/),
  ...[
    'administrative',
    'administrative.notMyself',
    'authPolicy.saml',
    'blocked.exportControl',
    'externalDirectory.scim',
    'externalDirectory.google',
    'myselfOnly',
    'managedAccount',
    'never.seen.before',
  ].map((reason) => refusal(`403 ${reason}`, FAULTS.refused(reason), '403', new RegExp(reason))),
  refusal('404', FAULTS.notFound, '404', /accountNotFound/),
  refusal('400', FAULTS.badRequest, '400', /badRequestFormat/),
  refusal('403 with HTML', { kind: 'answer', status: 403, body: '<html>no</html>' }, '403', /^HTTP 403$/),
  refusal('409 on an active account', FAULTS.conflict, '409', /The user owns a site/),
  refusal('410 with nothing', { kind: 'answer', status: 410 }, '410', /^HTTP 410$/),
  ...undone('500', FAULTS.serverError, '500'),
  ...undone('502 with HTML', FAULTS.badGateway, '502'),
  ...undone('503 with HTML', FAULTS.unavailable, '503'),
  ...undone('504 with HTML', FAULTS.gatewayTimeout, '504'),
  ...undone('a connection reset', FAULTS.reset, ''),
  ...undone('no answer', FAULTS.hang, '', true),
  ...undone('a wrong 2xx', FAULTS.wrongSuccess, '200'),
  ...undone('202', { kind: 'answer', status: 202, body: {} }, '202'),
  ...undone('a redirect', FAULTS.redirect, '302'),
  ...undone('408', { kind: 'answer', status: 408 }, '408'),
  done('a reset after the change', FAULTS.resetAfterChange, ''),
  done('503 after the change', FAULTS.errorAfterChange, '503'),
  done('500 after the change', { kind: 'answer-after-change', status: 500 }, '500'),
  done('504 after the change', { kind: 'answer-after-change', status: 504 }, '504'),
  done('no answer after the change', FAULTS.hangAfterChange, '', true),
  done('a wrong 2xx after the change', FAULTS.wrongSuccessAfterChange, '200'),
  done('a redirect after the change', { kind: 'answer-after-change', status: 302, headers: { location: '/' } }, '302'),
  throttled('without headers', {}),
  throttled('with Retry-After in seconds', { 'retry-after': '2' }),
  throttled('with Retry-After as a date', { 'retry-after': new Date(Date.now() + 5000).toUTCString() }),
  throttled('with a reset in the past', { 'x-ratelimit-reset': '2020-01-01T00:00Z', 'x-ratelimit-remaining': '0' }),
  throttled('with a reset absurdly far', { 'x-ratelimit-reset': '2099-01-01T00:00Z', 'x-ratelimit-remaining': '0' }),
  throttled('with headers that are nonsense', { 'x-ratelimit-reset': 'soon', 'retry-after': 'later' }),
]

const shapes = MATRIX.map((row) => [row.name, row] as const)

async function meet(row: Row, account: string) {
  const standIn = await openScene()
  const { fault, times } = row
  standIn.faults.order({ route: 'disable', account, fault, ...(times === undefined ? {} : { times }) })
  const ran = await runMain(standIn, row.hangs === true ? { answerTimeout: 150 } : {})
  expect(brokenLaws(ran, standIn, { listed: TARGETS })).toEqual([])
  const { state, verified = '', attempts, status, changed, detail = /^/ } = row
  expect(ran.row(account)).toMatchObject({ state, verified, attempts: String(attempts), http_status: status })
  expect(ran.row(account).detail).toMatch(detail)
  expect(changesOf(standIn, account)).toBe(changed)
  return { standIn, ran }
}

describe('a change in the rollout', () => {
  test.each(shapes)('that meets %s ends as the contract says, and the others are done', async (_, row) => {
    const { standIn, ran } = await meet(row, VICTIM)
    await using _open = standIn
    const bad = row.state === 'failed'
    expect(ran.outputs).toMatchObject(
      bad ? { outcome: 'failed', reason: 'accounts-failed' } : { outcome: 'completed', reason: '' },
    )
    for (const id of TARGETS.filter((other) => other !== VICTIM)) {
      expect(ran.row(id)).toMatchObject({ state: 'deactivated', verified: 'yes', attempts: '1', http_status: '204' })
    }
  })
})

describe('a change of the canary', () => {
  test.each(shapes)('that meets %s lets nobody else be changed unless it is done', async (_, row) => {
    const { standIn, ran } = await meet(row, CANARY)
    await using _open = standIn
    const others = TARGETS.filter((other) => other !== CANARY)
    if (row.state !== 'failed') {
      expect(ran.outputs).toMatchObject({ outcome: 'completed', deactivated: '4', verified: '4' })
      return
    }
    expect(ran.outputs).toMatchObject({ outcome: 'halted', reason: 'canary-failed', 'not-attempted': '3' })
    for (const id of others) expect(standIn.organization.callsTo('disable', id)).toEqual([])
    expect(standIn.organization.changes).toEqual([])
  })
})

describe('a key that is rejected', () => {
  const keys = [
    ['401', FAULTS.unauthorized],
    ['401 by the gateway', FAULTS.gatewayUnauthorized],
    ['403 for its scopes', FAULTS.scoped],
  ] as const
  const places = [CANARY, VICTIM] as const
  test.each(keys.flatMap(([name, fault]) => places.map((account) => [name, account, fault] as const)))(
    'with %s at a change of %s stops the run, and the account counts as not attempted',
    async (_, account, fault) => {
      await using standIn = await openScene()
      standIn.faults.order({ route: 'disable', account, fault })
      const ran = await runMain(standIn, { inputs: { concurrency: '1' } })
      expect(brokenLaws(ran, standIn, { listed: TARGETS })).toEqual([])
      expect(ran.outputs).toMatchObject({ outcome: 'halted', reason: 'key-rejected', failed: '0', unknown: '0' })
      expect(ran.row(account)).toMatchObject({
        state: 'not-attempted',
        attempts: '1',
        detail: expect.stringContaining('the key was rejected'),
      })
      const before = TARGETS.slice(0, TARGETS.indexOf(account))
      expect(standIn.organization.changes.map(({ accountId }) => accountId)).toEqual(before)
    },
  )

  test('at a change that Atlassian made all the same is found out by a read', async () => {
    await using standIn = await openScene()
    const fault: Fault = { kind: 'answer-after-change', status: 401 }
    standIn.faults.order({ route: 'disable', account: VICTIM, fault })
    const ran = await runMain(standIn, { inputs: { concurrency: '1' } })
    expect(ran.outputs).toMatchObject({ outcome: 'halted', reason: 'key-rejected' })
    expect(ran.row(VICTIM)).toMatchObject({ state: 'already-inactive', attempts: '1' })
  })

  test('for everything is not asked again for each account', async () => {
    await using standIn = await openScene()
    standIn.faults.order({ route: 'disable', account: VICTIM, fault: FAULTS.unauthorized })
    standIn.faults.order({ route: 'profile', after: 5, fault: FAULTS.unauthorized })
    const ran = await runMain(standIn, { inputs: { concurrency: '8' } })
    expect(ran.outputs).toMatchObject({ outcome: 'halted', reason: 'key-rejected' })
    expect(standIn.organization.calls.filter(({ status }) => status === 401).length).toBeLessThanOrEqual(4)
    expect(brokenLaws(ran, standIn, { listed: TARGETS })).toEqual([])
  })
})
