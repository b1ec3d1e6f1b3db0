import { describe, expect, test } from 'vitest'
import { FAULTS } from '../../stand-in/faults.ts'
import { crowd, person, toDirectoryCsv } from '../../stand-in/organization.ts'
import { openWorld } from './world.ts'

const disable = (id: string): string => `/users/${id}/manage/lifecycle/disable`
const PEOPLE = [person({ id: 'ann' }), person({ id: 'bob', managementSource: 'synced' })]

describe('an order', () => {
  test('hits the calls it is for, so often and not before, and counts them', async () => {
    const { ask, post, faults } = openWorld({ people: PEOPLE })
    const order = faults.order({ route: 'profile', account: 'ann', after: 1, times: 2, fault: FAULTS.badGateway })
    const statuses: number[] = []
    for (const id of ['bob', 'ann', 'ann', 'bob', 'ann', 'ann']) {
      statuses.push((await ask(`/users/${id}/manage/profile`)).status)
    }
    expect(statuses).toEqual([200, 200, 502, 200, 502, 200])
    expect((await post(disable('ann'), {})).status).toBe(204)
    expect(order.hits).toBe(2)
  })

  test('may choose accounts by a predicate and routes by their kind', async () => {
    const { ask, post, faults } = openWorld({ people: PEOPLE })
    faults.order({ route: 'change', account: (id) => id.startsWith('b'), fault: FAULTS.refused('myselfOnly') })
    expect((await post(disable('ann'), {})).status).toBe(204)
    expect((await post(disable('bob'), {})).status).toBe(403)
    expect((await ask('/users/bob/manage/profile')).status).toBe(200)
    faults.clear()
    expect((await post(disable('bob'), {})).status).toBe(204)
  })

  test('that was given first hits first', async () => {
    const { ask, faults } = openWorld({ people: PEOPLE })
    faults.order({ route: 'any', times: 1, fault: FAULTS.unavailable })
    const second = faults.order({ route: 'profile', times: 1, fault: FAULTS.serverError })
    const answers = [await ask('/users/ann/manage/profile'), await ask('/users/ann/manage/profile')]
    expect(answers.map(({ status }) => status)).toEqual([503, 500])
    expect(second.hits).toBe(1)
  })
})

describe('a change', () => {
  test.each([
    ['reset', FAULTS.reset, 0, 0],
    ['lost after it was made', FAULTS.resetAfterChange, 0, 1],
    ['answered with 500 after it was made', FAULTS.serverErrorAfterChange, 500, 1],
    ['answered with 200', FAULTS.wrongSuccess, 200, 0],
    ['answered with 200 after it was made', FAULTS.wrongSuccessAfterChange, 200, 1],
    ['cut', FAULTS.cut, 0, 1],
    ['sent elsewhere', FAULTS.redirectTo('https://elsewhere.example/', 307), 307, 0],
    ['late', FAULTS.lateChange(5), 204, 1],
  ])('that is %s', async (_, fault, status, changes) => {
    const { post, faults, organization } = openWorld({ people: PEOPLE })
    faults.order({ route: 'disable', fault })
    const answer = await post(disable('ann'), {})
    expect([answer.status, organization.calls[0]?.status, organization.changes.length]).toEqual([
      status,
      status,
      changes,
    ])
    expect(answer.type === 'error').toBe(status === 0)
  })

  test('is shown late by the profile: after so many reads, or so long', async () => {
    const { post, faults, statusOf, clock } = openWorld({ people: PEOPLE })
    faults.order({ route: 'disable', account: 'ann', fault: FAULTS.lagProfile({ reads: 2 }) })
    faults.order({ route: 'disable', account: 'bob', fault: FAULTS.lagProfile({ milliseconds: 1000 }) })
    for (const id of ['ann', 'bob']) expect((await post(disable(id), {})).status).toBe(204)
    const reads = [await statusOf('ann'), await statusOf('ann'), await statusOf('ann')]
    expect(reads).toEqual(['active', 'active', 'inactive'])
    expect(await statusOf('bob')).toBe('active')
    clock.time += 1000
    expect(await statusOf('bob')).toBe('inactive')
  })

  test('of a synced account is undone by the next sync', async () => {
    const { post, faults, statusOf, clock, organization } = openWorld({ people: PEOPLE })
    faults.order({ route: 'disable', account: 'bob', fault: FAULTS.comesBack(1000) })
    await post(disable('bob'), {})
    expect(await statusOf('bob')).toBe('inactive')
    clock.time += 1000
    expect(await statusOf('bob')).toBe('active')
    expect(organization.changes.map(({ action, by }) => [action, by])).toEqual([
      ['disable', 'call'],
      ['enable', 'sync'],
    ])
  })

  test('that is never answered is made or not, as ordered', async () => {
    const { post, faults, organization } = openWorld({ people: PEOPLE })
    faults.order({ route: 'disable', account: 'ann', fault: FAULTS.hang })
    faults.order({ route: 'disable', account: 'bob', fault: FAULTS.hangAfterChange })
    const answers = ['ann', 'bob'].map((id) => post(disable(id), {}))
    const silence = new Promise((resolve) => setTimeout(resolve, 30, 'silence'))
    expect(await Promise.race([...answers, silence])).toBe('silence')
    expect(organization.changes.map(({ accountId }) => accountId)).toEqual(['bob'])
    expect([organization.inFlight, organization.maxInFlight]).toEqual([0, 2])
  })
})

describe('too many calls', () => {
  test.each([
    ['seconds', FAULTS.throttledFor({ wait: 2000, retryAfter: 'seconds' }), '2', null],
    ['a date', FAULTS.throttledFor({ wait: 2500, retryAfter: 'date' }), 'Fri, 05 Jun 2026 05:59:33 GMT', null],
    ['a reset to the second', FAULTS.throttledFor({ wait: 2000, reset: 'second' }), null, '2026-06-05T05:59:32Z'],
    ['a reset to the minute', FAULTS.throttledFor({ wait: 60_000, reset: 'minute' }), null, '2026-06-05T06:00Z'],
    ['a reset in the past', FAULTS.throttledWithPastReset, null, '2026-06-05T04:59Z'],
    ['no header', FAULTS.throttled(), null, null],
  ])('are told to wait by %s', async (_, fault, retryAfter, reset) => {
    const { ask, faults } = openWorld({ people: PEOPLE })
    faults.order({ route: 'profile', fault })
    const { status, headers } = await ask('/users/ann/manage/profile')
    expect([status, headers.get('retry-after'), headers.get('x-ratelimit-reset')]).toEqual([429, retryAfter, reset])
  })

  test('are refused within a window, and let through in the next', async () => {
    const { ask, quota, clock, organization } = openWorld({ people: PEOPLE })
    quota.quota = { calls: 2, window: 60_000, headers: 'minute', retryAfter: true, aligned: true }
    const answers = [1, 2, 3].map(() => ask('/users/ann/manage/profile'))
    const [first, , third] = await Promise.all(answers)
    expect(first?.headers.get('x-ratelimit-remaining')).toBe('1')
    expect([third?.status, third?.headers.get('x-ratelimit-reset'), third?.headers.get('retry-after')]).toEqual([
      429,
      '2026-06-05T06:00Z',
      '30',
    ])
    clock.time += 29_500
    expect((await ask('/users/ann/manage/profile')).status).toBe(200)
    expect([quota.passed, quota.refused, organization.calls.length]).toEqual([3, 1, 4])
  })
})

test('a key may be echoed', async () => {
  const { ask, faults, organization } = openWorld({ people: PEOPLE })
  faults.order({ route: 'profile', fault: FAULTS.echoKey(500) })
  const answer = await ask('/users/ann/manage/profile')
  expect([answer.status, await answer.text()]).toEqual([500, expect.stringContaining(organization.key)])
})

test('a crowd is the same for the same seed, has ids of all shapes, and is listed with what needs quotes quoted', () => {
  const ids = crowd(8, 'x').map(({ id }) => id)
  expect(crowd(8, 'x').map(({ id }) => id)).toEqual(ids)
  expect(new Set([...ids, ...crowd(8, 'y').map(({ id }) => id)]).size).toBe(16)
  expect(ids.map((id) => id.replace(/[0-9a-f-]{24,}$/, ''))).toEqual([
    '',
    '557058:',
    '712020:',
    '70121:',
    '',
    '557058:',
    '712020:',
    '70121:',
  ])
  expect(toDirectoryCsv([person({ id: 'a', name: 'Say "A", B' })])).toContain('\r\na,"Say ""A"", B",')
})
