import { describe, expect, test } from 'vitest'
import { unreadable } from '../../../src/atlassian/answers.ts'
import type { Atlassian } from '../../../src/atlassian/atlassian.ts'
import { isBeyondScope, withinReach } from '../../../src/atlassian/reach.ts'
import type { Clock } from '../../../src/world/clock.ts'
import { body, type Read, recorded } from './recorded.ts'

/** Time that never passes. */
const CLOCK: Clock = {
  now: () => 0,
  sleep: (_, signal) => new Promise((resolve) => signal?.addEventListener('abort', () => resolve())),
}
const STOP = new AbortController().signal
const scoped: Read = { kind: 'key-rejected', why: 'scoped' }
const refused = (status: number, key = 'HTTP 403'): Read => unreadable(key, status)
const search = { method: 'POST', path: '/admin/v2/orgs/o/directories/-/users/search' } as const
const profile = (id: string) => ({ method: 'GET', path: `/users/${id}/manage/profile` }) as const
const permission = { method: 'GET', path: '/users/a/manage?privileges=lifecycle.enablement' } as const

/** Ten of the same at once, then one more. */
async function elevenOf(
  answer: (call: number) => Read,
  request: (index: number) => typeof search | ReturnType<typeof profile> = () => search,
) {
  const { atlassian, requests } = recorded((_, call) => answer(call))
  const reach = withinReach(atlassian, CLOCK)
  const first = await Promise.all(Array.from({ length: 10 }, (_, index) => reach.atlassian.read(request(index), STOP)))
  const last = await reach.atlassian.read(request(10), STOP)
  return { reads: [...first, last], requests, refused: reach.refused.keys() }
}

describe('a kind of call that is refused is sent once', () => {
  test.each([
    ['for its scopes', scoped],
    ['in the words for a foreign organization', refused(403)],
  ])('%s', async (_, answer) => {
    const { reads, requests, refused: kinds } = await elevenOf(() => answer)
    expect(requests).toHaveLength(1)
    expect(reads).toEqual(Array.from({ length: 11 }, () => answer))
    expect([...kinds]).toEqual(['search'])
  })

  test('a profile, whose refusal is known again', async () => {
    const {
      reads,
      requests,
      refused: kinds,
    } = await elevenOf(
      () => scoped,
      (index) => profile(`id-${index}`),
    )
    expect(requests).toHaveLength(1)
    expect(reads.every(isBeyondScope)).toBe(true)
    expect([...kinds]).toEqual(['profile'])
  })
})

describe('all others are sent', () => {
  test.each([
    ['a profile that is refused for its account', refused(403, 'forbidden'), profile],
    ['a search of an organization that is not found', refused(404), () => search],
    ['one that stays out of reach', unreadable('HTTP 500', 0), () => search],
    ['one that is done', body({}), () => search],
  ])('%s', async (_, answer, request) => {
    const { requests, refused: kinds } = await elevenOf(
      () => answer,
      (index) => request(`id-${index}`),
    )
    expect(requests).toHaveLength(11)
    expect([...kinds]).toEqual([])
  })

  test('the next one where the first was withheld', async () => {
    const { atlassian, requests } = recorded((_, call) => (call === 0 ? { kind: 'withheld' } : body({})))
    const reach = withinReach(atlassian, CLOCK)
    await Promise.all([1, 2, 3].map(() => reach.atlassian.read(search, STOP)))
    expect(requests).toHaveLength(3)
  })
})

test('the permission tells about the key itself', async () => {
  const { atlassian } = recorded(() => scoped)
  expect(await withinReach(atlassian, CLOCK).atlassian.read(permission, STOP)).toEqual(scoped)
})

test('nobody who stopped waits for the first of a kind', async () => {
  let answer = (_: Read): void => undefined
  const { atlassian } = recorded(() => body({}))
  const slow = {
    ...atlassian,
    read: () =>
      new Promise<Read>((resolve) => {
        answer = resolve
      }),
  }
  const { read } = withinReach(slow, CLOCK).atlassian
  const stop = new AbortController()
  const first = read(search, STOP)
  const second = read(search, stop.signal)
  stop.abort()
  expect(await second).toEqual({ kind: 'withheld' })
  answer(body({}))
  expect(await first).toEqual(body({}))
})

test('others are sent where the first of a kind is not answered for long', async () => {
  const { atlassian, requests } = recorded(() => body({}))
  let isFirst = true
  const stuck: Atlassian = {
    ...atlassian,
    read: (...asked) => {
      if (!isFirst) return atlassian.read(...asked)
      isFirst = false
      return new Promise(() => undefined)
    },
  }
  let pass = (): void => undefined
  const sleep = (): Promise<void> =>
    new Promise((resolve) => {
      pass = resolve
    })
  const { read } = withinReach(stuck, { ...CLOCK, sleep }).atlassian
  void read(profile('throttled'), STOP)
  const others = Promise.all(['a', 'b', 'c'].map((id) => read(profile(id), STOP)))
  pass()
  expect(await others).toEqual([body({}), body({}), body({})])
  expect(requests).toHaveLength(3)
})
