import { describe, expect, test } from 'vitest'
import { causeOf } from '../../../src/account/cause.ts'
import { junitXml } from '../../../src/report/junit.ts'
import type { RunReport } from '../../../src/report/report.ts'
import { accountResult, manyAccounts, runReport } from './builder.ts'
import { readXml } from './read-back.ts'

const elementsOf = (overrides: Partial<RunReport>) => readXml([...junitXml(runReport(overrides))].join(''))
const named = (elements: ReturnType<typeof elementsOf>, name: string) => elements.filter((one) => one.name === name)

describe('junitXml', () => {
  test('has a case per target, and none for who is left alone', () => {
    const skipped = accountResult({ id: 'b', decision: 'skip', reason: 'org-admin', state: 'skipped' })
    const elements = elementsOf({ accounts: [accountResult({ id: 'a' }), skipped] })
    expect(named(elements, 'testcase').map(({ attributes }) => attributes)).toEqual([
      { classname: 'atlassian-users.deactivate', name: 'jane.doe@example.com (a)', time: '0.400' },
    ])
    expect(elements[0]).toMatchObject({
      name: 'testsuites',
      attributes: { tests: '1', failures: '0', errors: '0', skipped: '0', time: '60.000' },
    })
    expect(elements[1]).toMatchObject({ name: 'testsuite', attributes: { timestamp: '2026-03-02T08:00:00' } })
  })

  test.each([
    ['apply', { state: 'deactivated', verified: 'yes' }, ''],
    ['apply', { state: 'already-inactive' }, ''],
    ['apply', { state: 'failed' }, 'failure'],
    ['apply', { state: 'unknown' }, 'error'],
    ['apply', { state: 'not-attempted' }, 'skipped'],
    ['apply', { state: 'deactivated', verified: 'no' }, 'failure'],
    ['apply', { state: 'deactivated', verified: 'unread' }, 'failure'],
    ['restore', { state: 'restored', verified: 'yes' }, ''],
    ['restore', { state: 'already-active' }, ''],
    ['plan', { state: 'planned' }, 'skipped'],
    ['verify', { state: 'already-inactive', verified: 'yes' }, ''],
    ['verify', { state: 'already-active', verified: 'no' }, 'failure'],
    ['verify', { state: 'unknown', verified: 'unread' }, 'error'],
  ] as const)('in %s, %j is %s', (mode, account, verdict) => {
    const elements = elementsOf({ mode, accounts: [accountResult(account)] })
    const found = elements.filter(({ name }) => ['failure', 'error', 'skipped'].includes(name))
    expect(found.map(({ name }) => name)).toEqual(verdict === '' ? [] : [verdict])
    const { failures, errors, skipped } = elements[1]?.attributes ?? {}
    const counted = { failures: verdict === 'failure', errors: verdict === 'error', skipped: verdict === 'skipped' }
    expect({ failures: failures === '1', errors: errors === '1', skipped: skipped === '1' }).toEqual(counted)
  })

  test('tells what to do about a known reason', () => {
    const cause = causeOf('refused', 'externalDirectory.scim', 'managed elsewhere')
    const [failure] = named(elementsOf({ accounts: [accountResult({ state: 'failed', cause })] }), 'failure')
    expect(failure?.attributes.message).toContain('identity provider')
    expect(failure?.text).toBe('externalDirectory.scim: managed elsewhere')
  })

  test('comes in pieces, and adds up, for many accounts', () => {
    const accounts = manyAccounts(20_000)
    const pieces = [...junitXml(runReport({ accounts }))]
    expect(Math.max(...pieces.map((piece) => piece.length))).toBeLessThan(80_000)
    const elements = readXml(pieces.join(''))
    expect(elements[0]?.attributes.tests).toBe(String(named(elements, 'testcase').length))
    expect(elements[0]?.attributes.failures).toBe(String(named(elements, 'failure').length))
  })
})
