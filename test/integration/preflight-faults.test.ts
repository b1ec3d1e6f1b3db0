import { describe, expect, test } from 'vitest'
import { FAULTS, type Fault } from '../stand-in/faults.ts'
import type { Call, Route } from '../stand-in/organization.ts'
import { brokenLaws } from './laws.ts'
import { runMain } from './run-main.ts'
import { ADMIN, openScene, TARGETS, VICTIM } from './scene.ts'

/** The search for listed accounts, in whichever way. */
const isLook = ({ body }: Call): boolean => /"(accountIds|emails)"/.test(body)

const DIRECTORY = { 'organization-id': 'org-1', waive: '' }

describe('the look beforehand, one by one', () => {
  test.each([
    ['profile', '404', FAULTS.notFound, 'not-found'],
    ['profile', '403', FAULTS.forbidden, 'unmanaged'],
    ['permissions', 'a refusal', FAULTS.refused('externalDirectory.google'), 'not-manageable'],
  ] as const)('of a %s that meets %s skips the account, with its reason', async (route, _, fault, reason) => {
    await using standIn = await openScene()
    standIn.faults.order({ route, account: VICTIM, fault })
    const ran = await runMain(standIn)
    expect(brokenLaws(ran, standIn, { listed: TARGETS, protected: [VICTIM] })).toEqual([])
    expect(ran.row(VICTIM)).toMatchObject({ state: 'skipped', decision: 'skip', reason })
    expect(ran.outputs).toMatchObject({ outcome: 'completed', deactivated: '3', skipped: '1' })
    expect(ran.log).toContain(`1 account ${reason}`)
  })

  test.each([
    ['500', FAULTS.serverError],
    ['503 with HTML', FAULTS.unavailable],
    ['a reset', FAULTS.reset],
    ['a redirect', FAULTS.redirect],
    ['400', FAULTS.badRequest],
    ['409', FAULTS.conflict],
    ['200 with HTML', { kind: 'answer', status: 200, body: '<html>' }],
    ['no answer', FAULTS.hang],
  ] as const)('that meets %s leaves the account alone, and it counts as failed', async (name, fault) => {
    await using standIn = await openScene()
    standIn.faults.order({ route: 'profile', account: VICTIM, fault })
    const ran = await runMain(standIn, name === 'no answer' ? { answerTimeout: 100 } : {})
    expect(brokenLaws(ran, standIn, { listed: TARGETS, protected: [VICTIM] })).toEqual([])
    expect(ran.row(VICTIM)).toMatchObject({ state: 'failed', attempts: '0', decision: 'deactivate' })
    expect(ran.outputs).toMatchObject({ outcome: 'failed', reason: 'accounts-failed', deactivated: '3' })
  })

  test('counts towards max-failures, together with what fails later', async () => {
    await using standIn = await openScene()
    standIn.faults.order({ route: 'profile', account: VICTIM, fault: FAULTS.serverError })
    standIn.faults.order({ route: 'disable', account: 'account-2', fault: FAULTS.forbidden })
    const ran = await runMain(standIn, { inputs: { 'max-failures': '1', concurrency: '1' } })
    expect(brokenLaws(ran, standIn, { listed: TARGETS })).toEqual([])
    expect(ran.outputs).toMatchObject({ outcome: 'halted', reason: 'too-many-failures', failed: '2' })
    expect(ran.row('account-4').state).toBe('not-attempted')
  })

  test('that finds more unreadable accounts than max-failures allows halts before the first change', async () => {
    await using standIn = await openScene()
    standIn.faults.order({ route: 'profile', fault: FAULTS.serverError })
    const ran = await runMain(standIn, { inputs: { 'max-failures': '2' } })
    expect(brokenLaws(ran, standIn, { listed: TARGETS })).toEqual([])
    expect(ran.outputs).toMatchObject({ outcome: 'halted', reason: 'too-many-failures' })
    expect(standIn.organization.callsTo('disable')).toEqual([])
  })

  test('refuses when not one account can be read', async () => {
    await using standIn = await openScene()
    standIn.faults.order({ route: 'profile', fault: FAULTS.notFound })
    const ran = await runMain(standIn)
    expect(brokenLaws(ran, standIn, { listed: TARGETS })).toEqual([])
    expect(ran.outputs).toMatchObject({ outcome: 'refused', reason: 'no-account-known' })
  })
})

describe('a guard that Atlassian answers', () => {
  const refusals: readonly (readonly [string, Route, Fault, string, Record<string, string>])[] = [
    ['401', 'profile', FAULTS.unauthorized, 'key-rejected', {}],
    ['401 by the gateway', 'permissions', FAULTS.gatewayUnauthorized, 'key-rejected', {}],
    ['a scoped key', 'permissions', FAULTS.scoped, 'key-scoped', {}],
    ['401', 'search', FAULTS.unauthorized, 'key-rejected', DIRECTORY],
    ['401', 'count', FAULTS.unauthorized, 'key-rejected', DIRECTORY],
    ['403', 'search', FAULTS.forbidden, 'directory-unreadable', DIRECTORY],
    ['500 always', 'search', FAULTS.serverError, 'directory-unreadable', DIRECTORY],
    ['a reset always', 'search', FAULTS.reset, 'directory-unreadable', DIRECTORY],
    ['HTML', 'count', FAULTS.badGateway, 'directory-unreadable', DIRECTORY],
    ['a page without data', 'search', { kind: 'answer', status: 200, body: {} }, 'directory-unreadable', DIRECTORY],
    ['a redirect', 'search', FAULTS.redirect, 'directory-unreadable', DIRECTORY],
  ]
  test.each(refusals)('by %s at %s refuses before the first change', async (_, route, fault, reason, inputs) => {
    await using standIn = await openScene()
    standIn.faults.order({ route, fault })
    const ran = await runMain(standIn, { inputs })
    expect(brokenLaws(ran, standIn, { listed: TARGETS })).toEqual([])
    expect(ran.outputs).toMatchObject({ outcome: 'refused', reason, 'not-attempted': '4' })
    expect(standIn.organization.callsTo('disable')).toEqual([])
    expect(ran.rows.map(({ state }) => state)).toEqual(TARGETS.map(() => 'not-attempted'))
  })

  test('by 401 at the profile of the executing user refuses before the first change', async () => {
    await using standIn = await openScene()
    standIn.faults.order({ route: 'profile', account: ADMIN, fault: FAULTS.unauthorized })
    const ran = await runMain(standIn, { inputs: { 'executing-user': ADMIN } })
    expect(ran.outputs).toMatchObject({ outcome: 'refused', reason: 'key-rejected', 'not-attempted': '4' })
    expect(standIn.organization.changes).toEqual([])
  })

  test('fails closed when the directory breaks off in the middle of the look', async () => {
    await using standIn = await openScene()
    standIn.faults.order({ route: 'search', when: isLook, fault: FAULTS.unavailable })
    const ran = await runMain(standIn, { inputs: DIRECTORY })
    expect(ran.outputs).toMatchObject({ outcome: 'refused', reason: 'directory-unreadable' })
    expect(standIn.organization.changes).toEqual([])
  })

  test('is not the list of API keys: that one is best effort', async () => {
    await using standIn = await openScene()
    standIn.faults.order({ route: 'api-keys', fault: FAULTS.forbidden })
    const ran = await runMain(standIn, { inputs: DIRECTORY })
    expect(ran.outputs).toMatchObject({ outcome: 'completed', deactivated: '4', verified: '4' })
  })

  test('is not a hiccup: reads are repeated', async () => {
    await using standIn = await openScene()
    for (const route of ['profile', 'permissions', 'search', 'count', 'api-keys'] as const) {
      standIn.faults.order({ route, times: 2, fault: FAULTS.unavailable })
      standIn.faults.order({ route, after: 2, times: 2, fault: FAULTS.throttled() })
    }
    const ran = await runMain(standIn, { inputs: DIRECTORY })
    expect(brokenLaws(ran, standIn, { listed: TARGETS })).toEqual([])
    expect(ran.outputs).toMatchObject({ outcome: 'completed', deactivated: '4', verified: '4' })
  })
})

describe('with the directory', () => {
  test('a search that lags does not keep an account from being read back', async () => {
    await using standIn = await openScene()
    standIn.organization.searchLag = 60_000
    const ran = await runMain(standIn, { inputs: DIRECTORY })
    expect(brokenLaws(ran, standIn, { listed: TARGETS })).toEqual([])
    expect(ran.outputs).toMatchObject({ outcome: 'completed', verified: '4' })
  })

  test('a search that fails at the read-back is made good by the profiles', async () => {
    await using standIn = await openScene()
    const when = (): boolean => standIn.organization.changes.length > 0
    standIn.faults.order({ route: 'search', when, fault: FAULTS.serverError })
    const ran = await runMain(standIn, { inputs: DIRECTORY })
    expect(brokenLaws(ran, standIn, { listed: TARGETS })).toEqual([])
    expect(ran.outputs).toMatchObject({ outcome: 'completed', verified: '4' })
  })

  test('a key that is rejected at the read-back stops the reading at once', async () => {
    await using standIn = await openScene()
    const when = (): boolean => standIn.organization.changes.length > 0
    standIn.faults.order({ route: 'search', when, fault: FAULTS.unauthorized })
    standIn.faults.order({ route: 'profile', after: 1, fault: FAULTS.unauthorized })
    const ran = await runMain(standIn, { inputs: DIRECTORY })
    expect(brokenLaws(ran, standIn, { listed: TARGETS })).toEqual([])
    expect(ran.outputs).toMatchObject({ outcome: 'halted', reason: 'key-rejected', deactivated: '4', verified: '1' })
    expect(ran.rows.map(({ verified }) => verified)).toEqual(['yes', 'unread', 'unread', 'unread'])
    expect(standIn.organization.calls.filter(({ status }) => status === 401)).toHaveLength(1)
  })

  test('an account that the list calls active and the search inactive is never called', async () => {
    await using standIn = await openScene({ [VICTIM]: { accountStatus: 'inactive' } })
    const list = [...standIn.organization.people.values()].slice(1).map((one) => ({ ...one }))
    for (const one of list) one.accountStatus = 'active'
    const ran = await runMain(standIn, { inputs: DIRECTORY, list })
    expect(brokenLaws(ran, standIn, { listed: TARGETS, protected: [VICTIM] })).toEqual([])
    expect(ran.row(VICTIM)).toMatchObject({ state: 'already-inactive', reason: 'already-inactive' })
  })
})
